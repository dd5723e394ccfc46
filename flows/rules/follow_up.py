"""Decides about the message the day after a fix: **Still working** or **It's happening again**. Silence is fine.

A channel that the customer leaves, such as the page, gets no such message. A step with a check needs none: the check
knows.
"""

from typing import Final

from flows.conversation import Address, Status
from flows.effects import Refusal, Timer
from flows.rules.case import CLOSE, Case, Verdict

ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
"""Values of the field `follow_up`."""

_ASK: Final = (Timer(kind="follow_up", after="tomorrow"),)


def timers_after_fix(case: Case) -> tuple[Timer, ...]:
    """Return the timer of a problem that the customer has just fixed: the message comes first, then the silent end."""
    channel = Address.parse(case.at.customer).channel
    step = case.flow.by_id.get(case.at.step)
    checked = step is not None and step.check is not None
    return _ASK if channel in case.catalogue.followed and not checked else CLOSE


def asked_after(case: Case) -> Verdict:
    """Ask once whether what the customer fixed still works."""
    if case.at.status is not Status.RESOLVED or case.at.follow_up:
        return Refusal(why="not_now")
    return case.turned(set={"follow_up": ASKED}, timers=CLOSE)


def confirmed(case: Case) -> Verdict:
    """Thank the customer who says that it still works; the conversation stays resolved."""
    return case.turned(set={"follow_up": CONFIRMED}, timers=CLOSE)
