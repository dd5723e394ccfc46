"""Draws a form of the agents' as a modal, and reads what comes back of it. Pure."""

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
from flows.agent_forms import AGENT, TEXT, Answers, Chosen, Field, Form
from flows.events import File

PARAGRAPH: Final = 2
"""The style of a text input of several lines."""


def agent_form(form: Form) -> dict[str, Any]:
    """Draw the modal of a form. Discord names its button "Submit" in the reader's own language."""
    parts = [_label(asked) for asked in form.fields]
    return {"custom_id": str(form.order), "title": cut(form.title, MODAL_TITLE), "components": parts}


def answers_of(
    text: str,
    chosen: Mapping[str, tuple[str, ...]],
    agent: Chosen | None = None,
    files: tuple[File, ...] = (),
) -> Answers:
    """Read what was typed and chosen; `agent` is the person who was picked, judged by the caller."""
    picked = {name: values for name, values in chosen.items() if values and name not in (TEXT, AGENT)}
    return Answers(text=text, chosen=picked, agent=agent, files=files)


def _label(asked: Field) -> Part:
    label: Part = {"type": LABEL_TYPE, "label": cut(asked.label, FIELD_LABEL), "component": _component(asked)}
    return label | ({"description": cut(asked.hint, FIELD_DESCRIPTION)} if asked.hint else {})


def _component(asked: Field) -> Part:
    match asked.kind:
        case "text":
            typed = {"style": PARAGRAPH, "required": asked.required, "max_length": INPUT}
            return {"type": TEXT_INPUT_TYPE, "custom_id": asked.id, **typed}
        case "agent":
            bounds = {"required": asked.required, "min_values": int(asked.required), "max_values": 1}
            return {"type": USER_SELECT_TYPE, "custom_id": asked.id, **bounds}
        case "choice" | "radio" | "choices":
            return _menu(asked)


def _menu(asked: Field) -> Part:
    """As many as Discord takes, the one that is chosen among them."""
    listed = asked.options
    if len(listed) > OPTIONS:
        listed = tuple(sorted(listed, key=lambda one: one[0] != asked.first))
    options = [
        option(name, value) | ({"default": True} if value == asked.first else {})
        for value, name in islice(listed, OPTIONS)
    ]
    most = len(options) if asked.kind == "choices" else 1
    bounds = {"required": asked.required, "min_values": int(asked.required), "max_values": most}
    return {"type": SELECT_TYPE, "custom_id": asked.id, "options": options, **bounds}
