"""Writes and reads the row of a plain answer, which most rows are, as one text. Pure."""

from typing import Any, Final

from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.prompts import USUAL_TIMERS
from adapters.storage.records.record import FIELDS
from flows.effects import Ask, Change, Retire
from flows.events import Answered

ANSWER: Final = "!"
"""The prefix of an answer that the contact gave to the previous turn."""


def brief_text(change: Change, before: Before) -> str:
    """Return an answer that does what most do as one text: the prompt's stem, the choice, the new step, and the name
    under which the choice is observed, if it is, separated by spaces. A plus sign comes first if the prompt before
    loses its buttons. '' if it does anything else.
    """
    event, fields = change.event, change.set
    if not isinstance(event, Answered) or fields.keys() != BRIEF or not change.cancels:
        return ""
    turn, step, choice = fields["turn"], fields["step"], event.choice
    stem = str(fields["prompt_effect"]).rpartition(".")[0]
    plain = (
        event.turn == before.turn
        and turn == before.turn + 1
        and event.actor == before.contact
        and change.push == (before.step,)
        and change.timers == USUAL_TIMERS
        and not (change.stamp or change.promises or change.take_ticket)
        and change.cut is None
    )
    if (
        not plain
        or not isinstance(step, str)
        or any(" " in word or not word for word in (stem, choice, step))
    ):
        return ""
    ask = Ask.trusted(id=f"{stem}.0", turn=turn)
    if change.effects == (ask,):
        text = f"{stem} {choice} {step}"
    elif change.effects == (ask, Retire.trusted(id=f"{stem}.1", **_usual_retire(before, choice))):
        text = f"{_RETIRES}{stem} {choice} {step}"
    else:
        return ""
    if fields["prompt_effect"] != ask.id:
        return ""
    if not change.observe:
        return text
    ((name, observed), *others) = change.observe.items()
    return f"{text} {name}" if name and observed == choice and not others else ""


BRIEF: Final = {"turn", "prompt_effect", "step"}
"""The fields that a brief line sets."""


_RETIRES: Final = "+"
"""The prefix of a brief line's text if the prompt before loses its buttons. No stem begins like that."""


def unpack_brief(text: str, before: Before) -> dict[str, Any]:
    """Return the body of a brief line as `row` writes one that is not brief."""
    stem, choice, step, *name = text.removeprefix(_RETIRES).split(" ", 3)
    retired = [_usual_retire(before, choice)] if text.startswith(_RETIRES) else []
    return {
        "e": ANSWER + choice,
        "T": [stem, *retired],
        "s": {FIELDS["step"]: step},
        "o": dict.fromkeys(name, choice),
    }


def _usual_retire(before: Before, choice: str) -> dict[str, str]:
    """Return how a packed prompt says that the prompt before loses its buttons, because it was answered."""
    fields = {"of": before.prompt_effect, "revision": before.revision, "step": before.step, "answer": choice}
    return {name: value for name, value in fields.items() if value}
