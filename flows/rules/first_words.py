"""Decides what first words mean where no error text is recognized: the customer wants a person, or likely a guide."""

from typing import Any, Final

from pydantic import Field

from flows.catalogue import SUPPORT
from flows.conversation import Status
from flows.effects import Change, Suggest
from flows.events import REASONS, Started
from flows.flow import Escalation, Flow
from flows.rules.case import Case
from flows.rules.escalation import BY_AGENT, ticket
from flows.screen_answers import ScreenAnswers
from flows.values import Frozen

AT_START: Final = (*REASONS, BY_AGENT)
"""The reasons for which a conversation may start with a ticket."""


class FirstWords(Frozen):
    """What the first words add to a start: fields and texts, a ticket, or choices to ask about.

    `known` says that the words were understood: nothing says then that they were not.
    """

    known: bool = False
    fields: dict[str, Any] = Field(default={})
    stamp: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    opens_ticket: bool = False
    suggested: tuple[str, ...] = ()


def first_words(case: Case, event: Started, flow: Flow) -> FirstWords:
    """Hear the first words like any others: a customer who asks for a person gets a ticket at once (law L7)."""
    if event.ticket:
        reason = event.ticket if event.ticket in AT_START else REASONS[0]
        return _with_ticket(case, SUPPORT, reason, exited=True)
    screen = ScreenAnswers(starts=True)
    if screen.plain(event.text) == "person":
        return _with_ticket(case, flow.escalate.team, REASONS[0])
    choices = screen.likely(event.likeness, event.text)
    return FirstWords(known=bool(choices), suggested=choices)


def _with_ticket(case: Case, team: str, reason: str, *, exited: bool = False) -> FirstWords:
    opening = ticket(case, Escalation(team=team, reason=reason))
    return FirstWords(
        known=True,
        fields={"status": Status.WAITING.value, "exited": exited, **opening["set"]},
        stamp=opening["stamp"],
        tells=("escalated_first",),
        opens_ticket=True,
    )


def suggested_at_start(case: Case, change: Change, choices: tuple[str, ...]) -> Change:
    """Return the start with the question whether the words were about one of these guides."""
    if not choices:
        return change
    asks = Suggest(id=case.name(len(change.effects)), turn=int(str(change.set["turn"])), choices=choices)
    fields = {**change.set, "suggested": choices, "suggested_effect": asks.id}
    return change.model_copy(update={"effects": (*change.effects, asks), "set": fields})
