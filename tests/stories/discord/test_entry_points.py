"""Tests other ways to the bot in Discord: by the role that Discord made for it, and by /fix inside a post."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in

__all__ = ["stand_in"]


@pytest.fixture
async def shop(stand_in: Discord) -> AsyncIterator[Workshop]:
    """A process that hears the stand-in; the forum is not among those it helps in by itself."""
    async with workshop(stand_in, forums=()) as opened:
        yield opened


@pytest.mark.parametrize("content", [True, False])
async def test_the_role_of_the_bot_is_a_mention_of_it(stand_in: Discord, content: bool) -> None:
    stand_in.world.settings.message_content = content
    async with workshop(stand_in) as shop:
        ana = shop.person("Ana")
        (own,) = [role for role in shop.guild.roles.values() if role.managed_by]
        (other,) = [role for role in shop.guild.roles.values() if role.name == "Agents"]
        unheard = await ana.writes(shop.room, f"<@&{other.id}> lamp is dark")
        asked = await ana.writes(shop.room, f"<@&{own.id}> my lamp is dark")
        await stand_in.until(lambda: asked.thread and stand_in.messages(asked.thread))
        assert asked.thread is not None
        step = await shop.live(asked.thread)
        assert ("## Plug it in" in step.text) is content
        assert unheard.thread is None


async def test_fix_in_a_post_goes_on_directly_and_says_why(stand_in: Discord, shop: Workshop) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    post = await ben.posts(shop.forum, "a question", "Does anybody know?")
    told = await ana.runs("fix", post, problem="lamp is dark")
    assert told.text.startswith("I can't open your own thread inside a post, so I sent you a direct message.")
    await shop.live(ana)
    assert "in a post" in stand_in.messages(ana)[0].text
    assert not [call for call in stand_in.calls("POST", "/channels/*/threads") if call.status >= 400]
    assert (await ben.runs("fix", post, problem="lamp is dark", where="here")).text == "Let's continue here."
    await shop.live(post)
