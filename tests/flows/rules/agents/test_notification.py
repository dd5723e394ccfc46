"""Tests which agents an event notifies: once for each burst of words, and no one for their own acts."""

import pytest

from flows.effects import Change, Notify
from flows.events import (
    Claimed,
    Concluded,
    Edited,
    Escalated,
    Event,
    Noted,
    Released,
    Reopened,
    Replied,
    Said,
    Snoozed,
    TimerRang,
    Transferred,
    Wrote,
)
from flows.rules.agents.notification import SILENCE_MS, notified
from tests.fakes.agents import MAX, MIA, by
from tests.fakes.flows import Walk, catalogue


def walked(*events: Event) -> Walk:
    """Ana waits for a person, and then all that happens."""
    walk = Walk(catalogue().model_copy(update={"rooms": {"": "desk||room"}}))
    walk.start()
    for event in (Escalated(), *events):
        walk.do(event)
    return walk


def last(*events: Event) -> tuple[str, ...]:
    """Return whom the last of these events notifies."""
    walk = walked(*events)
    return notified(walk.rows, walk.at.version)


def claim() -> Event:
    return by(Claimed(name="Max"))


def test_four_messages_notify_the_assignee_once() -> None:
    walk = walked(claim(), *(Said(text=f"word {number}") for number in range(4)))
    told = [notified(walk.rows, row.version) for row in walk.rows]
    assert told == [(), (), (), (MAX,), (), (), ()]


@pytest.mark.parametrize(
    "act",
    [Replied(text="hm"), Noted(text="hm"), Snoozed(until="hour"), Wrote(text="hm")],
    ids=lambda event: event.type,
)
def test_after_the_assignee_acts_the_next_words_notify_again(act: Event) -> None:
    assert last(claim(), Said(text="a"), by(act), Said(text="b")) == (MAX,)
    assert last(claim(), Said(text="a"), by(act)) == ()


def test_a_colleagues_note_does_not_end_the_burst_but_their_answer_does() -> None:
    assert last(claim(), Said(text="a"), by(Noted(text="hm"), MIA), Said(text="b")) == ()
    assert last(claim(), Said(text="a"), by(Wrote(text="hm"), MIA), Said(text="b")) == (MAX,)


def test_after_a_long_silence_a_further_word_notifies_again() -> None:
    def after(silence: int) -> tuple[str, ...]:
        walk = walked(claim(), Said(text="a"), Said(text="b"))
        *before, word = walk.rows
        later = word.model_copy(update={"at": before[-1].at + silence})
        return notified([*before, later], word.version)

    assert after(SILENCE_MS) == (MAX,)
    assert after(SILENCE_MS - 1) == ()


def test_a_transfer_notifies_the_new_assignee_and_their_first_words_after_it_do() -> None:
    to_mia = by(Transferred(to=MIA, to_name="Mia"))
    assert last(claim(), to_mia) == (MIA,)
    assert last(claim(), to_mia, Said(text="a")) == (MIA,)
    assert last(claim(), to_mia, Said(text="a"), Said(text="b")) == ()
    assert last(claim(), to_mia, by(Transferred(to=MIA, to_name="Mia"))) == (), "she has the ticket already"


def test_nobody_is_notified_of_their_own_acts() -> None:
    taken = by(Transferred(to=MIA, to_name="Mia"), MIA)
    for act in (claim(), by(Replied(text="hm"))):
        assert last(act) == ()
    assert last(claim(), taken) == ()
    assert last(claim(), by(Noted(text="hm", mentions=(MAX, MIA)))) == (MIA,)
    ana = by(Claimed(name="Ana"), "web:ana")
    assert last(ana, Said(text="testing it myself")) == ()


def test_while_nobody_is_assigned_nobody_is_notified() -> None:
    assert last(Said(text="a")) == ()
    assert last(claim(), by(Released()), Said(text="a")) == ()
    assert last(claim(), by(Transferred(team="safety")), Said(text="a")) == ()


def test_what_is_not_new_words_notifies_nobody() -> None:
    assert last(claim(), Said(text="a"), by(Noted(text="hm"))) == ()
    assert last(claim(), Escalated()) == ()
    assert last(claim(), Escalated(), Said(text="a")) == (MAX,), "asking for a person again shows nothing"
    walk = walked(claim(), Said(text="a"))
    rang: Change = walk.rows[-1].model_copy(
        update={"version": walk.at.version + 1, "event": TimerRang(kind="wake"), "set": {}}
    )
    edit = rang.model_copy(update={"event": Edited(version=walk.at.version, text="b")})
    for row in (rang, edit):
        assert notified([*walk.rows, row], row.version) == ()


def test_an_edit_updates_the_direct_message_about_the_words() -> None:
    walk = walked(claim(), Said(text="a"))
    walk.shelf = walk.shelf.model_copy(update={"direct": frozenset([MAX])})
    edited = walk.do(Edited(version=walk.at.version, text="b", was="said"))
    notices = [effect for effect in walk.rows[-1].effects if isinstance(effect, Notify)]
    assert [(one.to, one.version, one.by) for one in notices] == [(MAX, edited.version - 1, edited.version)]


def test_a_problem_that_is_back_notifies_its_agent_once() -> None:
    end = by(Concluded(reason="done"))
    assert last(claim(), Said(text="a"), end, Reopened()) == (MAX,)
    assert last(claim(), end, Reopened(), Said(text="hello?")) == ()
