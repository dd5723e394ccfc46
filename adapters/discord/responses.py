"""The answer to one interaction: exactly one first answer, in three seconds; and which click may still show a step.

The sender may carry out the step that a click led to as the very answer to that click (the message changes under the
finger). So who records a click offers its answer here, by conversation and turn, and the sender of the same process
takes it. Nothing depends on it: a step that finds no such answer is posted.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Literal

from adapters.discord.api.client import ANSWERED, EXPECTED, FAILURES, DiscordClient, ResponseRefused
from adapters.discord.inbound.events import Acted
from adapters.discord.render.card import V2, Message, payload
from bot.telemetry import log

DEFER_AFTER_S: Final = 1.5
"""Seconds after which Discord is told to wait; it gives up after three."""

FOR_A_FORM: Final = 2.3
"""The same where a form may be the answer, which can only be the first."""

CHANNEL_MESSAGE, THINKING, LATER, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Types of answers."""

REMEMBERED: Final = 512
"""Conversations whose last step this process remembers to have shown, for as long as its old buttons are dealt with."""

First = Literal["", "shown", "later", "thinking", "another"]
"""What the first answer was: "another" process gave it, and says what there is to say."""


class Response:
    """The answers to one interaction. Late, repeated and failed ones are no reason to fail: all is recorded already."""

    def __init__(self, calls: DiscordClient, acted: Acted) -> None:
        """Begins to count at once."""
        self._calls = calls
        self.acted = acted
        self._first: First = ""
        self._lock = asyncio.Lock()
        self._began = asyncio.get_running_loop().time()
        self._settled = asyncio.Event()

    @property
    def message(self) -> str:
        """The id of the message that `update` would change."""
        return "" if self.acted.hidden else self.acted.message

    # ------------------------------------------------------------ the first answer

    async def update(self, shown: Message) -> bool:
        """Change the message that was pressed; False where it is too late for that. Raises what leaves it unknown."""
        return await self._firstly(UPDATE, payload(shown), "shown")

    async def form(self, modal: dict[str, Any]) -> bool:
        """Open a form; it can only be the first answer."""
        return await self._tried(MODAL, modal, "shown")

    async def choices(self, offered: Sequence[dict[str, Any]]) -> None:
        """What is offered to somebody who types."""
        await self._tried(CHOICES, {"choices": list(offered)}, "shown")

    async def later(self) -> None:
        """Only say that it was heard: a message stays as it is, a command is "thinking"."""
        if self.acted.message:
            await self._tried(LATER, {}, "later")
        else:
            await self._tried(THINKING, {"flags": 64}, "thinking")

    async def say(self, shown: Message) -> None:
        """Show it to that person alone, whatever came before."""
        if await self._tried(CHANNEL_MESSAGE, payload(shown), "shown"):
            return
        body = payload(shown)
        try:
            if self._first == "thinking":
                self._first = "shown"
                body["flags"] &= V2
                await self._follow("PATCH", "/webhooks/{application}/{token}/messages/@original", body)
            elif self._first in ("shown", "later"):
                await self._follow("POST", "/webhooks/{application}/{token}", body)
        except FAILURES as failure:
            _told(failure)

    def passed(self) -> None:
        """Nothing will be shown in its message: what follows is posted."""
        self._settled.set()

    async def wait(self, seconds: float) -> None:
        """Until it was used or passed, or so many seconds after it began."""
        left = self._began + seconds - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self._settled.wait()
        except TimeoutError:
            pass

    async def _tried(self, kind: int, data: dict[str, Any], first: First) -> bool:
        try:
            return await self._firstly(kind, data, first)
        except FAILURES as failure:
            _told(failure)
            return False

    async def _firstly(self, kind: int, data: dict[str, Any], first: First) -> bool:
        async with self._lock:  # two answers at once would both think they were the first
            if self._first:
                return False
            try:
                path = "/interactions/{id}/{token}/callback"
                body = {"type": kind, "data": data}
                acted = self.acted
                await self._calls.answer("POST", path, body, id=acted.id, token=acted.token)
            except ResponseRefused as refused:
                if refused.code == ANSWERED:
                    self._first = "another"
                    self._settled.set()
                if refused.status >= 500:
                    raise
                _told(refused)
                return False
            self._first = first
            self._settled.set()
            return True

    async def _follow(self, method: str, path: str, body: dict[str, Any]) -> None:
        acted = self.acted
        await self._calls.answer(method, path, body, application=acted.application, token=acted.token)

    @asynccontextmanager
    async def watched(self, seconds: float = DEFER_AFTER_S) -> AsyncIterator[None]:
        """Meanwhile Discord is told to wait when it takes long."""
        overdue: list[asyncio.Task[None]] = []
        timer = asyncio.get_running_loop().call_later(
            seconds, lambda: overdue.append(asyncio.create_task(self.later()))
        )
        try:
            yield
        finally:
            timer.cancel()
            await asyncio.gather(*overdue)


class PendingResponses:
    """The clicks of this process that may still show the step they led to, and where steps were shown last."""

    def __init__(self) -> None:
        """Empty; holds what is under way, and a few hundred of what was."""
        self._offered: dict[tuple[str, int], Response] = {}
        self._shown: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._news = asyncio.Event()

    @contextmanager
    def offered(self, conversation: str, turn: int, answer: Response) -> Iterator[None]:
        """Meanwhile the step of that turn may be shown as that answer. Of two clicks the first may."""
        key = (conversation, turn)
        if not answer.message or key in self._offered:
            yield
            return
        self._offered[key] = answer
        try:
            yield
        finally:
            self._offered.pop(key, None)

    def take(self, conversation: str, turn: int) -> Response | None:
        """The click that led to that turn, once."""
        return self._offered.pop((conversation, turn), None)

    def pass_by(self, conversation: str) -> None:
        """Something else is said first: what is asked now stands below it."""
        for key in [key for key in self._offered if key[0] == conversation]:
            self._offered.pop(key).passed()

    def note(self, conversation: str, turn: int, message: str) -> None:
        """This process showed the step of that turn in that message."""
        self._shown[conversation] = (turn, message)
        self._shown.move_to_end(conversation)
        while len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        self._news.set()
        self._news = asyncio.Event()

    async def shown(self, conversation: str, turn: int, seconds: float) -> str | None:
        """The message that shows that turn; None where this process does not show it in so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while (known := self._shown.get(conversation)) is None or known[0] < turn:
                    await self._news.wait()
                return known[1]
        except TimeoutError:
            return None


def _told(failure: BaseException) -> None:
    if isinstance(failure, ResponseRefused) and failure.code in EXPECTED:
        log("discord").info("an interaction was answered too late or twice", code=failure.code)
    else:
        code = failure.code if isinstance(failure, ResponseRefused) else 0
        log("discord").warning(
            "an interaction could not be answered", reason=type(failure).__name__, code=code
        )
