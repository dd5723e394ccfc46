"""The blocks a message or a view is built of; each cuts what it is given to Slack's limits."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.slack.api import limits
from adapters.slack.api.limits import line
from flows.button import Button
from flows.text.words import is_address

Json = dict[str, Any]

OURS: Final = "tt"
"""What our action ids begin with, before a colon."""


def action(name: str) -> str:
    """An action id of ours, which one listener hears; `name` is unique within the message."""
    return f"{OURS}:{name}"[: limits.ID]


def label(text: str, room: int) -> Json:
    """A text object in which nothing means anything."""
    return {"type": "plain_text", "text": line(text, room, limits.ELLIPSIS), "emoji": False}


def header(text: str, otherwise: str) -> Json:
    """A title; `otherwise` where it shows nothing."""
    return {"type": "header", "text": label(line(text, limits.HEADER, otherwise), limits.HEADER)}


def context(*texts: str) -> Json:
    """Small grey words, in which nothing means anything."""
    return {"type": "context", "elements": [label(text, limits.TEXT) for text in texts[: limits.CONTEXT]]}


def section(markup: str, beside: Json | None = None) -> Json:
    """A row with a button beside it. Slack reads the text as markup, so `escaped` must have seen what is put in."""
    text = {"type": "mrkdwn", "text": markup, "verbatim": True}
    return {"type": "section", "text": text} | ({"accessory": beside} if beside else {})


def button(text: str, value: str, name: str, primary: bool = False) -> Json:
    """A button that sends `value`. Raises ValueError where that is longer than Slack takes: it cannot be cut."""
    if len(value) > limits.BUTTON_VALUE:
        raise ValueError(f"a button's value has {len(value)} characters")
    drawn: Json = {
        "type": "button",
        "action_id": action(name),
        "text": label(text, limits.BUTTON),
        "value": value,
    }
    return drawn | ({"style": "primary"} if primary else {})


def link_button(text: str, url: str, name: str) -> Json:
    """A button that opens an address; Slack tells us of that click too, and it must be acknowledged."""
    return {
        "type": "button",
        "action_id": action(name),
        "text": label(text, limits.BUTTON),
        "url": url,
    }


def meaning(what: Button) -> str:
    """A name for what that button means: a choice's id, or a built-in one behind an equals sign."""
    return f"={what.built_in}" if what.built_in else what.choice


def option(text: str, value: str) -> Json:
    """An entry of a menu. Raises ValueError where the value is longer than Slack takes."""
    if len(value) > limits.OPTION_VALUE:
        raise ValueError(f"an option's value has {len(value)} characters")
    return {"text": label(text, limits.OPTION), "value": value}


def select(options: Sequence[Json], name: str, placeholder: str) -> Json:
    """A menu of up to a hundred entries."""
    return {
        "type": "static_select",
        "action_id": action(name),
        "placeholder": label(placeholder, limits.PLACEHOLDER),
        "options": list(options[: limits.OPTIONS]),
    }


def overflow(options: Sequence[Json], name: str) -> Json:
    """A menu behind three dots, of one to five entries."""
    return {"type": "overflow", "action_id": action(name), "options": list(options[: limits.OVERFLOW])}


def actions(elements: Iterable[Json], block_id: str = "") -> tuple[Json, ...]:
    """Buttons and menus side by side; no block where there are none."""
    found = list(elements)[: limits.BUTTONS]
    named: Json = {"block_id": block_id[: limits.ID]} if block_id else {}
    return ({"type": "actions", **named, "elements": found},) if found else ()


def image(src: str, alt: str, otherwise: str) -> tuple[Json, ...]:
    """A picture; no block unless Slack can fetch it, which takes an https address."""
    if not is_web(src):
        return ()
    return ({"type": "image", "image_url": src, "alt_text": line(alt, limits.ALT, otherwise)},)


def is_web(url: str) -> bool:
    """Whether it is an https address that can be linked to without quoting tricks."""
    if not (url.startswith("https://") and is_address(url)):
        return False
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # brackets that are no address
        return False
