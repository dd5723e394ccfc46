"""Tests a customer at a terminal who walks the guide on the real desk, quits and comes back."""

import asyncio
import os

import pytest

from adapters.terminal.lines import Lines
from adapters.terminal.receiver import converse
from bot.ports import Outcome, StoreDown
from bot.wiring.flow_files import read_flow_files
from bot.wiring.settings import LIBRARY
from flows.conversation import Status
from flows.events import Event, TimerRang
from flows.text.phrases import PHRASES, apology
from tests.adapters.terminal.support.table import Paper, Table


def titles(text: str) -> list[str]:
    """Return the titles of the lamp's cards, in the order shown."""
    known = {"Plug it in", "Look at the bulb", "Put in a new bulb", "Press the switch", "Unplug it"}
    known |= {"What do you need help with?", "Email the lamp maker", "Solved"}
    return [line for line in text.splitlines() if line in known]


async def test_the_shortest_path_is_one_answer(table: Table) -> None:
    text = await table.sit("1", flow="lamp")
    assert titles(text) == ["Plug it in", "Solved"]
    assert "Two sentences on lamps." in text
    assert "You: Fixed it" in text
    assert "Good plug." in text
    assert "[1] It's happening again" in text


async def test_the_longest_path_ends_with_a_ticket_its_address_and_a_summary_to_copy(table: Table) -> None:
    text = await table.sit("still failing", "2", "2", "2", flow="lamp")
    assert titles(text) == [
        "Plug it in",
        "Look at the bulb",
        "Put in a new bulb",
        "Press the switch",
        "Email the lamp maker",
    ]
    assert "so email help@lamps.example" in " ".join(text.split())
    assert "4. Press the switch · Still failing" in text
    assert "Your progress is saved. Ticket #" in text


async def test_the_first_guide_is_walked_to_its_end_by_labels_and_by_words() -> None:
    table = Table(shelf=read_flow_files((LIBRARY,)).catalogue)
    answers = (
        "Still failing",
        "no",
        "2",
        "Has a value",
        "I have it",
        "still broken",
        "Empty",
        "have-it",
        "2",
    )
    text = " ".join((await table.sit(*answers, flow="connection-not-active")).split())
    assert "Email Conductor support" in text
    assert "so email support@conductor.is" in text
    assert "9. Save the password again · Still failing" in text
    assert "- every-min: has a value - password box: empty" in text
    assert "The guide didn't help" in text
    await table.world.close()


async def test_each_step_is_shown_once_however_it_came_to_the_screen(table: Table) -> None:
    text = await table.sit("2", "1", "b", "b", flow="lamp")
    assert titles(text) == [
        "Plug it in",
        "Look at the bulb",
        "Press the switch",
        "Look at the bulb",
        "Plug it in",
    ]


async def test_the_picker_leads_into_the_flow_that_is_chosen(table: Table) -> None:
    assert titles(await table.sit("1")) == ["What do you need help with?", "Plug it in"]


async def test_a_pasted_error_text_finds_its_flow_and_keeps_what_it_says(table: Table) -> None:
    text = await table.sit("Sorry: lamp is dark since Tuesday", "p")
    assert titles(text) == ["What do you need help with?", "Plug it in"]
    assert "since: Tuesday" in text


async def test_a_person_is_one_letter_away_and_the_step_stays_usable(table: Table) -> None:
    text = await table.sit("p", "1", flow="lamp")
    assert "I opened ticket #" in text
    assert "help@lamps.example" in text
    assert "w Cancel ticket" in text
    assert titles(text) == ["Plug it in", "Solved"]
    assert "is closed." in text


async def test_details_are_three_questions_each_of_which_may_be_skipped(table: Table) -> None:
    text = await table.sit("p", "d", "2", "It smells", "555-1234", "t", flow="lamp")
    assert "Thanks. I added that to ticket #" in text
    assert "I can't find what the step mentions" in text
    assert "> It smells" in text
    assert "I didn't add anything" in await table.sit("d", "", "", "")


async def test_a_ticket_can_be_taken_back(table: Table) -> None:
    text = await table.sit("p", "w", flow="lamp")
    assert "Let's continue the guide." in text
    assert text.endswith("Your progress is saved. To continue:\n  python -m bot chat")


async def test_later_asks_how_much_later(table: Table) -> None:
    assert "check in with you in an hour" in await table.sit("l", "1", flow="lamp")
    assert "I'll wait until you're back" in await table.sit("l", "when i'm back at that computer")
    assert "Your progress is saved. To continue" in await table.sit("l", "", "q")


async def test_plain_words_are_understood_and_others_kept(table: Table) -> None:
    assert "Solved" in titles(await table.sit("it works now", flow="lamp"))
    text = await table.sit("the cat sat on it", flow="lamp")
    assert "Saved. If you talk to a person" in text
    assert "You: the cat sat on it" in text


async def test_a_number_that_is_not_there_and_an_empty_line_change_nothing(table: Table) -> None:
    text = await table.sit("9", "", "1", flow="lamp")
    assert PHRASES["not_offered"] in text
    assert titles(text) == ["Plug it in", "Solved"]


async def test_coming_back_goes_on_at_the_same_place_with_what_was_done(table: Table) -> None:
    await table.sit("2", flow="lamp")
    text = await table.sit()
    assert "Welcome back. Let's pick up where you left off." in text
    assert "  Plug it in · Still failing" in text
    assert titles(text) == ["Look at the bulb"]


async def test_asking_for_another_flow_offers_to_go_on_or_to_begin_it(table: Table) -> None:
    await table.sit("2", flow="lamp")
    text = await table.sit("1", flow="fire", title="It smells of smoke")
    assert "[1] Continue it: The lamp stays dark" in text
    assert titles(text) == ["Look at the bulb"]
    text = await table.sit("both", "2", flow="fire")
    assert "Type 1 or 2." in text
    assert titles(text) == ["Unplug it"]
    assert titles(await table.sit()) == ["Look at the bulb"]


async def test_start_over_begins_the_flow_again(table: Table) -> None:
    assert titles(await table.sit("2", "r", flow="lamp")) == ["Plug it in", "Look at the bulb", "Plug it in"]


async def test_what_is_solved_can_come_back_in_the_same_sitting_and_later(table: Table) -> None:
    assert titles(await table.sit("1", "1", flow="lamp")) == ["Plug it in", "Solved", "Plug it in"]
    text = await table.sit("1")
    assert "Glad I could help. If it happens again:\n  python -m bot chat --again" in text
    ended = text.split()[-1]
    assert titles(await table.sit("it's back", conversation=ended)) == ["Solved", "Plug it in"]


async def test_nobody_goes_back_to_somebody_elses_conversation(table: Table) -> None:
    ended = (await table.sit("1", flow="lamp")).split()[-1]
    table.person = table.terminal.person = "bob"
    assert "I can't find that conversation." in await table.sit(conversation=ended)
    assert "I can't find that conversation." in await table.sit(conversation="07nothing")


async def test_a_flow_that_is_not_on_offer_is_refused_kindly(table: Table) -> None:
    assert PHRASES["unknown_flow"] in await table.sit(flow="toaster")


async def test_an_answer_given_in_another_window_counts_once_and_shows_where_things_stand(
    table: Table,
) -> None:
    await table.sit(flow="lamp")
    honest, answered = table.receive, False

    async def raced(event: Event) -> Outcome | None:
        nonlocal answered
        if event.type == "answered" and not answered:
            answered = True
            await honest(event.model_copy(update={"key": "other window"}))
        return await honest(event)

    table.receive = raced
    text = await table.sit("2")
    assert PHRASES["past_turn"] in text
    assert titles(text)[-1] == "Look at the bulb"


async def test_a_store_that_goes_down_is_told_with_an_address_and_may_be_tried_again(table: Table) -> None:
    honest, down = table.receive, iter([True, False])

    async def failing(event: Event) -> Outcome | None:
        if event.type == "answered" and next(down):
            raise StoreDown("gone")
        return await honest(event)

    table.receive = failing
    text = await table.sit("1", "1", flow="lamp", support="help@lamps.example")
    assert apology("store_down", "help@lamps.example") in " ".join(text.split())
    assert titles(text) == ["Plug it in", "Solved"]


async def test_a_store_that_is_down_at_the_beginning_is_the_callers_affair(table: Table) -> None:
    async def down(event: Event) -> Outcome | None:
        raise StoreDown("gone")

    table.receive = down
    with pytest.raises(StoreDown):
        await table.sit(flow="lamp")


async def test_words_that_arrive_while_somebody_types_stand_on_lines_of_their_own(table: Table) -> None:
    out = Paper()
    table.terminal.console = table.console(out, terminal=True)
    reader, writer = os.pipe()
    sitting = asyncio.create_task(converse(table.ports(), table.terminal, Lines(reader), table.visit("lamp")))
    async with asyncio.timeout(30):
        await out.marked.wait()
        here = table.terminal.live[0]
        at = await table.world.store.conversations.load(here)
        assert at is not None
        rang = TimerRang(
            conversation=here, kind="nudge", turn=at.turn, status=Status.GUIDING, key="t1", actor="timer"
        )
        await table.world.send(rang, actor="timer")
        assert out.getvalue().endswith("> ")
        assert "\n> \n" in out.getvalue()
        assert "You stopped at Plug it in." in " ".join(out.getvalue().split())
        os.write(writer, b"q\n")
        await sitting


async def test_a_prompt_that_came_while_somebody_typed_is_the_one_that_is_answered(table: Table) -> None:
    out = Paper()
    table.terminal.console = table.console(out, terminal=True)
    reader, writer = os.pipe()
    sitting = asyncio.create_task(converse(table.ports(), table.terminal, Lines(reader), table.visit("lamp")))
    async with asyncio.timeout(30):
        await out.marked.wait()
        here, turn = table.terminal.live
        rang = TimerRang(
            conversation=here, kind="close", turn=turn, status=Status.GUIDING, key="t1", actor="timer"
        )
        await table.world.send(rang, actor="timer")
        os.write(writer, b"1\nq\n")
        await sitting
    text = out.getvalue()
    assert "Closed for now" in text
    assert "You: It's happening again" in text
    assert PHRASES["past_turn"] not in text


async def test_being_interrupted_is_a_kind_farewell_as_well(table: Table) -> None:
    out = Paper()
    table.terminal.console = table.console(out, terminal=True)
    reader, _writer = os.pipe()
    sitting = asyncio.create_task(converse(table.ports(), table.terminal, Lines(reader), table.visit("lamp")))
    async with asyncio.timeout(30):
        await out.marked.wait()
    sitting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sitting
    assert "Your progress is saved. To continue:\n  python -m bot chat" in out.getvalue()


async def test_after_a_solution_one_can_say_how_it_went_and_is_thanked(table: Table) -> None:
    text = await table.sit("1", "r5", flow="lamp")
    assert "r5 Great" in text
    assert PHRASES["rated"] in text
