"""Tests kill -9 of the process that talks to Discord: every step arrives once, and missed messages are read."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.chaos.support.discord import Crew, live, shown, thread_of, titles
from tests.fakes.discord import Channel, Discord, Person
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.interactions import Interaction

__all__ = ["stand_in"]

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

POST = "/channels/*/messages"
ANSWER = "/interactions/*/*/callback"


@pytest.fixture
async def crew(stand_in: Discord, tmp_path: Path) -> AsyncIterator[Crew]:
    made = Crew(stand_in, tmp_path)
    try:
        yield made
    finally:
        await made.leave()


async def begun(stand_in: Discord) -> tuple[Person, Channel]:
    """Start Ana's thread with the first step of the dark house."""
    guild = stand_in.guild("Workshop")
    room, ana = guild.text("help"), guild.member("Ana")
    await stand_in.until(stand_in.commands)
    await ana.runs("fix", room, problem="house")
    return ana, await thread_of(stand_in, room)


def answered(stand_in: Discord, clicked: Interaction) -> bool:
    """Return whether the product has called to answer that click."""
    return bool(stand_in.calls("POST", f"/interactions/{clicked.id}/*/callback"))


@pytest.mark.parametrize("command", ["discord", "run"], ids=["a worker lives on", "all in one process"])
async def test_killed_around_each_answer_every_step_arrives_once(
    stand_in: Discord, crew: Crew, command: str
) -> None:
    if command == "discord":
        crew.hire("worker")
    victim = await crew.ears(command)
    ana, thread = await begun(stand_in)
    faults = stand_in.faults
    for number, fault in enumerate(("hold", "lose", "none"), start=1):
        asked = await shown(stand_in, thread, f"Lamp {number}", 40)
        if fault == "hold":
            with faults.held("POST", ANSWER) as held:
                await ana.presses(asked, "Still failing", waits=False)
                await held.reached.wait()
                await crew.kill(victim)
        else:
            if fault == "lose":
                faults.lose("POST", ANSWER)
            clicked = await ana.presses(asked, "Still failing", waits=False)
            await stand_in.until(partial(answered, stand_in, clicked))
            await crew.kill(victim)
        victim = await crew.ears(command)
    await shown(stand_in, thread, "Lamp 4", 40)
    assert len(live(stand_in, thread)) == 1
    assert titles(stand_in, thread).count("Lamp 4") == 1
    assert await crew.dismiss(victim) == 0


async def test_killed_while_a_step_is_posted_it_is_there_once(stand_in: Discord, crew: Crew) -> None:
    crew.settings["SEND_LEASE"] = "30"  # as usual: the next process notices the death sooner
    victim = await crew.ears("run")
    guild = stand_in.guild("Workshop")
    room, ana = guild.text("help"), guild.member("Ana")
    await stand_in.until(stand_in.commands)
    stand_in.faults.lose("POST", POST, times=9)
    await ana.runs("fix", room, problem="house")
    await stand_in.until(lambda: stand_in.calls("POST", POST))
    await crew.kill(victim)
    stand_in.faults.forget()
    await crew.ears("run")
    thread = await thread_of(stand_in, room, 20)
    await shown(stand_in, thread, "Lamp 1", 20)
    assert titles(stand_in, thread).count("Lamp 1") == 1


async def test_what_was_written_while_nobody_was_there_is_read_at_the_next_start(
    stand_in: Discord, crew: Crew
) -> None:
    victim = await crew.ears("run")
    ana, thread = await begun(stand_in)
    await ana.dms("the house is dark")
    await shown(stand_in, ana, "Lamp 1")
    assert await crew.dismiss(victim) == 0  # so that the receipts of both steps are kept
    await ana.writes(thread, "still failing")
    await ana.dms("still failing")
    await ana.dms("still failing")
    await ana.dms("human please")
    await crew.ears("run")
    await shown(stand_in, thread, "Lamp 2", 30)
    await shown(stand_in, ana, "Lamp 2", 30)
    await stand_in.until(lambda: any("opened ticket" in one.text for one in stand_in.messages(ana)), 30)
    assert "Lamp 3" not in titles(stand_in, ana)


async def test_a_process_that_is_asked_to_stop_finishes_what_it_has_begun(
    stand_in: Discord, crew: Crew
) -> None:
    staying = await crew.ears("run")
    ana, thread = await begun(stand_in)
    asked = await shown(stand_in, thread, "Lamp 1")
    with stand_in.faults.held("POST", ANSWER) as held:
        clicked = await ana.presses(asked, "Still failing", waits=False)
        await held.reached.wait()
        staying.terminate()
        held.release()
        await clicked.answered()
    assert await crew.dismiss(staying) == 0
    assert [one.type for one in clicked.answers] == [7]
    await stand_in.until(lambda: not stand_in.gateway.sessions)
    await crew.ears("run")
    await shown(stand_in, thread, "Lamp 2", 30)


async def test_no_token_is_ever_logged_however_much_is(stand_in: Discord, crew: Crew) -> None:
    crew.settings["LOG_LEVEL"] = "debug"
    victim = await crew.ears("run")
    ana, thread = await begun(stand_in)
    stand_in.faults.limit("POST", ANSWER, seconds=0.01)
    stand_in.faults.refuse("POST", POST, 500)
    stand_in.gateway.send_text("no JSON")
    asked = await shown(stand_in, thread, "Lamp 1")
    await ana.presses(asked, "Still failing", waits=False)
    await stand_in.connected(seconds=30)
    await crew.dismiss(victim)
    told = crew.told()
    assert "[debug" in told
    assert stand_in.token not in told
    assert stand_in.token.rpartition(".")[2] not in told
    assert all(one.token not in told for one in stand_in.interactions())
