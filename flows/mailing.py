"""Mail to a customer who left: which words of theirs are a mail address, and which changes are worth a mail."""

import re
from typing import Final

from flows.acts import Concluded, HandedBack, Replied, Showed
from flows.case import Case
from flows.conversation import Address
from flows.effects import Change, Mailing, Tell

LONGEST: Final = 200
"""Characters of an address; what is longer is left to whoever reads it."""

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)

_BOTS: Final = frozenset({"nudge_person", "closed", "closed_waiting"})
"""What the bot says by itself that somebody who left must hear of: an agent waits for them, or it was closed."""


def mail_address(text: str) -> str:
    """The address where the whole text is one, else '': a telephone number is for whoever reads the ticket."""
    text = text.strip()
    return text if len(text) <= LONGEST and _ADDRESS.fullmatch(text) else ""


def mails(case: Case) -> bool:
    """Whether the customer is somewhere that they leave, so that mail can follow them."""
    return Address.parse(case.at.customer).channel in case.catalogue.mailed


def mailed(case: Case, change: Change) -> Change:
    """The change, with a mail where it says something to a customer who gave an address and may have left."""
    if not case.at.mail or not mails(case) or not _worth(change):
        return change
    mailing = Mailing(id=case.name(len(change.effects)), version=case.at.version + 1)
    return change.model_copy(update={"effects": (*change.effects, mailing)})


def _worth(change: Change) -> bool:
    """A reply, a step, the guide again, the end: what is for them to read or to answer."""
    if isinstance(change.event, Replied | Showed | HandedBack | Concluded):
        return True
    return any(isinstance(effect, Tell) and effect.words in _BOTS for effect in change.effects)
