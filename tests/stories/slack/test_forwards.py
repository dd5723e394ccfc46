"""Tours Slack: people forward messages, which are read as quotations and never taken for answers or for deletions."""

from flows.conversation import Status
from flows.text.phrases import PHRASES
from tests.adapters.slack.support.workspace import Office, open_office

KEPT = "Saved. If you talk to a person, they'll see it."


async def test_an_error_in_a_forwarded_message_finds_its_guide(office: Office) -> None:
    said = await office.ben.writes(office.help, "since noon the lamp is dark since noon, <nobody> knows why")
    await office.ana.forwards(said, office.ana.dm)
    await office.quiet()
    (at,) = await office.of(office.ana)
    assert (at.flow, at.step) == ("lamp", "plug")
    assert await office.words(at) == [
        "> Forwarded from Ben:\n> since noon the lamp is dark since noon, <nobody> knows why"
    ]


async def test_a_forward_with_a_comment_and_a_mention_starts_in_its_channel(office: Office) -> None:
    said = await office.ben.writes(office.theirs, "the lamp is dark")
    ts = await office.ana.forwards(said, office.help, "<@U0BOT> can you help?")
    await office.quiet()
    at = await office.at(office.help, ts)
    assert at.flow == "lamp"
    assert await office.words(at) == ["can you help?\n\n> Forwarded from Ben:\n> the lamp is dark"]


async def test_a_forwarded_error_gets_an_offer_in_a_channel() -> None:
    async with open_office(SLACK_OFFER_IN="C1HELP") as office:
        said = await office.ben.writes(office.theirs, "the lamp is dark")
        ts = await office.ana.forwards(said, office.help, "seen this?")
        await office.quiet()
        assert len(office.said(office.help, ts)) == 1


async def test_a_forwarded_text_is_no_answer_but_is_kept(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    for text in ("it works now", "still failing", "human please", "go back"):
        said = await office.ben.writes(office.theirs, text)
        await office.ana.forwards(said, office.help, thread=thread)
        await office.quiet()
        at = await office.at(office.help, thread)
        assert (at.step, at.status) == ("plug", Status.GUIDING)
        assert (await office.words(at))[-1] == f"> Forwarded from Ben:\n> {text}"
        assert office.said(office.help, thread)[-1].startswith(KEPT)


async def test_a_forwarded_file_is_kept_and_a_forward_without_words_too(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    said = await office.ben.writes(office.theirs, "", files=[("lamp.png", b"png")])
    await office.ana.forwards(said, office.help, thread=thread)
    await office.quiet()
    at = await office.at(office.help, thread)
    assert (await office.words(at))[-1] == "> Forwarded from Ben:"
    assert [name for _id, name, _kind, _size in await office.files(at)] == ["lamp.png"]


async def test_a_message_of_the_bot_can_be_forwarded(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.ana.forwards(office.live(office.help, thread)["ts"], office.help, "this one?", thread=thread)
    await office.quiet()
    at = await office.at(office.help, thread)
    assert (await office.words(at))[-1].startswith("this one?\n\n> Forwarded from ")
    assert "> Push the plug" in (await office.words(at))[-1] or "Plug it in" in (await office.words(at))[-1]


async def test_the_preview_of_a_link_is_no_edit(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    ts = await office.write(office.ana, "it looks like https://lamps.example/dark today", thread)
    at = await office.at(office.help, thread)
    office.slack.unfurls(ts, "https://lamps.example/dark", "Dark lamps", "It works now")
    await office.quiet()
    assert (await office.at(office.help, thread)).version == at.version
    await office.ana.edits(ts, "it looks like https://lamps.example/dark now")
    await office.quiet()
    assert (await office.words(at))[-1] == "it looks like https://lamps.example/dark now"


async def test_an_edited_comment_keeps_the_forwarded_message(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    said = await office.ben.writes(office.theirs, "mine hums")
    ts = await office.ana.forwards(said, office.help, "Ben has it to", thread=thread)
    await office.ana.edits(ts, "Ben has it, too")
    await office.quiet()
    at = await office.at(office.help, thread)
    assert (await office.words(at))[-1] == "Ben has it, too\n\n> Forwarded from Ben:\n> mine hums"


async def test_a_mention_without_words_is_answered_with_where_the_conversation_is(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    at = await office.at(office.help, thread)
    await office.ana.mentions(office.help, "", thread=thread)
    await office.quiet()
    assert office.noted(office.ana) == [PHRASES["where_you_are"]]
    assert (await office.at(office.help, thread)).version == at.version
