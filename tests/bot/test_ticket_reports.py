"""Tests reports to ticket systems: their content, what stays out, and that a broken backend blocks nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.wiring.settings import SettingsError, load_settings
from bot.wiring.tickets import filers
from flows.conversation import Conversation
from flows.events import Claimed, Concluded, Escalated, Event, Forwarded, Noted, Replied, Said
from tests.fakes.backends import OtherSide, mailbox, webhooks
from tests.fakes.clockwork import settle
from tests.fakes.world import World, store_in_memory

MAX = "desk:max"


async def send(world: World, at: Conversation, event: Event, actor: str = "sent:ana") -> Conversation:
    outcome = await world.send(event.model_copy(update={"conversation": at.id, "actor": actor}))
    assert outcome is not None
    assert outcome.refusal is None, outcome.refusal
    return outcome.conversation


@pytest.fixture
async def hooked() -> AsyncIterator[tuple[World, OtherSide]]:
    """A world whose tickets go to a webhook."""
    async with webhooks() as side:
        secret = "a secret of both sides"
        world = World(ticket_webhook_url=side.address, ticket_webhook_secret=secret)
        yield world, side
        await world.close()


@pytest.fixture
async def mailed() -> AsyncIterator[tuple[World, OtherSide]]:
    """A world whose tickets are mailed."""
    async with mailbox() as side:
        world = World(smtp_url=side.address, mail_from="bot@fix.example", support_email="us@fix.example")
        yield world, side
        await world.close()


async def nothing(_conversation: str) -> None:
    return None


def told(side: OtherSide) -> list[dict[str, Any]]:
    return [json.loads(received.text) for received in side.received]


async def test_a_ticket_is_told_of_from_its_opening_to_its_end(hooked: tuple[World, OtherSide]) -> None:
    world, side = hooked
    at = await world.start()
    assert side.received == []
    for event, actor in (
        (Escalated(), "sent:ana"),
        (Said(text="it still blinks"), "sent:ana"),
        (Claimed(name="Max"), MAX),
        (Concluded(reason="new bulb"), MAX),
    ):
        at = await send(world, at, event, actor)
    first, *_ = told(side)
    assert (first["ticket"], first["status"]) == (at.ticket, "waiting")
    assert [one["happened"]["text"] for one in told(side)] == [
        "asked for a person: I'd rather talk to a person",
        "it still blinks",
        "took this ticket",
        "resolved this: new bulb",
    ]
    assert [one["version"] for one in told(side)] == sorted({one["version"] for one in told(side)})
    assert told(side)[-1]["open"] is False


async def test_no_note_is_ever_told(hooked: tuple[World, OtherSide]) -> None:
    world, side = hooked
    at = await send(world, await world.start(), Escalated())
    for event in (
        Noted(text="among us"),
        Replied(text="Hello"),
        Noted(text="among us"),
        Concluded(reason="x", text="among us"),
    ):
        at = await send(world, at, event, MAX)
    assert not any("among us" in received.text for received in side.received)


async def test_a_backend_that_is_down_holds_up_nothing_and_is_told_later(
    hooked: tuple[World, OtherSide],
) -> None:
    world, side = hooked
    side.next.extend(["break"] * 12)
    at = await send(world, await world.start(), Escalated())
    await send(world, at, Replied(text="Hello Ana"), MAX)
    assert "Hello Ana" in world.platform.texts("ana")
    (letter, *_) = await world.store.backlog.waiting()
    assert (letter.channel, letter.effect.kind) == ("webhook", "filing")
    await settle(world, "sent", "webhook")
    assert await world.store.backlog.buried() == ()
    assert [one["version"] for one in told(side)] == sorted({one["version"] for one in told(side)})
    assert len(told(side)) == 2


async def test_what_a_backend_refuses_is_a_dead_letter_that_can_be_tried_again(
    hooked: tuple[World, OtherSide],
) -> None:
    world, side = hooked
    side.next.append("refuse")
    await send(world, await world.start(), Escalated())
    (letter,) = await world.store.backlog.buried()
    assert "410" in letter.reason
    assert await world.store.backlog.retry(letter.effect.id)
    await settle(world, "webhook")
    assert len(side.received) == 1


async def test_an_external_teams_ticket_is_mailed_to_our_own_first_and_on_only_when_forwarded(
    mailed: tuple[World, OtherSide],
) -> None:
    world, side = mailed
    at = await send(world, await world.start(), Escalated())
    assert [received.headers["To"] for received in side.received] == ["us@fix.example"]
    await send(world, at, Forwarded(team="maker"), MAX)
    assert [received.headers["To"] for received in side.received] == ["us@fix.example", "help@lamps.example"]
    first, forwarded = side.received
    assert [first.headers["Reply-To"], forwarded.headers["Reply-To"]] == ["us@fix.example"] * 2
    assert first.headers["References"] == forwarded.headers["References"]
    assert "Ticket #" in forwarded.text


async def test_a_teams_own_address_is_mailed_at_once(mailed: tuple[World, OtherSide]) -> None:
    world, side = mailed
    await send(world, await world.start("fire"), Escalated())
    assert [received.headers["To"] for received in side.received] == ["safety@lamps.example"]


async def test_without_mail_nothing_can_be_forwarded(hooked: tuple[World, OtherSide]) -> None:
    world, _ = hooked
    at = await send(world, await world.start(), Escalated())
    outcome = await world.send(Forwarded(conversation=at.id, team="maker"), actor=MAX)
    assert outcome is not None
    assert outcome.refusal is not None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"ticket_webhook_url": "https://x.example/in"}, "TICKET_WEBHOOK_SECRET"),
        ({"ticket_webhook_url": "http://x.example/in"}, "TICKET_WEBHOOK_URL"),
        ({"ticket_webhook_secret": "short"}, "TICKET_WEBHOOK_SECRET"),
        ({"smtp_url": "smtp://mail.example"}, "MAIL_FROM"),
        ({"smtp_url": "mail.example", "mail_from": "a@b.example"}, "SMTP_URL"),
    ],
)
def test_what_is_set_by_half_stops_the_start(settings: dict[str, str], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        filers(load_settings(settings), store_in_memory(), nothing)
