"""The flows on offer, and the picker: the built-in flow a walk starts in when no flow is chosen yet."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from flows.flow import Choice, Escalation, Flow, Step, Team
from flows.replies import Canned
from flows.values import Frozen

PICKER: Final = "picker"
SUPPORT: Final = "support"
"""The operator's own team: who helps where no flow says who does."""


class Catalogue(Frozen):
    """The current revision of every flow, in the order offered. Immutable; a reload makes a new one.

    `rooms` are the places where teams talk, as the text of an address by the team's id; that of `` is where those
    without one go. A team without a room is found on the web desk. `fallback` is the team that is called when nobody
    of another comes; '' for none. `backends` are the systems that tickets are reported to, by name.
    `paused` are the flows whose customers go straight to people. `mailed` are the channels whose customers leave, and
    are mailed to where they gave an address. `replies` are what agents keep ready.
    """

    flows: tuple[Flow, ...] = ()
    rooms: Mapping[str, str] = {}
    fallback: str = ""
    backends: tuple[str, ...] = ()
    paused: frozenset[str] = frozenset()
    mailed: frozenset[str] = frozenset()
    replies: tuple[Canned, ...] = ()

    def room(self, team: str) -> str:
        """Where a team talks, as the text of an address; '' where that is the web desk alone."""
        return self.rooms.get(team) or self.rooms.get("", "")

    @cached_property
    def by_id(self) -> dict[str, Flow]:
        """The flows by id, the picker included."""
        return {flow.id: flow for flow in self.flows} | {PICKER: self.picker}

    @cached_property
    def picker(self) -> Flow:
        """The question which problem it is, as a flow of one step, so that it needs no engine of its own."""
        return _picker(self.flows)


def _picker(flows: Iterable[Flow]) -> Flow:
    listed = tuple(Choice(id=flow.id, label=flow.title, flow=flow.id) for flow in flows)
    other = Choice(
        id="something-else",
        label="Something else",
        escalate=Escalation(team=SUPPORT, reason="not_listed"),
    )
    step = Step(
        id="pick",
        title="What do you need help with?",
        text="Choose your problem, or paste the exact error message.",
        observes=True,
        choices=(*listed, other),
    )
    return Flow(
        id=PICKER,
        title="What's going wrong?",
        teams=(Team(id=SUPPORT, name="our support team"),),
        escalate=Escalation(team=SUPPORT, reason="asked"),
        steps=(step,),
    )
