"""Tests whose turn it is in an open ticket: words of the customer are owed a reply, a reply is owed an answer."""

import pytest

from flows.conversation import Status
from flows.effects import Change, Recap, Refusal, Tell
from flows.events import (
    Allowed,
    Claimed,
    Detailed,
    Escalated,
    Event,
    Napped,
    Noted,
    Released,
    Reopened,
    Replied,
    Said,
    Showed,
    Snoozed,
    TimerRang,
    Transferred,
    Woken,
    Wrote,
)
from flows.prompts import tell_words
from flows.text.markup.words import plain
from tests.fakes.agents import MAX, MIA, begun, by, held, why
from tests.fakes.flows import Walk, catalogue, lamp


def with_max(*further: Event) -> Walk:
    """Ana waits for Max, who has claimed her ticket and not replied yet."""
    walk = Walk(catalogue().model_copy(update={"rooms": {"": "desk||room"}}))
    walk.start()
    walk.do(Escalated())
    walk.do(by(Claimed(name="Max")))
    for event in further:
        walk.do(event)
    return walk


def rang(walk: Walk, kind: str) -> Event:
    return TimerRang(kind=kind, actor="timer", turn=walk.at.turn, status=walk.at.status)


def armed(walk: Walk) -> list[str] | None:
    """The timers that the last event armed; None if it kept those that run."""
    timers = walk.rows[-1].timers
    return None if timers is None else [timer.kind for timer in timers]


def told(walk: Walk) -> list[str]:
    """What the bot said with the last event, in plain words."""
    tells = [effect for effect in walk.rows[-1].effects if isinstance(effect, Tell)]
    return [plain(tell_words(tell.words, lamp(), walk.at, {}, tell.step)) for tell in tells]


REPLY = by(Replied(text="Which lamp is it?", name="Max"))


# ---- the agents' turn ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.WAITING, Status.WITH_AGENT])
def test_a_new_ticket_needs_a_reply(status: Status) -> None:
    at = begun(status).at
    assert at.ticket_open
    assert not at.customers_turn


def test_an_agent_who_claimed_and_never_replied_is_unassigned_and_the_customer_gets_the_step_back() -> None:
    walk = with_max()
    assert armed(walk) == ["quiet"]
    walk.do(rang(walk, "quiet"))
    assert held(walk.at) == (Status.WAITING, "", "")


def test_the_clock_starts_with_the_first_unanswered_words_and_further_words_do_not_put_it_off() -> None:
    walk = with_max(REPLY)
    walk.do(Said(text="The one in the hall"))
    assert armed(walk) == ["quiet"]
    since = walk.at.owed_since
    for further in (Said(text="hello?"), Detailed(text="It hums."), by(Noted(text="hm"))):
        walk.do(further)
        assert (armed(walk), walk.at.owed_since) == (None, since)


def test_a_reply_stops_the_clock() -> None:
    walk = with_max(REPLY, Said(text="The one in the hall"), REPLY)
    assert armed(walk) == ["nudge"]
    assert why(walk, rang(walk, "quiet")) == "not_now"
    assert walk.at.customers_turn


@pytest.mark.parametrize("event", [Said(text="here"), Detailed(text="x"), Escalated()], ids=lambda e: e.type)
def test_what_the_customer_says_makes_it_the_agents_turn(event: Event) -> None:
    walk = with_max(REPLY)
    walk.do(event)
    assert not walk.at.customers_turn
    assert walk.at.replied_at == 0


def test_a_problem_that_is_back_needs_a_reply_of_the_same_agent() -> None:
    walk = with_max(REPLY)
    walk.do(rang(walk, "nudge"))
    walk.do(rang(walk, "close"))
    walk.do(Reopened())
    assert (walk.at.replied_at, walk.at.owed_since) == (0, 0), "it needs a reply since it was reopened"
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")
    assert (walk.at.customers_turn, armed(walk)) == (False, ["quiet"])


@pytest.mark.parametrize("event", [Transferred(to=MIA, to_name="Mia"), Transferred(team="safety")])
def test_a_ticket_that_goes_to_someone_else_needs_their_reply(event: Event) -> None:
    walk = with_max(REPLY)
    walk.do(by(event))
    assert not walk.at.customers_turn


def test_who_takes_over_what_waits_for_the_customer_waits_for_them_as_well() -> None:
    walk = with_max(REPLY)
    walk.do(by(Transferred(to=MIA, to_name="Mia"), MIA))
    assert (walk.at.customers_turn, armed(walk)) == (True, ["nudge"])


# ---- the customer's turn ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [REPLY, by(Showed(step="switch")), by(Wrote(text="Which?", name="Max"))])
def test_after_a_reply_the_silence_is_the_customers_and_the_agent_keeps_the_ticket(act: Event) -> None:
    walk = with_max(act)
    assert (walk.at.customers_turn, armed(walk)) == (True, ["nudge"])
    walk.do(rang(walk, "nudge"))
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")
    assert told(walk)[0].startswith("Max is waiting for your answer.")
    assert armed(walk) == ["close"]
    walk.do(rang(walk, "close"))
    assert walk.at.status is Status.CLOSED
    (goodbye,) = told(walk)
    assert "since Max replied" in goodbye
    assert "No one" not in goodbye


def test_each_further_reply_gives_the_customer_the_whole_time_again() -> None:
    walk = with_max(REPLY, REPLY)
    assert armed(walk) == ["nudge"]
    assert walk.rows[-1].stamp == ()


def test_a_reply_that_was_released_is_still_the_customers_to_answer() -> None:
    walk = with_max(REPLY, by(Released()))
    assert (walk.at.customers_turn, armed(walk)) == (True, ["nudge"])
    walk.do(rang(walk, "nudge"))
    assert told(walk)[0].startswith("Our team is waiting for your answer.")
    walk.do(rang(walk, "close"))
    assert walk.at.status is Status.CLOSED


def test_a_reply_to_a_customer_who_asked_for_time_waits_as_long() -> None:
    walk = with_max(REPLY)
    walk.do(Napped(until="tomorrow"))
    assert walk.at.customers_turn
    assert [(timer.kind, timer.after) for timer in walk.rows[-1].timers or ()] == [("nudge", "tomorrow")]


def test_a_second_agent_who_answers_in_the_private_place_has_answered_for_the_assignee() -> None:
    walk = with_max()
    walk.do(by(Wrote(text="It's the fuse.", name="Mia"), MIA))
    assert (held(walk.at), walk.at.customers_turn) == ((Status.WITH_AGENT, MAX, "Max"), True)


def test_chatter_in_a_public_place_answers_nothing() -> None:
    walk = with_max()
    walk.do(by(Wrote(text="Same here.", name="Mia", public=True), MIA))
    assert (held(walk.at), walk.at.customers_turn) == ((Status.WITH_AGENT, MAX, "Max"), False)
    assert walk.at.first_reply_at == 0


@pytest.mark.parametrize(("events", "watched"), [((REPLY,), ["nudge"]), ((), ["quiet"])])
def test_after_a_snooze_the_turn_is_whose_it_was(events: tuple[Event, ...], watched: list[str]) -> None:
    walk = with_max(*events, by(Snoozed(until="hour")))
    walk.do(by(Woken()))
    assert armed(walk) == watched


def test_a_reply_does_not_end_a_snooze_and_the_snooze_ends_in_time() -> None:
    walk = with_max(by(Snoozed(until="hour")), REPLY)
    assert (walk.at.snoozed, armed(walk)) == ("hour", None)
    walk.do(rang(walk, "wake"))
    assert (walk.at.snoozed, armed(walk)) == ("", ["nudge"])


def test_letting_the_customer_continue_is_no_reply() -> None:
    walk = with_max(by(Allowed(name="Max")))
    assert (walk.at.customers_turn, armed(walk)) == (False, ["quiet"])


# ---- what agents see, and what earlier versions stored ---------------------------------------------------------------


def test_the_head_of_the_thread_is_drawn_anew_when_the_turn_changes_and_not_at_each_line() -> None:
    walk = with_max()
    drawn = []
    for event in (REPLY, REPLY, Said(text="hello"), Said(text="hello?"), REPLY):
        walk.do(event)
        drawn.append(any(isinstance(effect, Recap) for effect in walk.rows[-1].effects))
    assert drawn == [True, False, True, False, True]


def test_a_clock_that_an_earlier_version_armed_after_a_reply_takes_nothing_from_the_agent() -> None:
    walk = with_max()
    walk.at = walk.at.model_copy(update={"first_reply_at": 5, "owed_since": 0, "replied_at": 0})
    assert walk.try_(rang(walk, "quiet")) == Refusal(why="not_now")
    walk.do(Said(text="hello?"))
    assert (walk.at.owed_since > 0, armed(walk)) == (True, ["quiet"])
    assert isinstance(walk.try_(rang(walk, "quiet")), Change)
