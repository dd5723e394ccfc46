"""Feeds the web: forms of the page and the desk, raw requests, and signed calls of a ticket system."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import httpx

from adapters.tickets.hook import PATH, Hook
from adapters.tickets.signature import signed
from adapters.web import inbound
from adapters.web.desk import inbound as desk
from adapters.web.inbound import BadRequest
from bot.ports import Account
from flows.events import Escalated
from tests.adapters.web.support.embedder import begin
from tests.adapters.web.support.site import open_place
from tests.fakes.world import World
from tests.fuzz.doors import Door, Feed
from tests.fuzz.mutation import Mutator
from tests.fuzz.texts import door, messages

LIMITS: Final[dict[str, Any]] = {"events_per_minute": "100000000", "starts_per_minute": "100000000"}

DOS: Final = (
    "answered:fixed", "said", "dismissed", "back", "restart", "escalate", "later:hour", "details:hosted",
    "rated:5", "reopen", "withdraw", "flow:connection-not-active", "text", "person", "here:05n23tfww7gvg4s74o",
    "new", "rated:9", "later:never",
)  # fmt: skip
FORM: Final[Mapping[str, tuple[str, ...]]] = {
    "do": DOS,
    "key": ("a" * 12, "abc.DEF_0-1"),
    "turn": ("1", "0", "999999999", "9999999999"),
    "version": ("1", "0"),
    "text": ("works now", "password: hunter2"),
    "reach": ("ana@example.com",),
    "to": ("team:maker", "agent:0123456789ab"),
    "at": ("plug", "lamp/plug"),
    "reason": ("fixed", "hosted"),
    "until": ("hour", "tomorrow"),
    "step": ("plug",),
    "team": ("maker",),
}


def page_forms() -> Feed:
    known = (*messages(), *DOS)

    def feed(draw: Mutator) -> None:
        fields = draw.fields(FORM)
        for make in (
            lambda: inbound.event_of_form(fields, "05n23tfww7gvg4s74o", "web:x"),
            lambda: inbound.start_of_form(fields, "p", "web:x"),
            lambda: inbound.version_of_form(fields),
        ):
            with suppress(BadRequest):
                make()
        inbound.clean(draw.text(known))

    return feed


def desk_forms() -> Feed:
    account = Account(id="0123456789ab", name="Maria", role="agent", made=0)

    def feed(draw: Mutator) -> None:
        fields = draw.fields(FORM)
        done = tuple(draw.text() for _ in range(draw.numbers.randrange(3)))
        with suppress(BadRequest):
            desk.event_of_form(
                draw.pick((*desk.ACTS, draw.text())), fields, done, "05n23tfww7gvg4s74o", account
            )

    return feed


PATHS: Final = (
    "/", "/start", "/c/a", "/c/{id}", "/c/{id}/events", "/c/{id}/seen", "/c/{id}/link", "/c/{id}/files/1/0",
    "/go/x", "/healthz", "/readyz", "/static/x/page.css", "/pictures/x/a.png", "/openapi.json",
    "/api/conversations", "/api/conversations/{id}", "/api/conversations/{id}/events", "/api/flows", "/desk",
    "/desk/find", "/desk/sign-in", "/desk/in/x", "/desk/c/{id}", "/desk/c/{id}/reply", "/desk/c/{id}/path",
    "/desk/accounts", "/desk/notices", "/desk/notices/x/say", "/desk/out",
)  # fmt: skip
TYPES: Final = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
    "multipart/form-data", "application/x-www-form-urlencoded; charset=unicode_escape",
    "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary=x; charset=punycode",
    "application/json; charset=idna", "x/y; charset=undefined",
)  # fmt: skip
HEADERS: Final = (
    "accept", "cookie", "authorization", "origin", "referer", "host", "x-forwarded-for", "x-forwarded-proto",
    "x-forwarded-host", "if-none-match", "range", "accept-language", "content-length", "last-event-id",
    "x-requested-with", "sec-fetch-site",
)  # fmt: skip
VALUES: Final = (
    "fetch", "text/html", "tt_visitor=x; tt_desk=y", "Bearer x", "https://help.example", "null", "bytes=0-",
    "1" * 5000, "1.2.3.4", "[::1]:80", "help.example:99999", "cross-site", "en-US,de;q=0.5",
)  # fmt: skip


@asynccontextmanager
async def requests() -> AsyncIterator[Feed]:
    """Send raw requests to the whole site."""
    async with open_place(**LIMITS) as place, place.client() as client:
        walk = await begin(client)
        begun = str(walk.state["id"])

        async def feed(draw: Mutator) -> None:
            client.cookies.clear()
            await _answered(client, _request(client, draw, begun, walk.bearer))

        yield feed


def _request(client: httpx.AsyncClient, draw: Mutator, begun: str, bearer: dict[str, str]) -> httpx.Request:
    path = str(draw.pick(PATHS)).replace("{id}", begun)
    if draw.numbers.random() < 0.4:
        path = "/" + draw.changed(path[1:])
    query = (
        f"?{draw.changed('text=a&flow=b&at=1&q=x&notice=y&state=z')}" if draw.numbers.random() < 0.3 else ""
    )
    kind = str(draw.pick(TYPES))
    headers = dict(bearer) if draw.numbers.random() < 0.5 else {}
    for _ in range(draw.numbers.randrange(3)):
        headers[draw.pick(HEADERS)] = draw.pick(VALUES) if draw.numbers.random() < 0.7 else draw.text(VALUES)
    url = client.base_url.join("/").copy_with(raw_path=_ascii(path + query))
    given = {"content-type": kind} | headers
    sent = [(name.encode(), _header(value)) for name, value in given.items()]
    method = draw.pick(("GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"))
    body = _body(draw, kind) if method in ("POST", "PUT") else b""
    return httpx.Request(method, url, headers=sent, content=body)


def _ascii(path: str) -> bytes:
    return "".join(c for c in path if "!" <= c <= "~" and c != "#").encode() or b"/"


def _header(value: str) -> bytes:
    return "".join(c for c in value if c.isprintable()).encode("latin-1", "ignore").strip()


def _body(draw: Mutator, kind: str) -> bytes:
    if "json" in kind:
        given = {
            "type": "said",
            "text": "x",
            "turn": 1,
            "choice": "fixed",
            "key": "k" * 22,
            "flow": "x",
            "locale": "de",
        }
        try:
            return json.dumps(draw.payload(given)).encode("utf-8", "surrogatepass")
        except RecursionError:
            return b"{"
    if "multipart" in kind:
        head = 'Content-Disposition: form-data; name="files"; filename="a.txt"'
        part = f"--x\r\n{head}\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
        text = "".join(draw.changed(part) for _ in range(draw.numbers.randrange(4))) + "--x--\r\n"
        return draw.bytes(text)
    fields = draw.fields(FORM)
    return draw.bytes("&".join(f"{name}={value}" for name, value in fields.items()))


async def _answered(client: httpx.AsyncClient, request: httpx.Request) -> None:
    """Send a request, and close a stream that is answered."""
    if request.url.path.endswith("/stream"):
        return
    answer = await client.send(request)
    assert answer.status_code < 500, (
        f"{request.method} {request.url} gave {answer.status_code}: {answer.text[:200]}"
    )


CALL: Final = {
    "id": "call-1", "ticket": "1", "answer": "It is **on**.", "name": "Lumen", "status": "solved",
    "reason": "New bulb",
}  # fmt: skip


@asynccontextmanager
async def webhooks() -> AsyncIterator[Feed]:
    """Send calls of a ticket system, most of them with the right signature."""
    world = World()
    at = await world.start()
    outcome = await world.send(Escalated(conversation=at.id))
    assert outcome is not None
    call = CALL | {"ticket": str(outcome.conversation.ticket)}
    hook = Hook(world.app.receive, world.store.index, "a secret", lambda: 1_700_000_000.0)

    async def feed(draw: Mutator) -> None:
        body = draw.bytes(json.dumps(draw.payload(call | {"id": f"call-{draw.numbers.random()}"})))
        headers = signed(draw.pick(("a secret",) * 9 + ("another",)), body, 1_700_000_000.0)
        if draw.numbers.random() < 0.1:
            headers = {name: draw.changed(value) for name, value in headers.items()}
        status = await _call(hook, draw, body, headers)
        assert status < 500, f"{body!r} gave {status}"

    yield feed
    await world.close()


async def _call(hook: Hook, draw: Mutator, body: bytes, headers: Mapping[str, str]) -> int:
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    lines = [(name.lower().encode(), value.encode("utf-8", "replace")) for name, value in headers.items()]
    method = draw.pick(("POST",) * 9 + ("GET",))
    await hook({"type": "http", "method": method, "path": PATH, "headers": lines}, receive, send)
    return int(said[0]["status"])


DOORS: Final = (
    door("page", 110, page_forms),
    door("desk", 110, desk_forms),
    Door("requests", 8, requests),
    Door("webhooks", 6, webhooks),
)
