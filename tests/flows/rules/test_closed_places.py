"""Tests what follows when a person closes or locks the customer's post: the bot ends the guide and tells agents."""

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.effects import Ask, Refusal, Relay, Tell
from flows.event_parts import How
from flows.events import Answered, Claimed, Concluded, Escalated, PlaceLost, Replied, Said, TimerRang
from tests.fakes.flows import Walk, catalogue

DESK = "slack||C1"
MAX = "slack:T1:max"


def walk(*, ticket: bool = False) -> Walk:
    """Return a walk at the first step, or with an open ticket."""
    made = Walk(Catalogue(flows=catalogue().flows, rooms={"": DESK}))
    made.start()
    if ticket:
        made.do(Escalated())
    return made


def changed(how: How, moment: str = "1") -> PlaceLost:
    return PlaceLost.of_changed("07walk", how, moment)


def to_customer(made: Walk) -> list[str]:
    """Return the kinds of what the last change sends to the customer."""
    return [effect.kind for effect in made.rows[-1].effects if effect.end == "customer"]


@pytest.mark.parametrize("how", ["closed", "moderated", "locked"])
def test_a_closed_post_ends_the_guide_and_no_timer_speaks_there(how: How) -> None:
    made = walk()
    rang = TimerRang(kind="nudge", turn=made.at.turn, status="guiding", actor="timer")
    made.do(changed(how))
    assert (made.at.status, made.at.place_closed, made.at.ticket) == (Status.CLOSED, how, 0)
    assert (to_customer(made), made.rows[-1].timers) == (["retire"], ())
    assert isinstance(made.try_(rang), Refusal)
    assert made.try_(changed(how, "2")) == Refusal(why="not_now")
    assert made.try_(changed("open")) == Refusal(why="not_now")


@pytest.mark.parametrize("event", [Said(text="I still need help"), Answered(turn=2, choice="whole")])
def test_what_the_customer_writes_or_presses_in_a_closed_post_continues_at_their_step(
    event: Said | Answered,
) -> None:
    made = walk()
    made.do(Answered(turn=1, choice="still-failing"))
    made.do(changed("closed"))
    made.do(event)
    assert (made.at.status, made.at.step, made.at.place_closed) == (Status.GUIDING, "bulb", "")
    told, asked = made.rows[-1].effects
    assert isinstance(told, Tell)
    assert isinstance(asked, Ask)
    assert told.words == "unpaused"


def test_thanks_in_a_closed_post_restart_nothing_and_a_request_for_a_person_opens_a_ticket() -> None:
    made = walk()
    made.do(changed("closed"))
    for text in ("Thank you!", "thanks, it works"):
        made.do(Said(text=text))
        assert (made.at.status, made.at.place_closed, to_customer(made)) == (Status.CLOSED, "closed", [])
    made.do(Said(text="human please"))
    assert (made.at.status, made.at.ticket, made.at.place_closed) == (Status.WAITING, 71, "")


@pytest.mark.parametrize("ticket", [False, True])
@pytest.mark.parametrize("text", ["my cousin will look at it", "human please", "thanks, it works"])
def test_words_from_before_the_closing_are_kept_and_open_nothing(ticket: bool, text: str) -> None:
    made = walk(ticket=ticket)
    made.do(changed("closed"))
    made.do(Said(text=text, closed_since=True))
    ended = not ticket or "works" in text  # which resolves a ticket
    assert (made.at.status.ended, made.at.place_closed, to_customer(made)) == (ended, "closed", [])


@pytest.mark.parametrize("how", ["closed", "moderated", "locked"])
def test_agents_of_an_open_ticket_are_told_and_only_their_replies_open_the_post(how: How) -> None:
    made = walk(ticket=True)
    made.do(changed(how))
    assert [effect for effect in made.rows[-1].effects if isinstance(effect, Relay)]
    assert (made.at.status, to_customer(made)) == (Status.WAITING, [])
    made.do(TimerRang(kind="unclaimed", status="waiting", actor="timer"))
    assert to_customer(made) == []
    made.do(Claimed(name="Max", actor=MAX))
    assert (to_customer(made), made.at.prompt_effect) == ([], "")
    made.do(Replied(text="Hello", actor=MAX))
    assert to_customer(made) == ["relay"]
    made.do(Concluded(actor=MAX))
    assert (made.at.status, to_customer(made)) == (Status.RESOLVED, [])


def test_a_post_that_is_open_again_or_written_in_is_no_longer_closed() -> None:
    made = walk(ticket=True)
    for opens in (changed("open"), Said(text="one more thing")):
        made.do(changed("closed", opens.type))
        assert made.do(opens).place_closed == ""
    assert made.try_(changed("open", "2")) == Refusal(why="not_now")


def test_a_solved_post_that_is_closed_stays_solved_and_gets_no_question_the_day_after() -> None:
    made = walk()
    made.do(Answered(turn=1, choice="fixed"))
    made.do(changed("closed"))
    assert (made.at.status, made.rows[-1].timers, to_customer(made)) == (Status.RESOLVED, (), [])


def test_a_ticket_that_closed_in_a_closed_post_goes_back_to_its_agent_when_the_customer_writes() -> None:
    made = walk(ticket=True)
    made.do(Claimed(name="Max", actor=MAX))
    made.do(Replied(text="Hello", actor=MAX))
    made.do(changed("closed"))
    made.do(TimerRang(kind="close", turn=made.at.turn, status="with_agent", actor="timer"))
    assert (made.at.status, to_customer(made)) == (Status.CLOSED, [])
    made.do(Said(text="it is dark again"))
    assert (made.at.status, made.at.holder) == (Status.WITH_AGENT, MAX)
