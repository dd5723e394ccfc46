"""Tests that people who read a file are asked to wait if its platform fails, whatever the platform's client raises."""

from typing import Any

import pytest

from bot.ports import Busy, StoreDown, Undeliverable
from bot.wiring.product import Platforms
from flows.conversation import Address
from flows.events import File

THERE = Address(channel="slack", room="C1")
SHOT = File(id="F1", name="shot.png")


class FailingPlatform:
    """A platform whose files raise that error."""

    name = "slack"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def files(self) -> "FailingPlatform":
        return self

    async def fetch(self, address: Address, file: File) -> bytes:
        raise self._error


@pytest.mark.parametrize("error", [ConnectionResetError("reset"), TimeoutError(), RuntimeError("closed")])
async def test_a_platform_that_fails_is_busy_for_people_who_read_a_file(error: Exception) -> None:
    platforms: Any = Platforms((FailingPlatform(error),))  # type: ignore[arg-type]  # only its files are used
    with pytest.raises(Busy):
        await platforms.files_for_people(None).fetch(THERE, SHOT)
    with pytest.raises(type(error)):
        await platforms.files(None).fetch(THERE, SHOT)


@pytest.mark.parametrize("error", [Busy(3), Undeliverable("it was deleted"), StoreDown("no answer")])
async def test_an_error_that_says_why_stays_as_it_is(error: Exception) -> None:
    platforms: Any = Platforms((FailingPlatform(error),))  # type: ignore[arg-type]  # only its files are used
    with pytest.raises(type(error)) as raised:
        await platforms.files_for_people(None).fetch(THERE, SHOT)
    assert raised.value is error
