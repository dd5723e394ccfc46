"""Tests the one line that a direct message about a ticket has."""

from flows.events import (
    Claimed,
    Concluded,
    Escalated,
    Event,
    File,
    Noted,
    Reopened,
    Said,
    Spoken,
    Transferred,
)
from flows.views.dossier import dossier
from flows.views.notice_lines import FIRST_WORDS, notice_line
from tests.fakes.agents import MIA, by
from tests.fakes.flows import Walk


def line_for(*events: Event, text: str = "", files: tuple[File, ...] = ()) -> str:
    """Return the line about the last event, which comes after Max claimed Ana's ticket."""
    walk = Walk()
    walk.start()
    for earlier in (Escalated(), by(Claimed(name="Max")), *events):
        walk.do(earlier)
    words = {walk.at.version: Spoken(text=text, files=files)}
    flows = {flow.revision: flow for flow in walk.shelf.by_id.values()}
    seen = dossier(walk.at, walk.rows, words, flows, {})
    line = seen.at(walk.at.version)
    assert line is not None
    return notice_line(walk.rows[-1].event, line, seen)


def test_it_has_the_customers_first_words_on_one_line() -> None:
    assert line_for(Said(text="x"), text="It is\n\n**dark**").endswith(
        " wrote in ticket #71: “It is **dark**”"
    )
    long = line_for(Said(text="x"), text="dark " * 100)
    assert long.endswith("…”")
    assert len(long) < FIRST_WORDS + 60


def test_a_file_without_words_is_named() -> None:
    shown = line_for(Said(text=""), files=(File(id="F1", name="lamp.png"),))
    assert "lamp.png" in shown


def test_what_a_customer_did_without_words_is_said() -> None:
    assert line_for(by(Concluded(reason="done")), Reopened()).startswith(
        "Ticket #71: Customer walk reported it again"
    )


def test_a_transfer_names_who_did_it_and_a_note_keeps_its_words() -> None:
    to_mia = by(Transferred(to=MIA, to_name="Mia", name="Max"))
    assert line_for(to_mia).startswith("Max transferred ticket #71 to you: ")
    noted = line_for(by(Noted(text="x", name="Max")), text="they never pay")
    assert noted.startswith("Max mentioned you in a note on ticket #71: ")
    assert "pay" not in noted
