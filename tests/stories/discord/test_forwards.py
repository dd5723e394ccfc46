"""Tours Discord: people forward messages, which are read as quotations and never taken for answers."""

from functools import partial

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord


def ends_with(kept: str, words: list[str]) -> bool:
    return words[-1] == kept


async def test_an_error_in_a_forwarded_message_finds_its_guide(stand_in: Discord, shop: Workshop) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    said = await ben.writes(shop.room, "help, the lamp is dark since noon")
    await ana.forwards(said, ana.dm)
    await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(ana)))
    at = await shop.of(ana)
    assert (at.flow, at.step, at.observations) == ("lamp", "plug", {"since": "noon"})
    await shop.eventually(lambda words: words == ["> Forwarded:\n> help, the lamp is dark since noon"], at.id)


async def test_a_forwarded_text_is_no_answer_but_is_kept(stand_in: Discord, shop: Workshop) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    await shop.begins(ana)
    for text in ("it works now", "still failing", "human please", "go back"):
        await ana.forwards(await ben.writes(shop.room, text), ana.dm)
        kept = f"> Forwarded:\n> {text}"
        at = await shop.of(ana)
        await shop.eventually(partial(ends_with, kept), at.id)
        assert (at.step, at.status) == ("plug", Status.GUIDING)
    await shop.works_until_quiet()
    assert "To continue, choose an answer" in stand_in.messages(ana)[-1].text


async def test_a_forwarded_file_and_a_forwarded_step_of_the_bot_are_kept(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    step = await shop.begins(ana)
    at = await shop.of(ana)
    await ana.forwards(await ben.writes(shop.room, files=[("lamp.png", b"png")]), ana.dm)
    await shop.eventually(lambda words: words[-1] == "> Forwarded:", at.id)
    kept = await shop.app.store.conversations.words(at.id)
    assert [file.name for file in kept[max(kept)].files] == ["lamp.png"]
    await ana.forwards(step, ana.dm)
    await shop.eventually(lambda words: "Plug it in" in words[-1], at.id)


async def test_a_forward_of_a_forward_says_what_the_first_message_said(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    await shop.begins(ana)
    first = await ben.forwards(await ben.writes(shop.room, "it hums"), shop.room)
    await ana.forwards(first, ana.dm)
    await shop.eventually(lambda words: words[-1] == "> Forwarded:\n> it hums", (await shop.of(ana)).id)


async def test_a_forward_that_discord_hides_is_called_unreadable(stand_in: Discord) -> None:
    stand_in.world.settings.message_content = False
    async with workshop(stand_in) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")
        await ana.runs("fix", problem="lamp is dark")
        (thread,) = stand_in.threads(shop.room)
        await shop.live(thread)
        await ana.forwards(await ben.writes(shop.room, "it hums"), thread)
        await stand_in.until(lambda: "I can't read messages here" in stand_in.messages(thread)[-1].text)


async def test_a_reply_that_quotes_a_helper_is_kept(stand_in: Discord, shop: Workshop) -> None:
    ana, helper = shop.person("Ana"), shop.person("Max")
    post = await shop.posts(ana, "Help with my room", "My lamp is dark since Monday")
    asked = await helper.writes(post, "which lamp is it?")
    at = await shop.of(ana)
    await shop.eventually(partial(ends_with, "which lamp is it?"), at.id)
    await shop.works_until_quiet()
    before = len(stand_in.messages(post))
    await ana.writes(post, "the red one", reply_to=asked)
    await shop.eventually(partial(ends_with, "the red one"), at.id)
    await shop.works_until_quiet()
    assert len(stand_in.messages(post)) == before + 1


async def test_the_preview_of_a_link_is_no_edit(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    await shop.begins(ana)
    line = await ana.dms("it looks like https://lamps.example/dark today")
    at = await shop.of(ana)
    await shop.eventually(lambda words: "it looks like" in words[-1], at.id)
    version = (await shop.of(ana)).version
    stand_in.unfurls(line, "https://lamps.example/dark", "Dark lamps", "It works now")
    await ana.dms("and it hums")
    await shop.eventually(lambda words: words[-1] == "and it hums", at.id)
    assert (await shop.of(ana)).version == version + 1
