"""Holds the available flows, and the picker: the built-in flow where a conversation starts if no flow is chosen yet."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from flows.flow import Choice, Escalation, Flow, Step, Team
from flows.replies import Canned
from flows.values import Frozen

PICKER: Final = "picker"
SUPPORT: Final = "support"
"""The id of the operator's own team, which helps if a flow names no team."""


class Catalogue(Frozen):
    """The current revision of every flow, in the order offered. Immutable; a reload makes a new catalogue.

    `rooms` are the agents' channels, as the text of an address by the team's id; the channel under '' is for all other
    teams. A team without a channel finds its tickets on the web desk. `fallback` is the team to alert if no agent of
    another team comes; '' for none. `backends` are the names of the systems that tickets are reported to. `paused` are
    the flows whose customers go straight to an agent. `mailed` are the channels that customers leave: the bot emails
    them there if they gave an address. `followed` are the channels where the bot asks, the day after a fix, if it still
    works. `replies` are the saved replies. `direct` are the agents, by actor, who want direct messages: those whom the
    event may notify, and no others.
    """

    flows: tuple[Flow, ...] = ()
    rooms: Mapping[str, str] = {}
    fallback: str = ""
    backends: tuple[str, ...] = ()
    paused: frozenset[str] = frozenset()
    mailed: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    replies: tuple[Canned, ...] = ()
    direct: frozenset[str] = frozenset()

    def room(self, team: str) -> str:
        """Return the address of a team's channel as text; '' if the team works only on the web desk."""
        return self.rooms.get(team) or self.rooms.get("", "")

    @cached_property
    def by_id(self) -> dict[str, Flow]:
        """Return the flows by id, the picker included."""
        return {flow.id: flow for flow in self.flows} | {PICKER: self.picker}

    @cached_property
    def picker(self) -> Flow:
        """Return the picker: the question for the problem, as a flow of one step, which needs no engine of its own."""
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
