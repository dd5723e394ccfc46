"""Describes what this release stores, as data: `python -m tests.contracts.support.stored_schema FILE` writes it.

Sentences are left out: a docstring may change, a field may not.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from adapters.storage.records import conversation_reader, record
from adapters.storage.records.journal import plain_answers, prompts, rows
from bot.ports import Account
from flows.effects import Delay, Effect, Promise, Timer
from flows.events import Event, File
from flows.flow import Flow
from flows.text.markup.wordtree import Words

MODELS: Final[dict[str, Any]] = {
    "account": Account,
    "delay": Delay,
    "effect": Effect,
    "event": Event,
    "file": File,
    "flow": Flow,
    "promise": Promise,
    "timer": Timer,
    "words": Words,
}
"""The models whose values are stored, by what they are."""


def stored_schema() -> dict[str, Any]:
    """Return everything about what is stored that another release must know to read it.

    Keys are no part of it: an older release ignores those that it does not know.
    """
    models = {name: _bare(TypeAdapter(model).json_schema()) for name, model in MODELS.items()}
    return {
        "models": models,
        "record": {
            "fields": dict(record.FIELDS),
            "statuses": {str(status): letter for status, letter in record.LETTERS.items()},
            "promises": dict(record.PROMISED),
            "lists": sorted(record.LISTS),
            "path": record.DEPTH,
            "armed": record.ARMED,
            "observed": record.OBSERVED,
        },
        "journal": {
            "omitted": sorted(rows._OMITTED),
            "timers": {letter: timer.kind for letter, timer in rows._LETTER_TIMERS.items()},
            "usual_timers": [timer.kind for timer in prompts.USUAL_TIMERS],
            "set_by_start": dict(rows._SET_BY_START),
            "answer": plain_answers.ANSWER,
            "brief": sorted(plain_answers.BRIEF),
        },
        "words": {"suffixes": {suffix: name for suffix, (name, _) in conversation_reader._SPOKEN.items()}},
    }


def _bare(schema: Any) -> Any:
    """Return a schema without the sentences and titles in it."""
    if isinstance(schema, dict):
        return {
            name: _bare(value)
            for name, value in schema.items()
            if not (name in ("description", "title") and isinstance(value, str))
        }
    return [_bare(value) for value in schema] if isinstance(schema, list) else schema


def differences(before: Any, after: Any, path: str = "") -> tuple[set[str], set[str]]:
    """Return the places that are new in `after`, and those that are gone or mean something else."""
    if isinstance(before, dict) and isinstance(after, dict):
        new = {f"{path}/{name}" for name in after.keys() - before.keys()}
        gone = {f"{path}/{name}" for name in before.keys() - after.keys()}
        for name in before.keys() & after.keys():
            more, less = differences(before[name], after[name], f"{path}/{name}")
            new, gone = new | more, gone | less
        return new, gone
    if isinstance(before, list) and isinstance(after, list):
        old, present = (
            {json.dumps(each, sort_keys=True) for each in each_list} for each_list in (before, after)
        )
        return {f"{path}: {each}" for each in present - old}, {f"{path}: {each}" for each in old - present}
    return set(), set() if before == after else {path}


if __name__ == "__main__":
    lines = (f'"{name}":{json.dumps(part, sort_keys=True)}' for name, part in stored_schema().items())
    Path(sys.argv[1]).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
