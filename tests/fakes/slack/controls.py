"""Finds the button, option or field that a person would use, by its words on a message or view."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.surfaces import elements_of

CHOSEN: Final[Mapping[str, str]] = {
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
}


def labels(shown: Json) -> list[str]:
    """Return the words of everything that can be pressed, in the order of the screen."""
    return [label for _block, _element, _option, label in _pressable(shown)]


def find(shown: Json, label: str) -> tuple[Json, Json, Json | None]:
    """Return the block, the element and, in a menu, the option with these words. Raises AssertionError."""
    for block, element, option, words in _pressable(shown):
        if words == label:
            return block, element, option
    raise AssertionError(f"nothing says {label!r} here; there is {labels(shown)}")


def action_of(block: Json, element: Json, option: Json | None, at: str) -> Json:
    """Return a press as an item of `actions`."""
    action = {
        "action_id": element.get("action_id"),
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": at,
    }
    if option is not None:
        many = CHOSEN[element["type"]] == "selected_options"
        return {**action, CHOSEN[element["type"]]: [option] if many else option}
    return {
        **action,
        **{name: element[name] for name in ("text", "value", "style", "url") if name in element},
    }


def state(shown: Json, changed: Mapping[str, Any] | None = None) -> Json:
    """Return `state.values`: the value of every field. `changed` replaces values by action_id or block_id."""
    changed = changed or {}
    values: dict[str, Json] = {}
    for block in shown.get("blocks") or []:
        for element in elements_of(block):
            if element["type"] in ("button", "overflow"):
                continue
            name = element["action_id"]
            given = changed.get(name, changed.get(block["block_id"]))
            values.setdefault(block["block_id"], {})[name] = _field(element, given)
    return {"values": values}


def _field(element: Json, given: Any) -> Json:
    """Return a field's value: the given one, or its initial value."""
    kind = element["type"]
    if kind not in CHOSEN:
        held = {"datepicker": "selected_date", "timepicker": "selected_time", "file_input": "files"}
        first = {"datepicker": "initial_date", "timepicker": "initial_time", "file_input": "files"}
        held["users_select"], first["users_select"] = "selected_user", "initial_user"
        name = held.get(kind, "value")
        return {"type": kind, name: element.get(first.get(kind, "initial_value")) if given is None else given}
    name = CHOSEN[kind]
    many = name == "selected_options"
    if given is None:
        first_chosen = element.get(name.replace("selected", "initial"))
        return {"type": kind, name: first_chosen or ([] if many else None)}
    if isinstance(given, dict):
        return {"type": kind, name: given}
    wanted = given if isinstance(given, list) else [given]
    found = [
        option for option in options_of(element) if {option["text"]["text"], option["value"]} & {*wanted}
    ]
    assert found, f"no option {given!r}"
    return {"type": kind, name: found if many else found[0]}


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def _pressable(shown: Json) -> Iterator[tuple[Json, Json, Json | None, str]]:
    for block in shown.get("blocks") or []:
        for element in elements_of(block):
            if element["type"] == "button":
                yield block, element, None, element["text"]["text"]
            for option in options_of(element) if element["type"] in CHOSEN else []:
                yield block, element, option, option["text"]["text"]
