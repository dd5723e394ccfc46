"""Tests that faults between Slack and the product change nothing: events twice, late or out of order, lost lines."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from flows.events import Joined
from tests.adapters.slack.support.workspace import SOCKETS, Office, Process, open_office
from tests.fakes.flows import catalogue
from tests.fakes.slack import Person

LAMP = "the lamp is dark since May"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with open_office() as opened:
        yield opened


async def asked(office: Office) -> str:
    """Ana's conversation is at its first step; returns the thread."""
    thread = await office.mention(office.ana, LAMP)
    assert office.live(office.help, thread)["text"].startswith("Step 1 of 3")
    return thread


async def people(office: Office, count: int) -> list[Person]:
    return [office.slack.person(f"U{n}CROWD", name=f"Guest {n}") for n in range(100, 100 + count)]


# ---------------------------------------------------------------- sockets


async def test_what_is_said_while_no_socket_can_be_had_is_heard_afterwards_once(office: Office) -> None:
    thread = await asked(office)
    slack = office.slack
    slack.sockets.refuse()
    tries = len(slack.calls("apps.connections.open"))
    slack.sockets.cut()
    await office.ana.writes(office.help, "still failing", thread=thread)
    await office.ben.mentions(office.help, LAMP)
    await slack.until(lambda: len(slack.calls("apps.connections.open")) >= tries + 2 * SOCKETS)
    assert len(await office.of(office.ben)) == 0
    slack.sockets.accept()
    await slack.connected(SOCKETS)
    await office.quiet()
    assert office.live(office.help, thread)["text"].startswith("Step 2 of 3")
    assert (await office.at(office.help, thread)).turn == 2
    assert len(await office.of(office.ben)) == 1


@pytest.mark.parametrize("how", ["close", "cut", "disconnect"])
async def test_whichever_way_sockets_end_each_event_counts_once(office: Office, how: str) -> None:
    thread = await asked(office)
    guests = await people(office, 6)
    for number, guest in enumerate(guests):
        if number % 2:
            await _ended(office, how)
        await guest.writes(guest.dm, LAMP)
    await office.ana.writes(office.help, "still failing", thread=thread)
    await office.slack.connected(SOCKETS)
    await office.quiet()
    assert (await office.at(office.help, thread)).turn == 2
    for guest in guests:
        (found,) = await office.of(guest)
        assert office.said(guest.dm) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
        assert found.turn == 1


async def _ended(office: Office, how: str) -> None:
    match how:
        case "close":
            await office.slack.sockets.close()
        case "cut":
            office.slack.sockets.cut()
        case _:
            await office.slack.sockets.disconnect()


async def test_while_one_process_takes_over_from_another_each_event_counts_once(office: Office) -> None:
    thread = await asked(office)
    slack = office.slack
    slack.faults.duplicate_events(times=100)  # some of which the one will hear, and some the other
    guests = await people(office, 6)
    for guest in guests[:2]:
        await guest.writes(guest.dm, LAMP)
    old = office.process
    office.process = Process(slack, office.server, catalogue(), ("U9MAX",))
    await slack.connected(2 * SOCKETS)
    for guest in guests[2:4]:
        await guest.writes(guest.dm, LAMP)
    await office.ana.writes(office.help, "still failing", thread=thread)
    leaving = asyncio.create_task(old.stop())
    for guest in guests[4:]:
        await guest.writes(guest.dm, LAMP)
    await leaving
    await office.quiet()
    assert (await office.at(office.help, thread)).turn == 2
    for guest in guests:
        assert len(await office.of(guest)) == 1
        assert office.said(guest.dm) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]


# ---------------------------------------------------------------- events


async def test_events_that_come_twice_count_once(office: Office) -> None:
    office.slack.faults.duplicate_events(times=100)
    thread = await asked(office)
    await office.write(office.ana, "still failing", thread)
    await office.write(office.ana, "By the way: it is green", thread)
    assert (await office.at(office.help, thread)).turn == 2
    assert (await office.words(await office.at(office.help, thread))).count("By the way: it is green") == 1
    assert office.said(office.help, thread)[1:3] == [
        "Plug it in · Still failing",
        "Step 2 of 3: Look at the bulb",
    ]


async def test_events_that_are_late_and_in_disorder_are_all_kept(office: Office) -> None:
    thread = await asked(office)
    said = [f"Remark number {n} on my lamp" for n in range(4)]
    office.slack.faults.reorder_events(2)
    for words in said[:2]:
        await office.ana.writes(office.help, words, thread=thread)
    office.slack.faults.delay_events(0.2)
    for words in said[2:]:
        await office.ana.writes(office.help, words, thread=thread)
    await office.quiet()
    kept = await office.words(await office.at(office.help, thread))
    assert sorted(words for words in kept if words in said) == said


async def test_a_mention_that_comes_late_still_begins_one_conversation(office: Office) -> None:
    office.slack.faults.delay_events(0.2)  # app_mention is the first of the two
    thread = await asked(office)
    assert len(await office.of(office.ana)) == 1
    assert (await office.at(office.help, thread)).turn == 1


# ---------------------------------------------------------------- crowds


async def test_of_fifty_two_clicks_of_two_people_at_once_exactly_one_counts(office: Office) -> None:
    thread = await asked(office)
    at = await office.at(office.help, thread)
    joined = Joined(conversation=at.id, actor=f"slack:T1:{office.ben.id}", name="Ben", key="b")
    outcome = await office.app.receive(joined)
    assert outcome is not None
    assert outcome.refusal is None
    shown = office.live(office.help, thread)
    clicks = [
        person.presses(shown, label)
        for _time in range(13)
        for person in (office.ana, office.ben)
        for label in ("Still failing", "Fixed it")
    ]
    answers = await asyncio.gather(*clicks)
    assert len(answers) == 52
    assert all(answer.acked for answer in answers)
    await office.quiet()
    rows = await office.store.conversations.journal(at.id)
    assert len(rows) == 3  # started, joined, answered
    after = await office.at(office.help, thread)
    assert after.turn == 2
    assert len(office.said(office.help, thread)) == 3
    told = office.slack.shown_to(office.ana) + office.slack.shown_to(office.ben)
    assert len(told) == 51


async def test_fifty_conversations_at_once_begin_and_go_on(office: Office) -> None:
    guests = await people(office, 50)
    for words in (LAMP, "human please"):  # a person is asked for at any time, even before the step is there
        await asyncio.gather(*(guest.writes(guest.dm, words) for guest in guests))
        await office.slack.settled()
    found = [one for guest in guests for one in await office.of(guest)]
    assert [one.status for one in found] == [Status.WAITING] * 50
    assert len({one.ticket for one in found}) == 50
    assert all(delivery.acked for delivery in office.slack.deliveries)
