"""Tests the dossier: it has a line for every event, and the customer's screen in it has no note."""

from typing import Any

import pytest

from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Detailed,
    Edited,
    Escalated,
    Event,
    File,
    HandedBack,
    Joined,
    Napped,
    Noted,
    PlaceLost,
    Reacted,
    Released,
    Reopened,
    Replied,
    Said,
    Shared,
    Showed,
    Snoozed,
    Spoken,
    TimerRang,
    Transferred,
    Withdrawn,
    Woken,
    Wrote,
)
from flows.text.markup.words import plain
from flows.views.dossier import CustomerReply, Dossier, Line, dossier
from flows.views.quotes import verbatim
from tests.fakes.flows import Walk

MAX = "desk:max"


class Told:
    """A walk with what was said beside it, as the store keeps it."""

    def __init__(self) -> None:
        self.walk = Walk()
        self.said: dict[int, Spoken] = {}
        self.walk.start()

    def do(self, event: Event, actor: str = "", text: str = "", *files: File) -> "Told":
        self.walk.do(event.model_copy(update={"actor": actor}) if actor else event)
        if text or files:
            self.said[self.walk.at.version] = Spoken(text=text, files=files)
        return self

    def read(self) -> Dossier:
        flows = {flow.revision: flow for flow in self.walk.shelf.by_id.values()}
        return dossier(self.walk.at, self.walk.rows, self.said, flows, {})

    def last(self) -> Line:
        line = self.read().at(self.walk.at.version)
        assert line is not None
        return line

    def sentence(self) -> str:
        line = self.last()
        return f"{line.who} {plain(line.words)}"


def with_agent() -> Told:
    return Told().do(Claimed(name="Max"), MAX)


def test_whose_words_they_were_is_the_kind_of_the_line() -> None:
    told = with_agent()
    cases: list[tuple[Event, str, str]] = [
        (Said(), "", "said"),
        (Replied(), MAX, "reply"),
        (Wrote(), MAX, "reply"),
        (Noted(), MAX, "note"),
        (Detailed(), "", "said"),
    ]
    for event, actor, kind in cases:
        line = told.do(event, actor, "**so** <it> goes").last()
        assert (line.kind, plain(line.words)) == (kind, "**so** <it> goes")
        assert line.who == ("Max" if actor else "Customer walk")


def test_a_note_is_for_agents_alone() -> None:
    told = with_agent().do(Noted(), MAX, "the customer is rude", File(id="F1", name="secret-plan.pdf"))
    read = told.read()
    assert "rude" in plain(read.lines[-1].words)
    assert "rude" not in str(read.screen.model_dump())
    assert "secret-plan" not in str(read.screen.model_dump())


def test_files_come_with_the_words() -> None:
    picture = File(id="F1", name="error.png")
    assert with_agent().do(Said(), "", "", picture).last().files == (picture,)


def test_words_taken_back_leave_a_line_that_says_so() -> None:
    told = with_agent().do(Replied(), MAX, "wrong window")
    version = told.walk.at.version
    told.said.clear()
    told.do(Edited(version=version, was="replied", gone=True), MAX)
    line = told.read().at(version)
    assert line is not None
    assert (line.kind, plain(line.words), line.since) == ("reply", "deleted", "gone")


def test_a_message_without_words_is_not_called_deleted() -> None:
    line = with_agent().do(Said()).last()
    assert (line.kind, plain(line.words), line.since) == ("said", "a message without text", "")


ACTS: list[tuple[Event, str, str]] = [
    (Released(), MAX, "Max released this ticket: it's unassigned"),
    (Transferred(to="desk:mia", to_name="Mia"), MAX, "Max transferred this ticket to Mia"),
    (Transferred(to="desk:mia", to_name="Mia", name="Mia"), "desk:mia", "Mia took this ticket"),
    (Transferred(team="safety"), MAX, "Max transferred this ticket to team safety"),
    (HandedBack(step="switch"), MAX, "Max handed back to the bot at Press the switch"),
    (HandedBack(flow="fire"), MAX, "Max handed back to the bot at Unplug it"),
    (Concluded(reason="new bulb"), MAX, "Max resolved this: new bulb"),
    (Concluded(), MAX, "Max resolved this"),
    (Snoozed(), MAX, "Max snoozed this ticket until the customer writes"),
    (Snoozed(until="hour"), MAX, "Max snoozed this ticket for an hour"),
    (Snoozed(until="tomorrow"), MAX, "Max snoozed this ticket until tomorrow"),
    (Showed(step="switch"), MAX, "Max sent the step Press the switch"),
    (Escalated(reason="cannot_find"), "", ""),
    (Shared(to="web:ben", name="Ben"), "", "Customer walk let Ben use the buttons"),
    (
        Shared(to="web:ben", name="Ben", way="direct"),
        "",
        "Customer walk let Ben use the buttons, in a direct message",
    ),
    (Reacted(sign="👍"), "", "Customer walk reacted with 👍"),
    (Reacted(sign="👍", taken_back=True), "", "Customer walk removed the reaction 👍"),
    (Joined(name="Ben"), "web:ben", "Ben joined from the computer"),
    (Edited(of="k", text="x"), "", "Customer walk edited or deleted a message"),
    (
        PlaceLost(end="customer"),
        "bot",
        " The customer's channel or thread was deleted, so messages don't reach them there",
    ),
]


def test_every_act_is_a_sentence_after_the_name_of_who_did_it() -> None:
    for event, actor, sentence in ACTS:
        told = with_agent().do(event, actor)
        if sentence:
            assert told.sentence() == sentence
        else:
            assert told.read().at(told.walk.at.version) is None


def test_what_is_put_back_into_sight_is_a_line_too() -> None:
    told = with_agent().do(Snoozed(), MAX).do(Woken(), MAX)
    assert told.sentence() == "Max unsnoozed this ticket"


def test_what_was_solved_with_words_shows_them_to_agents_only() -> None:
    told = with_agent().do(Concluded(reason="new bulb"), MAX, "He broke it himself")
    assert told.sentence() == "Max resolved this: new bulb"
    assert plain(told.last().note) == "He broke it himself"
    assert told.last().in_full == "resolved this: new bulb"
    assert "broke it" not in str(told.read().screen.model_dump())


def test_answers_are_lines_with_the_step_and_the_label() -> None:
    told = Told().do(Answered(turn=1, choice="still-failing"))
    assert (told.last().kind, told.sentence()) == ("answer", "Customer walk Plug it in · Still failing")


def test_moves_of_the_customer_are_sentences_too() -> None:
    told = Told().do(Escalated(reason="cannot_find"))
    assert told.sentence() == "Customer walk asked for a person: I can't find what the step mentions"
    assert (
        told.do(Detailed(reason="hosted")).sentence().startswith("Customer walk added a reason: My software")
    )
    assert told.do(Withdrawn()).sentence() == "Customer walk canceled the ticket"
    assert told.do(Napped()).sentence() == "Customer walk will continue later"


def test_a_clock_that_ended_it_or_asked_is_a_line() -> None:
    def rang(told: Told, kind: str) -> Event:
        at = told.walk.at
        return TimerRang(kind=kind, turn=at.turn, status=at.status, actor="timer")

    told = Told()
    assert "asked how it's going" in told.do(rang(told, "nudge")).sentence()
    assert "closed this" in told.do(rang(told, "close")).sentence()
    told.do(Reopened())
    gone = with_agent()
    assert "The customer got no answer" in gone.do(rang(gone, "quiet")).sentence()


def test_steps_an_agent_ticked_are_in_the_trail_with_their_name() -> None:
    told = with_agent().do(HandedBack(step="switch", done=("plug", "bulb")), MAX)
    rows: list[Any] = [(row.step, row.answer, row.by) for row in told.read().screen.tried]
    assert rows == [("plug", "Done", "Max"), ("bulb", "Done", "Max")]


def test_a_reply_becomes_what_its_customer_reads() -> None:
    line = Line(version=3, kind="reply", who="Max", actor=MAX, words=verbatim("Try this"), since="changed")
    reply = CustomerReply.of(Replied(actor=MAX, text="Try this"), line)
    assert (reply.who, reply.words, reply.since) == (line.who, line.words, "changed")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (Noted(actor=MAX, text="rude"), "note"),
        (Noted(actor=MAX, text="rude"), "reply"),
        (Replied(actor=MAX, text="kind"), "note"),
        (Said(actor="sent:ana", text="words"), "said"),
        (Claimed(actor=MAX, name="Max"), "act"),
    ],
)
def test_nothing_but_a_reply_becomes_one(event: Event, kind: Any) -> None:
    line = Line(version=3, kind=kind, who="Max", actor=MAX, words=verbatim("words"))
    with pytest.raises(ValueError, match="never sent a line"):
        CustomerReply.of(event, line)


def test_the_summary_quotes_the_customer_once_they_have_said_something() -> None:
    told = Told().do(Escalated()).do(Claimed(name="Max"), MAX).do(Replied(text="Hello"), MAX, "Hello")
    assert "In the customer's words" not in summary(told)
    assert "Hello" not in summary(told)
    told.do(Said(text="It is dark"), text="It is dark")
    assert summary(told).endswith("In the customer's words:\n> It is dark")


def summary(told: Told) -> str:
    ticket = told.read().screen.ticket
    assert ticket is not None
    return ticket.summary
