"""Tests faults in Discord: missing permissions, closed DMs, locked threads, a store or connection that is down."""

import pytest

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop
from tests.fakes.discord import Discord


def denied(shop: Workshop, *permissions: str) -> None:
    """The bot may not do that in the room."""
    role = next(one for one in shop.guild.roles.values() if one.managed_by)
    shop.guild.denies(role, shop.room, *permissions)


async def test_where_no_thread_may_be_opened_the_walk_is_in_direct_messages_and_the_reason_is_said(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    denied(shop, "create_private_threads")
    shop.guild.denies(shop.guild.everyone, shop.room, "create_private_threads")
    called = await ana.runs("fix", problem="lamp is dark")
    assert called.text == (
        "I can't open a thread here because I don't have the permission Create Private Threads,"
        " so I sent you a direct message."
    )
    await shop.idle()
    assert "so let's continue here" in stand_in.messages(ana)[0].text
    assert stand_in.calls("POST", f"/channels/{ana.dm.id}/messages")[0].json["flags"] == 1 << 15
    assert "## Plug it in" in (await shop.live(ana)).text


async def test_who_takes_no_direct_messages_either_is_told_what_to_ask_for(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    await ana.closes_dms()
    stand_in.faults.refuse("POST", f"/channels/{shop.room.id}/threads", 50013)
    called = await ana.runs("fix", problem="lamp is dark")
    assert called.text.startswith(
        "I can't open a thread here because Discord didn't let me, and you don't accept"
    )
    assert await shop.app.store.places.of(f"discord:{ana.id}", 1) == ()


async def test_a_mention_where_no_thread_may_be_opened_is_answered_directly(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    denied(shop, "create_public_threads")
    shop.guild.denies(shop.guild.everyone, shop.room, "create_public_threads")
    await ana.mentions_bot(shop.room, "lamp is dark")
    await stand_in.until(lambda: any("## Plug it in" in one.text for one in stand_in.messages(ana)))
    await ana.closes_dms()
    ben = shop.person("Ben")
    await ben.closes_dms()
    await ben.mentions_bot(shop.room, "lamp is dark")
    await stand_in.until(lambda: "I can't open a thread here" in stand_in.messages(shop.room)[-1].text)


async def test_a_thread_archived_for_inactivity_is_opened_by_the_customers_words(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    await ana.runs("fix", problem="lamp is dark")
    (thread,) = stand_in.threads(shop.room)
    await shop.live(thread)
    stand_in.idles(thread)
    await ana.writes(thread, "still failing")
    await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(thread)[-1].text)
    assert not thread.archived


async def test_what_may_not_be_said_in_a_post_is_told_to_the_operator(
    stand_in: Discord, shop: Workshop, capfd: pytest.CaptureFixture[str]
) -> None:
    role = next(one for one in shop.guild.roles.values() if one.managed_by)
    for each in (role, shop.guild.everyone):
        shop.guild.denies(each, shop.forum, "send_messages_in_threads")
    ana = shop.person("Ana")
    post = await ana.posts(shop.forum, "lamp is dark", "Help!")
    await stand_in.until(lambda: stand_in.calls("POST", f"/channels/{post.id}/messages"))
    await shop.idle()
    letters = await shop.app.store.backlog.buried()
    assert letters
    assert all("50013" in letter.reason for letter in letters)
    told = "".join(capfd.readouterr())
    assert "Discord refused" in told
    assert str(post.id) in told


async def test_a_store_that_is_gone_is_said_with_whom_to_write_to(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    with shop.store_down():
        clicked = await ana.presses(step, "Still failing")
        assert "help@lamps.example" in clicked.text
        called = await ana.runs("fix", problem="lamp is dark")
        assert "help@lamps.example" in called.text
        opened = await ana.presses(step, "Talk to a person")
        assert "help@lamps.example" in opened.text
    assert (await ana.presses(step, "Still failing")).answers[0].type == 7
    assert (await shop.of(ana)).status is Status.GUIDING


async def test_a_damaged_conversation_says_so_and_whom_to_write_to(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    store, at = shop.app.store, await shop.of(ana)
    await store.wire.ask("HSET", store.wire.keys.shard(at.id).records + at.id, "s", "?")
    for label in ("Still failing", "Talk to a person"):
        clicked = await ana.presses(step, label)
        assert "damaged" in clicked.text
        assert "help@lamps.example" in clicked.text


async def test_a_slow_store_makes_discord_wait_and_the_step_comes_all_the_same(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    shop.gate.clear()
    clicked = await ana.presses(step, "Still failing")
    assert clicked.answers[0].type == 6
    assert 1.4 < clicked.answers[0].after < 2.5
    shop.gate.set()
    await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(ana)[-1].text)
    await shop.idle()
    await shop.works_until(lambda: not step.buttons)


async def test_an_answer_whose_line_broke_is_not_given_twice(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    stand_in.faults.lose("POST", "/interactions/**")
    await ana.presses(step, "Still failing")
    await shop.idle()
    await shop.works_until(lambda: "## Look at the bulb" in step.text)
    await shop.works_until_quiet()
    assert len([one for one in stand_in.messages(ana) if "Look at the bulb" in one.text]) == 1


async def test_an_interaction_token_is_never_logged(
    stand_in: Discord, shop: Workshop, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    stand_in.faults.refuse("POST", "/interactions/**", 10062)
    clicked = await ana.presses(step, "Still failing", waits=False)
    await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(ana)[-1].text)
    await shop.idle()
    shown = "".join(capfd.readouterr()) + caplog.text
    assert "an interaction was answered too late or twice" in shown
    assert clicked.token not in shown
