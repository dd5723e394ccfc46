"""The way back from the backend `webhook`: a signed call says what became of a ticket, and what to answer.

An ASGI application, to be mounted at `/hooks/tickets`. What it is told becomes events of agents: an answer is a reply,
a solution solves it. Where an agent has the conversation, both are notes for them instead.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.tickets.signing import SIGNATURE, TIMESTAMP, verified
from bot.ports import Contended, Index, Outcome, RevisionUnreadable, StoreDown
from bot.ports import Receive as ReceiveEvent
from flows.events import Concluded, Event, Noted, Replied

PATH: Final = "/hooks/tickets"
ACTOR: Final = "webhook:tickets"
"""Whoever knows the secret acts as an agent (law L11)."""

LONGEST: Final = 64 * 1024
"""Bytes of a body."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Take = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Call(BaseModel):
    """What is told. `id` names the happening over there: the same one told twice counts once."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=100)
    ticket: int = Field(ge=1)
    answer: str = Field("", max_length=10_000)
    status: Literal["", "open", "solved"] = ""
    reason: str = Field("", max_length=60)
    name: str = Field("", max_length=80)


class Answer(Exception):
    """How a call ends: the HTTP status, and what is said."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class Hook:
    """The ASGI application. `now` is the time in seconds since 1970. An empty secret lets nothing in."""

    def __init__(self, receive: ReceiveEvent, index: Index, secret: str, now: Callable[[], float]) -> None:
        self._receive, self._index, self._secret, self._now = receive, index, secret, now

    async def __call__(self, scope: MutableMapping[str, Any], receive: Take, send: Send) -> None:
        """One call. Nothing of it is logged."""
        if scope["type"] != "http":
            return
        try:
            status, body = 200, orjson.dumps({"recorded": await self._taken(scope, receive)})
        except Answer as answer:
            status, body = answer.status, orjson.dumps({"error": answer.said})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _taken(self, scope: MutableMapping[str, Any], receive: Take) -> list[str]:
        if scope["method"] != "POST":
            raise Answer(405, "only POST")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _whole(receive)
        stamp, signature = headers.get(TIMESTAMP.lower(), ""), headers.get(SIGNATURE.lower(), "")
        if not verified(self._secret, body, stamp, signature, self._now()):
            raise Answer(401, "the signature does not fit")
        try:
            call = Call.model_validate_json(body)
        except ValidationError as wrong:
            fields = ", ".join(sorted({".".join(map(str, error["loc"])) for error in wrong.errors()}))
            raise Answer(400, f"not understood: {fields or 'the body'}") from None
        try:
            return await self._recorded(call)
        except StoreDown:
            raise Answer(503, "the store is down; nothing was recorded") from None
        except (Contended, RevisionUnreadable):
            raise Answer(503, "not just now; nothing was recorded") from None

    async def _recorded(self, call: Call) -> list[str]:
        entry = await self._index.ticket(call.ticket)
        if entry is None:
            raise Answer(404, "there is no such ticket")
        done = []
        for part, event, note in _events(call):
            known = {"key": f"{call.id}/{part}", "actor": ACTOR, "conversation": entry.conversation}
            outcome = await self._receive(event.model_copy(update=known))
            if outcome is not None and outcome.refusal is not None and note:
                noted = Noted(text=note, name=call.name)
                done.append(_done("note", await self._receive(noted.model_copy(update=known))))
            else:
                done.append(_done(part, outcome))
        return done


def _events(call: Call) -> list[tuple[str, Event, str]]:
    """What to record, by the name of its part, and the note it is where an agent has the conversation."""
    found: list[tuple[str, Event, str]] = []
    if call.answer:
        reply = Replied(text=call.answer, name=call.name, aside=True)
        found.append(("answer", reply, f"Answer: {call.answer}"))
    if call.status == "solved":
        solved = Concluded(reason=call.reason, name=call.name)
        found.append(("solved", solved, f"Solved there: {call.reason}".rstrip(": ")))
    elif call.reason:
        found.append(("note", Noted(text=call.reason, name=call.name), ""))
    return found


def _done(part: str, outcome: Outcome | None) -> str:
    if outcome is None:
        raise Answer(404, "that ticket was forgotten")
    if outcome.refusal is not None:
        raise Answer(409, "that cannot be done to this ticket now")
    return part


async def _whole(receive: Take) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Answer(400, "cut off")
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > LONGEST:
            raise Answer(413, "too long")
        more = message.get("more_body", False)
    return b"".join(parts)
