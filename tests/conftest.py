"""What every test stands on: an environment of its own, and a word on what a machine is missing."""

import gc
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Final

import pytest
from hypothesis import settings

OURS: Final = (
    "SLACK_*",
    "DISCORD_*",
    "TEAM_*",
    "FLOW_*",
    "*_PROXY",
    "*_URL",
    "DATA_DIR",
    "DEMO",
    "EMBED_ORIGINS",
    "EVENTS_PER_MINUTE",
    "FLOWS_DIR",
    "FORCE_COLOR",
    "HOST",
    "LOG_*",
    "PORT",
    "PRODUCT_NAME",
    "REDIS_PREFIX",
    "STARTS_PER_MINUTE",
    "SUPPORT_*",
    "TRUSTED_PROXIES",
)
"""Variables that change what the product does or whom it talks to: tokens, proxies, stores, settings."""


def foreign(names: Iterator[str] | list[str]) -> list[str]:
    """The names among these that no test may inherit; proxies are spelled in either case."""
    return [name for name in names if any(fnmatch(name.upper(), pattern) for pattern in OURS)]


def need(what: str, found: object) -> None:
    """Go on where `found` says that `what` is here; else skip with the reason, and under CI=true fail."""
    if found:
        return
    reason = f"{what} is not installed here; make test installs it where it may"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_configure() -> None:
    """Slow machines are no failures of a property, and a failure prints how to see it again."""
    same_in_ci = bool(os.environ.get("CI"))  # there, red is to mean that something changed
    settings.register_profile("house", deadline=None, print_blob=True, derandomize=same_in_ci)
    settings.load_profile("house")
    gc.disable()  # while modules are read, nearly all that is made stays


def pytest_collection_finish() -> None:
    """All modules and tests stay until the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """No test sees the tokens, proxies, stores or settings of the shell it was started from."""
    with pytest.MonkeyPatch.context() as patch:
        for name in foreign(list(os.environ)):
            patch.delenv(name)
        yield
