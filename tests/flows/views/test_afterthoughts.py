"""Tests that words written before the next prompt could be read stand beside the answer that they go with."""

from flows.events import Answered, Escalated, File, Said, Spoken
from flows.views.screen import Screen, screen
from tests.fakes.flows import Walk


def drawn() -> Screen:
    """Ana answers in two quick lines, the second with a picture, then asks for a person."""
    walk = Walk()
    walk.start()
    walk.do(Answered(turn=1, choice="still-failing"))
    walk.do(Said(text="same thing as before", turn=1, files=(File(id="F1", name="lamp.png"),)))
    walk.do(Escalated())
    words = {
        2: Spoken(text="nope"),
        3: Spoken(text="same thing as before", files=(File(id="F1", name="lamp.png"),)),
    }
    flows = {flow.revision: flow for flow in walk.shelf.by_id.values()}
    return screen(walk.at, walk.rows, words, flows, {})


def test_a_second_line_of_the_same_thought_stands_beside_the_answer() -> None:
    (row,) = drawn().tried
    assert (row.step, row.answer) == ("plug", "Still failing")
    assert row.said == Spoken(text="nope\nsame thing as before", files=(File(id="F1", name="lamp.png"),))


def test_the_summary_quotes_it_once() -> None:
    ticket = drawn().ticket
    assert ticket is not None
    assert ticket.summary.count("same thing as before") == 1
    assert ticket.summary.count("lamp.png") == 1
