"""Tests choices in Discord: the problem, many answers, and starting over from a message that one person sees."""

import pytest

from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Channel, Discord, Person
from tests.stories.slack.test_guide import rainbow


async def test_who_says_something_unknown_chooses_the_guide_and_words_come_before_its_first_step(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    picker = await shop.begins(ana, "help me please")
    assert "The lamp stays dark" in picker.buttons
    await ana.presses(picker, "The lamp stays dark")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(ana)[-1].text)
    await shop.idle()
    assert picker.buttons == []
    assert "Two sentences on lamps." in stand_in.messages(ana)[-2].text
    step = await shop.live(ana)
    await ana.presses(step, "Back")
    await shop.idle()
    assert await shop.live(ana) is step
    assert "The lamp stays dark" in step.buttons


async def test_many_answers_are_chosen_from_a_list(stand_in: Discord) -> None:
    async with workshop(stand_in, shelf=(rainbow(),)) as shop:
        ana = shop.person("Ana")
        step = await shop.begins(ana, "wrong colour")
        chosen = await ana.presses(step, "Violet")
        assert chosen.answers[0].type == 7
        assert "Tried so far: Which colour is it? (Violet)" in step.text


async def test_what_is_under_way_can_be_started_over_from_the_line_that_says_so(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    await ana.runs("fix", problem="lamp is dark")
    (thread,) = stand_in.threads(shop.room)
    await ana.presses(await shop.live(thread), "Still failing")
    again = await ana.runs("fix")
    assert again.original is not None
    assert "Start over" in again.original.buttons
    pressed = await ana.presses(again.original, "Start over")
    assert pressed.answers[0].type == 7
    assert again.original.text == "Here's where you are now."
    await shop.works_until_quiet()
    assert "## Plug it in" in (await shop.live(thread)).text


async def begun(stand_in: Discord, shop: Workshop, where: str) -> Person | Channel:
    """Ana at the first step in a place of that kind."""
    ana = shop.person("Ana")
    if where == "post":
        return await shop.posts(ana)
    if where == "direct messages":
        await shop.begins(ana)
        return ana
    await ana.runs("fix", problem="lamp is dark", where="private" if where == "private thread" else "here")
    (thread,) = stand_in.threads(shop.room)
    return thread


@pytest.mark.parametrize("where", ["post", "direct messages", "private thread", "public thread"])
async def test_the_longest_way_ends_with_a_ticket_that_knows_every_step(
    stand_in: Discord, shop: Workshop, where: str
) -> None:
    ana = shop.person("Ana")
    place = await begun(stand_in, shop, where)
    for label in ("Still failing", "Broken", "Still failing"):
        clicked = await ana.presses(await shop.live(place), label)
        assert clicked.answers[0].type == 7
    last = await ana.presses(await shop.live(place), "Still failing")
    await shop.works_until_quiet()
    at = await shop.of(ana)
    assert stand_in.modal_of(last)["title"] == f"Ticket #{at.ticket} details"
    card = stand_in.messages(place)[-1]
    assert "## Email the lamp maker" in card.text
    tried = "Plug it in (Still failing) · Look at the bulb (Broken) · Put in a new bulb (Still failing)"
    assert f"{tried} · Press the switch (Still failing)" in card.text
    solved = await ana.presses(card, "It works now")
    assert solved.answers
    await shop.works_until(lambda: "## Solved" in stand_in.messages(place)[-1].text)
    if isinstance(place, Channel) and where == "post":
        await stand_in.until(lambda: place.tag_names == ["solved"])


@pytest.mark.parametrize("where", ["direct messages", "private thread", "public thread"])
async def test_the_shortest_way_is_one_click_that_says_it_is_solved(
    stand_in: Discord, shop: Workshop, where: str
) -> None:
    ana = shop.person("Ana")
    place = await begun(stand_in, shop, where)
    await ana.presses(await shop.live(place), "Fixed it")
    await shop.works_until(lambda: "## Solved" in stand_in.messages(place)[-1].text)
    assert stand_in.messages(place)[-1].buttons[0] == "It's happening again"
