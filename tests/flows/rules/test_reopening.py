"""Tests reopening: to the same agent while available, later to the team with the agent's name."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Change, Refusal, Relay, Tell
from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Escalated,
    Event,
    HandedBack,
    Reopened,
    Replied,
    Said,
    Spoken,
    TimerRang,
)
from flows.flow import Flow
from flows.prompts import prompt, tell_words
from flows.text.markup.words import plain
from flows.views.dossier import dossier
from tests.fakes.agents import MAX, MIA, by, held
from tests.fakes.flows import Walk, catalogue, fire, lamp


def solved() -> Walk:
    """Ana's ticket, solved by Max, in whose room there is a thread of it."""
    walk = Walk(catalogue().model_copy(update={"rooms": {"": "desk||room"}}))
    walk.start()
    walk.do(Escalated())
    walk.do(by(Claimed(name="Max")))
    walk.do(by(Concluded(reason="new bulb", name="Max")))
    return walk


def rang(walk: Walk, kind: str) -> Event:
    return TimerRang(kind=kind, actor="timer", turn=walk.at.turn, status=walk.at.status)


def silent() -> Walk:
    """Max waits for a word of Ana's that does not come, and it is closed kindly."""
    walk = solved()
    walk.do(Reopened())
    walk.do(by(Replied(text="Which bulb did you buy?", name="Max")))
    walk.do(rang(walk, "nudge"))
    walk.do(rang(walk, "close"))
    return walk


def told(walk: Walk) -> list[str]:
    return [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)]


def alerted(walk: Walk) -> list[bool]:
    return [effect.alert for effect in walk.rows[-1].effects if isinstance(effect, Relay)]


def read(walk: Walk, words: dict[int, Spoken] | None = None) -> str:
    """The last line that agents read."""
    flows: dict[str, Flow] = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    return plain(dossier(walk.at, walk.rows, words or {}, flows, {}).lines[-1].words)


def test_the_agent_who_solved_it_has_it_again_and_is_alerted() -> None:
    walk = solved()
    turn = walk.at.turn
    assert walk.rows[-1].promises == ("parted",)
    walk.do(Reopened())
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")
    assert (walk.at.turn, walk.at.ticket, walk.at.reasons) == (turn + 1, 71, ("came_back",))
    assert told(walk) == ["reopened_held"]
    assert any(isinstance(effect, Ask) for effect in walk.rows[-1].effects)
    assert alerted(walk) == [True]
    assert prompt(lamp(), walk.at, {}).kind == "held"
    assert read(walk) == "reported it again: it's assigned to Max again"
    assert [timer.kind for timer in walk.rows[-1].timers or ()] == ["quiet"]


def test_plain_words_that_it_is_back_do_the_same() -> None:
    walk = solved()
    walk.do(Said(text="it's back"))
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")


def test_thanks_open_nothing() -> None:
    walk = solved()
    walk.do(Said(text="thank you so much"))
    assert walk.at.status is Status.RESOLVED


def test_once_they_have_gone_it_waits_for_the_team_and_says_who_had_it() -> None:
    walk = solved()
    walk.do(rang(walk, "parted"))
    assert (walk.at.last_agent_gone, walk.at.status) == (True, Status.RESOLVED)
    assert [effect.kind for effect in walk.rows[-1].effects] == []
    walk.do(Reopened())
    assert held(walk.at) == (Status.WAITING, "", "")
    assert told(walk) == ["reopened_waiting"]
    assert alerted(walk) == [True]
    assert "unclaimed" in walk.rows[-1].promises
    assert read(walk) == "reported it again: Max is away, so it's unassigned"


def test_a_reply_after_a_silent_close_is_the_one_that_was_waited_for() -> None:
    walk = silent()
    assert (walk.at.status, walk.at.last_agent, walk.at.holder_name) == (Status.CLOSED, MAX, "")
    walk.do(Said(text="sorry, I was away"))
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")
    words = {walk.at.version: Spoken(text="sorry, I was away")}
    assert read(walk, words) == "sorry, I was away\n\nreported it again: it's assigned to Max again"


def test_after_a_solution_that_was_closed_a_word_is_kept_and_its_back_still_leads_to_the_agent() -> None:
    walk = solved()
    walk.do(rang(walk, "close"))
    walk.do(Said(text="thanks again"))
    assert walk.at.status is Status.CLOSED
    walk.do(Reopened())
    assert held(walk.at) == (Status.WITH_AGENT, MAX, "Max")


def test_what_the_guide_solved_goes_on_with_the_guide_also_after_an_agent_had_it() -> None:
    walk = solved()
    walk.do(Reopened())
    walk.do(by(HandedBack(step="switch")))
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    walk.do(Reopened())
    assert (walk.at.status, walk.at.step) == (Status.GUIDING, "switch")


def test_another_agent_who_takes_it_is_the_one_it_comes_back_to() -> None:
    walk = solved()
    walk.do(by(Claimed(name="Mia"), MIA))
    assert walk.at.last_agent == ""
    walk.do(by(Concluded(name="Mia"), MIA))
    walk.do(Reopened())
    assert held(walk.at) == (Status.WITH_AGENT, MIA, "Mia")


@pytest.mark.parametrize("event", [Reopened(), Claimed(name="Mia", actor=MIA)])
def test_the_clock_means_nothing_once_somebody_has_it(event: Event) -> None:
    walk = solved()
    walk.do(event)
    assert not isinstance(walk.try_(rang(walk, "parted")), Change)


def test_a_stranger_opens_nothing() -> None:
    assert not isinstance(solved().try_(Reopened(actor="web:eve")), Change)


# ---- what the guide solved -------------------------------------------------------------------------------------------


def fixed_at_the_plug() -> Walk:
    walk = Walk()
    walk.start()
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    return walk


def lead(walk: Walk) -> str:
    """What the bot says first, in plain words."""
    tell = next(effect for effect in walk.rows[-1].effects if isinstance(effect, Tell))
    return plain(tell_words(tell.words, lamp(), walk.at, {}, tell.step))


def test_the_advice_of_the_step_that_fixed_it_leads_and_the_guide_continues_there() -> None:
    walk = fixed_at_the_plug()
    walk.do(Reopened())
    assert (walk.at.status, walk.at.step, walk.at.returns) == (Status.GUIDING, "plug", 1)
    assert "Good plug." in lead(walk)
    assert lead(walk).startswith("Sorry it came back.")


def test_without_advice_the_guide_just_continues() -> None:
    walk = Walk()
    walk.start()
    for choice in ("still-failing", "whole", "fixed"):
        walk.do(Answered(turn=walk.at.turn, choice=choice))
    walk.do(Reopened())
    assert (told(walk), walk.at.step, walk.at.returns) == (["reopened"], "switch", 1)


def test_the_second_time_a_ticket_is_opened_with_what_was_tried_both_times() -> None:
    walk = fixed_at_the_plug()
    walk.do(Reopened())
    for choice in ("still-failing", "whole", "fixed"):
        walk.do(Answered(turn=walk.at.turn, choice=choice))
    walk.do(rang(walk, "close"))
    walk.do(Reopened())
    assert (walk.at.status, walk.at.ticket, walk.at.reasons) == (Status.WAITING, 71, ("came_back",))
    assert told(walk) == ["came_back"]
    assert prompt(lamp(), walk.at, {}).kind == "step", "the guide stays usable while the customer waits"
    flows: dict[str, Flow] = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    tried = dossier(walk.at, walk.rows, {}, flows, {}).screen.tried
    assert [(row.step, row.answer) for row in tried] == [
        ("plug", "Fixed it"),
        ("plug", "Still failing"),
        ("bulb", "Whole"),
        ("switch", "Fixed it"),
    ]


def test_a_conversation_that_closed_without_a_fix_is_no_return() -> None:
    walk = Walk()
    walk.start()
    for _ in range(3):
        walk.do(rang(walk, "close"))
        walk.do(Reopened())
    assert (walk.at.status, walk.at.returns, walk.at.ticket) == (Status.GUIDING, 0, 0)


@pytest.mark.parametrize("asks", [Said(text="human please"), Escalated(), Escalated(reason="other")])
def test_a_person_is_reached_after_the_end(asks: Event) -> None:
    """Neither the words nor the button lead nowhere, and a guide does not begin again for who wants a person."""
    walk = Walk(catalogue())
    walk.start()
    walk.do(Answered(turn=1, choice="fixed"))
    walk.do(asks)
    assert (walk.at.status, walk.at.ticket > 0, walk.at.solved_by) == (Status.WAITING, True, "")
    assert told(walk) == ["escalated"]


def test_the_last_agent_gets_who_asks_for_a_person_after_the_end() -> None:
    walk = solved()
    walk.do(Said(text="talk to a person"))
    assert (walk.at.status, walk.at.holder) == (Status.WITH_AGENT, MAX)
    assert told(walk) == ["asked_held"]


def test_what_the_bot_finds_out_reopens_nothing() -> None:
    walk = Walk(catalogue())
    walk.start()
    walk.do(Answered(turn=1, choice="fixed"))
    assert isinstance(walk.try_(Escalated(reason="idle")), Refusal)
