"""Gives every test its own environment, and says what a machine lacks."""

import gc
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any, Final

import pytest
from hypothesis import settings

from flows.values import Frozen

OURS: Final = (
    "SLACK_*",
    "DISCORD_*",
    "TEAM_*",
    "FLOW_*",
    "*_PROXY",
    "*_URL",
    "ALLOWED_HOSTS",
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
"""Variables that change what the product does or which services it uses: tokens, proxies, stores, settings."""


def foreign(names: Iterator[str] | list[str]) -> list[str]:
    """Return the names that no test may inherit. Proxies are spelled in upper and lower case."""
    return [name for name in names if any(fnmatch(name.upper(), pattern) for pattern in OURS)]


def need(what: str, found: object, remedy: str = "make test installs it where it may") -> None:
    """Skip the test with the reason if `found` says that `what` is missing; fail it under CI=true.

    `remedy` says what to do about it.
    """
    if found:
        return
    reason = f"{what} is missing here; {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_configure() -> None:
    """Let slow machines fail no property, and print how to repeat a failure."""
    same_in_ci = bool(os.environ.get("CI"))  # there, red is to mean that something changed
    settings.register_profile("house", deadline=None, print_blob=True, derandomize=same_in_ci)
    settings.load_profile("house")
    gc.disable()  # while modules are read, nearly all that is made stays


def pytest_collection_finish() -> None:
    """Exclude all modules and tests from garbage collection, because they stay until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # what a test makes is small, and looking for its cycles takes time
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """Hide the tokens, proxies, stores and settings of the shell from every test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in foreign(list(os.environ)):
            patch.delenv(name)
        patch.setenv(
            "HEARING", "phrases"
        )  # the tests of the encoder load it themselves: it takes two seconds
        yield


@pytest.fixture(scope="session", autouse=True)
def trusted_values_are_valid() -> Iterator[None]:
    """Validate every value that the product makes without checking its types."""
    made = Frozen.trusted.__func__  # type: ignore[attr-defined]  # the function behind the class method

    def checked(cls: type[Frozen], /, **values: Any) -> Frozen:
        value: Frozen = made(cls, **values)
        assert value == cls(**values), f"{cls.__name__} is not what validation makes of {values}"
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frozen, "trusted", classmethod(checked))
        yield
