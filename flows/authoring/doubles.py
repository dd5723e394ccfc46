"""Finds words under `heard` that give no answer: two answers share them, or they already mean a button."""

from collections.abc import Iterator, Sequence

from flows.authoring.findings import quoted
from flows.flow import CANT_FIND, FIXED, STILL_FAILING, Choice, Flow, Step
from flows.text.phrases import PHRASES
from flows.text.sentence import content
from flows.text.understanding import understand


def doubles(step: Step) -> Iterator[tuple[str, str]]:
    """Yield a place and a reason for each text of a step's answers that is useless or means two things."""
    labels = {choice.id: _folded(choice.label) for choice in step.choices}
    seen: dict[str, str] = {}
    for choice in step.choices:
        for index, words in enumerate(choice.heard):
            reason = _trouble(step, choice, words, labels, seen)
            if reason:
                yield f"{step.id}.answers.{choice.id}.heard.{index}", reason
            seen.setdefault(_folded(words), choice.id)


def _trouble(step: Step, choice: Choice, words: str, labels: dict[str, str], seen: dict[str, str]) -> str:
    """Return what is wrong with a text under the `heard` of a choice; '' if nothing is."""
    said = _folded(words)
    others = [other for other, label in labels.items() if label == said and other != choice.id]
    if not _has_words(said):
        return f"{quoted(words)} has no words to understand"
    if said == labels[choice.id] or seen.get(said) == choice.id:
        return f"{quoted(words)} is already understood as this answer; delete it"
    if others:
        label = next(other.label for other in step.choices if other.id == others[0])
        return f"{quoted(words)} is the label of another answer, {quoted(label)}, so it means neither"
    if said in seen:
        return f"{quoted(words)} is also under `heard` of another answer, so it means neither"
    return _button(words, step.choices, asks=step.observes)


def described_twice(flow: Flow) -> Iterator[tuple[str, str]]:
    """Yield a place and a reason for each text under the flow's own `heard` that is useless."""
    seen = {_folded(flow.title)}
    for index, words in enumerate(flow.heard):
        said = _folded(words)
        reason = f"{quoted(words)} has no words to understand" if not _has_words(said) else _button(words, ())
        if said in seen:
            reason = f"{quoted(words)} is already the title or under `heard`; delete it"
        if reason:
            yield f".heard.{index}", reason
        seen.add(said)


def _button(words: str, choices: Sequence[Choice], *, asks: bool = False) -> str:
    """Return that the words already mean a built-in button; '' if they do not."""
    built_in = {each.id: each.label for each in choices if each.id in (FIXED, STILL_FAILING, CANT_FIND)}
    meant = understand(tuple(built_in.items()), words, asks=asks)
    label = built_in.get(meant or "") or (PHRASES[meant] if meant else "")
    return f"{quoted(words)} already means the button {quoted(label)}" if label else ""


def _has_words(said: str) -> bool:
    """Return whether anything can be understood; signs alone cannot, and hidden secrets look like them."""
    return any(char.isalnum() for char in said)


def _folded(text: str) -> str:
    return " ".join(content(text))
