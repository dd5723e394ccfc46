"""Decides what free text and reactions do: they answer plainly, likely mean an answer (the bot asks), or are kept."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flows.catalogue import PICKER
from flows.conversation import Status
from flows.effects import Change, Suggest
from flows.events import (
    Answered,
    Back,
    Dismissed,
    Escalated,
    Event,
    Napped,
    Reacted,
    Reopened,
    Restarted,
    Said,
)
from flows.flow import FIXED, STILL_FAILING, STILL_WORKING
from flows.prompts import answers
from flows.rules.case import NUDGE, Case, Verdict
from flows.rules.reopening import awaited, returned
from flows.rules.walk import moved
from flows.screen_answers import ScreenAnswers, is_back, screen_answers
from flows.text.phrases import PHRASES
from flows.text.starts import recognise
from flows.text.understanding import REOPEN, understand

Decide = Callable[[Case], Verdict]


def said(case: Case, decide: Decide) -> Verdict:
    """Turn free text into the event it plainly means; ask if it likely means one; else keep it and say so.

    Words that were written before the present prompt could be read are about the step before: they answer nothing now.
    """
    event = case.event
    assert isinstance(event, Said)
    if case.at.status is Status.WITH_AGENT:
        return case.change()
    if case.at.hushed:
        asked = _carried_out(case, "person", decide) if understand((), event.text) == "person" else None
        return asked or case.change(timers=NUDGE)  # the customer talks to the helper
    if case.at.flow == PICKER and not case.at.status.ended:
        found = recognise(case.catalogue.flows, event.text)
        if found is not None:
            return moved(case, case.catalogue.by_id[found.flow], found.observations)
    if awaited(case.at):
        return returned(case)
    screen = screen_answers(case.flow, case.at)
    late = event.turn is not None and event.turn < case.at.turn
    verdict = _late(case, screen, decide) if late else _plain(case, screen, decide)
    if verdict is not None:
        return verdict
    choices = () if late else screen.likely(event.likeness, event.text)
    return suggested(case, choices) if choices else _kept(case)


def _kept(case: Case) -> Change:
    if case.at.helper:
        return case.change()
    words = "kept_ended" if case.at.status.ended else "kept_waiting" if case.at.ticket_open else "kept"
    return case.change(words)


def _plain(case: Case, screen: ScreenAnswers, decide: Decide) -> Verdict | None:
    """Carry out what the text plainly says; None if it is not plain, or not possible now."""
    text = case.event.text if isinstance(case.event, Said) else ""
    if case.at.suggested == (FIXED,) and yes_or_no(text) == "yes":
        return case.change("press_yes")  # words alone resolve nothing that was only likely
    choice = _confirmed(case, text) or screen.plain(text)
    if choice is None:
        return None
    if case.at.status.ended and choice in (REOPEN, STILL_FAILING):
        choice = REOPEN
    return _carried_out(case, choice, decide)


def _confirmed(case: Case, text: str) -> str | None:
    """Return the suggested choice after a plain yes to the bot's own question, `_NO` after a plain no.

    The day after a fix the question is whether it still works.
    """
    if not case.at.suggested and STILL_WORKING in answers(case.flow, case.at):
        return {"yes": STILL_WORKING, "no": REOPEN}.get(yes_or_no(text))
    if len(case.at.suggested) != 1:
        return None
    return {"yes": case.at.suggested[0], "no": _NO}.get(yes_or_no(text))


def yes_or_no(text: str) -> str:
    """Return "yes" or "no" if the text plainly says no more than that, else ''."""
    reply = understand((("yes", "Yes"), ("no", "No")), text)
    return reply if reply in ("yes", "no") else ""


def _late(case: Case, screen: ScreenAnswers, decide: Decide) -> Verdict | None:
    """Handle words for the step before: they ask for a person, are asked about, or go with the answer given there."""
    text = case.event.text if isinstance(case.event, Said) else ""
    choice = understand((*screen.choices, *_BUTTONS), text)
    if choice in ("person", "later"):
        return _carried_out(case, choice, decide)
    if choice == FIXED:
        return suggested(case, (FIXED,)) if FIXED in answers(case.flow, case.at) else None
    if case.at.status.ended and is_back(text):
        return suggested(case, (REOPEN,))
    return case.change() if choice is not None else None


def _carried_out(case: Case, choice: str, decide: Decide) -> Verdict | None:
    event = event_of(case, choice)
    if event is None:
        return None
    verdict = decide(Case(case.flow, case.at, event, case.catalogue))
    return verdict if isinstance(verdict, Change) else None


def event_of(case: Case, choice: str) -> Event | None:
    """Return the event that an answer on screen, a built-in button's name, or "no" makes."""
    event = case.event
    same: dict[str, Any] = {"key": event.key, "actor": event.actor, "conversation": event.conversation}
    if choice in answers(case.flow, case.at):
        return Answered(turn=case.at.turn, choice=choice, **same)
    command = _COMMANDS.get(choice)
    return command(**same) if command is not None else None


_BUTTONS: Final = ((FIXED, PHRASES["fixed"]), (STILL_FAILING, PHRASES["still_failing"]))
"""The buttons of most steps, which the step before may have had."""

_NO: Final = "=no"
"""A plain no to the bot's own question; no answer has such an id."""
_COMMANDS: Final[Mapping[str, type[Back | Restarted | Escalated | Napped | Reopened | Dismissed]]] = {
    "back": Back,
    "restart": Restarted,
    "person": Escalated,
    "later": Napped,
    REOPEN: Reopened,
    _NO: Dismissed,
}


# ---- suggestions -----------------------------------------------------------------------------------------------------


def suggested(case: Case, choices: tuple[str, ...]) -> Change:
    """Ask whether the customer's words meant one of these choices; a question that is already open stays."""
    if case.at.suggested == choices:
        return case.change()
    asks = Suggest(id=case.name(1 if case.at.suggested else 0), turn=case.at.turn, choices=choices)
    change = case.change(set={"suggested": choices, "suggested_effect": asks.id})
    return change.model_copy(update={"effects": (*change.effects, asks)})


def reacted(case: Case) -> Verdict:
    """Ask whether a reaction to the live prompt means an answer; taking it back takes the open question back."""
    event = case.event
    assert isinstance(event, Reacted)
    choice = screen_answers(case.flow, case.at).signed(event.sign)
    if case.at.status is Status.WITH_AGENT or case.at.hushed or not choice:
        return case.change()
    if not event.taken_back:
        return suggested(case, (choice,))
    asked = case.at.suggested == (choice,)
    return case.change(set={"suggested": (), "suggested_effect": ""} if asked else {})


def dismissed(case: Case) -> Verdict:
    """Take a suggestion back: the words stay kept, and the customer answers with the buttons."""
    assert isinstance(case.event, Dismissed)
    if not case.at.suggested:
        return case.change()
    ended, waiting = case.at.status.ended, case.at.ticket_open
    return case.change("kept_ended" if ended else "kept_waiting" if waiting else "dismissed")
