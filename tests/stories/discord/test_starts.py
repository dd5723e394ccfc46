"""Tours Discord: starts in announcement channels, by agents for others, beside another's step, and too many of them."""

import pytest

from bot.desk.growth_limits import WORDS
from bot.person_limits import MOST, HourlyLimits
from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.message_changes import post
from tests.fakes.discord.people import Person
from tests.fakes.discord.state import Kind, Message

ERROR = "lamp is dark"


def latest(stand_in: Discord, asked: Message) -> Message:
    """Return the newest message in the thread of that message."""
    assert asked.thread is not None
    return stand_in.messages(asked.thread)[-1]


async def guided(stand_in: Discord, shop: Workshop, person: Person) -> Message:
    """Let a person mention the bot about the lamp. Return the step in the thread on their message."""
    asked = await person.mentions_bot(shop.room, ERROR)
    await stand_in.until(lambda: asked.thread is not None and stand_in.messages(asked.thread))
    await stand_in.until(lambda: "## Plug it in" in latest(stand_in, asked).text)
    return latest(stand_in, asked)


@pytest.mark.row("discord", "`/fix` is used in an announcement channel")
async def test_announcement_channels_get_their_own_kind_of_thread(stand_in: Discord, shop: Workshop) -> None:
    ana, ben, news = shop.person("Ana"), shop.person("Ben"), shop.guild.news("news")
    public = await ana.runs("fix", channel=news, problem="lamp", where="here")
    assert public.text.startswith("I opened a thread for you.")
    (thread,) = (one for one in shop.guild.channels.values() if one.kind is Kind.NEWS_THREAD)
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(thread)[-1].text)
    assert [one.text for one in stand_in.messages(news)] == ["Help for Ana"]

    private = await ben.runs("fix", channel=news, problem="lamp")
    assert private.text.startswith(
        "I can't open a thread here because announcement channels have no private threads"
    )
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(ben.dm)[-1].text)

    asked = await shop.person("Max").mentions_bot(news, ERROR)
    await stand_in.until(lambda: asked.thread is not None)
    assert asked.thread is not None
    assert asked.thread.kind is Kind.NEWS_THREAD


async def test_an_agent_opens_a_ticket_for_the_author_of_any_message(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, agent = shop.person("Ana"), shop.person("Max")
    words = f"our invoices look odd, see <#{shop.forum.id}>"
    asked = await ana.writes(shop.room, words, files=[("screen.png", b"png")])
    opened = await agent.uses_on_message("Open ticket", asked)
    at = await shop.of(ana)
    assert opened.text.startswith(f"I opened ticket #{at.ticket} for the author of that message.")
    assert (at.status, at.reasons) == (Status.WAITING, ("by_agent",))
    (spoken,) = (await shop.app.store.conversations.words(at.id)).values()
    assert spoken.text == "our invoices look odd, see #support"
    assert [file.name for file in spoken.files] == ["screen.png"]
    assert asked.thread is not None
    thread = asked.thread
    await stand_in.until(lambda: any("I opened ticket" in one.text for one in stand_in.messages(thread)))
    ben = shop.person("Ben")
    step = await guided(stand_in, shop, ben)
    refused = await agent.uses_on_message("Open ticket", step)
    assert refused.text.startswith("That message isn't from a person")
    beside = await ana.writes(step.channel, "same here")
    refused = await agent.uses_on_message("Open ticket", beside)
    assert refused.text.startswith("A conversation is already open here.")
    written = await ben.writes(step.channel, "my cousin says it is the fuse")
    opened = await agent.uses_on_message("Open ticket", written)
    at = await shop.of(ben)
    assert (at.flow, at.status, at.reasons) == ("lamp", Status.WAITING, ("by_agent",))
    assert opened.text.startswith(f"I opened ticket #{at.ticket}")
    again = await agent.uses_on_message("Open ticket", written)
    assert again.text.startswith(f"This conversation already has ticket #{at.ticket}.")


async def test_a_ticket_for_a_posts_author_has_the_posts_title(stand_in: Discord, shop: Workshop) -> None:
    ana, agent = shop.person("Ana"), shop.person("Max")
    asked = await ana.posts(shop.forum, "Invoices look odd", "It began in May")
    await agent.uses_on_message("Open ticket", stand_in.messages(asked)[0])
    words = await shop.app.store.conversations.words((await shop.of(ana)).id)
    assert [spoken.text for spoken in words.values()] == ["Invoices look odd\nIt began in May"]


@pytest.mark.row("discord", "A member without the permission Manage Messages looks for agents' commands")
async def test_agents_commands_are_for_members_who_manage_messages_and_the_bot_asks_for_agents(
    shop: Workshop,
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    asked = await ana.writes(shop.room, "our invoices look odd")
    with pytest.raises(AssertionError, match="there is no command 'Open ticket'"):
        await ben.uses_on_message("Open ticket", asked)
    shop.guild.allows(ben, shop.room, "manage_messages")
    refused = await ben.uses_on_message("Open ticket", asked)
    assert refused.text == "Only agents can open a ticket for someone else. To get help yourself, mention me."


async def test_a_press_on_anothers_step_starts_the_same_guide_for_the_presser(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    step = await guided(stand_in, shop, ana)
    refused = await ben.presses(step, "Still failing")
    assert refused.text.startswith("Only Ana can answer here")
    assert refused.original is not None
    own = await ben.presses(refused.original, "Start this for me")
    assert own.text.startswith("I opened a thread for you.")
    again = await ben.presses(refused.original, "Start this for me")
    assert again.text.startswith("You already have a conversation open.")
    assert ((await shop.of(ben)).flow, (await shop.of(ana)).flow) == ("lamp", "lamp")
    assert (await shop.of(ben)).customer != (await shop.of(ana)).customer


@pytest.mark.row(
    "discord",
    "Someone starts too many conversations within an hour",
)
async def test_one_person_starts_so_much_in_an_hour_and_is_told_when_more_is_possible(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    limits = HourlyLimits(shop.app.store.allowances)
    for what in MOST:
        for number in range(MOST[what] - 1):
            await limits.check(f"discord:{ana.id}", what, f"earlier {number}")
    await guided(stand_in, shop, ana)
    refused = await ana.runs("fix", problem="fire", where="here")
    assert refused.text == "You've started many guides in the last hour. You can start another one in 1 h."
    await ana.dms(ERROR)
    await stand_in.until(lambda: stand_in.messages(ana.dm)[-1].text == refused.text)

    written = await ben.writes(shop.room, ERROR)
    refused = await ana.uses_on_message("Troubleshoot this", written)
    assert refused.text.startswith("You've opened many threads in the last hour.")
    refused = await ana.uses_on_message("Troubleshoot this", await ben.writes(shop.room, ERROR))
    assert refused.text.startswith("You've asked me to help many people in the last hour.")
    assert await shop.app.store.places.of(f"discord:{ben.id}", 1) == ()


async def test_a_customer_is_told_once_that_a_conversation_takes_no_more_words_today(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await guided(stand_in, shop, ana)
    at = await shop.of(ana)
    await shop.app.store.budgets.spend({f"conversation/{at.id}": (WORDS.cost(WORDS.at_once),)})
    for number in range(2):
        await ana.writes(step.channel, f"still dark {number}")
    await stand_in.until(lambda: "talk to a person" in stand_in.messages(step.channel)[-1].text)
    assert sum("more than I can take" in said.text for said in stand_in.messages(step.channel)) == 1
    assert (await shop.of(ana)).version == at.version


async def test_a_choice_that_an_earlier_version_offered_in_a_post_still_starts_its_guide(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    asked = await ana.posts(shop.forum, "It does not work", "Help")
    select = {
        "type": 3,
        "custom_id": f"offer:{ana.id}",
        "options": [{"label": "The lamp stays dark", "value": "start:lamp"}],
    }
    body = {"flags": 1 << 15, "components": [{"type": 1, "components": [select]}]}
    offered = post(stand_in.world, asked, stand_in.world.bot, body)
    foreign = await ben.presses(offered, "The lamp stays dark")
    assert foreign.text == "Only the person who opened this post can choose here."
    taken = await ana.presses(offered, "The lamp stays dark")
    assert (taken.answers[0].type, offered.text) == (7, "-# OK, let's start.")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(asked)[-1].text)


@pytest.mark.row("discord", "A post's first message isn't there yet, or the bot may read no history")
async def test_an_offer_waits_for_a_posts_first_message_and_needs_no_history(stand_in: Discord) -> None:
    async with workshop(stand_in, forum_offers=True) as shop:
        ana = shop.person("Ana")
        role = next(one for one in shop.guild.roles.values() if one.managed_by)
        shop.guild.denies(role, shop.forum, "read_message_history")
        asked = await ana.posts(shop.forum, "It does not work", "Help")
        await shop.waits_for_questions()
        stand_in.faults.refuse("POST", f"/channels/{asked.id}/messages", 40058)
        await shop.offers_help(later_s=600)
        assert len(stand_in.messages(asked)) == 1
        await shop.offers_help(later_s=640)
        assert stand_in.messages(asked)[-1].buttons == ["Open a ticket", "Choose a problem"]
