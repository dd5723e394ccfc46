"""Tours Discord: a reaction to the live step is asked about, and only a button answers."""

import pytest

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop

FIXED = "Sounds like it's working now. Is it fixed?"
STILL = "Sounds like that didn't help. Is it still failing?"


async def test_a_reaction_to_the_live_step_is_confirmed_by_a_button(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.reacts(step, "❌")
    await shop.works_until(lambda: shop.discord.messages(ana)[-1].text == STILL)
    question = shop.discord.messages(ana)[-1]
    await ana.reacts(step, "❌", away=True)
    await shop.works_until(lambda: not question.buttons)
    assert (await shop.of(ana)).turn == 1
    await ana.reacts(step, "👍🏽")
    await shop.works_until(lambda: shop.discord.messages(ana)[-1].text == FIXED)
    await ana.presses(shop.discord.messages(ana)[-1], "Yes, fixed")
    assert (await shop.of(ana)).status is Status.RESOLVED


@pytest.mark.row("discord", "Someone reacts to a step that isn't theirs, or no longer the current one")
async def test_other_reactions_are_ignored(shop: Workshop) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    thread = await shop.posts(ana)
    step = await shop.live(thread)
    said = shop.discord.messages(thread)[0]
    before = len(shop.discord.messages(thread))
    await ben.reacts(step, "✅")
    await ana.reacts(said, "✅")
    await ana.reacts(step, "🎉")
    await ana.presses(step, "Still failing")
    await shop.idle()
    assert FIXED not in [one.text for one in shop.discord.messages(thread)[before:]]
