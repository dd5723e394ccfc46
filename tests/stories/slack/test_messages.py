"""Tours Slack: what people write, edit and delete, and what of it is stored."""

import pytest

from flows.conversation import Status
from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import labels

KEPT = "Saved. If you talk to a person, they'll see it."


async def test_plain_words_are_answers_in_a_thread(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.write(office.ana, "still failing", thread)
    assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"
    await office.write(office.ana, "broken", thread)
    await office.write(office.ana, "works now", thread)
    assert (await office.at(office.help, thread)).status is Status.RESOLVED


async def test_plain_words_are_answers_in_direct_messages_also_in_a_thread_there(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    root = office.live(office.ana.dm)["ts"]
    await office.write(office.ana, "still failing", thread=root, channel=office.ana.dm)
    await office.write(office.ana, "go back")
    assert office.said(office.ana.dm)[-1] == "Step 1 of 3: Plug it in"


@pytest.mark.parametrize("mentioned", [True, False])
async def test_a_mention_in_ones_own_thread_is_an_answer_like_any_other(
    office: Office, mentioned: bool
) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    speak = office.ana.mentions if mentioned else office.ana.writes
    await speak(office.help, "still failing", thread=thread)
    await office.quiet()
    at = await office.at(office.help, thread)
    assert (at.step, at.turn) == ("bulb", 2)


async def test_a_person_can_be_asked_for_in_words(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "human please")
    (at,) = await office.of(office.ana)
    assert at.status is Status.WAITING
    assert labels(office.slack.by_the_app(office.ana.dm)[-1]) == ["Add details", "Summary"]


async def test_what_is_not_plain_is_kept_and_moves_nothing(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.write(office.ana, "it hums at night, and the cat is afraid of it", thread)
    assert office.said(office.help, thread)[-1].startswith(KEPT)
    at = await office.at(office.help, thread)
    assert (await office.words(at))[-1] == "it hums at night, and the cat is afraid of it"
    assert at.turn == 1


# ---------------------------------------------------------------- several problems, and after the end


async def test_a_second_problem_in_direct_messages_is_another_conversation(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "it smells of smoke")
    flows = [at.flow for at in await office.of(office.ana)]
    assert flows == ["fire", "lamp"]
    lamp, fire = (one for one in office.slack.by_the_app(office.ana.dm) if labels(one))
    await office.press(office.ana, fire, "Fixed it")
    await office.press(office.ana, lamp, "Still failing")
    assert [at.step for at in await office.of(office.ana)] == ["unplug", "bulb"]


async def test_words_go_to_the_conversation_that_is_still_open(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "it smells of smoke")
    await office.write(office.ana, "works now")
    await office.write(office.ana, "still failing")
    fire, lamp = await office.of(office.ana)
    assert (fire.status, lamp.step) == (Status.RESOLVED, "bulb")


async def test_words_go_to_the_conversation_that_was_touched_last(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "it smells of smoke")
    lamp, _fire = (one for one in office.slack.by_the_app(office.ana.dm) if labels(one))
    await office.press(office.ana, lamp, "Still failing")
    await office.write(office.ana, "whole")
    fire, at = await office.of(office.ana)
    assert (fire.step, at.step) == ("unplug", "switch")


async def test_an_answer_that_sounds_like_another_problem_is_an_answer(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "still failing")
    await office.write(office.ana, "it smells of smoke")
    (at,) = await office.of(office.ana)
    assert (at.flow, at.path[0]) == ("fire", "plug")


async def test_told_twice_a_second_problem_begins_once(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    office.slack.faults.duplicate_events()
    await office.write(office.ana, "it smells of smoke")
    assert len(await office.of(office.ana)) == 2
    assert len(office.slack.by_the_app(office.ana.dm)) == 3


async def test_the_same_problem_again_is_about_what_is_open(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "the lamp is dark, I tell you")
    (at,) = await office.of(office.ana)
    assert (await office.words(at))[-1] == "the lamp is dark, I tell you"


async def test_what_is_written_to_an_agent_begins_nothing(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.write(office.max, "Hi Ana.", thread)
    await office.write(office.ana, "it smells of smoke", thread)
    assert len(await office.of(office.ana)) == 1


async def test_thanks_after_the_end_begin_nothing(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "works now")
    await office.write(office.ana, "thank you so much")
    (at,) = await office.of(office.ana)
    assert at.status is Status.RESOLVED
    assert (await office.words(at))[-1] == "thank you so much"


@pytest.mark.parametrize("direct", [True, False])
async def test_after_the_end_words_can_bring_it_back(office: Office, direct: bool) -> None:
    thread = "" if direct else await office.mention(office.ana, "lamp is dark")
    if direct:
        await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "works now", thread)
    await office.write(office.ana, "it's back", thread)
    (at,) = await office.of(office.ana)
    assert at.status is Status.GUIDING


async def test_after_the_end_another_error_begins_anew(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "works now")
    await office.write(office.ana, "it smells of smoke")
    fire, lamp = await office.of(office.ana)
    assert (fire.flow, lamp.status) == ("fire", Status.RESOLVED)


async def test_after_the_end_a_mention_in_the_thread_begins_anew_and_others_may_too(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.write(office.ana, "works now", thread)
    await office.write(office.ben, "it's back", thread)
    assert (await office.at(office.help, thread)).status is Status.RESOLVED
    await office.ben.mentions(office.help, "it smells of smoke", thread=thread)
    await office.quiet()
    at = await office.at(office.help, thread)
    assert (at.contact, at.flow) == ("slack:T1:U2BEN", "fire")


# ---------------------------------------------------------------- changed and taken back


@pytest.mark.parametrize("direct", [True, False])
async def test_changed_words_are_kept_as_they_are_now_and_move_nothing(office: Office, direct: bool) -> None:
    thread = "" if direct else await office.mention(office.ana, "lamp is dark")
    if direct:
        await office.write(office.ana, "lamp is dark")
    ts = await office.write(office.ana, "my phone is 555 0100, call me any time", thread)
    await office.ana.edits(ts, "works now")
    await office.quiet()
    (at,) = await office.of(office.ana)
    kept = list((await office.store.conversations.words(at.id)).values())[-1]
    assert (kept.text, kept.edited) == ("my phone is 555 0100, call me any time", "works now")
    assert at.status is Status.GUIDING
    where = at.address("customer")
    assert where is not None
    assert "the edit isn't an answer" in office.said(where.room, where.thread)[-1]
    await office.ana.deletes(ts)
    await office.quiet()
    assert await office.words(at) == ["lamp is dark"]


async def test_an_answer_that_is_edited_stays_and_one_sentence_says_so(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    ts = await office.write(office.ana, "works now", thread)
    await office.ana.edits(ts, "works now? no, same error")
    await office.quiet()
    at = await office.at(office.help, thread)
    assert at.status is Status.RESOLVED
    assert "press It's happening again" in office.said(office.help, thread)[-1]
    kept = list((await office.store.conversations.words(at.id)).values())[-1]
    assert (kept.text, kept.edited) == ("works now", "works now? no, same error")


async def test_the_first_words_can_be_taken_back_too(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark since the party at my place")
    await office.ana.edits(thread, "<@U0BOT> lamp is dark")
    await office.quiet()
    at = await office.at(office.help, thread)
    assert await office.words(at) == ["lamp is dark"]
    await office.ana.deletes(thread)
    await office.quiet()
    assert "".join(await office.words(at)) == ""


async def test_files_of_a_message_that_was_deleted_are_forgotten(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    ts = await office.write(office.ana, "this is what I see here", thread, files=[("a.png", b"pixels")])
    await office.ana.deletes(ts)
    await office.quiet()
    assert await office.files(await office.at(office.help, thread)) == []


# ---------------------------------------------------------------- files


async def test_files_of_a_message_are_kept_with_id_name_type_and_size(office: Office) -> None:
    thread = await office.ana.mentions(
        office.help, "lamp is dark", files=[("dark.png", b"pixels"), ("log.txt", b"lines", "text/plain")]
    )
    await office.quiet()
    await office.write(office.ana, "", thread, files=[("again.png", b"pixel")])
    kept = await office.files(await office.at(office.help, thread))
    assert [row[1:] for row in kept] == [
        ("dark.png", "image/png", 6),
        ("log.txt", "text/plain", 5),
        ("again.png", "image/png", 5),
    ]


async def test_of_files_of_another_team_slack_is_asked_for_the_names(office: Office) -> None:
    thread = await office.mention(office.cleo, "lamp is dark", office.theirs)
    await office.write(
        office.cleo, "look", thread, office.theirs, files=[("error.pdf", b"pages", "text/pdf")]
    )
    ((_id, *rest),) = await office.files(await office.at(office.theirs, thread))
    assert rest == ["error.pdf", "text/pdf", 5]


async def test_a_file_that_slack_tells_nothing_of_is_kept_by_its_id(office: Office) -> None:
    thread = await office.mention(office.cleo, "lamp is dark", office.theirs)
    office.slack.faults.refuse("files.info", "file_not_found")
    await office.write(office.cleo, "look", thread, office.theirs, files=[("error.pdf", b"pages")])
    ((file_id, *rest),) = await office.files(await office.at(office.theirs, thread))
    assert file_id.startswith("F")
    assert rest == ["", "", 0]


async def test_a_picture_without_words_begins_a_conversation_too(office: Office) -> None:
    await office.write(office.ana, "", files=[("dark.png", b"pixels")])
    (at,) = await office.of(office.ana)
    assert [row[1] for row in await office.files(at)] == ["dark.png"]


# ---------------------------------------------------------------- what is not heard, and not said


async def test_two_bots_never_talk_to_each_other(office: Office) -> None:
    other = office.slack.person("U7BOT", name="Helper", bot_id="B7")
    await office.write(other, "<@U0BOT> lamp is dark", channel=office.help)
    await office.write(other, "lamp is dark", channel=other.dm)
    thread = await office.mention(office.ana, "lamp is dark")
    await office.write(other, "works now", thread)
    assert len(office.slack.by_the_app(office.help)) == len(office.said(office.help, thread)) == 2
    assert not office.slack.by_the_app(other.dm)


async def test_the_bots_own_messages_are_told_to_it_and_begin_nothing(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    echoes = [one for one in office.slack.deliveries if one.event.get("bot_id")]
    assert len(echoes) == 2
    assert all(one.acked for one in echoes)
    assert len(office.said(office.ana.dm)) == 2


async def test_secrets_are_masked_before_they_are_kept(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark, password: hunter2hunter2")
    await office.write(office.ana, "my password: hunter2hunter2 is not the cause", thread)
    assert "hunter2" not in str(await office.words(await office.at(office.help, thread)))
    assert "hunter2" not in str(office.slack.by_the_app(office.help))


async def test_nothing_a_customer_writes_pings_anybody_when_it_is_shown_again(office: Office) -> None:
    evil = "<!channel> <@U2BEN> <https://evil.example|our page> &amp; *bold*"
    thread = await office.mention(office.ana, f"lamp is dark since {evil}")
    await office.press(office.ana, office.live(office.help, thread), "Talk to a person")
    told = office.slack.by_the_app(office.help, thread)[-1]
    await office.press(office.ana, told, "Summary")
    assert "@channel" in str(office.slack.view_of(office.ana))
    await office.ana.opens_home()
    await office.quiet()
    shown = [*office.slack.by_the_app(office.help), office.slack.view_of(office.ana)]
    for one in (*shown, office.slack.home_of(office.ana)):
        assert "<!channel" not in str(one)
        assert "<@U" not in str(one)
        assert "evil.example|" not in str(one)
