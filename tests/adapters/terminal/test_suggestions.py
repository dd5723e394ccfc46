"""Tests how the terminal asks what a customer's words meant."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.terminal.support.table import Table
from tests.fakes.encoder import WordEncoder

QUESTION = "Sounds like it's working now. Is it fixed?"
LIKELY = "we are sailing again"


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    """Make a table for Ana in a process that measures what words likely mean."""
    made = Table(encoder=WordEncoder())
    yield made
    await made.world.close()


async def test_the_question_stands_below_the_words_with_answers_numbered_after_the_steps(
    table: Table,
) -> None:
    text = await table.sit(LIKELY, flow="lamp")
    said, _, after = text.partition(f"You: {LIKELY}\n")
    assert "[1] Fixed it" in said
    assert after.splitlines()[:6] == [
        "",
        QUESTION,
        "  [3] Yes, fixed",
        "  [4] No",
        "",
        "[1] Fixed it   [2] Still failing",
    ]


@pytest.mark.parametrize("typed", ["3", "yes", "Yes, fixed", "yep"])
async def test_a_yes_or_its_number_is_the_answer(table: Table, typed: str) -> None:
    text = await table.sit(LIKELY, typed, flow="lamp")
    assert "Solved" in text
    assert text.count(QUESTION) == 1


@pytest.mark.parametrize("typed", ["4", "no", "No"])
async def test_a_no_or_its_number_leaves_the_step(table: Table, typed: str) -> None:
    text = await table.sit(LIKELY, typed, "3", flow="lamp")
    assert "What you said is saved. To continue, choose an answer." in text
    assert "Solved" not in text
    assert text.count("[3]") == 1


async def test_the_steps_own_answers_keep_their_numbers(table: Table) -> None:
    text = await table.sit(LIKELY, "2", flow="lamp")
    assert "Look at the bulb" in text


async def test_who_comes_back_is_asked_again_below_the_step(table: Table) -> None:
    await table.sit(LIKELY, flow="lamp")
    text = await table.sit("3", flow="lamp")
    assert text.index("[2] Still failing") < text.index(QUESTION) < text.index("[3] Yes, fixed")
    assert "Solved" in text


async def test_a_suggested_person_opens_a_ticket(table: Table) -> None:
    text = await table.sit("a human being would be nice", "3", flow="lamp")
    assert "Would you like to talk to a person?" in text
    assert "Ticket #" in text


async def test_a_suggested_return_reopens_the_end(table: Table) -> None:
    text = await table.sit("1", "it came back to haunt me", "2", flow="lamp")
    assert "Is it happening again?" in text
    assert text.count("[1] Fixed it") == 2
