"""Tests Discord's sender: what it returns and raises for each answer of the stand-in."""

import asyncio
from typing import Any, Literal

import aiohttp
import pytest

from adapters.discord.render.components import without_pictures
from adapters.discord.render.effect_tag import mark
from adapters.discord.replies import HalfSent
from bot.ports import Busy, Delivery, Undeliverable, Unsure
from flows.effects import Amend, Relay
from flows.events import File
from flows.flow import Image
from flows.views.dossier import CustomerReply
from flows.views.quotes import verbatim
from tests.adapters.discord.support.sender import Bench, bench
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in

__all__ = ["bench", "stand_in"]


async def test_a_post_returns_where_it_stands_and_pings_nobody(bench: Bench) -> None:
    found = await bench.sender.send(bench.tell("@everyone **look**"))
    (shown,) = bench.discord.messages(bench.thread)
    assert found == f"{bench.thread.id}:{shown.id}"
    assert (shown.nonce, shown.pinged) == ("tell.0", set())
    assert shown.components[0]["id"] == mark("tell.0")
    (call,) = bench.discord.calls("POST", "/channels/*/messages")
    assert (call.json["enforce_nonce"], call.json["allowed_mentions"]) == (True, {"parse": []})


async def test_what_was_sent_is_dropped_when_it_is_repeated_and_found_when_it_is_looked_for(
    bench: Bench,
) -> None:
    ask = bench.ask()
    found = await bench.sender.send(ask)
    assert await bench.sender.send(ask) == found
    assert await bench.sender.settle(ask) == found
    assert await bench.sender.settle(bench.tell()) is None
    told = await bench.sender.send(bench.tell())
    bench.discord.passes(600)
    assert await bench.sender.settle(bench.tell()) == told
    assert len(bench.texts()) == 2


async def test_a_post_whose_answer_was_lost_is_found(bench: Bench) -> None:
    await bench.calls.identity()
    bench.discord.faults.lose("POST", "/channels/*/messages")
    with pytest.raises(aiohttp.ClientError):
        await bench.sender.send(bench.ask())
    (shown,) = bench.discord.messages(bench.thread)
    assert await bench.sender.settle(bench.ask()) == f"{bench.thread.id}:{shown.id}"


async def test_where_more_was_written_since_than_can_be_seen_nobody_can_say(bench: Bench) -> None:
    for number in range(100):
        await bench.ana.writes(bench.thread, str(number))
    with pytest.raises(Unsure):
        await bench.sender.settle(bench.ask())


@pytest.mark.parametrize("code", [50001, 50007, 50013, 50278, 10003, 50083, 50035])
async def test_what_discord_will_never_take_is_undeliverable(bench: Bench, code: int) -> None:
    await bench.calls.identity()
    bench.discord.faults.refuse("POST", "/channels/*/messages", code, times=2)
    with pytest.raises(Undeliverable, match=str(code)):
        await bench.sender.send(bench.tell())


async def test_what_may_pass_is_busy(bench: Bench) -> None:
    await bench.calls.identity()
    bench.discord.faults.refuse("POST", "/channels/*/messages", 40058)
    with pytest.raises(Busy) as soon:
        await bench.sender.send(bench.tell())
    bench.discord.faults.limit("POST", "/channels/*/messages", seconds=45)
    with pytest.raises(Busy) as limited:
        await bench.sender.send(bench.tell())
    bench.discord.faults.limit("POST", "/channels/*/messages", scope="cloudflare")
    with pytest.raises(Busy):
        await bench.sender.send(bench.tell())
    bench.limiter.wait = 0.5
    with pytest.raises(Busy) as ours:
        await bench.sender.send(bench.tell())
    assert (soon.value.seconds, limited.value.seconds, ours.value.seconds) == (2.0, 45, 0.5)
    assert bench.texts() == []


async def test_a_server_with_too_many_open_threads_is_waited_for(bench: Bench) -> None:
    await bench.calls.identity()
    bench.discord.faults.refuse("POST", "/channels/*/messages", 160006)
    with pytest.raises(Busy):
        await bench.sender.send(bench.tell())


async def test_a_short_rate_limit_and_a_failing_server_are_waited_for(bench: Bench) -> None:
    bench.discord.faults.limit("POST", "/channels/*/messages")
    await bench.sender.send(bench.tell())
    bench.discord.faults.refuse("POST", "/channels/*/messages", 500)
    await bench.sender.send(bench.ask())
    assert len(bench.texts()) == 2


async def test_a_token_that_is_refused_is_waited_for_and_not_in_any_error(
    stand_in: Discord, bench: Bench
) -> None:
    stand_in.world.settings.token = "another"
    with pytest.raises(Busy) as waits:
        await bench.sender.send(bench.tell())
    assert waits.value.seconds >= 60
    stand_in.world.settings.token = bench.calls._token  # the right one again
    assert await bench.sender.send(bench.tell())


async def test_a_picture_that_discord_cannot_load_is_left_out(bench: Bench) -> None:
    await bench.calls.identity()
    ask = bench.ask()
    assert ask.prompt is not None
    image = Image(src="https://lamps.example/plug.png", alt="A plug")
    ask = ask.model_copy(update={"prompt": ask.prompt.model_copy(update={"image": image})})
    bench.discord.faults.refuse("POST", "/channels/*/messages", 50035)
    await bench.sender.send(ask)
    first, second = bench.discord.calls("POST", "/channels/*/messages")
    assert "plug.png" in str(first.json)
    assert "plug.png" not in str(second.json)
    assert without_pictures(first.json["components"]) == second.json["components"]


async def test_an_agents_reply_is_said_under_their_name_with_its_files_named(bench: Bench) -> None:
    words, files = verbatim("Try *this* @everyone"), (File(id="1", name="how_to.pdf"),)
    reply = CustomerReply(who="Max", actor="slack:T:U", words=words, files=files)
    relay = bench.delivery(Relay(id="relay.0", end="customer", version=3), reply=reply)
    await bench.sender.send(relay)
    (text,) = bench.texts()
    assert text == "**Max**\nTry \\*this\\* @\u200beveryone\n-# 📎 how\\_to.pdf: I couldn't attach this file."


async def test_to_ask_what_arrived_is_no_attempt(bench: Bench) -> None:
    await bench.calls.identity()
    bench.discord.faults.lose("GET", "/channels/*/messages", times=2)  # the session itself asks twice
    with pytest.raises(Busy):
        await bench.sender.settle(bench.ask())
    bench.discord.faults.refuse("GET", "/channels/*/messages", 50001)
    with pytest.raises(Unsure):
        await bench.sender.settle(bench.ask())
    silent = bench.ask()
    at = silent.conversation.model_copy(update={"changed_at": 1})
    with pytest.raises(Unsure):
        await bench.sender.settle(silent.model_copy(update={"conversation": at}))


def test_the_mark_of_an_effect_is_a_number_that_discord_takes() -> None:
    marks = {mark(f"effect.{number}") for number in range(2000)}
    assert len(marks) == 2000
    assert all(0 < one < 2**31 for one in marks)


# ---------------------------------------------------------------- long replies

LONG = "\n\n".join(f"Paragraph {number}: " + "press *this* one, then that one. " * 12 for number in range(20))


def said(bench: Bench, text: str, since: Literal["", "changed", "gone"] = "", **given: Any) -> Delivery:
    reply = CustomerReply(who="Max", actor="slack:T:U", words=verbatim(text), since=since)
    amends = since != ""
    effect = (
        Amend(id="amend.0", end="customer", version=3, by=4)
        if amends
        else Relay(id="relay.0", end="customer", version=3)
    )
    return bench.delivery(effect, reply=reply, **given)


def letters(texts: list[str]) -> str:
    return "".join("".join(texts).replace("\\", "").split())


def whole(text: str) -> str:
    return "".join(f"**Max**{text}".split())


async def test_a_long_reply_is_sent_whole_in_several_messages(bench: Bench) -> None:
    receipt = await bench.sender.send(said(bench, LONG))
    texts = bench.texts()
    assert len(texts) > 2
    assert letters(texts) == whole(LONG)
    assert "desk" not in "".join(texts)
    assert len(receipt.split(" ")) == len(texts)
    assert await bench.sender.settle(said(bench, LONG)) == receipt
    assert bench.texts() == texts


async def test_a_long_reply_that_was_interrupted_is_finished_and_nothing_comes_twice(bench: Bench) -> None:
    await bench.sender.send(bench.tell("before"))
    bench.limiter.left = 2
    with pytest.raises(Busy):
        await bench.sender.send(said(bench, LONG))
    bench.limiter.left = None
    first = bench.discord.faults.hold("POST", "/channels/*/messages")
    sending = asyncio.create_task(bench.sender.send(said(bench, LONG)))
    await first.reached.wait()
    second = bench.discord.faults.hold("POST", "/channels/*/messages")
    first.release()
    await second.reached.wait()
    bench.discord.faults.limit("POST", "/channels/*/messages", seconds=45)
    second.release()
    with pytest.raises(HalfSent):
        await sending
    assert len(bench.texts()) == 2
    receipt = await bench.sender.settle(said(bench, LONG))
    assert receipt is not None
    assert letters(bench.texts()[1:]) == whole(LONG)
    assert len(receipt.split(" ")) == len(bench.texts()) - 1


async def test_an_edited_long_reply_uses_its_messages_again_and_a_deleted_one_leaves_none(
    bench: Bench,
) -> None:
    receipt = await bench.sender.send(said(bench, LONG))
    count = len(bench.texts())
    longer = await bench.sender.send(said(bench, LONG + LONG, "changed", copied=receipt))
    assert len(bench.texts()) > count
    assert letters(bench.texts()) == whole(LONG + LONG)
    short = await bench.sender.send(said(bench, "Never mind", "changed", copied=longer))
    assert letters(bench.texts()) == whole("Never mind")
    assert short == longer.partition(" ")[0]
    again = await bench.sender.send(said(bench, LONG, "changed", copied=short))
    assert letters(bench.texts()) == whole(LONG)
    await bench.sender.send(said(bench, "", "gone", copied=again))
    assert bench.texts() == []
