# One command runs it, one passes its tests. What is installed is remembered by stamps in .venv, so a second call
# installs nothing. `make help` says what there is.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check --no-input install -qq --no-compile --require-virtualenv
UV     := uv==0.13.9
ARGS   ?=

MADE    := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
PROJECT := $(VENV)/.project
DEV     := $(VENV)/.dev
# Compiled once, on all cores, also where PYTHONDONTWRITEBYTECODE is set: else every start takes a second longer.
# A package may bring a file for another Python, which does not compile and is never imported.
QUICK   := $(PY) -m compileall -qq -j 0 $(VENV)/lib || true
AXE     := tests/browser/node_modules/.installed
JUDGES  := tests/adapters/slack tests/adapters/discord

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test lint dev system axe types bench fmt lock clean

help: ## say what there is
	@printf 'make TARGET [PYTHON=python3.12] [ARGS="…"]\n\n'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run: $(RUNTIME) ## start everything and say where to look (DEMO=1 is handed on)
	@exec $(PY) -m bot run $(ARGS)

install: $(RUNTIME) $(PROJECT) ## make .venv and install what running needs

test: dev system axe types lint ## install what the tests need; lint, types, import laws, flows, tests
	$(PY) -m bot flows check
	$(PY) -m bot flows test
	$(PY) -m pytest -n 2 $(ARGS)

lint: dev ## style, types and who may import whom
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: dev ## measure the paths that must be fast
	$(PY) -m tests.bench $(ARGS)

fmt: dev ## put the code in shape
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

lock: $(MADE) ## resolve the requirements again, with hashes
	$(PIP) $(UV)
	$(VENV)/bin/uv pip compile $(COMPILE) --output-file requirements.txt
	$(VENV)/bin/uv pip compile $(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## remove what was made, except your settings and data
	rm -rf $(VENV) build dist *.egg-info tests/browser/node_modules $(JUDGES:=/node_modules)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Both lists hold what builds the project, so that installing it fetches nothing that is not pinned.
COMPILE := pyproject.toml --group build --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

# ---- what is made once -----------------------------------------------------------------------------------------------

$(MADE):
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or say make PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. For instance: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^pip==/,/# via/p' requirements.txt > $(VENV)/pip.txt
	@$(PIP) --require-hashes --requirement $(VENV)/pip.txt
	@touch $@

$(RUNTIME): requirements.txt $(MADE)
	@echo "Installing what running needs (once)"
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(QUICK)
	@touch $@

$(PROJECT): pyproject.toml $(RUNTIME)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Installing what testing needs (once)"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@$(QUICK)
	@touch $@

dev: $(DEV) $(PROJECT)

# Chromium for the page, redis-server for the store's contracts, npm for axe-core and the platforms' own types.
# Where they cannot be installed their tests say so and skip; with CI=true they fail.
system:
	@missing=; \
	for found in chromium:chromium redis-server:redis-server npm:npm; do \
		command -v $${found%%:*} >/dev/null || missing="$$missing $${found##*:}"; \
	done; \
	test -n "$$missing" || exit 0; \
	if test "$$(id -u)" = 0; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=none; fi; \
	if test "$$as" = none || ! command -v apt-get >/dev/null; then \
		echo "Not installed:$$missing. The tests that need them are skipped."; exit 0; \
	fi; \
	echo "Installing$$missing (once)"; \
	$$as apt-get update -qq >/dev/null && \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
		echo "Could not install$$missing. The tests that need them are skipped."

axe: system
	@test -n "$$(command -v npm)" || exit 0; \
	test $(AXE) -nt tests/browser/package.json && exit 0; \
	cd tests/browser && npm install --loglevel=error --no-package-lock --ignore-scripts --no-audit --no-fund >/dev/null && \
	touch node_modules/.installed || echo "Could not install axe-core. The tests that need it are skipped."

types: system
	@test -n "$$(command -v npm)" || exit 0; \
	for at in $(JUDGES); do \
		test $$at/node_modules/.installed -nt $$at/package.json && continue; \
		(cd $$at && npm install --loglevel=error --no-package-lock --ignore-scripts --no-audit --no-fund >/dev/null && \
		touch node_modules/.installed) || echo "Could not install what judges in $$at. Its tests are skipped."; \
	done
