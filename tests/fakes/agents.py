"""Brings a conversation with agents to a status, and returns what an act changes or why the engine refuses."""

from flows.conversation import Conversation, Status
from flows.effects import Change, Refusal
from flows.events import Answered, Claimed, Escalated, Event, TimerRang
from tests.fakes.flows import Walk

MAX, MIA = "desk:max", "desk:mia"


def by(event: Event, actor: str = MAX) -> Event:
    return event.model_copy(update={"actor": actor})


def begun(status: Status) -> Walk:
    """Start Ana's conversation and bring it to that status at its first step."""
    walk = Walk()
    walk.start()
    if status is Status.WAITING:
        walk.do(Escalated())
    elif status is Status.WITH_AGENT:
        walk.do(by(Claimed(name="Max")))
    elif status is Status.RESOLVED:
        walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    elif status is Status.CLOSED:
        walk.do(TimerRang(kind="close", turn=walk.at.turn, status=walk.at.status, actor="timer"))
    assert walk.at.status is status
    return walk


def change(walk: Walk, event: Event) -> Change:
    verdict = walk.try_(event)
    assert isinstance(verdict, Change), verdict
    return verdict


def why(walk: Walk, event: Event) -> str:
    verdict = walk.try_(event)
    assert isinstance(verdict, Refusal), verdict
    return verdict.why


def kinds(change: Change) -> list[str]:
    return [effect.kind for effect in change.effects]


def held(at: Conversation) -> tuple[Status, str, str]:
    return at.status, at.holder, at.holder_name
