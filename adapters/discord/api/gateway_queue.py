"""Hands gateway events to the receiver: in order within a place, retried while the store is down, drained at the end.

Discord's gateway has no acknowledgements, so an event that cannot be recorded yet is kept here and retried. A click
is not: its response would come too late, and the customer presses again.
"""

import asyncio
import itertools
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

from adapters.discord.api.client import FAILURES, code_of
from bot.ports import Contended, StoreDown, Unreadable
from bot.telemetry import log
from flows.values import Frozen

Kind = Literal[
    "interaction",
    "message",
    "edited",
    "deleted",
    "reacted",
    "unreacted",
    "thread",
    "thread_gone",
    "room_gone",
    "guild_gone",
    "left",
]
Json = dict[str, Any]

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "INTERACTION_CREATE": "interaction",
        "MESSAGE_CREATE": "message",
        "MESSAGE_UPDATE": "edited",
        "MESSAGE_DELETE": "deleted",
        "MESSAGE_DELETE_BULK": "deleted",
        "MESSAGE_REACTION_ADD": "reacted",
        "MESSAGE_REACTION_REMOVE": "unreacted",
        "THREAD_CREATE": "thread",
        "THREAD_UPDATE": "thread",
        "THREAD_DELETE": "thread_gone",
        "CHANNEL_DELETE": "room_gone",
        "GUILD_DELETE": "guild_gone",
        "GUILD_MEMBER_REMOVE": "left",
    }
)
"""The gateway events that matter here, by Discord's names."""


class Hear(Protocol):
    """Handles each event, in Discord's own form."""

    async def __call__(self, kind: Kind, data: Json) -> object:
        """Return when the event is recorded. StoreDown and Contended mean: try again later."""


class Patience(Frozen):
    """How long (in seconds) and how often events are retried, and how many may wait."""

    first: float = 0.5
    """Before the first retry; each further pause is twice as long."""

    longest: float = 15.0
    """Between two attempts at most."""

    tries: int = 5
    """Attempts for a message that needs a call to Discord, if that call fails."""

    waiting: int = 2000
    """Events in progress at a time; messages beyond that are read later from their channel, if it is followed."""


class GatewayQueue:
    """Holds the events in progress. The gateway's own loop calls `take`, which never raises."""

    def __init__(
        self,
        hear: Hear,
        heard: Callable[[Kind, Json], Awaitable[None]] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`heard` gets each recorded event, in order within a place, and none after a skipped one there."""
        self._hear = hear
        self._heard = heard
        self._patience = patience or Patience()
        self._last: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._messages: dict[asyncio.Task[None], tuple[str, int]] = {}
        self._closing = asyncio.Event()
        self._behind: set[str] = set()
        self.missed = 0

    def __len__(self) -> int:
        """Count the events in progress."""
        return len(self._tasks)

    @property
    def finishing(self) -> bool:
        """Return whether no more events are taken."""
        return self._closing.is_set()

    async def rests(self, attempt: int) -> bool:
        """Wait after a failed call to Discord, longer each time. Return whether to try again."""
        if attempt >= self._patience.tries:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(min(self._patience.first * 2**attempt, self._patience.longest)):
                await self._closing.wait()
        return not self.finishing

    def unfinished(self, guild: str) -> int:
        """Return the oldest message of a guild in progress, besides the caller's own; 0 if there is none."""
        own = asyncio.current_task()
        others = [
            message for task, (at, message) in self._messages.items() if at == guild and task is not own
        ]
        return min(others, default=0)

    def take(self, name: str, data: object) -> None:
        """Take one gateway event, by Discord's name, whatever it holds."""
        kind = KINDS.get(name)
        if kind is None or self._closing.is_set():
            return
        if not isinstance(data, dict):
            log("discord").warning("Discord sent an event that cannot be read", kind=name)
            return
        for each in _single(name, data):
            self.hear(kind, each)

    def hear(self, kind: Kind, data: Json) -> asyncio.Task[None] | None:
        """Start handling one event; None if too many are in progress, or at the end."""
        if self._closing.is_set():
            return None
        place = "" if kind == "interaction" else _place(data)
        if kind != "interaction" and len(self._tasks) >= self._patience.waiting:
            self._skip(place, _guild(data))
            return None
        before = self._last.get(place) if place else None
        task = asyncio.create_task(self._handle(kind, data, before))
        self._tasks.add(task)
        if kind == "message" and str(data.get("id")).isdigit():
            self._messages[task] = (_guild(data), int(data["id"]))
        if place:
            self._last[place] = task
        task.add_done_callback(lambda done: self._done(place, done))
        return task

    def _skip(self, *places: str) -> None:
        """Skip an event: its place and its guild count as unread from here on, until a new session reads them."""
        if not self.missed:
            log("discord").error("too many events at once; skipped ones are read after reconnecting")
        self.missed += 1
        self._behind.update(filter(None, places))

    async def finish(self, seconds: float) -> None:
        """Take no more events, and let those in progress finish; drop those still waiting for the store."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, place: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self.finishing:  # then a message may end unhandled: the next process reads it
            self._messages.pop(task, None)
        if place and self._last.get(place) is task:
            del self._last[place]

    async def _handle(self, kind: Kind, data: Json, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        pause = self._patience.first
        for number in itertools.count(1):
            if await self._settled(kind, data, last=number >= self._patience.tries):
                return
            try:
                async with asyncio.timeout(pause):
                    await self._closing.wait()
                return  # the next process reads the message from its channel
            except TimeoutError:
                pause = min(2 * pause, self._patience.longest)

    async def _settled(self, kind: Kind, data: Json, *, last: bool) -> bool:
        """Handle an event. Return whether it is settled: recorded, or dropped. A missing store is waited for."""
        try:
            await self._hear(kind, data)
            if self._heard is not None and self._behind.isdisjoint((_place(data), _guild(data))):
                await self._heard(kind, data)
        except (StoreDown, Contended) as reason:
            log("discord").warning("an event is not recorded yet", kind=kind, reason=str(reason)[:200])
            return kind == "interaction"
        except Unreadable as reason:
            log("discord").error(
                "event skipped: its conversation cannot be read",
                kind=kind,
                reason=str(reason)[:200],
            )
        except FAILURES as failure:
            facts = {"kind": kind, "error": type(failure).__name__, "code": code_of(failure)}
            log("discord").warning(
                "an event was dropped" if last else "an event failed; trying again", **facts
            )
            return last or kind == "interaction"
        except Exception as error:  # noqa: BLE001  # one bad event must not stop all others
            log("discord").error(
                "an event could not be handled",
                kind=kind,
                reason=type(error).__name__,
                traceback=frames(error),
            )
        return True


def frames(error: BaseException) -> str:
    """Format an error's traceback, without the values of variables: those hold people's text, and tokens."""
    return "".join(traceback.format_tb(error.__traceback__))


def _place(data: Json) -> str:
    """Return the channel that an event happened in, or the channel it is about."""
    return str(data.get("channel_id") or data.get("id") or "")


def _guild(data: Json) -> str:
    return str(data.get("guild_id") or "")


def _single(name: str, data: Json) -> Iterator[Json]:
    """Split a bulk deletion into one event for each message."""
    if name != "MESSAGE_DELETE_BULK":
        yield data
        return
    ids = data.get("ids")
    for each in ids if isinstance(ids, list) else ():
        yield {key: value for key, value in data.items() if key != "ids"} | {"id": each}
