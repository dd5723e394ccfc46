"""Tests emails to teams: a new ticket at once, what follows bundled, and many tickets in one email."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.ports import named
from flows.conversation import Address, Conversation
from flows.events import Claimed, Concluded, Escalated, Event, Forwarded, Noted, Said, Started
from tests.fakes.backends import OtherSide, mailbox
from tests.fakes.clockwork import lanes_due, settle
from tests.fakes.world import World

MAX = "desk:max"


@pytest.fixture
async def side() -> AsyncIterator[OtherSide]:
    async with mailbox() as running:
        yield running


@pytest.fixture
async def world(side: OtherSide) -> AsyncIterator[World]:
    opened = World(smtp_url=side.address, mail_from="bot@fix.example", support_email="us@fix.example")
    yield opened
    await opened.close()


async def start(world: World, room: str, flow: str = "fire") -> Conversation:
    event = Started(door=f"sent/{room}/{flow}", address=str(Address(channel="sent", room=room)), flow=flow)
    outcome = await world.send(event, f"sent:{room}")
    assert outcome is not None
    return outcome.conversation


async def send(world: World, at: Conversation, event: Event, actor: str = "") -> Conversation:
    given = event.model_copy(update={"conversation": at.id, "actor": actor or at.contact})
    outcome = await world.send(given)
    assert outcome is not None
    assert outcome.refusal is None, outcome.refusal
    return outcome.conversation


async def minutes_pass(world: World) -> None:
    """Let the windows of all limits end, and let a worker try what waits."""
    client: Any = world.store.wire.client
    async for key in client.scan_iter("*allowance*"):
        await client.delete(key)
    await lanes_due(world.store, ("email",))
    await world.app.outbox.pick_up()
    await world.app.outbox.idle()


async def test_a_new_ticket_is_emailed_at_once_and_what_follows_shares_one_email(
    world: World, side: OtherSide
) -> None:
    at = await send(world, await start(world, "ana"), Escalated())
    assert [mail.headers["To"] for mail in side.received] == ["safety@lamps.example"]
    for event, actor in (
        (Said(text="it still blinks"), ""),
        (Noted(text="among us"), MAX),
        (Claimed(name="Max"), MAX),
        (Said(text="and it hums"), ""),
    ):
        at = await send(world, at, event, actor)
    assert len(side.received) == 1
    counts = world.app.meters.text()
    assert 'channel="email",outcome="waiting"' in counts
    assert 'channel="email",outcome="limited"' not in counts
    await minutes_pass(world)
    await settle(world, "email")
    first, second = side.received
    for sentence in ("it still blinks", "Max took this ticket.", "and it hums"):
        assert sentence in second.text
    assert "among us" not in second.text
    assert second.headers["References"] == first.headers["References"]
    await minutes_pass(world)
    await send(world, at, Concluded(reason="new bulb"), MAX)
    assert "Max resolved this: new bulb." in side.received[-1].text
    assert len(side.received) == 3


async def test_a_flood_of_tickets_is_a_few_emails_and_none_is_missing(world: World, side: OtherSide) -> None:
    tickets = []
    for number in range(34):
        at = await send(world, await start(world, f"room{number}"), Escalated())
        at = await send(world, at, Said(text=f"words {number}."))
        tickets.append(await send(world, at, Claimed(name="Max"), MAX))
    assert len(side.received) == 1
    for _ in range(12):
        await minutes_pass(world)
    assert await world.store.backlog.waiting() == ()
    assert len(side.received) <= 3, [mail.headers["Subject"] for mail in side.received]
    told = "\n".join(mail.text for mail in side.received)
    for number, at in enumerate(tickets):
        assert f"#{at.ticket}" in told
        assert f"words {number}." in told
    digest = next(mail for mail in side.received if "tickets: #" in mail.headers["Subject"])
    assert digest.headers["To"] == "safety@lamps.example"


async def test_what_an_agent_forwards_is_sent_at_once(world: World, side: OtherSide) -> None:
    at = await send(world, await start(world, "ana", "lamp"), Escalated())
    at = await send(world, at, Said(text="it still blinks"))
    assert len(side.received) == 1, "the words wait"
    await send(world, at, Forwarded(team="maker"), MAX)
    assert [mail.headers["To"] for mail in side.received] == ["us@fix.example", "help@lamps.example"]


async def settle_nothing(world: World) -> None:
    """Let a worker try what waits, without time passing."""
    await lanes_due(world.store, ("email",))
    await world.app.outbox.pick_up()
    await world.app.outbox.idle()


async def test_a_mail_server_that_is_away_loses_no_report(world: World, side: OtherSide) -> None:
    side.next.extend(["busy", "busy"])
    at = await send(world, await start(world, "ana"), Escalated())
    assert side.received == []
    await settle_nothing(world)
    await settle_nothing(world)
    assert len(side.received) == 1
    await send(world, at, Said(text="it still blinks"))
    await minutes_pass(world)
    assert "it still blinks" in side.received[-1].text


async def test_a_damaged_ticket_that_waits_does_not_hold_up_the_email_about_another(
    world: World, side: OtherSide
) -> None:
    await send(world, await start(world, "ana"), Escalated())
    damaged = await send(world, await start(world, "bea"), Escalated())
    sound = await send(world, await start(world, "cem"), Escalated())
    shard = world.store.wire.keys.shard(damaged.id)
    await world.store.wire.ask("HSET", shard.records + damaged.id, "v", "many")
    await minutes_pass(world)
    await settle_nothing(world)
    assert len(side.received) == 2
    assert f"#{sound.ticket}" in side.received[-1].headers["Subject"]


@pytest.mark.parametrize("mark", ["sent", "sent a b", ""])
async def test_a_damaged_bookmark_does_not_hold_up_email(world: World, side: OtherSide, mark: str) -> None:
    at = await send(world, await start(world, "ana"), Escalated())
    shelf = f"team-mail/{named('safety@lamps.example')}"
    for conversation in (at.id, "another"):
        await world.store.bookmarks.put(shelf, conversation, mark)
    await send(world, at, Said(text="it still blinks"))
    await minutes_pass(world)
    await settle_nothing(world)
    assert "it still blinks" in side.received[-1].text
    assert await world.store.backlog.waiting() == ()
