"""Decides what an agent's line does in a public place, such as a forum post, where helpers chat with the customer.

A line there claims nothing: the guide pauses, and the customer keeps *Continue the guide* and *Talk to a person*.
"""

from typing import Any, Final

from flows.conversation import Status
from flows.effects import Timer
from flows.rules.case import NUDGE, Case, Verdict

LONGEST_NAME: Final = 80
"""Characters of the helper's name, which the record keeps."""


def overheard(case: Case, name: str) -> Verdict:
    """Pause the guide at the first line, so that one speaks at a time (law L6); keep every line.

    A customer who has continued the guide is not interrupted again. A ticket that waits keeps its buttons.
    """
    if case.at.status.ended or case.at.keeps_guide:
        return case.change()
    if case.at.status is Status.WAITING:
        return case.change(set={"helper": name[:LONGEST_NAME]})
    if case.at.hushed:
        return case.change(timers=NUDGE)
    return case.turned(set={"helper": name[:LONGEST_NAME]}, timers=NUDGE)


def continued(case: Case, words: str = "unpaused", timers: tuple[Timer, ...] = NUDGE) -> Verdict:
    """Continue a paused guide where it stopped, because the customer wants that or the place went quiet."""
    fields: dict[str, Any] = {"helper": "", "keeps_guide": case.at.keeps_guide or words == "unpaused"}
    return case.turned(words, set=fields, timers=timers)
