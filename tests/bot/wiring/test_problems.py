"""Tests that a readiness check names what is wrong on the platforms, and never waits for them."""

import asyncio
from collections.abc import Mapping

from bot.wiring.problems import FRESH_S, KnownProblems


class Platforms:
    """Answers once `answers` is set; its clock is moved by hand."""

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.wrong: dict[str, str] = {}
        self.asked = 0
        self.now = 1000.0

    async def ask(self) -> Mapping[str, str]:
        self.asked += 1
        await self.answers.wait()
        if "raises" in self.wrong:
            raise OSError
        return dict(self.wrong)


async def test_a_platform_that_hangs_delays_no_check_and_its_answer_is_shown_later() -> None:
    platforms = Platforms()
    known = KnownProblems(platforms.ask, lambda: platforms.now, patience=0)
    platforms.wrong["slack token"] = "was revoked"
    assert [await known(), await known(), platforms.asked] == [{}, {}, 1]
    platforms.answers.set()
    known = KnownProblems(platforms.ask, lambda: platforms.now)
    assert await known() == {"slack token": "was revoked"}
    platforms.wrong.clear()
    assert await known() == {"slack token": "was revoked"}
    platforms.now += FRESH_S
    assert await known() == {}


async def test_a_platform_that_fails_leaves_what_was_known() -> None:
    platforms = Platforms()
    platforms.answers.set()
    platforms.wrong["slack token"] = "was revoked"
    known = KnownProblems(platforms.ask, lambda: platforms.now)
    await known()
    platforms.wrong["raises"] = ""
    platforms.now += FRESH_S
    assert await known() == {"slack token": "was revoked"}
