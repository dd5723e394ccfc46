"""Tours Slack: the bot offers a guide if someone quotes an error, once, and never where it is not wanted."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.slack import labels

ERROR = "anybody else? my lamp is dark since May"
OFFER = "This looks like The lamp stays dark. Want me to walk you through it?"
BUTTONS = ["Walk me through it", "No, thanks", "Don't offer this here"]


@pytest.fixture
async def offering() -> AsyncIterator[Office]:
    """An office where guides are offered in `help`, and in every channel with other teams."""
    async with open_office(SLACK_OFFER_IN="#c1help shared") as opened:
        yield opened


async def test_nothing_is_offered_unless_the_operator_says_where(office: Office) -> None:
    for channel in (office.help, office.theirs):
        await office.write(office.ana, ERROR, channel=channel)
        assert not office.slack.by_the_app(channel)


async def test_an_error_that_is_known_is_offered_its_guide_in_a_thread(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    (offer,) = offering.slack.by_the_app(offering.help)
    assert (offer["text"], offer["thread_ts"], labels(offer)) == (OFFER, thread, BUTTONS)
    assert not await offering.of(offering.ana)


async def test_in_channels_with_other_teams_it_is_offered_to_strangers_too(offering: Office) -> None:
    thread = await offering.write(offering.cleo, ERROR, channel=offering.theirs)
    await offering.press(offering.cleo, offering.live(offering.theirs, thread), "Walk me through it")
    (at,) = await offering.of(offering.cleo)
    assert at.contact == "slack:T2:U3CLEO"


@pytest.mark.parametrize("who", ["ana", "ben"])
async def test_taken_up_by_whoever_it_is_the_author_who_is_helped(offering: Office, who: str) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    await offering.press(getattr(offering, who), offering.live(offering.help, thread), "Walk me through it")
    (at,) = await offering.of(offering.ana)
    assert (at.observations["since"], at.flow) == ("May", "lamp")
    assert offering.said(offering.help, thread) == [
        "OK, let's start.",
        "Two sentences on lamps.",
        "Step 1 of 3: Plug it in",
    ]


async def test_taken_up_twice_it_begins_once(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    offer = offering.live(offering.help, thread)
    for who in (offering.ana, offering.ben):
        await offering.press(who, offer, "Walk me through it")
    assert len(await offering.of(offering.ana)) == 1
    assert len(offering.said(offering.help, thread)) == 3


async def test_it_is_not_taken_up_where_somebody_is_being_helped_already(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    offer = offering.live(offering.help, thread)
    await offering.ben.mentions(offering.help, "mine is dark too", thread=thread)
    await offering.quiet()
    await offering.press(offering.ana, offer, "Walk me through it")
    assert not await offering.of(offering.ana)
    assert offering.said(offering.help, thread)[0] == "A conversation is already open here."


async def test_it_is_offered_once_a_thread_and_not_again_soon_in_a_channel(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    await offering.write(offering.ben, ERROR, thread)
    await offering.write(offering.ben, ERROR, channel=offering.help)
    assert offering.said(offering.help) == [OFFER]


@pytest.mark.row("slack", "Slack refuses the offer of a guide")
async def test_an_offer_that_slack_refuses_counts_as_none(offering: Office) -> None:
    offering.slack.faults.busy("chat.postMessage")
    asked = await offering.write(offering.cleo, ERROR, channel=offering.theirs)
    assert not offering.slack.by_the_app(offering.theirs)
    assert asked in str(await offering.store.bookmarks.all("unanswered/slack")), "help is offered later"
    await offering.write(offering.cleo, ERROR, channel=offering.theirs)
    assert offering.said(offering.theirs) == [OFFER]


async def test_told_twice_it_is_offered_once(offering: Office) -> None:
    offering.slack.faults.duplicate_events()
    await offering.write(offering.ana, ERROR, channel=offering.help)
    assert offering.said(offering.help) == [OFFER]


async def test_it_is_declined_by_the_author_or_an_agent_and_by_nobody_else(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    offer = offering.live(offering.help, thread)
    await offering.press(offering.ben, offer, "No, thanks")
    assert offering.noted(offering.ben) == ["Only the person who wrote the message can decline."]
    assert offering.said(offering.help, thread) == [OFFER]
    await offering.press(offering.ana, offer, "No, thanks")
    assert offering.said(offering.help, thread) == ["OK. Mention me here if you change your mind."]


async def test_a_button_switches_it_off_in_a_channel_and_a_mention_on_again(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    await offering.press(offering.ben, offering.live(offering.help, thread), "Don't offer this here")
    assert "I won't offer guides in this channel anymore." in offering.said(offering.help, thread)[0]
    assert await offering.store.marks.marked("off/slack/T1/C1HELP")
    await offering.mention(offering.ben, "Offers on.")
    assert not await offering.store.marks.marked("off/slack/T1/C1HELP")
    assert offering.noted(offering.ben) == [
        "I'll offer a guide in this channel when someone quotes an error I recognize."
    ]
    assert not await offering.of(offering.ben)


async def test_switched_off_by_a_mention_nothing_is_offered(offering: Office) -> None:
    await offering.mention(offering.ana, "offers off")
    await offering.write(offering.ana, ERROR, channel=offering.help)
    assert not offering.slack.by_the_app(offering.help)


async def test_the_note_on_a_switch_is_shown_where_it_was_asked_for(offering: Office) -> None:
    """A note in a thread that nobody has written in is shown to nobody."""
    await offering.mention(offering.ana, "offers off")
    (note,) = offering.slack.shown_to(offering.ana)
    assert "thread_ts" not in note


async def test_in_the_middle_of_a_conversation_it_can_be_switched_as_well(offering: Office) -> None:
    thread = await offering.mention(offering.ana, "lamp is dark")
    await offering.ana.mentions(offering.help, "offers off", thread=thread)
    await offering.quiet()
    assert await offering.store.marks.marked("off/slack/T1/C1HELP")
    assert len(offering.said(offering.help, thread)) == 2


async def test_strangers_do_not_decide_what_is_offered(offering: Office) -> None:
    thread = await offering.write(offering.cleo, ERROR, channel=offering.theirs)
    await offering.press(offering.cleo, offering.live(offering.theirs, thread), "Don't offer this here")
    await offering.mention(offering.cleo, "offers off", offering.theirs)
    assert offering.noted(offering.cleo) == 2 * ["Only members of this app's workspace can change that."]
    assert not await offering.store.marks.marked("off/slack/T1/C2SHARED")


async def test_agents_and_bots_are_offered_nothing(offering: Office) -> None:
    alarms = offering.slack.person("U7ALARMS", name="Alarms", bot_id="B7")
    for who in (offering.max, alarms):
        await offering.write(who, ERROR, channel=offering.help)
    assert not offering.slack.by_the_app(offering.help)


async def test_a_secret_in_the_message_is_masked_when_the_offer_is_taken_up(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR + "\npassword: hunter2hunter2", channel=offering.help)
    await offering.press(offering.ana, offering.live(offering.help, thread), "Walk me through it")
    (at,) = await offering.of(offering.ana)
    assert "hunter2" not in str(await offering.words(at))


async def test_what_was_kept_for_an_offer_is_forgotten_with_its_message(offering: Office) -> None:
    thread = await offering.write(offering.ana, ERROR, channel=offering.help)
    offer = offering.live(offering.help, thread)
    (token,) = re.findall(r"'offer:([^']+)'", str(offer["blocks"]))
    assert ERROR in str(await offering.store.vault.peek(token))
    await offering.ana.deletes(thread)
    await offering.quiet()
    assert await offering.store.vault.peek(token) is None
    await offering.press(offering.ben, offer, "Walk me through it")
    assert not await offering.of(offering.ana)
    assert offering.said(offering.help, thread) == ["That offer has expired. Mention me here to start."]
