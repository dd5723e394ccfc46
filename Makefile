# `make run` starts everything, `make test` runs all checks. Stamps in .venv record what is installed, so a second call
# installs nothing. `make help` lists the targets.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check --no-input install -qq --no-compile --require-virtualenv
UV     := uv==0.13.9
ARGS   ?=
# Twice the cores of a small machine: many tests wait for real pauses, and the others go on meanwhile.
WORKERS := 4

MADE    := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
PROJECT := $(VENV)/.project
DEV     := $(VENV)/.dev
# Compile once, on all cores, even if PYTHONDONTWRITEBYTECODE is set: otherwise every start takes a second longer.
# A package may contain a file for another Python, which does not compile and is never imported.
QUICK   := $(PY) -m compileall -qq -j 0 $(VENV)/lib || true
# The same for the project: a process starts a sixth quicker, and tests are collected in half the time.
unexport PYTHONDONTWRITEBYTECODE
# What the other checks say. They run beside the tests, which need one core and a half.
CHECKED := $(VENV)/checks.txt
AXE     := tests/browser/node_modules/.installed
JUDGES  := tests/adapters/slack tests/adapters/discord

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test lint flow-checks dev system axe types promtool bench chaos soak fuzz fmt lock clean

help: ## list these targets
	@printf 'make TARGET [PYTHON=python3.12] [ARGS="…"]\n\n'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run: $(RUNTIME) ## start everything and print where to look (DEMO=1 adds examples)
	@exec $(PY) -m bot run $(ARGS)

install: $(RUNTIME) $(PROJECT) ## create .venv and install what is needed to run

test: ## run every check: style, types, imports, flows and tests
	@$(MAKE) --no-print-directory --silent --jobs 4 dev system axe types promtool
	@$(PY) -m compileall -qq -j 0 bot flows adapters tests || true
	@{ $(MAKE) --no-print-directory lint flow-checks > $(CHECKED) 2>&1; passed=$$?; cat $(CHECKED); exit $$passed; } & checks=$$!; \
	$(PY) -m pytest -n $(WORKERS) $(ARGS); passed=$$?; \
	wait $$checks && exit $$passed

flow-checks: dev
	$(PY) -m bot flows check
	$(PY) -m bot flows test

lint: dev ## check style, types and imports between packages
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: dev ## run the benchmarks (PEERS=1 compares with other engines)
	$(PY) -m tests.bench$(if $(PEERS),.peers) $(ARGS)

chaos: dev ## play ten thousand conversations while processes, store and platforms fail (half an hour)
	$(PY) -m tests.chaos.campaign $(ARGS)
	$(PY) -m tests.chaos.failovers

fuzz: dev ## send a million random inputs to every door, and print the figures and the seed (a quarter of an hour)
	$(PY) -m tests.fuzz $(ARGS)

soak: dev ## look for leaks under twenty minutes of mixed load
	$(PY) -m tests.soak $(ARGS)

fmt: dev ## format the code and fix what can be fixed
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

lock: $(MADE) ## update the pinned requirements, with hashes
	$(PIP) $(UV)
	$(VENV)/bin/uv pip compile $(COMPILE) --output-file requirements.txt
	$(VENV)/bin/uv pip compile $(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## remove everything generated, except your settings and data
	rm -rf $(VENV) .peers build dist *.egg-info tests/browser/node_modules $(JUDGES:=/node_modules)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Both lists include what builds the project, so that installing it downloads nothing that is not pinned.
COMPILE := pyproject.toml --group build --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

# ---- targets made once ------------------------------------------------------------------------------------------------

$(MADE):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or run make with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old. Use Python 3.11 or newer, for example: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot create virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^pip==/,/# via/p' requirements.txt > $(VENV)/pip.txt
	@$(PIP) --require-hashes --requirement $(VENV)/pip.txt
	@touch $@

$(RUNTIME): requirements.txt $(MADE)
	@echo "Installing packages to run the product (once)"
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(QUICK)
	@touch $@

$(PROJECT): pyproject.toml $(RUNTIME)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Installing packages to run the tests (once)"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@$(QUICK)
	@touch $@

dev: $(DEV) $(PROJECT)

# A Chromium for the page (the one without a window takes half the time), redis-server for the store's contracts, npm
# for axe-core and the platforms' own types.
# If they cannot be installed, their tests are skipped and say so; with CI=true they fail.
system:
	@missing=; \
	for found in chromium-headless-shell redis-server npm; do \
		command -v $$found >/dev/null || missing="$$missing $$found"; \
	done; \
	test -n "$$missing" || exit 0; \
	if test "$$(id -u)" = 0; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=none; fi; \
	if test "$$as" = none || ! command -v apt-get >/dev/null; then \
		echo "Not installed:$$missing. Tests that need them will be skipped."; exit 0; \
	fi; \
	echo "Installing$$missing (once)"; \
	$$as apt-get update -qq >/dev/null; \
	for each in $$missing; do \
		$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$each >/dev/null || \
			echo "Cannot install $$each. Tests that need it will be skipped."; \
	done

axe: system
	@test -n "$$(command -v npm)" || exit 0; \
	test $(AXE) -nt tests/browser/package.json && exit 0; \
	cd tests/browser && npm install --loglevel=error --no-package-lock --ignore-scripts --no-audit --no-fund >/dev/null && \
	touch node_modules/.installed || echo "Cannot install axe-core. Tests that need it will be skipped."

# Prometheus's tool that tests alerts, taken out of its package: the server itself is not installed.
promtool: system $(MADE)
	@test -x $(VENV)/bin/promtool && exit 0; at=$$(mktemp -d); cd $$at; \
	fetch() { apt-get download -qq prometheus >/dev/null 2>&1; }; \
	{ fetch || { apt-get update -qq >/dev/null 2>&1; fetch; }; } && dpkg -x prometheus_*.deb . && \
		mv usr/bin/promtool $(CURDIR)/$(VENV)/bin/promtool || \
		echo "Cannot fetch promtool. Tests that need it will be skipped."; \
	rm -rf $$at

types: system
	@test -n "$$(command -v npm)" || exit 0; \
	for at in $(JUDGES); do \
		test $$at/node_modules/.installed -nt $$at/package.json && continue; \
		(cd $$at && npm install --loglevel=error --no-package-lock --ignore-scripts --no-audit --no-fund >/dev/null && \
		touch node_modules/.installed) || echo "Cannot install the packages of $$at. Tests that need them will be skipped."; \
	done
