"""Tests what each event does to a conversation, and what it must never do."""

import pytest

from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Refusal, Retire, Tell
from flows.events import (
    Answered,
    Back,
    Detailed,
    Escalated,
    Event,
    Joined,
    Napped,
    Reopened,
    Restarted,
    Said,
    Started,
    Withdrawn,
)
from tests.fakes.flows import Walk


def press(walk: Walk, choice: str) -> Conversation:
    return walk.do(Answered(turn=walk.at.turn, choice=choice))


def exhausted() -> Walk:
    walk = Walk()
    walk.start()
    for choice in ("still-failing", "whole", "still-failing"):
        press(walk, choice)
    return walk


def test_a_start_with_a_flow_asks_its_first_step_after_the_intro() -> None:
    walk = Walk()
    at = walk.start()
    assert (at.flow, at.step, at.turn, at.status) == ("lamp", "plug", 1, Status.GUIDING)
    assert [type(effect) for effect in walk.rows[0].effects] == [Tell, Ask]
    assert walk.rows[0].effects[1].id == at.prompt_effect


def test_a_pasted_error_text_starts_its_flow_and_keeps_the_capture() -> None:
    walk = Walk()
    at = walk.start(flow="", text="Help! The LAMP is\ndark since Tuesday 3 pm\nthanks")
    assert at.flow == "lamp"
    assert at.observations == {"since": "Tuesday 3 pm"}


def test_an_unknown_text_starts_the_picker_and_says_so() -> None:
    walk = Walk()
    at = walk.start(flow="", text="my cat is stuck")
    assert at.flow == PICKER
    assert [effect.words for effect in walk.rows[0].effects if isinstance(effect, Tell)] == ["not_recognised"]


def test_an_unknown_flow_is_refused_with_those_there_are() -> None:
    refusal = Walk().try_(Started(flow="nope"))
    assert isinstance(refusal, Refusal)
    assert set(refusal.offered) == {"lamp", "fire", PICKER}


def test_still_failing_asks_the_next_step_and_then_retires_the_old_one() -> None:
    walk = Walk()
    first = walk.start().prompt_effect
    at = press(walk, "still-failing")
    assert (at.step, at.turn, at.path) == ("bulb", 2, ("plug",))
    ask, retire = walk.rows[-1].effects
    assert isinstance(ask, Ask)
    assert ask.turn == 2
    assert isinstance(retire, Retire)
    assert (retire.of, retire.step, retire.answer) == (first, "plug", "still-failing")
    assert walk.rows[-1].cancels


def test_fixed_resolves_and_names_who_said_so() -> None:
    walk = Walk()
    walk.start()
    at = press(walk, "fixed")
    assert (at.status, at.step, at.solved_by) == (Status.RESOLVED, "plug", "web:ana")


def test_an_answer_records_what_it_proves() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    assert press(walk, "whole").observations == {"wire": "whole"}


def test_the_last_still_failing_opens_a_ticket_and_leaves_it_works_now() -> None:
    walk = exhausted()
    at = walk.at
    assert (at.status, at.exited, at.step) == (Status.WAITING, True, "switch")
    assert (at.ticket, at.team, at.reasons, at.ticket_at) == (
        71,
        "maker",
        ("guide_exhausted",),
        at.changed_at,
    )
    assert press(walk, "fixed").status is Status.RESOLVED


def test_back_from_the_exit_shows_the_last_step_again_and_keeps_the_ticket() -> None:
    walk = exhausted()
    at = walk.do(Back(turn=walk.at.turn))
    assert (at.status, at.exited, at.step, at.ticket) == (Status.WAITING, False, "switch", 71)


@pytest.mark.parametrize(("claimed", "why"), [(0, "past_turn"), (2, "future_turn"), (None, "past_turn")])
def test_a_click_for_another_turn_changes_nothing(claimed: int | None, why: str) -> None:
    walk = Walk()
    walk.start()
    assert walk.try_(Answered(turn=claimed, choice="fixed")) == Refusal(why=why)  # type: ignore[arg-type] # the literal is one of the parameters


def test_an_answer_that_is_not_offered_is_refused_with_those_that_are() -> None:
    walk = Walk()
    walk.start()
    refusal = walk.try_(Answered(turn=1, choice="whole"))
    assert refusal == Refusal(why="not_offered", offered=("fixed", "still-failing"))


def strangers() -> list[Event]:
    return [
        Answered(turn=1, choice="fixed"),
        Said(text="works now"),
        Back(),
        Restarted(),
        Escalated(),
        Withdrawn(),
        Napped(),
        Reopened(),
        Detailed(text="x"),
    ]


@pytest.mark.row("security", "Someone presses the buttons of another person's conversation")
@pytest.mark.parametrize("event", strangers(), ids=lambda event: event.type)
def test_nobody_but_the_contact_moves_it(event: Event) -> None:
    walk = Walk()
    walk.start()
    assert walk.try_(event.model_copy(update={"actor": "web:mallory"})) == Refusal(why="not_yours")


def test_whoever_joined_by_a_link_may_press() -> None:
    walk = Walk()
    walk.start()
    walk.do(Joined(actor="web:phone"))
    at = walk.do(Answered(turn=1, choice="fixed", actor="web:phone"))
    assert (at.status, at.solved_by) == (Status.RESOLVED, "web:phone")


def test_talk_to_a_person_opens_the_ticket_in_that_click_and_the_step_stays_usable() -> None:
    walk = Walk()
    walk.start()
    at = walk.do(Escalated())
    assert (at.status, at.turn, at.ticket, at.exited) == (Status.WAITING, 1, 71, False)
    at = press(walk, "still-failing")
    assert (at.status, at.step, at.ticket) == (Status.WAITING, "bulb", 71)


def test_talk_to_a_person_does_nothing_while_a_ticket_is_open() -> None:
    walk = Walk()
    walk.start()
    before = walk.do(Escalated())
    again = walk.try_(Escalated())
    assert isinstance(again, Change)
    assert not again.take_ticket
    assert not again.effects
    assert walk.do(Escalated()).reasons == before.reasons


def test_withdrawing_goes_on_with_the_guide_and_closes_the_ticket() -> None:
    walk = Walk()
    walk.start()
    walk.do(Escalated())
    at = walk.do(Withdrawn())
    assert (at.status, at.turn, at.ticket_open) == (Status.GUIDING, 1, False)


def test_withdrawing_after_an_exit_shows_the_last_step_again() -> None:
    walk = exhausted()
    turn = walk.at.turn
    at = walk.do(Withdrawn())
    assert (at.status, at.exited, at.turn) == (Status.GUIDING, False, turn + 1)


def test_its_back_reopens_at_the_step_that_fixed_it() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    press(walk, "broken")
    press(walk, "fixed")
    at = walk.do(Reopened())
    assert (at.status, at.step, at.solved_by) == (Status.GUIDING, "new-bulb", "")


def test_back_goes_one_step_back_and_at_the_first_there_is_none() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    assert walk.do(Back(turn=2)).step == "plug"
    assert walk.try_(Back()) == Refusal(why="not_now")


def test_another_flow_takes_over_and_back_returns() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    at = press(walk, "smell")
    assert (at.flow, at.step) == ("fire", "unplug")
    at = walk.do(Back())
    assert (at.flow, at.step, at.path) == ("lamp", "bulb", ("plug",))


def test_a_flow_that_is_gone_leads_to_a_person() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    walk.shelf = walk.shelf.model_copy(update={"flows": (walk.shelf.flows[0],)})
    walk.shelf.__dict__.pop("by_id", None)
    at = press(walk, "smell")
    assert (at.status, at.reasons) == (Status.WAITING, ("broken",))


def test_start_over_returns_to_the_first_step_of_this_flow() -> None:
    walk = Walk()
    walk.start()
    press(walk, "still-failing")
    press(walk, "smell")
    at = walk.do(Restarted())
    assert at.step == "unplug"
    assert walk.do(Back()).step == "bulb"


@pytest.mark.parametrize(
    ("text", "status"), [("works now", Status.RESOLVED), ("still broken", Status.GUIDING)]
)
def test_plain_words_are_the_answer_they_mean(text: str, status: Status) -> None:
    walk = Walk()
    walk.start()
    assert walk.do(Said(text=text)).status is status
    assert walk.rows[-1].event.type == "answered"


def test_words_that_are_not_plain_are_kept_and_answered() -> None:
    walk = Walk()
    before = walk.start()
    at = walk.do(Said(text="the thing in the corner blinks twice and then hums a little"))
    assert (at.turn, at.step) == (before.turn, before.step)
    assert [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)] == ["kept"]


def test_a_text_at_the_picker_starts_the_flow_it_names() -> None:
    walk = Walk()
    walk.start(flow="")
    at = walk.do(Said(text="it says: lamp is dark since noon"))
    assert (at.flow, at.observations["since"]) == ("lamp", "noon")
    assert walk.do(Back()).flow == PICKER


def test_details_add_a_reason_to_the_ticket() -> None:
    walk = Walk()
    walk.start()
    walk.do(Escalated())
    at = walk.do(Detailed(reason="hosted", text="it is hosted", reach="ana@example.org"))
    assert at.reasons == ("asked", "hosted")


def test_a_blank_conversation_understands_nothing_but_a_start() -> None:
    assert Walk().try_(Answered(turn=0, choice="fixed")) == Refusal(why="not_now")
    walk = Walk()
    walk.start()
    assert walk.try_(Started(flow="lamp")) == Refusal(why="not_now")
