"""Words a suggestion: asks whether the customer meant one of the answers, with a button for each and one for none."""

from collections.abc import Mapping, Sequence
from typing import Final

from flows.button import BuiltIn, Button
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.text.phrases import PHRASES
from flows.values import Frozen

COMMANDS: Final[Mapping[str, BuiltIn]] = {
    "person": "person",
    "back": "back",
    "restart": "restart",
    "later": "hour",
    "reopen": "reopen",
}
"""The built-in buttons that a suggestion may offer, by the name under which it is suggested."""


class Suggested(Frozen):
    """One answer that the customer may have meant; `built_in` is the button that gives it, if no answer on screen does.

    `label` is what the answer is called, `yes` what the suggestion's button says.
    """

    choice: str
    label: str
    yes: str
    built_in: BuiltIn | None = None


class Suggestion(Frozen):
    """A question about the customer's own words, its answers in the order to show them, and the button for none."""

    question: str
    choices: tuple[Suggested, ...]
    dismiss: str

    def buttons(self, conversation: str, turn: int) -> tuple[tuple[str, Button], ...]:
        """Return the labels and buttons below the question, the one for none last."""
        which = [
            Button(conversation=conversation, turn=turn, built_in=each.built_in)
            if each.built_in
            else Button(conversation=conversation, turn=turn, choice=each.choice)
            for each in self.choices
        ]
        none = Button(conversation=conversation, turn=turn, built_in="dismiss")
        labels = (*(each.yes for each in self.choices), self.dismiss)
        return tuple(zip(labels, (*which, none), strict=True))


def suggestion(conversation: Conversation, labels: Sequence[tuple[str, str]]) -> Suggestion | None:
    """Return the suggestion that is open; None without one. `labels` are the answers on screen by their ids."""
    return suggestion_of(conversation.suggested, labels, starts=conversation.flow == PICKER)


def suggestion_of(
    choices: Sequence[str], labels: Sequence[tuple[str, str]], *, starts: bool = False
) -> Suggestion | None:
    """Return the suggestion of these choices; None if none of them can be chosen any more.

    `starts` says that the answers on screen are guides.
    """
    known = dict(labels)
    found = tuple(_suggested(choice, known) for choice in choices if choice in known or choice in COMMANDS)
    if not found:
        return None
    if len(found) > 1:
        named = tuple(each.model_copy(update={"yes": each.label}) for each in found)
        question = PHRASES["suggest_guides" if starts else "suggest_several"]
        return Suggestion(question=question, choices=named, dismiss=PHRASES["suggest_none"])
    only = found[0]
    phrase = f"suggest_{only.choice.replace('-', '_')}"
    if phrase not in PHRASES:
        phrase = "suggest_guide" if starts else "suggest_answer"
        only = only.model_copy(update={"yes": PHRASES["yes_named"]})
    return Suggestion(
        question=PHRASES.say(phrase, answer=only.label), choices=(only,), dismiss=PHRASES["suggest_no"]
    )


def _suggested(choice: str, labels: Mapping[str, str]) -> Suggested:
    built_in = None if choice in labels else COMMANDS[choice]
    label = labels.get(choice) or PHRASES[choice]
    yes = PHRASES.get(f"yes_{choice.replace('-', '_')}") or label
    return Suggested(choice=choice, label=label, yes=yes, built_in=built_in)


def settled(
    choices: Sequence[str], answer: str, labels: Sequence[tuple[str, str]], *, starts: bool = False
) -> str:
    """Return what is left of a suggestion once it is answered: its question, and the answer if it was one of these.

    `answer` is as in `flows.effects.Retire`: a choice's id, or the type of the event that came. `starts` is as above.
    """
    found = suggestion_of(choices, labels, starts=starts)
    if found is None:
        return ""
    names = {each.choice: each.yes for each in found.choices}
    told = found.dismiss if answer == "dismissed" else names.get(_CHOICES.get(answer, answer), "")
    return f"{found.question} · {told}" if told else found.question


_CHOICES: Final[Mapping[str, str]] = {"escalate": "person"}
"""Built-in buttons whose event has another name."""
