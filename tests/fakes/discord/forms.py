"""Does what a person's hand does: finds a button by its label, picks options, fills in a form."""

from typing import Any

from tests.fakes.discord.components import LABEL, ROW, SELECTS, TEXT, TEXT_INPUT
from tests.fakes.discord.modals import CHECKBOX, CHECKBOXES, RADIO, UPLOAD
from tests.fakes.discord.state import Json, pressable, walk


def find(components: list[Json], label: str) -> Json:
    """Return the data of a press on the button or select option with that label or custom id."""
    found = pressable(components)
    for shown, part in found:
        if label in (shown, part["custom_id"]):
            return pressed(part, [label] if part["type"] in SELECTS and label == shown else [])
    raise AssertionError(f"there is nothing to press called {label!r}, but {[name for name, _ in found]}")


def pressed(part: Json, labels: list[str]) -> Json:
    """Return the data of a press on a component, with the values of the options of these labels."""
    data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part.get("id", 1)}
    if part["type"] in SELECTS:
        values = {option["label"]: option["value"] for option in part.get("options", [])}
        data["values"] = [values[label] for label in labels]
        least, most = part.get("min_values", 1), part.get("max_values", 1)
        assert least <= len(data["values"]) <= most, f"between {least} and {most} options can be picked"
    return data


def choose(components: list[Json], labels: list[str]) -> Json:
    """Return the data of choosing several options of one select."""
    for part in walk(components):
        if part["type"] in SELECTS and set(labels) <= {one["label"] for one in part.get("options", [])}:
            return pressed(part, labels)
    raise AssertionError(f"no select offers {labels}")


def fill(modal: Json, given: dict[str, Any]) -> tuple[list[Json], list[tuple[str, bytes]]]:
    """Return a submission's components and files. `given` has values by label or custom id."""
    left = dict(given)
    files: list[tuple[str, bytes]] = []
    parts = [_part(part, left, files) for part in modal["components"]]
    assert not left, f"the form has no field {list(left)}"
    return parts, files


def _part(part: Json, left: dict[str, Any], files: list[tuple[str, bytes]]) -> Json:
    inner: Json
    if part["type"] == LABEL:
        inner = {"component": _field(part["component"], part["label"], left, files)}
    elif part["type"] == ROW:
        inner = {"components": [_field(one, one.get("label", ""), left, files) for one in part["components"]]}
    else:
        assert part["type"] == TEXT
        inner = {}
    return {"type": part["type"], "id": part.get("id", 1), **inner}


def _field(field: Json, label: str, left: dict[str, Any], files: list[tuple[str, bytes]]) -> Json:
    """Return a field's value. A person cannot submit required fields that are empty, or texts that are too long."""
    custom_id, kind = field["custom_id"], field["type"]
    value = left.pop(label, left.pop(custom_id, None))
    data: Json = {"type": kind, "id": field.get("id", 1), "custom_id": custom_id}
    if kind == CHECKBOX:
        return {**data, "value": bool(value)}
    if kind == TEXT_INPUT:
        text = field.get("value") or "" if value is None else str(value)
        least, most = field.get("min_length") or 0, field.get("max_length") or 4000
        assert text or not field.get("required", True), f"{label!r} must be filled in"
        assert not text or least <= len(text) <= most, f"{label!r} takes {least} to {most} characters"
        return {**data, "value": text}
    picked = [] if value is None else value if isinstance(value, list) else [value]
    assert picked or not field.get("required", True), f"{label!r} must be filled in"
    if kind == UPLOAD:
        start = len(files)
        files.extend(picked)
        return {**data, "values": list(range(start, len(files)))}
    values = {one["label"]: one["value"] for one in field.get("options", [])}
    chosen = [values.get(one, one) for one in picked]
    if kind == RADIO:
        return {**data, "value": chosen[0] if chosen else None}
    assert kind == CHECKBOXES or kind in SELECTS
    return {**data, "values": chosen}
