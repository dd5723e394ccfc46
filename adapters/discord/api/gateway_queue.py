"""Takes what the gateway tells to whoever hears it: in order within a place, again where the store was down, drained.

A gateway message is never acknowledged, so what cannot be recorded yet is kept here and tried again; a click is not,
because its answer would come too late and the person presses again.
"""

import asyncio
import itertools
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

from adapters.discord.api.client import FAILURES, code_of
from bot.ports import Contended, RevisionUnreadable, StoreDown
from bot.telemetry import log
from flows.values import Frozen

Kind = Literal["interaction", "message", "edited", "deleted", "thread", "thread_gone", "left"]
Json = dict[str, Any]

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "INTERACTION_CREATE": "interaction",
        "MESSAGE_CREATE": "message",
        "MESSAGE_UPDATE": "edited",
        "MESSAGE_DELETE": "deleted",
        "MESSAGE_DELETE_BULK": "deleted",
        "THREAD_CREATE": "thread",
        "THREAD_UPDATE": "thread",
        "THREAD_DELETE": "thread_gone",
        "GUILD_MEMBER_REMOVE": "left",
    }
)
"""What the gateway tells that matters here, by Discord's names."""


class Hear(Protocol):
    """What is told of all that happens, as Discord sent it."""

    async def __call__(self, kind: Kind, data: Json) -> object:
        """Return when it is recorded. StoreDown and Contended mean: not now."""


class Patience(Frozen):
    """How long, how many: seconds, and happenings."""

    first: float = 0.5
    """Before what could not be recorded is tried again; each further pause is twice as long."""

    longest: float = 15.0
    """Between two tries at most."""

    tries: int = 5
    """Tries of a message for which Discord itself had to be asked, and did not answer as meant."""

    waiting: int = 2000
    """Happenings kept at a time; what comes beyond is read from its place later, where it is one that is followed."""


class GatewayQueue:
    """Everything under way. `take` is called from the gateway's own loop and never raises."""

    def __init__(
        self,
        hear: Hear,
        heard: Callable[[Kind, Json], Awaitable[None]] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`heard` is told of what was recorded, in order within a place; no more where something was passed over."""
        self._hear = hear
        self._heard = heard
        self._patience = patience or Patience()
        self._last: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._behind: set[str] = set()
        self.missed = 0

    def __len__(self) -> int:
        """How many happenings are under way."""
        return len(self._tasks)

    def take(self, name: str, data: object) -> None:
        """One event of the gateway, by Discord's name; whatever it holds."""
        kind = KINDS.get(name)
        if kind is None or self._closing.is_set():
            return
        if not isinstance(data, dict):
            log("discord").warning("Discord sent an event that cannot be read", kind=name)
            return
        for each in _single(name, data):
            self.hear(kind, each)

    def hear(self, kind: Kind, data: Json) -> asyncio.Task[None] | None:
        """Have one happening heard; None where too many wait already, or at the end."""
        if self._closing.is_set():
            return None
        place = "" if kind == "interaction" else _place(data)
        if kind != "interaction" and len(self._tasks) >= self._patience.waiting:
            self._pass_over(place)
            return None
        before = self._last.get(place) if place else None
        task = asyncio.create_task(self._one(kind, data, before))
        self._tasks.add(task)
        if place:
            self._last[place] = task
        task.add_done_callback(lambda done: self._done(place, done))
        return task

    def _pass_over(self, place: str) -> None:
        """Too much at a time: its place counts as unread from here on, until a new session reads it."""
        if not self.missed:
            log("discord").error("too many events at once; skipped ones are read after reconnecting")
        self.missed += 1
        self._behind.add(place)

    async def finish(self, seconds: float) -> None:
        """Take nothing more, and let what is under way finish; what still waits for the store is given up."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, place: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if place and self._last.get(place) is task:
            del self._last[place]

    async def _one(self, kind: Kind, data: Json, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        pause = self._patience.first
        for number in itertools.count(1):
            if await self._tried(kind, data, last=number >= self._patience.tries):
                return
            try:
                async with asyncio.timeout(pause):
                    await self._closing.wait()
                return  # whoever starts next reads it from its place
            except TimeoutError:
                pause = min(2 * pause, self._patience.longest)

    async def _tried(self, kind: Kind, data: Json, *, last: bool) -> bool:
        """Whether that is settled: recorded, or never to be. The store is waited for, however long it is away."""
        try:
            await self._hear(kind, data)
            if self._heard is not None and _place(data) not in self._behind:
                await self._heard(kind, data)
        except (StoreDown, Contended) as reason:
            log("discord").warning("an event is not recorded yet", kind=kind, reason=str(reason)[:200])
            return kind == "interaction"
        except RevisionUnreadable as reason:
            log("discord").error(
                "event skipped: only a newer version can read its conversation",
                kind=kind,
                reason=str(reason)[:200],
            )
        except FAILURES as failure:
            told = {"kind": kind, "error": type(failure).__name__, "code": code_of(failure)}
            log("discord").warning(
                "an event was dropped" if last else "an event failed; trying again", **told
            )
            return last or kind == "interaction"
        except Exception as error:  # noqa: BLE001  # one happening must not end the hearing of all others
            log("discord").error(
                "an event could not be handled",
                kind=kind,
                reason=type(error).__name__,
                traceback=frames(error),
            )
        return True


def frames(error: BaseException) -> str:
    """Where an error came from, without the values that were at hand: they are what people wrote, and tokens."""
    return "".join(traceback.format_tb(error.__traceback__))


def _place(data: Json) -> str:
    """The room it happened in, or the one it happened to."""
    return str(data.get("channel_id") or data.get("id") or "")


def _single(name: str, data: Json) -> Iterator[Json]:
    """Messages deleted together come one by one."""
    if name != "MESSAGE_DELETE_BULK":
        yield data
        return
    ids = data.get("ids")
    for each in ids if isinstance(ids, list) else ():
        yield {key: value for key, value in data.items() if key != "ids"} | {"id": each}
