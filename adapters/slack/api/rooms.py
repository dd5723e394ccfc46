"""Asks Slack whether the bot can use a channel that the settings name, and whether another company reads there."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import FAILURES, INTERACTION_TIMEOUT_S, SlackClient, error_of
from flows.values import Frozen

KEPT_S: Final = 60.0
"""Seconds that a good answer is cached."""

PROBLEM_KEPT_S: Final = 10.0
"""Seconds that a problem is cached: an operator who mends it wants to see that."""


class RoomState(Frozen):
    """What Slack says about a channel: `problem` is a sentence with what to do, '' if all is well.

    `unchecked` says why the channel could not be checked.
    """

    room: str
    name: str = ""
    problem: str = ""
    unchecked: str = ""

    @property
    def label(self) -> str:
        """The channel's name and id."""
        return f"#{self.name} ({self.room})" if self.name else self.room


class Rooms:
    """Checks channels with `conversations.info`."""

    def __init__(self, client: SlackClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[float, RoomState]] = {}

    def forget(self) -> None:
        """Ask again at the next check."""
        self._kept.clear()

    async def states(self, rooms: Iterable[str], workspace: str) -> tuple[RoomState, ...]:
        """Check several channels at once, in order of their ids."""
        return tuple(await asyncio.gather(*(self._state(room, workspace) for room in sorted(rooms))))

    async def _state(self, room: str, workspace: str) -> RoomState:
        until, state = self._kept.get(room, (0.0, RoomState(room=room)))
        if until > self._now():
            return state
        try:
            async with asyncio.timeout(INTERACTION_TIMEOUT_S):
                answer = await self._client.read(workspace, "conversations.info", channel=room)
        except SlackApiError as failure:
            state = _refused(room, error_of(failure))
        except FAILURES:
            return RoomState(room=room, unchecked="Slack does not answer")
        else:
            state = _described(room, answer.get("channel") or {})
        lasts = KEPT_S if not (state.problem or state.unchecked) else PROBLEM_KEPT_S
        self._kept[room] = (self._now() + lasts, state)
        return state


def _refused(room: str, error: str) -> RoomState:
    match error:
        case "channel_not_found":
            problem = (
                "does not exist, or is private and the bot is not in it; check the id in the settings, or "
                "invite the bot there"
            )
            return RoomState(room=room, problem=problem)
        case "missing_scope":
            scopes = "the scopes channels:read and groups:read"
            return RoomState(
                room=room, unchecked=f"the app lacks {scopes}; reinstall it to have rooms checked"
            )
        case _:
            return RoomState(room=room, unchecked=f"Slack answers {error or 'nothing readable'}")


def _described(room: str, info: dict[str, Any]) -> RoomState:
    problem = ""
    if info.get("is_archived"):
        problem = "is archived; unarchive it, or name another channel in the settings"
    elif not info.get("is_member"):
        problem = "does not have the bot in it; type /invite and the bot's name there"
    elif info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
        problem = (
            "is shared with another company, whose people can read the tickets; use a channel of your own"
        )
    return RoomState(room=room, name=str(info.get("name") or ""), problem=problem)
