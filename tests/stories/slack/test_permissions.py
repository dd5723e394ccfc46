"""Tours Slack: who may press, who is refused, and how someone else continues."""

import asyncio

import pytest

from flows.conversation import Status
from tests.adapters.slack.support.workspace import Json, Office
from tests.fakes.slack import Person, labels

PAST = "That step was already answered. Here's where you are now."
NOT_YOURS = "Only ana can answer here, because they asked for help."


def way(office: Office, note: Json, shown: Json) -> bool:
    """Whether a note links to that message."""
    return f"p{shown['ts'].replace('.', '')}?thread_ts={shown['thread_ts']}" in str(note["blocks"])


async def test_an_old_button_moves_nothing_and_leads_to_the_current_step(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    old = office.live(office.help, thread)
    await office.press(office.ana, old, "Still failing")
    said, live = office.said(office.help, thread), office.live(office.help, thread)
    await office.press(office.ana, old, "Still failing")
    assert office.said(office.help, thread) == said
    (note,) = office.slack.shown_to(office.ana)
    assert (note["text"], note["thread_ts"]) == (PAST, thread)
    assert way(office, note, live)


async def test_a_double_click_counts_once(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    await asyncio.gather(*(office.ana.presses(shown, "Still failing") for _click in range(2)))
    await office.quiet()
    assert office.said(office.help, thread) == [
        "Two sentences on lamps.",
        "Plug it in · Still failing",
        "Step 2 of 3: Look at the bulb",
    ]
    assert office.noted(office.ana) == [PAST]


async def test_of_two_people_who_race_one_wins_and_the_other_sees_where_it_stands(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    await join(office, office.ben, shown)
    await asyncio.gather(office.ana.presses(shown, "Fixed it"), office.ben.presses(shown, "Still failing"))
    await office.quiet()
    at = await office.at(office.help, thread)
    told = {person.id: office.noted(person)[-1:] for person in (office.ana, office.ben)}
    loser = office.ben.id if at.status is Status.RESOLVED else office.ana.id
    assert told[loser] == [PAST]
    assert at.turn == 2
    assert len(office.slack.by_the_app(office.help, thread)) == 3


async def join(office: Office, person: Person, shown: Json) -> None:
    """That person presses what is not theirs, and says that they are at the computer."""
    await office.press(person, shown, "Still failing")
    await office.press(person, office.slack.shown_to(person)[-1], "I'm at the computer")


async def test_somebody_elses_buttons_move_nothing_and_say_whose_they_are(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    for label in ("Still failing", "Talk to a person", "Later", "Start over", "Hand over to a colleague"):
        await office.press(office.ben, shown, label)
        assert office.noted(office.ben)[-1].startswith(NOT_YOURS)
    (*_others, note) = office.slack.shown_to(office.ben)
    assert labels(note) == ["I'm at the computer", "Start this for me"]
    assert way(office, note, shown)
    assert office.slack.view_of(office.ben) is None
    assert office.live(office.help, thread)["ts"] == shown["ts"]
    assert not office.slack.shown_to(office.ana)


@pytest.mark.row("slack", "Someone who isn't in the channel presses a button there")
async def test_a_reader_outside_the_channel_is_refused_in_direct_messages(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    office.slack.workspace.channels[office.help].members.discard(office.ben.id)
    await office.press(office.ben, office.live(office.help, thread), "Still failing")
    (told,) = office.slack.by_the_app(office.ben.dm)
    assert (told["text"].startswith(NOT_YOURS), labels(told)) == (True, [])


async def test_whoever_is_at_the_computer_may_press_and_write_from_then_on(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    await join(office, office.ben, shown)
    assert office.noted(office.ben)[-1] == "You can use the buttons now, too."
    await office.press(office.ben, shown, "Still failing")
    await office.write(office.ben, "broken", thread)
    assert office.said(office.help, thread)[-2:] == [
        "Look at the bulb · Broken",
        "Step 2 of 3: Put in a new bulb",
    ]
    screen = await office.app.look((await office.at(office.help, thread)).id)
    assert screen is not None
    await office.press(office.ana, office.live(office.help, thread), "Fixed it")
    rows = await office.store.conversations.journal((await office.at(office.help, thread)).id)
    actors = [row.event.actor for row in rows if row.event.type == "answered"]
    assert actors == ["slack:T1:U2BEN", "slack:T1:U2BEN", "slack:T1:U1ANA"]


async def test_a_stranger_of_another_team_cannot_join(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark", office.theirs)
    shown = office.live(office.theirs, thread)
    await office.press(office.cleo, shown, "Still failing")
    (note,) = office.slack.shown_to(office.cleo)
    assert note["text"] == NOT_YOURS
    assert labels(note) == ["Start this for me"]
    at = await office.at(office.theirs, thread)
    await forge(office, office.cleo, shown, f"{at.id}:1:=joins")
    assert (await office.at(office.theirs, thread)).may_press == ()


async def forge(office: Office, person: Person, shown: Json, value: str) -> None:
    """That person presses a button of their own making."""
    made = {
        "type": "button",
        "action_id": "tt:x",
        "value": value,
        "text": {"type": "plain_text", "text": "X"},
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [made]}]
    await office.press(person, {**shown, "blocks": blocks}, "X")


async def test_a_customer_of_another_team_is_served_in_the_shared_channel(office: Office) -> None:
    thread = await office.mention(office.cleo, "lamp is dark since May", office.theirs)
    at = await office.at(office.theirs, thread)
    assert (at.contact, at.customer) == ("slack:T2:U3CLEO", f"slack|T1|C2SHARED|{thread}|U3CLEO")
    await office.press(office.cleo, office.live(office.theirs, thread), "Still failing")
    await office.write(office.cleo, "broken", thread, office.theirs)
    assert office.said(office.theirs, thread)[-1] == "Step 2 of 3: Put in a new bulb"


async def test_two_people_of_one_id_in_two_teams_are_two(office: Office) -> None:
    thread = await office.mention(office.cleo, "lamp is dark", office.theirs)
    twin = office.slack.person(office.cleo.id, name="Twin")
    await office.press(twin, office.live(office.theirs, thread), "Still failing")
    assert office.noted(twin)[-1].startswith("Only cleo can answer here")


async def test_what_others_write_in_the_thread_is_not_the_customers_answer(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    said = office.said(office.help, thread)
    await office.write(office.ben, "fixed it", thread)
    await office.write(office.cleo, "still failing", thread)
    assert office.said(office.help, thread) == said
    assert await office.words(await office.at(office.help, thread)) == ["lamp is dark"]
    assert not office.slack.shown_to(office.ben)


async def test_who_mentions_the_bot_in_somebody_elses_thread_is_told_so_once(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.ben.mentions(office.help, "still failing", thread=thread)
    await office.quiet()
    assert [text.startswith(NOT_YOURS) for text in office.noted(office.ben)] == [True]
    assert len(office.said(office.help, thread)) == 2
