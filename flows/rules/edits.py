"""Decides about edited and deleted messages: new words replace the old, or stand beside words that were answered."""

from typing import Final

from flows.conversation import Status
from flows.effects import Amend
from flows.events import Edited
from flows.rules.case import Case, Verdict
from flows.screen_answers import screen_answers

REPLACED: Final = frozenset({"started", "said", "details", "rated"})
"""Types of customers' events that did nothing by their words, so that new words may replace them."""

OF_AGENTS: Final = frozenset({"wrote", "replied", "noted"})


def edited(case: Case) -> Verdict:
    """Record an edited or deleted message; decisions made by the old words stay.

    Only an agent's reply is also updated in the customer's conversation (law L12). A customer who edits a message that
    was answered reads once that the answer stays, and what to press.
    """
    event = case.event
    assert isinstance(event, Edited)
    beside = not event.gone and event.was not in OF_AGENTS and (event.beside or _answers(case, event))
    tells = (_sentence(case, event),) if beside and not event.beside else ()
    change = case.change(*filter(None, tells))
    change = change.model_copy(update={"event": event.model_copy(update={"beside": beside})})
    if event.was != "replied":
        return change
    amend = Amend(id=case.name(0), end="customer", version=event.version, by=case.at.version + 1)
    return change.model_copy(update={"effects": (amend,)})


def _answers(case: Case, event: Edited) -> bool:
    """Return whether the first words were carried out, or the new words are plainly an answer that came too late."""
    if event.was not in REPLACED:
        return True
    if case.at.status is Status.WITH_AGENT:
        return False
    return screen_answers(case.flow, case.at).plain(event.text) is not None


def _sentence(case: Case, event: Edited) -> str:
    """Return the phrase that says what to press; '' while an agent has the conversation (law L6)."""
    if case.at.status is Status.WITH_AGENT:
        return ""
    if case.at.status.ended:
        return "edited_ended"
    if event.was in REPLACED:
        return "edited_unheard"
    if case.at.ticket_open:
        return "edited_waiting"
    return "edited_back" if case.at.path else "edited_unheard"
