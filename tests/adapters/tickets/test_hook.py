"""Tests signed calls from a ticket system: an answer is a reply, `solved` resolves, and others are refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.tickets.hook import PATH, Hook
from adapters.tickets.signature import signed
from flows.conversation import Conversation, Status
from flows.events import Claimed, Escalated, Replied
from tests.fakes.world import World

SECRET = "a secret of both sides"
NOW = 1_700_000_000.0


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def call(
    world: World, body: bytes, headers: dict[str, str], secret: str = SECRET, method: str = "POST"
) -> tuple[int, dict[str, Any]]:
    hook = Hook(world.app.receive, world.store.index, secret, lambda: NOW)
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": PATH,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await hook(scope, receive, send)
    await world.app.outbox.idle()
    return said[0]["status"], json.loads(said[1]["body"])


async def told(world: World, **fields: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"id": "call-1", **fields}).encode()
    return await call(world, body, signed(SECRET, body, NOW))


async def waiting(world: World) -> Conversation:
    at = await world.start()
    outcome = await world.send(Escalated(conversation=at.id))
    assert outcome is not None
    return outcome.conversation


async def now(world: World, at: Conversation) -> Conversation:
    found = await world.store.conversations.load(at.id)
    assert found is not None
    return found


async def test_an_answer_reaches_the_customer_as_a_reply(world: World) -> None:
    at = await waiting(world)
    assert await told(world, ticket=at.ticket, answer="New bulb **is** on its way", name="Lumen") == (
        200,
        {"recorded": ["answer"]},
    )
    assert "New bulb is on its way" in world.platform.texts("ana")
    at = await now(world, at)
    assert (at.status, at.holder_name) == (Status.WITH_AGENT, "Lumen")


async def test_told_twice_it_counts_once(world: World) -> None:
    at = await waiting(world)
    for _ in range(2):
        assert (await told(world, ticket=at.ticket, answer="Hello"))[0] == 200
    assert world.platform.texts("ana").count("Hello") == 1


async def test_an_answer_and_a_solution_come_together(world: World) -> None:
    at = await waiting(world)
    status, said = await told(world, ticket=at.ticket, answer="Done", status="solved", reason="replaced")
    assert (status, said) == (200, {"recorded": ["answer", "solved"]})
    at = await now(world, at)
    assert (at.status, at.concluded) == (Status.RESOLVED, "replaced")


async def test_while_an_agent_has_it_what_is_told_is_a_note_for_them(world: World) -> None:
    at = await waiting(world)
    await world.send(Claimed(conversation=at.id, name="Max"), actor="desk:max")
    seen = len(world.platform.rooms["ana"])
    status, said = await told(world, ticket=at.ticket, answer="Hello", status="solved")
    assert (status, said) == (200, {"recorded": ["note", "note"]})
    assert (await told(world, ticket=at.ticket, answer="Hello", status="solved"))[0] == 200
    assert len(world.platform.rooms["ana"]) == seen
    dossier = await world.app.reader.dossier(at.id)
    assert dossier is not None
    assert [line.kind for line in dossier.lines].count("note") == 2
    assert (await now(world, at)).holder == "desk:max"


@pytest.mark.row("security", "Someone answers tickets without the secret")
async def test_nobody_without_the_secret_is_heard(world: World) -> None:
    at = await waiting(world)
    body = json.dumps({"id": "x", "ticket": at.ticket, "answer": "Hello"}).encode()
    good = signed(SECRET, body, NOW)
    for headers in (
        {},
        signed("another secret here", body, NOW),
        signed(SECRET, body + b" ", NOW),
        signed(SECRET, body, NOW - 301),
        signed(SECRET, body, NOW + 301),
        {**good, "X-Troubletree-Timestamp": "now"},
        {**good, "X-Troubletree-Signature": "v1="},
        {**good, "X-Troubletree-Signature": "v1=é"},
    ):
        assert (await call(world, body, headers))[0] == 401
    assert (await call(world, body, signed("", body, NOW), secret=""))[0] == 401
    assert await now(world, at) == at


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"id": "x"}',
        b'{"id": "", "ticket": 1}',
        b'{"id": "x", "ticket": "seven"}',
        b"\xff",
    ],
)
async def test_what_is_not_understood_is_said(world: World, body: bytes) -> None:
    status, said = await call(world, body, signed(SECRET, body, NOW))
    assert (status, said["error"].split(":")[0]) == (400, "invalid request")


async def test_what_cannot_be_is_said(world: World) -> None:
    at = await waiting(world)
    assert (await told(world, ticket=at.ticket + 64, answer="Hello"))[0] == 404
    await world.send(Replied(conversation=at.id, text="Hi"), actor="desk:max")
    assert (await call(world, b"", {}, method="GET"))[0] == 405
    long = b"x" * 70_000
    assert (await call(world, long, signed(SECRET, long, NOW)))[0] == 413
