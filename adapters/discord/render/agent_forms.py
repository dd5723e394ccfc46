"""Draws agents' forms as modals, and reads the submitted ones. Pure."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from adapters.discord.api.limits import FIELD_DESCRIPTION, FIELD_LABEL, INPUT, MODAL_TITLE, OPTIONS, cut
from adapters.discord.render.components import (
    LABEL_TYPE,
    SELECT_TYPE,
    TEXT_INPUT_TYPE,
    USER_SELECT_TYPE,
    Part,
    option,
)
from adapters.discord.render.forms import upload_field
from flows.agent_forms import AGENT, TEXT, Answers, Chosen, Field, Form
from flows.events import File

PARAGRAPH: Final = 2
"""The style of a text input of several lines."""


def agent_form(form: Form) -> dict[str, Any]:
    """Draw a form's modal. Discord labels its button "Submit" in the reader's own language."""
    parts = [_label(field) for field in form.fields]
    if form.order.verb == "reply":
        parts.append(upload_field())
    return {"custom_id": str(form.order), "title": cut(form.title, MODAL_TITLE), "components": parts}


def answers_of(
    text: str,
    chosen: Mapping[str, tuple[str, ...]],
    agent: Chosen | None = None,
    files: tuple[File, ...] = (),
) -> Answers:
    """Read the text and the choices; the caller has checked `agent`, the person who was chosen."""
    picked = {name: values for name, values in chosen.items() if values and name not in (TEXT, AGENT)}
    return Answers(text=text, chosen=picked, agent=agent, files=files)


def _label(field: Field) -> Part:
    label: Part = {"type": LABEL_TYPE, "label": cut(field.label, FIELD_LABEL), "component": _component(field)}
    return label | ({"description": cut(field.hint, FIELD_DESCRIPTION)} if field.hint else {})


def _component(field: Field) -> Part:
    match field.kind:
        case "text":
            typed = {"style": PARAGRAPH, "required": field.required, "max_length": INPUT}
            return {"type": TEXT_INPUT_TYPE, "custom_id": field.id, **typed}
        case "agent":
            bounds = {"required": field.required, "min_values": int(field.required), "max_values": 1}
            return {"type": USER_SELECT_TYPE, "custom_id": field.id, **bounds}
        case "choice" | "radio" | "choices":
            return _menu(field)


def _menu(field: Field) -> Part:
    """Draw as many options as Discord takes, including the chosen one."""
    listed = field.options
    if len(listed) > OPTIONS:
        listed = tuple(sorted(listed, key=lambda choice: choice[0] != field.first))
    options = [
        option(name, value) | ({"default": True} if value == field.first else {})
        for value, name in islice(listed, OPTIONS)
    ]
    most = len(options) if field.kind == "choices" else 1
    bounds = {"required": field.required, "min_values": int(field.required), "max_values": most}
    return {"type": SELECT_TYPE, "custom_id": field.id, "options": options, **bounds}
