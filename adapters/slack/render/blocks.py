"""Builds the blocks of a message or a view, and cuts each to Slack's limits."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.slack.api import limits
from adapters.slack.api.limits import line
from flows.button import Button
from flows.text.markup.words import is_address

Json = dict[str, Any]

OURS: Final = "tt"
"""The prefix of our action ids, before a colon."""


def action(name: str) -> str:
    """Make one of our action ids, which one listener handles; `name` is unique within the message."""
    return f"{OURS}:{name}"[: limits.ID]


def label(text: str, room: int) -> Json:
    """Make a plain text object, in which Slack reads no markup."""
    return {"type": "plain_text", "text": line(text, room, limits.ELLIPSIS), "emoji": False}


def header(text: str, otherwise: str) -> Json:
    """Draw a title, or `otherwise` if the text has no visible character."""
    return {"type": "header", "text": label(line(text, limits.HEADER, otherwise), limits.HEADER)}


def context(*texts: str) -> Json:
    """Draw small grey text, in which Slack reads no markup."""
    return {"type": "context", "elements": [label(text, limits.TEXT) for text in texts[: limits.CONTEXT]]}


def section(markup: str, beside: Json | None = None) -> Json:
    """Draw a row, with an element beside it. Slack reads the text as markup, so values in it must be `escaped`."""
    text = {"type": "mrkdwn", "text": markup, "verbatim": True}
    return {"type": "section", "text": text} | ({"accessory": beside} if beside else {})


def button(text: str, value: str, name: str, primary: bool = False) -> Json:
    """Draw a button that sends `value`. Raises ValueError if the value is too long for Slack: it cannot be cut."""
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
    """Draw a button that opens a URL. Slack reports this click, too, and expects an acknowledgement."""
    return {
        "type": "button",
        "action_id": action(name),
        "text": label(text, limits.BUTTON),
        "url": url,
    }


def meaning(what: Button) -> str:
    """Name what a button means: a choice's id, or a built-in answer after an equals sign."""
    return f"={what.built_in}" if what.built_in else what.choice


def option(text: str, value: str) -> Json:
    """Draw an option of a menu. Raises ValueError if the value is too long for Slack."""
    if len(value) > limits.OPTION_VALUE:
        raise ValueError(f"an option's value has {len(value)} characters")
    return {"text": label(text, limits.OPTION), "value": value}


def select(options: Sequence[Json], name: str, placeholder: str) -> Json:
    """Draw a select of up to a hundred options."""
    return {
        "type": "static_select",
        "action_id": action(name),
        "placeholder": label(placeholder, limits.PLACEHOLDER),
        "options": list(options[: limits.OPTIONS]),
    }


def overflow(options: Sequence[Json], name: str) -> Json:
    """Draw a menu behind three dots, of one to five options."""
    return {"type": "overflow", "action_id": action(name), "options": list(options[: limits.OVERFLOW])}


def actions(elements: Iterable[Json], block_id: str = "") -> tuple[Json, ...]:
    """Draw buttons and menus side by side; no block if there are none."""
    shown = list(elements)[: limits.BUTTONS]
    named: Json = {"block_id": block_id[: limits.ID]} if block_id else {}
    return ({"type": "actions", **named, "elements": shown},) if shown else ()


def image(src: str, alt: str, otherwise: str) -> tuple[Json, ...]:
    """Draw a picture; no block unless its URL is https, because Slack must fetch it."""
    if not is_web(src):
        return ()
    return ({"type": "image", "image_url": src, "alt_text": line(alt, limits.ALT, otherwise)},)


def is_web(url: str) -> bool:
    """Whether the text is an https URL that a link can hold without quoting tricks."""
    if not (url.startswith("https://") and is_address(url)):
        return False
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # brackets around no IP address
        return False
