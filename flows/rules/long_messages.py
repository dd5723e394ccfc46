"""Says that only the beginning and the end of a long message are kept."""

from flows.effects import Change, Tell
from flows.events import OF_CONTACTS, Edited
from flows.rules.case import Case
from flows.rules.edits import OF_AGENTS
from flows.text.kept_text import KEPT


def said_shortened(case: Case, change: Change) -> Change:
    """Add a sentence to the change if the customer's message is too long to be kept as a whole."""
    event = case.event
    if len(vars(event).get("text", "")) <= KEPT:
        return change
    theirs = isinstance(event, OF_CONTACTS) or (isinstance(event, Edited) and event.was not in OF_AGENTS)
    if not theirs:
        return change
    told = Tell(id=case.name(len(change.effects)), words="kept_shortened")
    return change.model_copy(update={"effects": (*change.effects, told)})
