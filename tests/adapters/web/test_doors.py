"""Tests that no input from any sender gets a 500: forms, paths, queries, headers, cookies and JSON, over a socket."""

import hmac
import re
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.routing import Route

from adapters.tickets.signature import signed
from tests.adapters.web.support.agent import signed_in
from tests.adapters.web.support.served import ask, served
from tests.adapters.web.support.site import GUIDE, Place, open_place

LONG = "9" * 5000
"""More digits than Python reads as a number."""

STRANGE = (LONG, "%00%0d%0aX:%20y%ED%A0%80%FF%E2%80%AE", "..%2f..%2fetc%D9%A3")
"""Values for each part of a path, and for each query."""

CHARSETS = (
    "unicode_escape",
    "utf-7",
    "idna",
    "punycode",
    "undefined",
    "latin-1",
    "rot13",
    "no-such",
    "x" * 900,
    "é",
)
SECRET = "x" * 32
QUERIES = (
    "text",
    "flow",
    "notice",
    "tab",
    "team",
    "reason",
    "wait",
    "turn",
    "order",
    "page",
    "q",
    "find",
    "at",
    "ready",
    "state",
    "code",
    "iss",
    "error",
)
FORM = "Content-Type: application/x-www-form-urlencoded"
PARTS = "Content-Type: multipart/form-data; boundary=b"


def routes(place: Place) -> Iterator[tuple[str, str]]:
    """Yield each method and path of the site."""
    for route in place.asgi.routes:
        if isinstance(route, Route) or hasattr(route, "methods"):
            for method in sorted((getattr(route, "methods", None) or set()) - {"HEAD"}):
                yield method, re.sub(r":\w+\}", "}", str(getattr(route, "path", "")))


def part(name: str, value: bytes, *headers: bytes, filename: bytes = b"") -> bytes:
    """Return one part of a multipart form."""
    named = b'; filename="' + filename + b'"' if filename else b""
    lines = [
        b"--b",
        b'Content-Disposition: form-data; name="' + name.encode() + b'"' + named,
        *headers,
        b"",
        value,
    ]
    return b"\r\n".join(lines) + b"\r\n"


async def mine(address: str) -> tuple[str, dict[str, str], str]:
    """Begin a conversation on the page. Return its path, the fields of a form and the cookie header."""
    async with httpx.AsyncClient(base_url=address) as client:
        page = (await client.get("/")).text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        path = (await client.post("/start", data=fields | {"do": f"flow:{GUIDE}"})).headers["location"]
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return path, fields, f"Cookie: {cookies}"


@pytest.mark.row("security", "A form in a dangerous charset breaks the server or its logs")
async def test_a_form_is_utf_8_or_refused(place: Place) -> None:
    async with served(place) as (address, _):
        path, fields, cookie = await mine(address)
        sent = fields | {"do": "said", "text": "\\ud800 +2AA- hello", "turn": "1"}
        plain = urlencode(sent).encode()
        parts = b"".join(part(name, value.encode()) for name, value in sent.items()) + b"--b--\r\n"
        wrong = {}
        for target in (f"{path}/events", "/start", "/desk/in/abc"):
            for charset in CHARSETS:
                for kind, body in ((FORM, plain), (PARTS, parts)):
                    header = f"{kind}; charset={charset}"
                    status, _ = await ask(address, f"POST {target}", header, cookie, body=body)
                    if status != 415:
                        wrong[target, header[:80]] = status
        for header in ("Content-Type: text/plain", "Content-Type: application/json", "X-None: none"):
            status, _ = await ask(address, f"POST {path}/events", header, cookie, body=plain)
            if status != 415:
                wrong[path, header] = status
        assert wrong == {}
        for charset in ("utf-8", "UTF-8", '"utf8"'):
            for kind, body in ((FORM, plain), (PARTS, parts)):
                status, page = await ask(
                    address, f"POST {path}/events", f"{kind}; charset={charset}", cookie, body=body
                )
                assert status in (303, 409), (charset, page[:300])


@pytest.mark.row("security", "An address with absurd numbers or characters breaks the server")
async def test_no_path_query_or_method_is_a_failure_of_the_server(place: Place) -> None:
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        path, _, customer = await mine(address)
        await signed_in(place, client, "Ana", "admin")
        agent = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        failed = {}
        for method, template in routes(place):
            for filled in addresses(template, path.removeprefix("/c/")):
                status, said = await ask(address, f"{method} {filled}", f"{customer}; {agent}", FORM)
                if not 200 <= status < 500:
                    failed[method, template, filled[:60]] = said[:80]
        assert failed == {}


def addresses(template: str, own: str) -> Iterator[str]:
    """Yield the path with something strange in each of its parts, and in each query that some page reads."""
    for each in re.findall(r"\{(\w+)\}", template):
        known = {
            name: own if name == "conversation_id" else "1" for name in re.findall(r"\{(\w+)\}", template)
        }
        for strange in STRANGE:
            yield template.format(**(known | {each: strange}))
    if template.endswith("/stream"):
        return  # a stream has no end
    plain = template.format(**dict.fromkeys(re.findall(r"\{(\w+)\}", template), own))
    yield plain + "?" + "&".join(f"{name}={''.join(STRANGE[1:])}" for name in QUERIES)
    yield plain + "?" + "&".join(f"{name}={LONG}" for name in ("at", "find", "page", "turn", "wait"))


HEADERS = (
    "Host: [",
    "Host: a]b",
    "Host: [::1",
    "Host: [::1]:99999",
    "Host: x:y:z",
    "Host: ",
    "Host: \u00e9",
    "Host: a/b?c#d",
    "Host: user:pass@127.0.0.1",
    "Origin: [",
    "Origin: http://[",
    "Origin: \u00e9",
    f"Content-Type: {LONG}",
    "Content-Type: multipart/form-data",
    "Content-Type: multipart/form-data; boundary=",
    f"Content-Type: multipart/form-data; boundary={'b' * 5000}",
    "Content-Type: multipart/form-data; boundary=\u00e9",
    "Content-Type: application/json; charset=utf-16",
    f"Last-Event-ID: {LONG}",
    f"Range: bytes=0-{LONG}",
    f"If-None-Match: {LONG}",
    f"If-Modified-Since: {LONG}",
    f"X-Forwarded-For: {LONG}",
    "X-Forwarded-For: ::ffff:1.2.3.4, [::1]:80, ,,",
    "X-Forwarded-For: fe80::1%eth0",
    "X-Forwarded-Host: [",
    "X-Forwarded-Host: \u2603",
    "X-Forwarded-Proto: javascript",
    "Authorization: Bearer \u00e9",
    f"Authorization: Bearer {LONG}",
    "Authorization: \u00e9",
    "Cookie: tt_visitor=\u00e9; tt_recent=....; tt_desk=[",
    f"Cookie: tt_recent={'.'.join(['a'] * 900)}",
    'Cookie: tt_visitor="\\000\\777"',
    "Upgrade: websocket",
    "X-Requested-With: fetch",
    "Accept: \u00e9",
)
"""Headers that someone may send, to a site that trusts its proxy."""


@pytest.mark.row("security", "An absurd header breaks the server")
async def test_no_header_is_a_failure_of_the_server() -> None:
    async with open_place(trusted_proxies="127.0.0.1") as place, served(place) as (address, _):
        failed = {}
        for header in HEADERS:
            for line in ("GET /desk", "POST /start", "POST /api/conversations"):
                for more in ((), (header,)):
                    status, said = await ask(
                        address, line, header, *more, body=b"{}" if "POST" in line else b""
                    )
                    if not 200 <= status < 500:
                        failed[line, header[:60], len(more)] = said[:80]
        assert failed == {}


def bodies() -> Iterator[bytes]:
    """Yield bodies that someone may send: to the API, and, signed, to the webhooks."""
    yield from (
        b"",
        b"[" * 200_000,
        b'{"a":' * 60_000,
        b'{"type":"answered","turn":' + LONG.encode() + b',"choice":"x"}',
        b'{"type":"answered","turn":1e400,"choice":"x"}',
        b'{"type":"answered","turn":NaN,"choice":"x"}',
        b'{"type":"answered","turn":-0,"choice":"\\ud800"}',
        b'{"type":"said","text":"\\ud800"}',
        b'{"type":"\\udfff","\\ud800":1}',
        b'{"type":"said","text":"\\u0000","key":"\\u0000"}',
        b'{"type":"said","text":"a","text":"b"}',
        b'{"type":["said"]}',
        b'\xef\xbb\xbf{"type":"said","text":"a"}',
        b'{"type":"said","text":"\xff"}',
        '{"type":"said","text":"a"}'.encode("utf-16"),
        '{"type":"said","text":"a"}'.encode("utf-32"),
        b'{"flow":"\\ud800","text":"\\udc00"}',
        b'{"flow":{"a":NaN},"key":Infinity}',
        b'{"type":"url_verification","challenge":{"a":["\\ud83d\\ude00"]}}',
        b'{"type":"url_verification","challenge":"\\ud800"}',
        b'{"id":"a","ticket":' + LONG.encode() + b',"answer":"x"}',
        b'{"id":"a","ticket":1e400,"answer":"x"}',
        b'{"id":"\\u0000","ticket":99999999999999999999999999,"answer":"x"}',
        b'{"id":"a","ticket":1.0,"answer":"\\ud800"}',
        b"null",
        b"\xff" * 90,
    )


@pytest.mark.row("security", "An absurd body breaks the server")
async def test_no_body_is_a_failure_of_the_server() -> None:
    secrets: dict[str, Any] = {
        "slack_bot_token": "xoxb-1",
        "slack_signing_secret": SECRET,
        "ticket_webhook_url": "http://127.0.0.1:9/",
        "ticket_webhook_secret": SECRET,
    }
    async with open_place(**secrets) as place, served(place) as (address, _), httpx.AsyncClient() as client:
        given = (await client.post(f"{address}/api/conversations", json={"flow": GUIDE})).json()
        bearer = f"Authorization: Bearer {given['token']}"
        failed = {}
        for body in bodies():
            for path in (
                "/api/conversations",
                f"/api/conversations/{given['id']}/events",
                "/slack/events",
                "/hooks/tickets",
            ):
                status, said = await ask(
                    address,
                    f"POST {path}",
                    "Content-Type: application/json",
                    bearer,
                    *signatures(body),
                    body=body,
                )
                if not 200 <= status < 500:
                    failed[path, body[:60]] = said[:80]
        assert failed == {}


def signatures(body: bytes) -> tuple[str, ...]:
    """Sign a body as Slack does, and as the other ticket system does."""
    now = str(int(time.time()))
    slack = hmac.new(SECRET.encode(), f"v0:{now}:".encode() + body, sha256).hexdigest()
    ours = signed(SECRET, body, float(now))
    return (
        f"X-Slack-Request-Timestamp: {now}",
        f"X-Slack-Signature: v0={slack}",
        *(f"{name}: {value}" for name, value in ours.items()),
    )
