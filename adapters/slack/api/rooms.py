"""Asks Slack whether the bot can use a channel that the settings name, and whether another company reads there."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import FAILURES, INTERACTION_TIMEOUT_S, SlackClient, error_of
from bot.ports import PlatformCheck

KEPT_S: Final = 60.0
"""Seconds that a good answer is cached."""

PROBLEM_KEPT_S: Final = 10.0
"""Seconds that a problem is cached: an operator who mends it wants to see that."""


class Rooms:
    """Checks channels with `conversations.info`."""

    def __init__(self, client: SlackClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[float, PlatformCheck]] = {}

    def forget(self) -> None:
        """Ask again at the next check."""
        self._kept.clear()

    async def checks(self, rooms: Iterable[str]) -> tuple[PlatformCheck, ...]:
        """Check several channels at once, in order of their ids."""
        return tuple(await asyncio.gather(*map(self._check, sorted(rooms))))

    async def _check(self, room: str) -> PlatformCheck:
        until, check = self._kept.get(room, (0.0, PlatformCheck(what=room)))
        if until > self._now():
            return check
        try:
            async with asyncio.timeout(INTERACTION_TIMEOUT_S):
                answer = await self._client.read("", "conversations.info", channel=room)
        except SlackApiError as failure:
            check = _refused(room, error_of(failure))
        except FAILURES:
            return PlatformCheck(what=f"channel {room}", unchecked="Slack does not answer")
        else:
            check = _described(room, answer.get("channel") or {}, self._client.channel_ids.today(room))
        lasts = KEPT_S if not (check.problem or check.unchecked) else PROBLEM_KEPT_S
        self._kept[room] = (self._now() + lasts, check)
        return check


def _refused(room: str, error: str) -> PlatformCheck:
    what = f"channel {room}"
    match error:
        case "channel_not_found":
            problem = (
                "does not exist, or is private and the bot is not in it; check the id in the settings, or "
                "invite the bot there"
            )
            return PlatformCheck(what=what, problem=problem)
        case "missing_scope":
            how = "add channels:read and groups:read under OAuth & Permissions, and reinstall the app"
            return PlatformCheck(what=what, unchecked=f"the app may not look at channels; {how}")
        case _:
            return PlatformCheck(what=what, unchecked=f"Slack answers {error or 'nothing readable'}")


def _described(room: str, info: Mapping[str, Any], today: str) -> PlatformCheck:
    name = str(info.get("name") or "")
    problem = ""
    if info.get("is_archived"):
        problem = "is archived; unarchive it, or name another channel in the settings"
    elif not info.get("is_member"):
        problem = "does not have the bot in it; type /invite and the bot's name there"
    elif info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
        problem = (
            "is shared with another company, whose people can read the tickets; use a channel of your own"
        )
    advice = f"now has the id {today}; put it into the settings" if today != room else ""
    what = f"channel #{name} ({room})" if name else f"channel {room}"
    return PlatformCheck(what=what, problem=problem, advice=advice)
