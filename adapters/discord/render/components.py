"""The parts Discord's messages are made of, as the dicts it takes: texts, buttons, selects, rows, containers."""

from collections.abc import Sequence
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
"""What a label reads whose text holds nothing that can be shown: Discord refuses an empty one."""


def text(content: str) -> Part:
    """A TextDisplay of Markdown that has been cut already."""
    return {"type": TEXT_TYPE, "content": content}


def button(label: str, custom_id: str, style: Style = "secondary") -> Part:
    """A button that comes back as an interaction."""
    return {
        "type": BUTTON_TYPE,
        "style": _STYLES[style],
        "label": named(label, LABEL),
        "custom_id": custom_id,
    }


def link_button(label: str, url: str) -> Part:
    """A button that opens a page; Discord reports nothing of it."""
    return {"type": BUTTON_TYPE, "style": _LINK_STYLE, "label": named(label, LABEL), "url": url}


def can_be_button(url: str) -> bool:
    """Whether the address is one that a link button takes."""
    return url.startswith("https://") and len(url) <= BUTTON_URL


def option(label: str, value: str, description: str = "") -> Part:
    """One line of a select, which says what the select comes back with."""
    made: Part = {"label": named(label, OPTION_LABEL), "value": value}
    return made | ({"description": cut(clean(description), OPTION_DESCRIPTION)} if description else {})


def select(custom_id: str, placeholder: str, options: Sequence[Part]) -> Part:
    """A row with a select of one choice."""
    return row(
        {
            "type": SELECT_TYPE,
            "custom_id": custom_id,
            "placeholder": cut(placeholder, PLACEHOLDER),
            "options": list(options[:OPTIONS]),
        }
    )


def row(*inside: Part) -> Part:
    """Up to five buttons, or one select."""
    return {"type": ROW_TYPE, "components": list(inside)}


def gallery(url: str, alt: str) -> Part | None:
    """One picture with what it shows in words; None where the address is none that Discord can load."""
    if not url.startswith("https://") or len(url) > MEDIA_URL or clean(url).split() != [url]:
        return None
    item: Part = {"media": {"url": url}}
    described = cut(clean(alt).strip(), ALT)
    return {"type": GALLERY_TYPE, "items": [item | ({"description": described} if described else {})]}


def separator() -> Part:
    """A line between what is read and what is pressed."""
    return {"type": SEPARATOR_TYPE, "divider": True, "spacing": 1}


def container(inside: Sequence[Part], colour: int | None) -> Part:
    """A box with a coloured edge."""
    made: Part = {"type": CONTAINER_TYPE, "components": list(inside)}
    return made | ({"accent_color": colour} if colour is not None else {})


def named(label: str, longest: int) -> str:
    """A label in one line, never empty."""
    return cut(" ".join(clean(label).split()), longest) or NAMELESS
