"""Tests that a customer can continue the guide: always from the queue, and with an agent's permission."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Change, Tell
from flows.events import Allowed, Claimed, HandedBack, Released, Replied, TimerRang, Transferred, Withdrawn
from flows.flow import Flow
from flows.prompts import prompt
from flows.text.markup.words import plain
from flows.views.dossier import dossier
from tests.fakes.agents import MAX, MIA, begun, by, change, held, why
from tests.fakes.flows import Walk, catalogue, fire, lamp


def let() -> Walk:
    """Ana is with Max, who lets her go on."""
    walk = begun(Status.WITH_AGENT)
    walk.do(by(Allowed(name="Max")))
    return walk


def last(walk: Walk) -> str:
    flows: dict[str, Flow] = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    line = dossier(walk.at, walk.rows, {}, flows, {}).lines[-1]
    return f"{line.who}: {plain(line.words)}"


def test_from_the_queue_they_go_on_whenever_they_like() -> None:
    walk = begun(Status.WAITING)
    walk.do(Withdrawn())
    assert walk.at.status is Status.GUIDING


def test_when_nobody_comes_they_are_told_so_and_that_they_can_go_on() -> None:
    walk = begun(Status.WAITING)
    rang = TimerRang(kind="unclaimed", actor="timer", status=walk.at.status)
    walk.do(rang)
    assert [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)] == ["still_waiting"]
    walk.do(Withdrawn())
    assert walk.at.status is Status.GUIDING


def test_from_an_agent_they_do_not_unless_they_were_let() -> None:
    walk = begun(Status.WITH_AGENT)
    assert not prompt(lamp(), walk.at, {}).goes_on
    assert why(walk, Withdrawn()) == "not_now"


def test_once_let_they_see_it_and_the_agent_still_has_it() -> None:
    walk = let()
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")
    shown = prompt(lamp(), walk.at, {})
    assert (shown.kind, shown.choices, shown.goes_on) == ("held", (), True)
    assert "Continue the guide" in plain(shown.text)
    assert any(isinstance(effect, Ask) for effect in walk.rows[-1].effects)
    assert last(walk) == "Max: let the customer continue the guide"


def test_they_go_on_at_the_step_they_left_and_the_agents_are_told() -> None:
    walk = let()
    step, turn = walk.at.step, walk.at.turn
    walk.do(Withdrawn())
    assert (*held(walk.at), walk.at.step, walk.at.turn) == (Status.GUIDING, "", "", step, turn + 1)
    assert [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)] == ["withdrawn"]
    assert last(walk).endswith("continued the guide, as an agent allowed")
    assert not walk.at.may_go_on


def test_letting_them_twice_shows_nothing_twice() -> None:
    walk = let()
    again = change(walk, by(Allowed(name="Max")))
    assert not any(isinstance(effect, Ask | Tell) for effect in again.effects)


def test_words_of_the_agent_leave_it_as_it_is() -> None:
    walk = let()
    walk.do(by(Replied(text="One more thing", name="Max")))
    assert walk.at.may_go_on


@pytest.mark.parametrize(
    "event",
    [
        Transferred(to=MIA, to_name="Mia"),
        Transferred(team="safety"),
        Released(),
        HandedBack(step="switch"),
    ],
)
def test_it_ends_with_the_agent_who_let_them(event: object) -> None:
    walk = let()
    assert isinstance(event, Transferred | Released | HandedBack)
    walk.do(by(event))
    assert not walk.at.may_go_on
    walk.do(by(Claimed(name="Mia"), MIA)) if walk.at.holder != MIA else None
    assert why(walk, Withdrawn()) == "not_now"


def test_only_who_has_it_lets_them_and_only_the_contact_goes() -> None:
    walk = begun(Status.WITH_AGENT)
    assert why(walk, by(Allowed(name="Mia"), MIA)) == "held"
    assert why(begun(Status.WAITING), by(Allowed(name="Max"))) == "not_now"
    assert why(let(), Withdrawn(actor="web:eve")) == "not_yours"
    assert isinstance(let().try_(Withdrawn()), Change)
