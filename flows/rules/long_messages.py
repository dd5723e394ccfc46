"""Says that only the beginning and the end of a long message are kept."""

from flows.effects import Change, Tell
from flows.events import OF_CONTACTS
from flows.rules.case import Case
from flows.text.kept_text import KEPT


def said_shortened(case: Case, change: Change) -> Change:
    """Add a sentence to the change if the customer's message is too long to be kept as a whole."""
    if not isinstance(case.event, OF_CONTACTS) or len(getattr(case.event, "text", "")) <= KEPT:
        return change
    told = Tell(id=case.name(len(change.effects)), words="kept_shortened")
    return change.model_copy(update={"effects": (*change.effects, told)})
