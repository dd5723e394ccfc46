"""Discord's sender on its own: what it returns and raises for each answer of the stand-in's REST interface."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.discord.answering import Answer, Answers
from adapters.discord.calls import Calls
from adapters.discord.forums import Forums
from adapters.discord.happenings import Acted
from adapters.discord.places import Person, Place
from adapters.discord.sender import Discord as Sender
from adapters.discord.sender import mark, without_pictures
from bot.ports import Busy, Delivery, Undeliverable, Unsure
from flows.conversation import Address, Conversation
from flows.effects import Ask, Retire, Tell
from flows.flow import Image
from flows.prompts import prompt
from flows.words import parse
from tests.fakes.discord import Channel, Discord
from tests.fakes.discord import Person as Member
from tests.fakes.discord.pointing import stand_in
from tests.fakes.flows import lamp

__all__ = ["stand_in"]

HERE = "05n23tfww7gvg4s74o"


class Freely:
    """A limiter that lets everything through, or asks to wait."""

    def __init__(self) -> None:
        self.wait = 0.0

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        return self.wait


class Bench:
    """A sender with what it stands on, and a thread to send to."""

    def __init__(self, stand_in: Discord, session: aiohttp.ClientSession) -> None:
        guild = stand_in.guild()
        self.discord = stand_in
        self.ana = guild.member("Ana")
        self.thread: Channel = guild.text("help")
        self.limiter, self.answers = Freely(), Answers()
        self.calls = Calls(stand_in.token, session)
        self.ahead = 0.0
        self.sender = Sender(self.calls, self.limiter, self.answers, Forums(), self.now)

    def now(self) -> float:
        return self.discord.world.clock.now() + self.ahead

    def delivery(self, effect: Ask | Tell | Retire, turn: int = 1, **given: object) -> Delivery:
        room = str(self.thread.id)
        address = Address(channel="discord", workspace="1", room=room, person=str(self.ana.id))
        flow = lamp()
        at = Conversation(
            id=HERE,
            turn=turn,
            version=1,
            flow=flow.id,
            revision=flow.revision,
            step="plug",
            contact=f"discord:{self.ana.id}",
            customer=str(address),
            asked=effect.id if isinstance(effect, Ask) else "next",
            changed=int(self.now() * 1000),
        )
        shown = prompt(flow, at, {}) if isinstance(effect, Ask) else None
        whole = Delivery(effect=effect, conversation=at, address=address, prompt=shown)
        return whole.model_copy(update=given)

    def ask(self, turn: int = 1) -> Delivery:
        return self.delivery(Ask(id=f"ask.{turn}", turn=turn), turn)

    def tell(self, words: str = "hello") -> Delivery:
        return self.delivery(Tell(id="tell.0", words="nudge"), words=parse(words))

    def retire(self, of: str, turn: int = 2, ago: int = 0) -> Delivery:
        made = self.delivery(
            Retire(id="retire.0", of="ask.1"), turn, of=of, words=parse("Plug it in · Fixed it")
        )
        at = made.conversation.model_copy(update={"changed": int(self.now() * 1000) - ago})
        return made.model_copy(update={"conversation": at})

    def texts(self) -> list[str]:
        return [one.text for one in self.discord.messages(self.thread)]

    async def clicks(self, label: str, version: int = -1) -> Answer:
        """Ana presses the button of the last message; what answers it."""
        (shown,) = self.discord.messages(self.thread)
        member: Member = self.ana
        pressed = await member.presses(shown, label, version=version, waits=False)
        acted = Acted(
            id=str(pressed.id),
            token=pressed.token,
            application=str(self.discord.bot.id),
            person=Person(user=str(member.id)),
            place=Place(),
            message=str(shown.id),
        )
        return Answer(self.calls, acted)


@pytest.fixture
async def bench(stand_in: Discord) -> AsyncIterator[Bench]:
    async with aiohttp.ClientSession() as session:
        made = Bench(stand_in, session)
        yield made
        await made.calls.close()


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


# ---------------------------------------------------------------- a step as the answer to a click


async def test_a_step_is_the_answer_to_the_click_that_led_to_it(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        assert await bench.sender.send(bench.ask(2)) == first
    assert len(bench.texts()) == 1
    assert await bench.sender.settle(bench.ask(2)) == first
    assert await bench.sender.settle(bench.ask(1)) is None
    assert await bench.sender.send(bench.retire(first)) == first
    assert "Fixed it" in bench.discord.messages(bench.thread)[0].buttons


async def test_a_step_is_posted_when_the_click_was_answered_is_too_late_or_old(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answered = await bench.clicks("Still failing")
    await answered.later()
    late = await bench.clicks("Still failing")
    old = await bench.clicks("Still failing")
    bench.discord.faults.refuse("POST", f"/interactions/{late.acted.id}/**", 10062)
    for turn, answer in ((2, answered), (3, late)):
        with bench.answers.offered(HERE, turn, answer):
            assert await bench.sender.send(bench.ask(turn)) != first
    bench.ahead = 3600
    with bench.answers.offered(HERE, 4, old):
        assert await bench.sender.send(bench.ask(4)) != first
    assert len(bench.texts()) == 4


async def test_what_is_said_first_makes_the_step_stand_below_it(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        await bench.sender.send(bench.tell())
        second = await bench.sender.send(bench.ask(2))
    assert second != first
    assert await bench.sender.send(bench.retire(first)) == first
    assert bench.texts()[0] == "-# Plug it in · Fixed it"


# ---------------------------------------------------------------- taking the buttons away


async def test_in_another_process_the_message_itself_says_whether_it_lives_on(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    elsewhere = Sender(bench.calls, bench.limiter, Answers(), Forums(), bench.now)
    with pytest.raises(Busy):
        await elsewhere.send(bench.retire(first))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        await bench.sender.send(bench.ask(2))
    assert await elsewhere.send(bench.retire(first, turn=2, ago=6_000)) == first
    assert bench.discord.messages(bench.thread)[0].buttons
    assert await elsewhere.send(bench.retire(first, turn=3, ago=6_000)) == first
    assert bench.texts() == ["-# Plug it in · Fixed it"]


@pytest.mark.parametrize("code", [10008, 30046, 50083])
async def test_buttons_that_cannot_be_taken_away_are_no_reason_to_wait(bench: Bench, code: int) -> None:
    first = await bench.sender.send(bench.ask(1))
    silent = bench.retire(first)
    at = silent.conversation.model_copy(update={"asked": ""})
    bench.discord.faults.refuse("PATCH", "/channels/*/messages/*", code, times=5)
    gone = silent.model_copy(update={"conversation": at})
    async with asyncio.timeout(5):
        assert await bench.sender.send(gone) in ("", first)


def test_the_mark_of_an_effect_is_a_number_that_discord_takes() -> None:
    marks = {mark(f"effect.{number}") for number in range(2000)}
    assert len(marks) == 2000
    assert all(0 < one < 2**31 for one in marks)
