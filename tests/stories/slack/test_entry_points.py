"""Tours Slack: the ways to ask for help, and where it is given."""

import asyncio

import pytest

from adapters.slack.api.manifest import START, TROUBLESHOOT
from flows.conversation import Status
from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import labels

FIRST_STEP = ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]


async def test_a_mention_is_answered_in_the_thread_of_that_message(office: Office) -> None:
    thread = await office.mention(office.ana, "the lamp is dark since May")
    assert office.said(office.help, thread) == FIRST_STEP
    assert labels(office.live(office.help, thread))[:2] == ["Fixed it", "Still failing"]
    assert all(one["thread_ts"] == thread for one in office.slack.by_the_app(office.help))


async def test_a_mention_and_the_message_it_is_are_one_conversation(office: Office) -> None:
    office.slack.faults.duplicate_events(2)
    thread = await office.mention(office.ana, "the lamp is dark since May")
    told = [one.event["type"] for one in office.slack.deliveries if one.event.get("user") == office.ana.id]
    assert sorted(told) == ["app_mention", "app_mention", "message", "message"]
    assert office.said(office.help, thread) == FIRST_STEP
    assert len(await office.of(office.ana)) == 1


@pytest.mark.parametrize("missing", ["app_mention", "message"])
async def test_either_of_the_two_is_enough(office: Office, missing: str) -> None:
    office.slack.subscribed.discard(missing)
    thread = await office.mention(office.ana, "the lamp is dark since May")
    assert office.said(office.help, thread) == FIRST_STEP


async def test_who_says_nothing_with_it_is_asked_what_it_is_about(office: Office) -> None:
    thread = await office.mention(office.ana, "")
    assert labels(office.live(office.help, thread))[:2] == ["The lamp stays dark", "It smells of smoke"]


async def test_language_zone_and_name_are_kept_with_the_contact(office: Office) -> None:
    thread = await office.mention(office.ana, "the lamp is dark")
    at = await office.at(office.help, thread)
    assert (at.contact, at.name, at.locale, at.zone) == ("slack:T1:U1ANA", "ana", "de-DE", "Europe/Berlin")


async def test_a_direct_message_is_answered_where_it_was_written(office: Office) -> None:
    await office.write(office.ana, "the lamp is dark since May")
    assert office.said(office.ana.dm) == FIRST_STEP
    assert all("thread_ts" not in one for one in office.slack.by_the_app(office.ana.dm))


async def test_the_command_goes_on_in_the_direct_messages(office: Office) -> None:
    answer = await office.ana.runs("/fix", "the lamp is dark since May", channel=office.help)
    await office.quiet()
    assert answer.payload is not None
    assert answer.payload["text"] == "I sent you a direct message. It's on the Messages tab."
    assert office.ana.dm in str(answer.payload["blocks"])
    assert office.said(office.ana.dm) == FIRST_STEP
    assert not office.slack.by_the_app(office.help)


async def test_the_command_without_words_leads_to_what_is_under_way(office: Office) -> None:
    await office.ana.runs("/fix", "the lamp is dark since May")
    await office.quiet()
    answer = await office.ana.runs("/fix")
    await office.quiet()
    assert answer.payload is not None
    assert answer.payload["text"].startswith("You already have a conversation open.")
    assert office.live(office.ana.dm)["ts"].replace(".", "") in str(answer.payload["blocks"])
    await office.process.app.outbox.idle()
    assert len(await office.of(office.ana)) == 1


async def test_words_of_a_command_that_nobody_knows_are_kept_with_what_is_under_way(office: Office) -> None:
    await office.ana.runs("/fix")
    await office.ana.runs("/fix", "it hums at night")
    await office.quiet()
    (at,) = await office.of(office.ana)
    assert "it hums at night" in await office.words(at)


async def test_the_shortcut_that_stands_everywhere_begins_in_the_direct_messages(office: Office) -> None:
    answer = await office.ana.uses_shortcut(START)
    await office.quiet()
    assert answer.acked
    assert labels(office.live(office.ana.dm))[:2] == ["The lamp stays dark", "It smells of smoke"]


async def test_words_of_a_command_go_to_the_conversation_in_their_flow(office: Office) -> None:
    await office.write(office.ana, "no idea what is wrong")
    await office.press(office.ana, office.live(office.ana.dm), "The lamp stays dark")
    answer = await office.ana.runs("/fix", "the lamp is dark since May")
    await office.quiet()
    assert answer.payload is not None
    (at,) = await office.of(office.ana)
    assert answer.payload["text"].startswith("You already have a conversation open.")
    assert (await office.words(at))[-1] == "the lamp is dark since May"


UNDER_WAY = "You already have a conversation open. Your progress is saved."


@pytest.mark.row("slack", "Someone starts a guide that is open in their direct messages")
@pytest.mark.parametrize("first", ["words", "chosen"])
async def test_each_way_in_leads_to_the_guide_that_is_open(office: Office, first: str) -> None:
    if first == "words":
        await office.write(office.ana, "the lamp is dark")
    else:
        await office.write(office.ana, "hello")
        await office.press(office.ana, office.live(office.ana.dm), "The lamp stays dark")
    step = office.slack.by_the_app(office.ana.dm)[-1]
    for text in ("", "the lamp is dark"):
        answer = await office.ana.runs("/fix", text)
        assert answer.payload is not None
        assert answer.payload["text"].startswith(UNDER_WAY)
        assert f"/p{step['ts'].replace('.', '')}" in str(answer.payload)
    await office.ana.opens_home()
    await office.quiet()
    await office.press(office.ana, office.slack.home_of(office.ana) or {}, "The lamp stays dark")
    await office.ana.uses_shortcut(START)
    await office.quiet()
    office.ana.reloads()
    assert office.said(office.ana.dm)[-2:] == [UNDER_WAY, UNDER_WAY]
    assert f"/p{step['ts'].replace('.', '')}" in str(office.slack.by_the_app(office.ana.dm)[-1])
    assert [at.flow for at in await office.of(office.ana)] == ["lamp"]


async def test_a_guide_chosen_on_the_home_tab_answers_the_open_question(office: Office) -> None:
    await office.write(office.ana, "hello")
    await office.ana.opens_home()
    await office.quiet()
    await office.press(office.ana, office.slack.home_of(office.ana) or {}, "The lamp stays dark")
    assert [at.flow for at in await office.of(office.ana)] == ["lamp"]
    assert office.said(office.ana.dm)[-1] == "Step 1 of 3: Plug it in"


async def test_of_two_guides_chosen_at_once_the_second_is_told_about_the_first(office: Office) -> None:
    await office.write(office.ana, "hello")
    await office.ana.opens_home()
    await office.quiet()
    tab = office.slack.home_of(office.ana) or {}
    await asyncio.gather(
        *(office.ana.presses(tab, title) for title in ("The lamp stays dark", "It smells of smoke"))
    )
    await office.quiet()
    (at,) = await office.of(office.ana)
    assert at.flow in ("lamp", "fire")
    said = office.said(office.ana.dm)
    assert sum("already answered" in line for line in said) == 1, said


@pytest.mark.row("slack", "The bot can't open someone's direct messages")
async def test_a_person_without_direct_messages_is_answered_in_a_modal(
    office: Office,
) -> None:
    office.ben.user.unreachable = True
    await office.ben.opens_home()
    await office.quiet()
    for act in (
        office.ben.uses_shortcut(START),
        office.ben.presses(office.slack.home_of(office.ben) or {}, "The lamp stays dark"),
    ):
        await act
        await office.quiet()
        view = office.slack.view_of(office.ben)
        assert view is not None
        assert "I couldn't open our direct messages." in str(view["blocks"])
        await office.ben.closes(view)


# ---------------------------------------------------------------- "Troubleshoot this"


async def test_whoever_points_at_a_message_the_one_who_wrote_it_is_helped(office: Office) -> None:
    ts = await office.write(office.ana, "my lamp is dark since May", channel=office.help)
    await office.max.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    at = await office.at(office.help, ts)
    assert (at.contact, at.observations["since"]) == ("slack:T1:U1ANA", "May")
    assert office.said(office.help, ts) == FIRST_STEP
    await office.press(office.ana, office.live(office.help, ts), "Fixed it")
    assert (await office.at(office.help, ts)).status is Status.RESOLVED


async def test_a_message_of_a_bots_has_nobody_to_be_helped(office: Office) -> None:
    alarms = office.slack.person("U7ALARMS", name="Alarms", bot_id="B7")
    ts = await alarms.writes(office.help, "lamp is dark")
    await office.max.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    assert office.noted(office.max) == [
        "That message isn't from a person, so there's no one to help. Mention me instead."
    ]
    assert not office.slack.by_the_app(office.help)


async def test_where_the_bot_is_not_it_asks_to_be_invited(office: Office) -> None:
    elsewhere = office.slack.channel("C5", "elsewhere", joined=False)
    ts = await office.ana.writes(elsewhere, "lamp is dark")
    await office.ana.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    assert office.noted(office.ana) == ["I'm not in that channel. Invite me first (/invite), then try again."]


async def test_where_slack_is_busy_it_asks_to_try_again_and_not_to_be_invited(office: Office) -> None:
    ts = await office.ana.writes(office.help, "lamp is dark")
    office.slack.faults.busy("chat.postEphemeral")
    await office.ana.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    assert office.said(office.help, ts) == FIRST_STEP


async def test_pointing_at_what_is_under_way_leads_there(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.ben.uses_shortcut(TROUBLESHOOT, message=thread)
    await office.quiet()
    assert office.noted(office.ben) == ["A conversation is already open here."]
    assert office.said(office.help, thread) == FIRST_STEP


async def test_pointing_twice_is_pointing_once(office: Office) -> None:
    ts = await office.write(office.ana, "my lamp is dark since May", channel=office.help)
    for who in (office.max, office.ben):
        await who.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    assert office.said(office.help, ts) == FIRST_STEP
    assert len(await office.of(office.ana)) == 1


async def test_after_the_end_the_same_message_can_be_pointed_at_again(office: Office) -> None:
    ts = await office.write(office.ana, "my lamp is dark since May", channel=office.help)
    await office.ana.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    await office.press(office.ana, office.live(office.help, ts), "Fixed it")
    await office.ana.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    assert (await office.at(office.help, ts)).status is Status.GUIDING
    assert len(await office.of(office.ana)) == 2


async def test_what_was_pointed_at_can_be_edited_like_any_other_words(office: Office) -> None:
    ts = await office.write(office.ana, "my lamp is dark since May", channel=office.help)
    await office.max.uses_shortcut(TROUBLESHOOT, message=ts)
    await office.quiet()
    await office.ana.edits(ts, "my lamp is dark since June")
    await office.quiet()
    assert await office.words(await office.at(office.help, ts)) == ["my lamp is dark since June"]


async def test_what_slack_itself_writes_in_the_messages_tab_is_nobodys(office: Office) -> None:
    await office.write(office.ana, "Welcome!", user="USLACK")
    assert not office.slack.by_the_app(office.ana.dm)
