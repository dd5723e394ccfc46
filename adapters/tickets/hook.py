"""Receives calls from the other ticket system: each says what happened to a ticket, and what to reply.

An ASGI application, to be mounted at `/hooks/tickets`. A call becomes an agent's events: an answer is a reply, and
`solved` resolves the ticket. If the conversation is assigned to an agent, both become internal notes instead.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.tickets.signature import SIGNATURE, TIMESTAMP, verified
from bot.ports import Contended, Index, Outcome, StoreDown, Unreadable
from bot.ports import Receive as ReceiveEvent
from flows.events import Concluded, Event, Noted, Replied
from flows.text.visible import IncomingName, IncomingWords

PATH: Final = "/hooks/tickets"
ACTOR: Final = "webhook:tickets"
"""Anyone who knows the secret acts as an agent (law L11)."""

LONGEST: Final = 64 * 1024
"""Most bytes of a body."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Take = Callable[[], Awaitable[MutableMapping[str, Any]]]


class HookCall(BaseModel):
    """The body of a call. `id` names the event in the other system: the same one sent twice counts once."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: IncomingName = Field(min_length=1, max_length=100)
    ticket: int = Field(ge=1)
    answer: IncomingWords = Field("", max_length=10_000)
    status: Literal["", "open", "solved"] = ""
    reason: IncomingName = Field("", max_length=60)
    name: IncomingName = Field("", max_length=80)


class HookResponse(Exception):
    """Ends a call early: with an HTTP status and the reason."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class Hook:
    """The ASGI application. `now` is the time in seconds since 1970. An empty secret refuses every call."""

    def __init__(self, receive: ReceiveEvent, index: Index, secret: str, now: Callable[[], float]) -> None:
        self._receive, self._index, self._secret, self._now = receive, index, secret, now

    async def __call__(self, scope: MutableMapping[str, Any], receive: Take, send: Send) -> None:
        """Answer one call. Nothing in it is logged."""
        if scope["type"] != "http":
            return
        try:
            status, body = 200, orjson.dumps({"recorded": await self._handle(scope, receive)})
        except HookResponse as answer:
            status, body = answer.status, orjson.dumps({"error": answer.said})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _handle(self, scope: MutableMapping[str, Any], receive: Take) -> list[str]:
        if scope["method"] != "POST":
            raise HookResponse(405, "only POST is allowed")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _read_body(receive)
        stamp, signature = headers.get(TIMESTAMP.lower(), ""), headers.get(SIGNATURE.lower(), "")
        if not verified(self._secret, body, stamp, signature, self._now()):
            raise HookResponse(401, "the signature does not match")
        try:
            call = HookCall.model_validate_json(body)
        except ValidationError as invalid:
            fields = ", ".join(sorted({".".join(map(str, error["loc"])) for error in invalid.errors()}))
            raise HookResponse(400, f"invalid request: {fields or 'the body'}") from None
        try:
            return await self._record(call)
        except StoreDown:
            raise HookResponse(503, "storage is unavailable; nothing was recorded") from None
        except (Contended, Unreadable):
            raise HookResponse(503, "too busy right now; nothing was recorded") from None

    async def _record(self, call: HookCall) -> list[str]:
        entry = await self._index.ticket(call.ticket)
        if entry is None:
            raise HookResponse(404, "no such ticket")
        recorded = []
        for part, event, note in _events(call):
            stamp = {"key": f"{call.id}/{part}", "actor": ACTOR, "conversation": entry.conversation}
            outcome = await self._receive(event.model_copy(update=stamp))
            if outcome is not None and outcome.refusal is not None and note:
                noted = Noted(text=note, name=call.name)
                recorded.append(_checked("note", await self._receive(noted.model_copy(update=stamp))))
            else:
                recorded.append(_checked(part, outcome))
        return recorded


def _events(call: HookCall) -> list[tuple[str, Event, str]]:
    """List what to record, each with its name, and the note it becomes if the conversation is assigned to an agent."""
    events: list[tuple[str, Event, str]] = []
    if call.answer:
        reply = Replied(text=call.answer, name=call.name, aside=True)
        events.append(("answer", reply, f"Reply from the ticket system: {call.answer}"))
    if call.status == "solved":
        solved = Concluded(reason=call.reason, name=call.name)
        events.append(("solved", solved, f"Resolved in the ticket system: {call.reason}".rstrip(": ")))
    elif call.reason:
        events.append(("note", Noted(text=call.reason, name=call.name), ""))
    return events


def _checked(part: str, outcome: Outcome | None) -> str:
    """Return the part's name if its event was recorded. Raises HookResponse if not."""
    if outcome is None:
        raise HookResponse(404, "the ticket was deleted")
    if outcome.refusal is not None:
        raise HookResponse(409, "the ticket's status does not allow this")
    return part


async def _read_body(receive: Take) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise HookResponse(400, "the request was cut off")
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > LONGEST:
            raise HookResponse(413, "the request is too large")
        more = message.get("more_body", False)
    return b"".join(parts)
