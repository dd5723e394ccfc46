"""Decides about email to customers who left: what counts as an email address, and which changes deserve an email."""

import re
from typing import Final

from flows.acts import Concluded, HandedBack, Replied, Showed
from flows.conversation import Address
from flows.effects import Change, Mailing, Tell
from flows.rules.case import Case

LONGEST: Final = 200
"""Characters of an email address, at most."""

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)

_BOTS: Final = frozenset({"nudge_person", "nudge_team", "closed", "closed_unanswered"})
"""What the bot says on its own that a customer who left must know: an agent is waiting, or the ticket was closed."""


def mail_address(text: str) -> str:
    """Return the text if all of it is an email address, else ''. A phone number is for the agent."""
    text = text.strip()
    return text if len(text) <= LONGEST and _ADDRESS.fullmatch(text) else ""


def mails(case: Case) -> bool:
    """Return whether the customer's channel is one that they leave, so that replies are emailed."""
    return Address.parse(case.at.customer).channel in case.catalogue.mailed


def mailed(case: Case, change: Change) -> Change:
    """Add an email to the change if it tells something to a customer who gave an address and may have left."""
    if not change.set.get("mail", case.at.mail) or not mails(case) or not _deserves_email(change):
        return change
    mailing = Mailing(id=case.name(len(change.effects)), version=case.at.version + 1)
    return change.model_copy(update={"effects": (*change.effects, mailing)})


def _deserves_email(change: Change) -> bool:
    """Return whether a change is something for the customer to read or answer: a reply, a step, the guide, the end.

    So is an address that they leave: it gets a link that confirms it.
    """
    if "mail" in change.set:
        return True
    if isinstance(change.event, Replied | Showed | HandedBack | Concluded):
        return True
    return any(isinstance(effect, Tell) and effect.words in _BOTS for effect in change.effects)
