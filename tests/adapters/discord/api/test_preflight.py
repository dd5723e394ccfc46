"""Tests the checks before the gateway opens: intents, refusals, and how often a session may be opened."""

from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest

from adapters.discord.api.identify_limit import INTERVAL_S, IdentifyGate, Limits
from adapters.discord.api.preflight import CODES, ApplicationStatus, intents, refused, standing
from bot.ports import Marks, StoreDown


class Notes:
    """The port Marks by a clock that a test sets; `down` makes it fail."""

    def __init__(self) -> None:
        self.now = 0.0
        self.until: dict[str, float] = {}
        self.down = False

    async def first(self, name: str, seconds: int) -> bool:
        if self.down:
            raise StoreDown("away")
        if self.until.get(name, -1.0) > self.now:
            return False
        self.until[name] = self.now + seconds
        return True

    async def put(self, name: str) -> None:
        raise NotImplementedError

    async def marked(self, name: str) -> bool:
        raise NotImplementedError

    async def clear(self, name: str) -> None:
        raise NotImplementedError


def info(flags: int) -> discord.AppInfo:
    shown = SimpleNamespace(
        id=7, flags=discord.ApplicationFlags._from_value(flags), interactions_endpoint_url=None
    )
    return cast("discord.AppInfo", shown)


@pytest.mark.parametrize("bit", [18, 19])
def test_the_content_of_messages_is_asked_for_where_it_is_switched_on(bit: int) -> None:
    at = standing(info(1 << bit))
    assert (at.content, at.members) == (True, False)
    assert intents(at).message_content
    assert not intents(at, "off").message_content


@pytest.mark.parametrize("bit", [14, 15])
def test_who_leaves_is_asked_for_where_it_is_switched_on(bit: int) -> None:
    assert intents(standing(info(1 << bit))).members


def test_nothing_privileged_is_asked_for_otherwise() -> None:
    for at in (None, ApplicationStatus(application=7), standing(info(1 << 12 | 1 << 13))):
        asked = intents(at)
        needed = {"guilds", "guild_messages", "dm_messages", "guild_reactions", "dm_reactions"}
        assert {name for name, on in asked if on} == needed


@pytest.mark.parametrize(
    ("failure", "setting"),
    [
        (discord.LoginFailure("no"), "DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(0), "DISCORD_MESSAGE_CONTENT"),
        *[
            (
                discord.ConnectionClosed(
                    cast("Any", SimpleNamespace(close_code=code)), shard_id=0, code=code
                ),
                "",
            )
            for code in CODES
        ],
    ],
)
def test_what_discord_will_say_again_is_one_line_that_says_what_to_do(
    failure: Exception, setting: str
) -> None:
    no = refused(failure)
    assert no is not None
    assert setting in str(no)
    assert "\n" not in str(no)


@pytest.mark.parametrize(
    "failure",
    [
        OSError("no line"),
        TimeoutError(),
        aiohttp.ClientError(),
        discord.DiscordException("gone"),
        KeyError("id"),
    ],
)
def test_what_may_pass_is_no_refusal(failure: Exception) -> None:
    assert refused(failure) is None


async def tries(notes: Notes, seconds: int, shards: int = 1, **limits: int) -> int:
    """How many sessions are opened in that time by processes that try all the time."""
    asking: Marks = notes
    crowd = [IdentifyGate(asking, 7, Limits(**limits)) for _process in range(3)]
    count = 0
    for _second in range(seconds):
        notes.now += 1
        for process in crowd:
            for shard in range(shards):
                count += await process._may(shard)
    return count


async def test_processes_that_start_again_and_again_stay_below_a_thousand_a_day() -> None:
    assert 700 < await tries(Notes(), 24 * 3600) < 1000


async def test_one_at_a_time_in_five_seconds() -> None:
    assert await tries(Notes(), 60) == 60 // INTERVAL_S


async def test_a_large_bot_opens_as_many_at_a_time_as_it_may() -> None:
    assert await tries(Notes(), 10, shards=32, total=2000, at_once=16) == 2 * 16


async def test_a_store_that_is_away_is_waited_for() -> None:
    notes = Notes()
    notes.down = True
    marks: Marks = notes
    identifying = IdentifyGate(marks, 7, Limits(), pause=0.001)
    assert not await identifying._may(0)
    notes.down = False
    await identifying.wait(0)
    assert identifying.count == 1
