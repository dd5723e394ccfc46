"""Tours Slack: a customer hands the buttons over to a colleague, in the thread or in a direct message."""

import pytest

from flows.events import Joined, Shared
from tests.adapters.slack.support.workspace import Json, Office
from tests.fakes.slack import Person, labels
from tests.stories.agents.support.slack_room import open_room

ASKED = "ana asked you to continue here. You can use the buttons."


async def hand_over(office: Office, thread: str, to: str | None) -> Json | None:
    """Let Ana choose a colleague by id. Return the errors that the form shows."""
    await office.press(office.ana, office.live(office.help, thread), "Hand over to a colleague")
    form = office.slack.view_of(office.ana)
    assert form is not None
    answer = await office.ana.submits(form, {"who": to})
    await office.quiet()
    assert answer.acked
    return answer.payload or None


def leaves(office: Office, person: Person) -> None:
    """Take a person out of the channel."""
    office.slack.workspace.channels[office.help].members.discard(person.id)


async def handed(office: Office, thread: str) -> list[tuple[str, str, str]]:
    """Return to whom the record says that the buttons were given, and how."""
    rows = await office.store.conversations.journal((await office.at(office.help, thread)).id)
    return [(row.event.to, row.event.name, row.event.way) for row in rows if isinstance(row.event, Shared)]


async def test_a_colleague_in_the_channel_is_mentioned_in_the_thread(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    assert await hand_over(office, thread, office.ben.id) is None
    for person in (office.ana, office.ben):
        person.reloads()
    assert office.said(office.help, thread)[-1] == f"<@{office.ben.id}> {ASKED}"
    element = office.slack.by_the_app(office.help, thread)[-1]["blocks"][0]["elements"][0]["elements"][0]
    assert element == {"type": "user", "user_id": office.ben.id}
    assert not office.slack.by_the_app(office.ben.dm)
    await office.press(office.ben, shown, "Fixed it")
    assert (await office.at(office.help, thread)).solved_by == "slack:T1:U2BEN"
    assert await handed(office, thread) == [("slack:T1:U2BEN", "ben", "thread")]


@pytest.mark.row("slack", "A customer hands over to a colleague who isn't in the channel")
async def test_a_colleague_outside_the_channel_helps_in_direct_messages(office: Office) -> None:
    leaves(office, office.ben)
    thread = await office.mention(office.ana, "lamp is dark")
    assert await hand_over(office, thread, office.ben.id) is None
    (step,) = office.slack.by_the_app(office.ben.dm)
    assert step["text"].startswith("ana asked you to help. You can use the buttons here.")
    assert "Still failing" in labels(step)
    assert "ben isn't in this channel" in office.said(office.help, thread)[-1]
    assert await handed(office, thread) == [("slack:T1:U2BEN", "ben", "direct")]

    await office.press(office.ben, step, "Still failing")
    step = office.slack.message(step["ts"])
    assert "Look at the bulb" in step["text"]
    assert "Look at the bulb" in office.live(office.help, thread)["text"]
    await office.write(office.ana, "broken", thread)
    old, step = step, office.slack.message(step["ts"])
    assert "Put in a new bulb" in step["text"]
    await office.press(office.ben, old, "Whole")
    assert office.noted(office.ben)[-1].startswith("That step was already answered.")
    assert office.slack.message(step["ts"])["text"] == step["text"]

    await office.write(office.ben, "ana is on the phone")
    assert office.noted(office.ben)[-1] == "I added that to ana's conversation."
    asked = office.live(office.help, thread)["ts"].replace(".", "")
    assert f"/p{asked}" in str(office.slack.shown_to(office.ben)[-1]["blocks"])
    await office.write(office.ben, "it works now", after_s=60)
    at = await office.at(office.help, thread)
    assert (at.solved_by, await office.of(office.ben)) == ("slack:T1:U2BEN", ())
    assert "Fixed it" not in labels(office.slack.message(step["ts"]))
    await office.write(office.ben, "my own lamp is dark")
    assert len(await office.of(office.ben)) == 1


@pytest.mark.row("slack", "No message reaches the colleague")
async def test_a_colleague_whom_no_message_reaches_is_refused_in_the_form(office: Office) -> None:
    dan = office.slack.person("U4DAN", name="Dan", team="T2")
    dan.user.unreachable = True
    leaves(office, dan)
    thread = await office.mention(office.ana, "lamp is dark")
    said = office.said(office.help, thread)
    refused = await hand_over(office, thread, dan.id)
    assert refused is not None
    assert refused["errors"]["who"].startswith("I can't reach dan: they aren't in this channel")
    assert (await office.at(office.help, thread)).may_press == ()
    assert office.said(office.help, thread) == said


@pytest.mark.row("slack", "Slack doesn't answer while a customer hands over")
async def test_while_slack_does_not_answer_nothing_is_handed_over(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    for method in ("users.info", "chat.postEphemeral"):
        office.slack.faults.refuse(method, "internal_error")
        refused = await hand_over(office, thread, office.ben.id)
        assert refused is not None
        assert refused["errors"]["who"].startswith("Slack isn't answering")
    assert (await office.at(office.help, thread)).may_press == ()
    assert await hand_over(office, thread, office.ben.id) is None


async def test_neither_oneself_nor_a_bot_nor_a_closed_account_can_be_chosen(office: Office) -> None:
    office.slack.person("U5BOT", name="Deploy", bot_id="B5")
    office.slack.person("U6GONE", name="Gone").user.deleted = True
    thread = await office.mention(office.ana, "lamp is dark")
    refused = {
        office.ana.id: "You can use the buttons already. Choose someone else.",
        office.slack.workspace.bot_user: "That's a bot. Choose a person.",
        "U5BOT": "That's a bot. Choose a person.",
        "USLACKBOT": "That's a bot. Choose a person.",
        "U6GONE": "That account is deactivated. Choose someone else.",
        None: "Choose an option.",
    }
    for chosen, why in refused.items():
        answer = await hand_over(office, thread, chosen)
        assert answer == {"response_action": "errors", "errors": {"who": why}}
    assert (await office.at(office.help, thread)).may_press == ()


@pytest.mark.row("slack", "A customer hands over to the same colleague again")
async def test_handing_over_again_leaves_one_step_that_can_be_pressed(office: Office) -> None:
    leaves(office, office.ben)
    thread = await office.mention(office.ana, "lamp is dark")
    for _time in range(2):
        assert await hand_over(office, thread, office.ben.id) is None
    step, shown = office.live(office.ben.dm), office.live(office.help, thread)
    assert f"/p{shown['ts'].replace('.', '')}" in str(step["blocks"])
    assert "Hand over to a colleague" not in labels(step)
    await office.press(office.ben, shown, "Hand over to a colleague")
    assert office.said(office.ben.dm)[-1].startswith("Only ana can hand this over.")


@pytest.mark.row("slack", "A conversation ends while the customer chooses a colleague")
async def test_an_ended_conversation_is_not_handed_over(office: Office) -> None:
    leaves(office, office.ben)
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Hand over to a colleague")
    form = office.slack.view_of(office.ana)
    assert form is not None
    await office.write(office.ana, "fixed it", thread)
    answer = await office.ana.submits(form, {"who": office.ben.id})
    why = "This conversation has ended, so I can't hand it over."
    assert answer.payload == {"response_action": "errors", "errors": {"who": why}}
    assert not office.slack.by_the_app(office.ben.dm)


async def test_not_more_than_twenty_people_get_the_buttons(office: Office) -> None:
    leaves(office, office.ben)
    thread = await office.mention(office.ana, "lamp is dark")
    at = await office.at(office.help, thread)
    for number in range(20):
        await office.app.receive(
            Joined(conversation=at.id, actor=f"slack:T1:U{number}", key=f"join/{number}")
        )
    refused = await hand_over(office, thread, office.ben.id)
    assert refused is not None
    assert refused["errors"]["who"] == "20 people can use the buttons already, and that's the limit."
    assert not office.slack.by_the_app(office.ben.dm)


@pytest.mark.row("slack", "The conversation moves while a colleague has the step in a direct message")
async def test_a_handed_over_step_shows_what_an_agent_does() -> None:
    async with open_room() as room:
        office = room.office
        leaves(office, office.ben)
        thread = await office.mention(room.ana, "lamp is dark")
        await hand_over(office, thread, office.ben.id)
        await office.write(office.ben, "talk to a person")
        (step,) = office.slack.by_the_app(office.ben.dm)
        assert "Talk to a person" not in labels(step)
        await room.press(room.max, "Claim")
        copy, live = office.slack.message(step["ts"]), office.slack.by_the_app(office.help, thread)[-1]
        assert copy["text"].startswith("You're talking to max")
        assert f"/p{live['ts'].replace('.', '')}?thread_ts={thread}" in str(copy["blocks"])
        await room.write(room.max, "!Try the blue one")
        await room.press(room.max, "Resolve…")
        await room.fill(room.max, {})
        assert "It's happening again" in labels(office.slack.message(step["ts"]))
        assert office.live(office.ben.dm)["ts"] == step["ts"]
