"""Tests that an agent who writes in the customer's place is assigned, colleagues may press, and texts are edited."""

import pytest

from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Refusal, Retire
from flows.engine import advance, apply
from flows.events import Answered, Edited, Event, Joined, Said, Shared, Started, TimerRang, Transferred, Wrote
from tests.fakes.flows import catalogue

SHELF = catalogue()


def do(at: Conversation, event: Event, actor: str = "chat:ana") -> Conversation:
    """The conversation after the event, which must not be refused."""
    verdict = decide(at, event, actor)
    assert isinstance(verdict, Change), verdict
    return apply(at, verdict.model_copy(update={"version": at.version + 1, "at": 1, "ticket": 64}))


def decide(at: Conversation, event: Event, actor: str = "chat:ana") -> Change | Refusal:
    flow = SHELF.by_id.get(at.flow, SHELF.picker)
    return advance(flow, at, event.model_copy(update={"actor": actor, "key": f"k{at.version}"}), SHELF)


def begun() -> Conversation:
    return do(Conversation(id="00aaaaaaaaaaaaaaaa"), Started(flow="lamp", address="chat||C"))


def test_the_bot_falls_silent_and_the_old_buttons_go() -> None:
    at = begun()
    change = decide(at, Wrote(name="Max", text="Hello"), "chat:max")
    assert isinstance(change, Change)
    assert [type(effect) for effect in change.effects] == [Retire]
    assert change.cancels
    held = do(at, Wrote(name="Max", text="Hello"), "chat:max")
    assert (held.status, held.holder, held.holder_name, held.prompt_effect) == (
        Status.WITH_AGENT,
        "chat:max",
        "Max",
        "",
    )
    assert held.turn == at.turn + 1
    assert held.ticket_open
    assert held.reasons == ("agent_came",)


def test_what_the_customer_says_then_is_kept_and_not_answered() -> None:
    held = do(begun(), Wrote(name="Max"), "chat:max")
    for text in ("works now", "no", "thank you"):
        change = decide(held, Said(text=text))
        assert isinstance(change, Change)
        assert change.effects == ()
        assert "status" not in change.set


def test_a_click_from_before_changes_nothing() -> None:
    at = begun()
    held = do(at, Wrote(name="Max"), "chat:max")
    assert decide(held, Answered(turn=at.turn, choice="fixed")) == Refusal(why="past_turn")


def test_further_words_of_the_agent_move_nothing_and_keep_them_there() -> None:
    held = do(begun(), Wrote(name="Max"), "chat:max")
    change = decide(held, Wrote(name="Max"), "chat:max")
    assert isinstance(change, Change)
    assert change.set == {}
    assert change.timers is not None
    assert [timer.kind for timer in change.timers] == ["nudge"]


@pytest.mark.parametrize("public", [False, True])
def test_a_line_of_a_second_agent_is_kept_and_reassigns_nothing(public: bool) -> None:
    held = do(begun(), Wrote(name="Max"), "chat:max")
    asked = do(held, Said(text="and now?"))
    for before in (held, asked):
        change = decide(before, Wrote(name="Mia", text="same here", public=public), "chat:mia")
        assert isinstance(change, Change)
        assert change.effects == ()
        assert not {"holder", "holder_name", "status", "turn"} & change.set.keys()


def test_an_agent_who_has_gone_quiet_gives_the_step_back() -> None:
    held = do(do(begun(), Wrote(name="Max"), "chat:max"), Said(text="It is still dark"))
    rang = TimerRang(kind="quiet", turn=held.turn, status=held.status)
    change = decide(held, rang, "timer")
    assert isinstance(change, Change)
    assert any(isinstance(effect, Ask) for effect in change.effects)
    at = do(held, rang, "timer")
    assert (at.status, at.holder, at.holder_name, at.step) == (Status.WAITING, "", "", "plug")
    assert at.ticket_open


def test_the_quiet_of_an_agent_who_left_meanwhile_means_nothing() -> None:
    held = do(begun(), Wrote(name="Max"), "chat:max")
    taken = do(held, Transferred(to="chat:mia", to_name="Mia"), "chat:mia")
    late = TimerRang(kind="quiet", turn=held.turn, status=held.status)
    assert decide(taken, late, "timer") == Refusal(why="past_turn")


def test_a_closed_conversation_is_not_taken_by_writing() -> None:
    at = begun()
    closed = do(at, TimerRang(kind="close", turn=at.turn, status=at.status), "timer")
    assert decide(closed, Wrote(name="Max"), "chat:max") == Refusal(why="not_now")


def test_the_contact_hands_the_buttons_to_a_colleague() -> None:
    at = begun()
    assert decide(at, Answered(turn=at.turn, choice="fixed"), "chat:ben") == Refusal(why="not_yours")
    at = do(at, Shared(to="chat:ben", name="Ben"))
    assert do(at, Answered(turn=at.turn, choice="fixed"), "chat:ben").solved_by == "chat:ben"


def test_nobody_else_can_hand_them_on() -> None:
    at = do(begun(), Shared(to="chat:ben"))
    assert decide(at, Shared(to="chat:eve"), "chat:ben") == Refusal(why="not_yours")
    assert decide(at, Shared(to="chat:eve"), "chat:eve") == Refusal(why="not_yours")
    assert decide(at, Shared(to="")) == Refusal(why="not_now")
    assert decide(at, Shared(to=at.contact)) == Refusal(why="not_now")


def test_there_is_an_end_to_how_many_may_press() -> None:
    at = begun()
    for number in range(20):
        at = do(at, Joined(), f"chat:{number}")
    assert decide(at, Joined(), "chat:one-too-many") == Refusal(why="not_now")
    assert do(at, Joined(), "chat:3").may_press == at.may_press


def test_changed_words_move_nothing() -> None:
    at = begun()
    change = decide(at, Edited(of="k", text="works now"))
    assert isinstance(change, Change)
    assert (change.set, change.timers) == ({}, None)
    assert [effect.kind for effect in change.effects] == ["tell"], "the customer reads what to press"
