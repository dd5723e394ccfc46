"""Checks modals: the fields that a form may contain."""

from collections import Counter
from typing import Any

from tests.fakes.discord.components import LABEL, ROW, SELECTS, TEXT, TEXT_INPUT, Path, Rules
from tests.fakes.discord.refusals import Wrong
from tests.fakes.discord.state import Json, pruned, walk

UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 19, 21, 22, 23
FIELDS = {TEXT_INPUT, UPLOAD, RADIO, CHECKBOXES, CHECKBOX} | SELECTS


def check_modal(modal: Json) -> None:
    """Refuse a modal that Discord would refuse."""
    modal = pruned(modal)
    wrong = Wrong()
    wrong.length(("title",), modal.get("title"), 1, 45)
    wrong.length(("custom_id",), modal.get("custom_id"), 1, 100)
    parts = modal.get("components") or []
    wrong.length(("components",), parts, 1, 5)
    for index, part in enumerate(parts):
        _top(("components", index), part, wrong)
    given = Counter(one["custom_id"] for one in walk(parts) if one.get("custom_id"))
    for value in (value for value, times in given.items() if times > 1):
        wrong.say(("components",), f"custom_id {value} is used twice", "COMPONENT_CUSTOM_ID_DUPLICATED")
    wrong.check()


def _top(path: Path, part: Json, wrong: Wrong) -> None:
    kind = part.get("type")
    if kind == LABEL:
        wrong.length((*path, "label"), part.get("label"), 1, 45)
        wrong.length((*path, "description"), part.get("description"), 0, 100, needed=False)
        _field((*path, "component"), part.get("component") or {}, wrong, labelled=True)
    elif kind == ROW:
        inner = part.get("components") or []
        wrong.length((*path, "components"), inner, 1, 1)
        for index, one in enumerate(inner):
            _field((*path, "components", index), one, wrong, labelled=False)
    elif kind == TEXT:
        wrong.length((*path, "content"), part.get("content"), 1, 4000)
    else:
        wrong.say((*path, "type"), "Value of field 'type' must be one of (1, 10, 18).", "UNION_TYPE_CHOICES")


def _field(path: Path, field: Json, wrong: Wrong, labelled: bool) -> None:
    kind: Any = field.get("type")
    if kind not in (FIELDS if labelled else {TEXT_INPUT}):
        wrong.say((*path, "type"), f"Value of field 'type' must be one of {sorted(FIELDS)}.")
        return
    wrong.length((*path, "custom_id"), field.get("custom_id"), 1, 100)
    if kind == TEXT_INPUT:
        _text(path, field, wrong, labelled)
    elif kind in SELECTS:
        Rules(wrong, set()).select(path, field)
    elif kind in (RADIO, CHECKBOXES):
        options = field.get("options") or []
        wrong.length((*path, "options"), options, 2 if kind == RADIO else 1, 10)
        Rules(wrong, set()).options((*path, "options"), options)
    elif kind == UPLOAD and not 0 <= field.get("max_values", 1) <= 10:
        wrong.say((*path, "max_values"), "Must be between 0 and 10.", "NUMBER_TYPE_MAX")


def _text(path: Path, field: Json, wrong: Wrong, labelled: bool) -> None:
    if not labelled:
        wrong.length((*path, "label"), field.get("label"), 1, 45)
    elif field.get("label"):
        wrong.say((*path, "label"), "A text input in a label has no label of its own")
    if field.get("style") not in (1, 2):
        wrong.say((*path, "style"), "Value must be one of (1, 2).", "BASE_TYPE_CHOICES")
    wrong.length((*path, "placeholder"), field.get("placeholder"), 0, 100, needed=False)
    wrong.length((*path, "value"), field.get("value"), 0, field.get("max_length") or 4000, needed=False)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        wrong.say((*path, "max_length"), "Must be between 1 and 4000.", "NUMBER_TYPE_MAX")
