"""Builds the parts of Discord's messages as dicts: texts, buttons, selects, rows, containers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from adapters.discord.api.limits import (
    ALT,
    BUTTON_URL,
    LABEL,
    MEDIA_URL,
    OPTION_DESCRIPTION,
    OPTION_LABEL,
    OPTIONS,
    PLACEHOLDER,
    cut,
)
from adapters.discord.render.markdown import clean
from flows.button import Button

Part = dict[str, Any]

ROW_TYPE: Final = 1
BUTTON_TYPE: Final = 2
SELECT_TYPE: Final = 3
USER_SELECT_TYPE: Final = 5
TEXT_INPUT_TYPE: Final = 4
TEXT_TYPE: Final = 10
GALLERY_TYPE: Final = 12
SEPARATOR_TYPE: Final = 14
CONTAINER_TYPE: Final = 17
LABEL_TYPE: Final = 18
UPLOAD_TYPE: Final = 19
RADIO_TYPE: Final = 21

Style = Literal["primary", "secondary", "success", "danger"]
_STYLES: Final[dict[Style, int]] = {"primary": 1, "secondary": 2, "success": 3, "danger": 4}
_LINK_STYLE: Final = 5

NAMELESS: Final = "…"
"""The label for a text that shows nothing: Discord refuses an empty one."""


def text(content: str) -> Part:
    """Draw a TextDisplay of Markdown that was already cut."""
    return {"type": TEXT_TYPE, "content": content}


def button(label: str, custom_id: str, style: Style = "secondary") -> Part:
    """Draw a button that sends an interaction."""
    return {
        "type": BUTTON_TYPE,
        "style": _STYLES[style],
        "label": named(label, LABEL),
        "custom_id": custom_id,
    }


def link_button(label: str, url: str) -> Part:
    """Draw a button that opens a page; Discord does not report its clicks."""
    return {"type": BUTTON_TYPE, "style": _LINK_STYLE, "label": named(label, LABEL), "url": url}


def can_be_button(url: str) -> bool:
    """Whether a link button takes the URL."""
    return url.startswith("https://") and len(url) <= BUTTON_URL


def option(label: str, value: str, description: str = "") -> Part:
    """Draw one option of a select; a choice sends its value."""
    made: Part = {"label": named(label, OPTION_LABEL), "value": value}
    return made | ({"description": cut(clean(description), OPTION_DESCRIPTION)} if description else {})


def select(custom_id: str, placeholder: str, options: Sequence[Part]) -> Part:
    """Draw a row with a select for one choice."""
    return row(
        {
            "type": SELECT_TYPE,
            "custom_id": custom_id,
            "placeholder": cut(placeholder, PLACEHOLDER),
            "options": list(options[:OPTIONS]),
        }
    )


def row(*inside: Part) -> Part:
    """Draw a row of up to five buttons, or of one select."""
    return {"type": ROW_TYPE, "components": list(inside)}


def gallery(url: str, alt: str) -> Part | None:
    """Draw one picture with a description; None if Discord cannot load its URL."""
    if not url.startswith("https://") or len(url) > MEDIA_URL or clean(url).split() != [url]:
        return None
    item: Part = {"media": {"url": url}}
    described = cut(clean(alt).strip(), ALT)
    return {"type": GALLERY_TYPE, "items": [item | ({"description": described} if described else {})]}


def separator() -> Part:
    """Draw a line between the texts and the buttons."""
    return {"type": SEPARATOR_TYPE, "divider": True, "spacing": 1}


def container(inside: Sequence[Part], colour: int | None) -> Part:
    """Draw a box with a colored edge."""
    made: Part = {"type": CONTAINER_TYPE, "components": list(inside)}
    return made | ({"accent_color": colour} if colour is not None else {})


def without_pictures(components: Iterable[Part]) -> list[Part]:
    """Drop the pictures, which Discord may be unable to load."""
    kept = [part for part in components if part["type"] != GALLERY_TYPE]
    return [
        {**part, "components": without_pictures(part["components"])} if "components" in part else part
        for part in kept
    ]


def buttons_in(components: Iterable[Mapping[str, Any]]) -> Iterator[Button]:
    """List the conversation's buttons in the components, including options of selects."""
    for part in components:
        values = [str(part.get("custom_id") or "")]
        values += [str(option.get("value") or "") for option in part.get("options") or ()]
        yield from filter(None, map(Button.parse, values))
        yield from buttons_in(part.get("components") or ())


def named(label: str, longest: int) -> str:
    """Make a label of one line, never empty."""
    return cut(" ".join(clean(label).split()), longest) or NAMELESS
