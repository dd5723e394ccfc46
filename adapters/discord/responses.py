"""Responds to an interaction: one first response, within three seconds, which may be the step it led to.

The sender may show the step that a click led to as the response to that click, so that the message changes in place.
The handler of a click offers its response here, by conversation and turn, and the sender of the same process takes
it. Nothing depends on the offer: a step without a response is posted.
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
"""Seconds after which the response is deferred; Discord gives up after three."""

FORM_DEFER_AFTER_S: Final = 2.3
"""Seconds after which a response that may open a form is deferred: a form must be the first response."""

CHANNEL_MESSAGE, THINKING, LATER, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Types of interaction responses."""

REMEMBERED: Final = 512
"""Conversations whose last shown step this process remembers, while their old buttons are removed."""

First = Literal["", "shown", "later", "thinking", "another"]
"""What the first response was; "another" means that another process gave it, and says the rest."""


class Response:
    """Responds to one interaction. A late, repeated or failed response raises nothing, as the click is recorded."""

    def __init__(self, client: DiscordClient, acted: Acted) -> None:
        """Start counting the seconds right away."""
        self._client = client
        self.acted = acted
        self._first: First = ""
        self._lock = asyncio.Lock()
        self._began = asyncio.get_running_loop().time()
        self._settled = asyncio.Event()

    @property
    def message(self) -> str:
        """The id of the message that `update` would change."""
        return "" if self.acted.hidden else self.acted.message

    # ------------------------------------------------------------ the first response

    async def update(self, shown: Message) -> bool:
        """Change the pressed message. Return False if it is too late. Raises if the outcome is unknown."""
        return await self._respond_first(UPDATE, payload(shown), "shown")

    async def form(self, modal: dict[str, Any]) -> bool:
        """Open a form, which must be the first response. Return whether it opened."""
        return await self._try_first(MODAL, modal, "shown")

    async def choices(self, offered: Sequence[dict[str, Any]]) -> None:
        """Offer choices to a customer who types."""
        await self._try_first(CHOICES, {"choices": list(offered)}, "shown")

    async def later(self) -> None:
        """Defer the response: a message stays unchanged, and a command shows "thinking"."""
        if self.acted.message:
            await self._try_first(LATER, {}, "later")
        else:
            await self._try_first(THINKING, {"flags": 64}, "thinking")

    async def say(self, shown: Message) -> None:
        """Show a message to the person who pressed, as first response or as follow-up."""
        if await self._try_first(CHANNEL_MESSAGE, payload(shown), "shown"):
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
            _log_failure(failure)

    def passed(self) -> None:
        """Give up changing the pressed message: the step will be posted."""
        self._settled.set()

    async def wait(self, seconds: float) -> None:
        """Wait until the response is used or passed, or until `seconds` after its start."""
        remaining = self._began + seconds - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, remaining)):
                await self._settled.wait()
        except TimeoutError:
            pass

    async def _try_first(self, kind: int, data: dict[str, Any], first: First) -> bool:
        try:
            return await self._respond_first(kind, data, first)
        except FAILURES as failure:
            _log_failure(failure)
            return False

    async def _respond_first(self, kind: int, data: dict[str, Any], first: First) -> bool:
        async with self._lock:  # two responses at the same time would both count as the first
            if self._first:
                return False
            try:
                path = "/interactions/{id}/{token}/callback"
                body = {"type": kind, "data": data}
                acted = self.acted
                await self._client.answer("POST", path, body, id=acted.id, token=acted.token)
            except ResponseRefused as refused:
                if refused.code == ANSWERED:
                    self._first = "another"
                    self._settled.set()
                if refused.status >= 500:
                    raise
                _log_failure(refused)
                return False
            self._first = first
            self._settled.set()
            return True

    async def _follow(self, method: str, path: str, body: dict[str, Any]) -> None:
        acted = self.acted
        await self._client.answer(method, path, body, application=acted.application, token=acted.token)

    @asynccontextmanager
    async def watched(self, seconds: float = DEFER_AFTER_S) -> AsyncIterator[None]:
        """Defer the response if the block takes longer than `seconds`."""
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
    """Holds this process's clicks that may still show the step they led to, and the last shown steps."""

    def __init__(self) -> None:
        """Start empty; later it holds the clicks in progress, and up to `REMEMBERED` shown steps."""
        self._offered: dict[tuple[str, int], Response] = {}
        self._shown: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._news = asyncio.Event()

    @contextmanager
    def offered(self, conversation: str, turn: int, answer: Response) -> Iterator[None]:
        """Offer the response for the step of that turn during the block. Of two clicks, the first counts."""
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
        """Take the click that led to that turn; a second call returns None."""
        return self._offered.pop((conversation, turn), None)

    def pass_by(self, conversation: str) -> None:
        """Withdraw the conversation's offers: another message comes first, so the step is posted below it."""
        for key in [key for key in self._offered if key[0] == conversation]:
            self._offered.pop(key).passed()

    def note(self, conversation: str, turn: int, message: str) -> None:
        """Remember that this process showed the step of that turn in that message."""
        self._shown[conversation] = (turn, message)
        self._shown.move_to_end(conversation)
        while len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        self._news.set()
        self._news = asyncio.Event()

    async def shown(self, conversation: str, turn: int, seconds: float) -> str | None:
        """Wait for the message that shows that turn; None if this process shows none within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while (known := self._shown.get(conversation)) is None or known[0] < turn:
                    await self._news.wait()
                return known[1]
        except TimeoutError:
            return None


def _log_failure(failure: BaseException) -> None:
    if isinstance(failure, ResponseRefused) and failure.code in EXPECTED:
        log("discord").info("an interaction was answered too late or twice", code=failure.code)
    else:
        code = failure.code if isinstance(failure, ResponseRefused) else 0
        log("discord").warning(
            "an interaction could not be answered", reason=type(failure).__name__, code=code
        )
