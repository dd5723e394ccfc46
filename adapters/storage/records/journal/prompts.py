"""Packs the effects of a new prompt, which share the stem of their ids, for a row of the journal. Pure."""

from collections.abc import Callable
from typing import Any, Final

from flows.effects import Ask, Change, Effect, Retire, Tell, Timer
from flows.values import Frozen

USUAL_TIMERS: Final = (Timer(kind="nudge", after="nudge"),)
"""The timers that a new prompt arms unless its line says otherwise."""


def turn_of(change: Change) -> int:
    """Return the turn that the change sets."""
    return int(str(change.set["turn"]))


def pack_prompt(change: Change) -> list[Any] | None:
    """Pack a new prompt's effects: the stem of their ids, texts to tell, and messages to retire.

    None unless `unpack_prompt` restores exactly these effects.
    """
    if not change.cancels or not {"turn", "prompt_effect"} <= set(change.set):
        return None
    stem = str(change.set["prompt_effect"]).rpartition(".")[0]
    texts = [effect.words for effect in change.effects if isinstance(effect, Tell)]
    retired = [_retired(effect) for effect in change.effects if isinstance(effect, Retire)]
    packed = [stem, *texts, *retired]
    same = _made_prompt(packed, turn_of(change), _trusted) == change.effects
    asked = [effect.id for effect in change.effects if isinstance(effect, Ask)]
    return packed if same and asked == [change.set["prompt_effect"]] else None


def _retired(effect: Retire) -> dict[str, Any]:
    """Return the fields of a Retire that are not the default; a prompt's place says the id."""
    fields = type(effect).model_fields
    return {
        name: value for name, value in vars(effect).items() if name != "id" and value != fields[name].default
    }


def unpack_prompt(packed: list[Any], turn: int) -> tuple[Effect, ...]:
    """Return the effects of a packed prompt. Raises ValidationError if the store has something else there."""
    return _made_prompt(packed, turn, _validated)


def _validated(kind: type[Frozen], **fields: Any) -> Any:
    return kind(**fields)


def _trusted(kind: type[Frozen], **fields: Any) -> Any:
    return kind.trusted(**fields)


def _made_prompt(packed: list[Any], turn: int, make: Callable[..., Any]) -> tuple[Effect, ...]:
    """Return the effects of a packed prompt, each made with `make`."""
    stem, *rest = packed
    texts = [words for words in rest if isinstance(words, str)]
    retired = [entry for entry in rest if isinstance(entry, dict)]
    effects: list[Effect] = [
        make(Tell, id=f"{stem}.{index}", words=words) for index, words in enumerate(texts)
    ]
    effects.append(make(Ask, id=f"{stem}.{len(effects)}", turn=turn))
    for entry in retired:
        effects.append(make(Retire, id=f"{stem}.{len(effects)}", **entry))
    return tuple(effects)
