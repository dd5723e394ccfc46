"""Moves conversations: two small machines, and the only module that imports `transitions`.

Both machines are shared and have no model: an event gets a cursor with one slot, which costs a few microseconds and
leaks nothing. Triggers of the tree have a prefix, so that a choice called `state` clashes with nothing that the library
puts on its objects.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from transitions import Machine, MachineError

from flows.conversation import Status
from flows.flow import Flow

Trigger = Literal[
    "answer",
    "fix",
    "exit",
    "escalate",
    "claim",
    "release",
    "hand_back",
    "resolve",
    "withdraw",
    "back",
    "restart",
    "expire",
    "reopen",
    "return",
    "queue",
]

LIFECYCLE: Final[tuple[tuple[Trigger, Status, Status], ...]] = (
    ("answer", Status.GUIDING, Status.GUIDING),
    ("answer", Status.WAITING, Status.WAITING),
    ("fix", Status.GUIDING, Status.RESOLVED),
    ("fix", Status.WAITING, Status.RESOLVED),
    ("exit", Status.GUIDING, Status.WAITING),
    ("exit", Status.WAITING, Status.WAITING),
    ("escalate", Status.GUIDING, Status.WAITING),
    ("escalate", Status.WAITING, Status.WAITING),
    ("escalate", Status.WITH_AGENT, Status.WITH_AGENT),
    ("claim", Status.GUIDING, Status.WITH_AGENT),
    ("claim", Status.WAITING, Status.WITH_AGENT),
    ("claim", Status.WITH_AGENT, Status.WITH_AGENT),
    ("claim", Status.RESOLVED, Status.WITH_AGENT),
    ("release", Status.WITH_AGENT, Status.WAITING),
    ("hand_back", Status.WITH_AGENT, Status.GUIDING),
    ("resolve", Status.GUIDING, Status.RESOLVED),
    ("resolve", Status.WAITING, Status.RESOLVED),
    ("resolve", Status.WITH_AGENT, Status.RESOLVED),
    ("withdraw", Status.WAITING, Status.GUIDING),
    ("back", Status.GUIDING, Status.GUIDING),
    ("back", Status.WAITING, Status.WAITING),
    ("restart", Status.GUIDING, Status.GUIDING),
    ("restart", Status.WAITING, Status.WAITING),
    ("expire", Status.GUIDING, Status.CLOSED),
    ("expire", Status.WAITING, Status.CLOSED),
    ("expire", Status.WITH_AGENT, Status.CLOSED),
    ("expire", Status.RESOLVED, Status.CLOSED),
    ("reopen", Status.RESOLVED, Status.GUIDING),
    ("reopen", Status.CLOSED, Status.GUIDING),
    ("return", Status.RESOLVED, Status.WITH_AGENT),
    ("return", Status.CLOSED, Status.WITH_AGENT),
    ("queue", Status.RESOLVED, Status.WAITING),
    ("queue", Status.CLOSED, Status.WAITING),
)
"""The status that a trigger leads to from each status; a pair that is missing is a move that does not exist."""

_TREES_KEPT: Final = 512
_MOVES_KEPT: Final = 50_000


class _Cursor:
    """The one slot that the library reads and writes."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _machine(states: Iterable[str], initial: str, moves: Iterable[tuple[str, str, str]]) -> Machine:
    machine = Machine(model=None, states=list(states), initial=initial, auto_transitions=False)
    for trigger, source, target in moves:
        machine.add_transition(trigger, source, target)
    return machine


def _move(machine: Machine, state: str, trigger: str) -> str | None:
    """Return the state that the trigger leads to; None if the machine has no such state, trigger or move."""
    event = machine.events.get(trigger)
    if event is None or state not in machine.states:
        return None
    cursor = _Cursor(state)
    try:
        event.trigger(cursor)
    except MachineError:
        return None
    return cursor.state


@lru_cache(maxsize=1)
def _lifecycle() -> Machine:
    moves = ((trigger, source.value, target.value) for trigger, source, target in LIFECYCLE)
    return _machine([status.value for status in Status], Status.GUIDING.value, moves)


@lru_cache(maxsize=64)
def live(status: Status, trigger: Trigger) -> Status | None:
    """Return the status that the trigger leads to, or None if there is no such move."""
    state = _move(_lifecycle(), status.value, trigger)
    return None if state is None else Status(state)


class Trees:
    """Holds the compiled trees by revision, each built at its first use."""

    def __init__(self) -> None:
        """Start empty; at most `_TREES_KEPT` trees are kept, and the oldest go first."""
        self._machines: dict[str, Machine] = {}
        self._known: dict[tuple[str, str, str], str | None] = {}

    def target(self, flow: Flow, step: str, choice: str) -> str | None:
        """Return the state that the choice leads to from that step ('=…' for an exit), or None if it is not offered.

        A cache keeps each answer: a move costs six microseconds, a look-up a tenth of one.
        """
        move = (flow.revision, step, choice)
        if move not in self._known:
            if len(self._known) > _MOVES_KEPT:
                self._known.clear()
            self._known[move] = self._look_up(flow, step, choice)
        return self._known[move]

    def _look_up(self, flow: Flow, step: str, choice: str) -> str | None:
        machine = self._machines.get(flow.revision)
        if machine is None:
            machine = self._machines[flow.revision] = _tree(flow)
            if len(self._machines) > _TREES_KEPT:
                del self._machines[next(iter(self._machines))]
        return _move(machine, step, f"c:{choice}")


def _tree(flow: Flow) -> Machine:
    moves = [(f"c:{choice.id}", step.id, choice.target) for step in flow.steps for choice in step.choices]
    states = dict.fromkeys([step.id for step in flow.steps] + [target for _, _, target in moves])
    return _machine(states, flow.first.id, moves)


@lru_cache(maxsize=1)
def trees() -> Trees:
    """Return the process's trees; tasks and threads can share plain machines."""
    return Trees()
