"""Tests help forums: posts that fit a guide get its first step, helpers talk freely, and solved posts say so."""

import pytest

from flows.conversation import Status
from flows.events import TimerRang
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.refusals import Refusal


async def test_a_new_post_gets_the_first_step_and_only_its_asker_moves_it(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    post = await shop.posts(ana, "Help with my room", "My lamp is dark since Monday")
    (step,) = (one for one in stand_in.messages(post) if one.buttons)
    assert "Ask the helpers" in step.buttons
    assert (await ben.presses(step, "Still failing")).text.startswith("Only Ana")
    await ben.writes(post, "did you check the fuse?")
    clicked = await ana.presses(step, "Still failing")
    assert clicked.answers[0].type == 7
    await ana.writes(post, "I did", reply_to=stand_in.messages(post)[-1])
    await ana.writes(post, "my cousin says it is the fuse")
    await shop.eventually(lambda words: "my cousin says it is the fuse" in words, (await shop.of(ana)).id)
    await shop.works_until_quiet()
    assert len([one for one in stand_in.messages(post) if "To continue, choose an answer" in one.text]) == 1
    assert "Tried so far: Plug it in (Still failing)" in step.text


async def test_a_post_that_fits_no_guide_is_left_alone(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    post = await ana.posts(shop.forum, "Which lamp should I buy?", "I like red ones")
    await shop.posts(ana)
    assert len(stand_in.messages(post)) == 1


async def test_a_helper_who_mentions_the_bot_in_a_post_has_the_asker_helped(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    post = await ana.posts(shop.forum, "Which lamp?", "It is dark")
    await ben.mentions_bot(post, "lamp is dark")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(post)[-1].text)
    assert (await shop.of(ana)).contact == f"discord:{ana.id}"
    assert await shop.app.store.places.of(f"discord:{ben.id}", 1) == ()


async def test_the_first_step_waits_for_the_posts_first_message(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    post = await ana.posts(shop.forum, "lamp is dark", late=True)
    stand_in.faults.refuse("POST", f"/channels/{post.id}/messages", 40058)
    await ana.starts_post(post, "Help!")
    await stand_in.until(lambda: stand_in.calls("POST", f"/channels/{post.id}/messages"))
    await shop.idle()
    await shop.works_until(lambda: "## Plug it in" in stand_in.messages(post)[-1].text)
    assert [one.text for one in stand_in.messages(post)][1:] == [
        "Two sentences on lamps.",
        stand_in.messages(post)[-1].text,
    ]


@pytest.mark.row("discord", "A reader presses *This fixed it for me too* in a closed post")
async def test_a_solved_post_bears_the_tag_and_ends_with_a_line_that_others_can_thank_for(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    post = await shop.posts(ana)
    (step,) = (one for one in stand_in.messages(post) if one.buttons)
    await ana.presses(step, "Fixed it")
    await stand_in.until(lambda: post.tag_names == ["solved"])
    await shop.idle()
    closing = stand_in.messages(post)[-1]
    assert "## Solved" in closing.text
    assert (step.buttons, step.text) == ([], "-# **Plug it in** · Fixed it")
    assert (closing.buttons[0], closing.buttons[-1]) == ("It's happening again", "This fixed it for me too")
    assert (await ben.presses(closing, "This fixed it for me too")).text.startswith("Thank")
    assert (await ben.presses(closing, "This fixed it for me too")).text == "You already told me. Thanks!"
    await ana.presses(closing, "5 · Great")
    assert closing.buttons[-1] == "This fixed it for me too", "a rating takes nothing from other readers"
    assert "Once this post is closed, its buttons stop working" in closing.text
    stand_in.idles(post)
    with pytest.raises(Refusal, match="50083"):
        await ben.presses(closing, "This fixed it for me too")
    for max_says, told in (
        ("fixed mine too", "Thanks. That"),
        ("it worked for me too", "You already told me"),
    ):
        await shop.person("Max").mentions_bot(post, max_says)
        await stand_in.until(lambda: stand_in.messages(post)[-1].text.startswith(told))  # noqa: B023  # awaited here
    assert (await shop.of(ana)).status is Status.RESOLVED
    await ana.presses(closing, "It's happening again")
    await stand_in.until(lambda: post.tag_names == [])
    assert (await shop.of(ana)).status is Status.GUIDING


async def test_a_forum_without_such_a_tag_and_a_bot_that_may_not_set_it_lose_nothing(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    role = next(one for one in shop.guild.roles.values() if one.managed_by)
    shop.guild.denies(role, shop.forum, "manage_threads")
    post = await shop.posts(ana)
    (step,) = (one for one in stand_in.messages(post) if one.buttons)
    await ana.presses(step, "Fixed it")
    await shop.idle()
    assert post.tag_names == []
    assert "## Solved" in stand_in.messages(post)[-1].text


async def test_an_asker_who_leaves_leaves_the_post_to_the_helpers(stand_in: Discord) -> None:
    stand_in.world.settings.members = True
    async with workshop(stand_in) as shop:
        ana = shop.person("Ana")
        post = await shop.posts(ana)
        at = await shop.of(ana)
        await ana.leaves()
        await stand_in.until(lambda: "left the server" in stand_in.messages(post)[-1].text)
        now = await shop.app.store.conversations.load(at.id)
        assert now is not None
        assert (now.status, now.reasons) == (Status.WAITING, ("asker_left",))


async def test_a_post_that_stays_quiet_is_nudged_once_then_handed_to_people_and_not_closed(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    post = await shop.posts(ana)
    await shop.begins(ben)
    ring = shop.platform.timers(shop.app.receive, shop.app.look)
    quiet, before = await shop.of(ana), len(stand_in.messages(post))
    nudge = {"conversation": quiet.id, "kind": "nudge", "turn": quiet.turn, "status": quiet.status}
    for _twice in range(2):
        await ring(TimerRang.model_validate({**nudge, "actor": "timer", "key": "nudge"}))
    await stand_in.until(lambda: len(stand_in.messages(post)) > before)
    await shop.works_until_quiet()
    assert len(stand_in.messages(post)) == before + 1
    for who, status in ((ana, Status.WAITING), (ben, Status.CLOSED)):
        at = await shop.of(who)
        rang = TimerRang(
            conversation=at.id, actor="timer", kind="close", turn=at.turn, status=at.status, key=f"t{at.id}"
        )
        await ring(rang)
        await ring(rang.model_copy(update={"turn": at.turn - 1, "key": "late"}))
        assert (await shop.of(who)).status is status
    assert (await shop.of(ana)).reasons == ("idle",)


async def test_helpers_who_are_agents_pause_the_guide_in_a_post_once_and_take_nothing_over(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, agent = shop.person("Ana"), shop.person("Max")
    post = await shop.posts(ana)
    await agent.writes(post, "same here")
    await stand_in.until(lambda: "is writing here" in stand_in.messages(post)[-1].text)
    await shop.idle()
    assert [one.buttons for one in stand_in.messages(post) if one.buttons] == [
        ["Continue the guide", "Ask the helpers"]
    ]
    at = await shop.of(ana)
    assert (at.status, at.holder, at.ticket) == (Status.GUIDING, "", 0)
    silent = len(stand_in.messages(post))
    await agent.writes(post, "mine, too")
    await shop.idle()
    assert len(stand_in.messages(post)) == silent + 1
    await ana.presses(next(one for one in stand_in.messages(post) if one.buttons), "Continue the guide")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(post)[-1].text)
    await shop.idle()
    await agent.writes(post, "it may be the fuse")
    await shop.idle()
    assert "fuse" in stand_in.messages(post)[-1].text, "who continued the guide is not interrupted again"
    own = await agent.posts(shop.forum, "lamp is dark", "a notice for everybody")
    await shop.posts(shop.person("Ben"))
    assert len(stand_in.messages(own)) == 1
