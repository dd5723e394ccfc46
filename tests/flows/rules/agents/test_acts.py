"""Tests agents' acts rule by rule: claim, release, transfer, reply, note."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Change, Refusal, Relay, Retire, Tell
from flows.events import (
    Answered,
    Back,
    Claimed,
    Concluded,
    Escalated,
    Event,
    HandedBack,
    Noted,
    Released,
    Reopened,
    Replied,
    Said,
    Showed,
    Snoozed,
    Transferred,
    Withdrawn,
    Wrote,
)
from tests.fakes.agents import MAX, MIA, begun, by, change, held, kinds, why

EVERY_ACT: list[Event] = [
    Claimed(name="Mia"),
    Released(),
    Transferred(to="desk:kim", to_name="Kim"),
    Transferred(team="maker"),
    Replied(text="Hello"),
    Noted(text="hm"),
    Wrote(text="Hello"),
    HandedBack(),
    Concluded(reason="solved"),
    Snoozed(),
    Showed(step="plug"),
]

ALLOWED = {
    Status.GUIDING: {"claimed", "transferred", "replied", "noted", "wrote", "concluded", "showed"},
    Status.WAITING: {
        "claimed",
        "transferred",
        "team",
        "replied",
        "noted",
        "wrote",
        "concluded",
        "snoozed",
        "showed",
    },
    Status.RESOLVED: {"claimed", "transferred", "replied", "noted", "wrote"},
    Status.CLOSED: {"noted"},
}
"""What an agent may do to a conversation that nobody has; `team` is to hand it to a team."""


@pytest.mark.parametrize("status", list(ALLOWED))
@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.type)
def test_what_an_agent_may_do_depends_on_where_it_is(status: Status, act: Event) -> None:
    name = "team" if isinstance(act, Transferred) and act.team else act.type
    verdict = begun(status).try_(by(act))
    assert isinstance(verdict, Change) is (name in ALLOWED[status]), verdict


@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.type)
def test_who_does_not_have_it_is_told_so_unless_they_note_write_there_or_hand_it_on(act: Event) -> None:
    verdict = begun(Status.WITH_AGENT).try_(by(act, MIA))
    refused = isinstance(verdict, Refusal) and verdict.why == "held"
    assert refused is (act.type not in ("noted", "wrote", "transferred"))


@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.type)
def test_who_has_it_may_do_everything(act: Event) -> None:
    assert isinstance(begun(Status.WITH_AGENT).try_(by(act)), Change)


# ---------------------------------------------------------------- take


def test_a_claim_while_the_bot_is_walking_opens_a_ticket_with_a_reason_of_its_own() -> None:
    walk = begun(Status.GUIDING)
    before = walk.at
    at = walk.do(by(Claimed(name="Max")))
    assert held(at) == (Status.WITH_AGENT, MAX, "Max")
    assert (at.ticket, at.team, at.reasons, at.turn) == (71, "maker", ("agent_came",), before.turn + 1)
    assert at.ticket_at > 0


def test_a_claim_replaces_the_step_by_a_card_that_names_the_agent() -> None:
    walk = begun(Status.GUIDING)
    claim = change(walk, by(Claimed(name="Max")))
    assert kinds(claim) == ["ask", "retire"]
    assert claim.cancels


def test_a_claim_of_what_waits_keeps_its_ticket_its_reasons_and_its_team() -> None:
    walk = begun(Status.WAITING)
    before = walk.at
    at = walk.do(by(Claimed(name="Max")))
    assert held(at) == (Status.WITH_AGENT, MAX, "Max")
    assert (at.ticket, at.team, at.reasons) == (before.ticket, before.team, before.reasons)


def test_a_claim_of_what_was_solved_opens_the_same_ticket_again() -> None:
    walk = begun(Status.WAITING)
    solved = walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    claim = change(walk, by(Claimed(name="Max")))
    assert not claim.take_ticket
    at = walk.do(by(Claimed(name="Max")))
    assert held(at) == (Status.WITH_AGENT, MAX, "Max")
    assert (at.ticket, at.reasons, at.solved_by) == (solved.ticket, ("agent_came",), "")
    assert at.ticket_open


def test_of_two_claims_one_wins_and_claiming_again_changes_nothing() -> None:
    walk = begun(Status.WITH_AGENT)
    assert why(walk, by(Claimed(name="Mia"), MIA)) == "held"
    again = change(walk, by(Claimed(name="Max")))
    assert (again.set, again.effects) == ({}, ())


def test_an_agent_is_taken_for_gone_after_a_silence() -> None:
    walk = begun(Status.GUIDING)
    claim = change(walk, by(Claimed(name="Max")))
    assert claim.timers is not None
    assert [timer.kind for timer in claim.timers] == ["quiet"]


# ---------------------------------------------------------------- release, hand on


def test_released_it_waits_for_anybody_and_the_customer_has_their_step_back() -> None:
    walk = begun(Status.WITH_AGENT)
    before = walk.at
    release = change(walk, by(Released()))
    assert kinds(release) == ["tell", "ask", "retire"]
    at = walk.do(by(Released()))
    assert (*held(at), at.step, at.turn) == (Status.WAITING, "", "", "plug", before.turn + 1)
    assert at.ticket_open
    assert walk.do(Answered(turn=at.turn, choice="fixed")).status is Status.RESOLVED


def test_handed_to_another_agent_it_is_theirs_and_stays_held() -> None:
    walk = begun(Status.WITH_AGENT)
    at = walk.do(by(Transferred(to=MIA, to_name="Mia")))
    assert held(at) == (Status.WITH_AGENT, MIA, "Mia")
    assert why(walk, by(Replied(text="me again"))) == "held"
    assert isinstance(walk.try_(by(Replied(text="hello"), MIA)), Change)


def test_who_hands_it_to_themselves_takes_it_over() -> None:
    walk = begun(Status.WITH_AGENT)
    at = walk.do(by(Transferred(to=MIA, to_name="Mia"), MIA))
    assert held(at) == (Status.WITH_AGENT, MIA, "Mia")


def test_handed_to_a_team_it_waits_for_them_with_the_same_ticket() -> None:
    walk = begun(Status.WITH_AGENT)
    before = walk.at
    at = walk.do(by(Transferred(team="safety")))
    assert (*held(at), at.team, at.ticket) == (Status.WAITING, "", "", "safety", before.ticket)
    assert at.turn == before.turn + 1


def test_without_a_ticket_there_is_nothing_to_hand_to_a_team() -> None:
    assert why(begun(Status.GUIDING), by(Transferred(team="safety"))) == "not_now"
    assert why(begun(Status.WITH_AGENT), by(Transferred())) == "not_now"


# ---------------------------------------------------------------- talk


def test_a_reply_to_what_nobody_has_claims_it_and_silences_the_bot() -> None:
    walk = begun(Status.WAITING)
    reply = change(walk, by(Replied(text="Hello", name="Max")))
    assert kinds(reply) == ["relay", "retire"]
    assert len({effect.id for effect in reply.effects}) == 2
    at = walk.do(by(Replied(text="Hello", name="Max")))
    assert (*held(at), at.prompt_effect) == (Status.WITH_AGENT, MAX, "Max", "")


def test_a_reply_goes_to_the_customer_and_keeps_the_agent_there() -> None:
    walk = begun(Status.WITH_AGENT)
    reply = change(walk, by(Replied(text="Hello")))
    (relay,) = reply.effects
    assert isinstance(relay, Relay)
    assert (relay.end, relay.version) == ("customer", walk.at.version + 1)
    assert (dict(reply.set), reply.stamp) == ({}, ("replied_at", "first_reply_at"))
    assert reply.timers is not None
    assert [timer.kind for timer in reply.timers] == ["nudge"]


@pytest.mark.parametrize("status", list(Status))
def test_a_note_moves_nothing_and_is_sent_to_nobody(status: Status) -> None:
    note = change(begun(status), by(Noted(text="the customer is rude"), MIA))
    assert (note.set, note.effects, note.timers, note.cancels) == ({}, (), None, False)


def test_what_is_closed_is_not_replied_to() -> None:
    assert why(begun(Status.CLOSED), by(Replied(text="Hello"))) == "not_now"


# ---------------------------------------------------------------- the customer meanwhile


def test_the_customers_buttons_from_before_change_nothing_while_an_agent_has_it() -> None:
    walk = begun(Status.GUIDING)
    turn = walk.at.turn
    walk.do(by(Claimed(name="Max")))
    assert why(walk, Answered(turn=turn, choice="fixed")) == "past_turn"
    assert why(walk, Answered(turn=walk.at.turn, choice="fixed")) == "not_offered"
    for event in (Back(), Withdrawn(), Reopened()):
        assert why(walk, event) == "not_now"


def test_while_an_agent_has_it_the_bot_says_nothing_to_what_the_customer_says() -> None:
    walk = begun(Status.WITH_AGENT)
    for text in ("works now", "human please", "still broken"):
        said = change(walk, Said(text=text))
        assert not any(isinstance(effect, Tell | Ask | Retire) for effect in said.effects)
        assert said.set == {}


def test_asking_for_a_person_while_one_is_there_changes_nothing() -> None:
    walk = begun(Status.WITH_AGENT)
    asked = change(walk, Escalated())
    assert (asked.set, asked.effects) == ({}, ())
