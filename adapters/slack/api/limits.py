"""Slack's limits, and how a text is cut to fit one.

From Slack's Block Kit reference and what slack-sdk 3.47 checks; where Slack names none, we set one and say so. A length
is counted in UTF-16 units, the largest of the ways in which Slack may count: an emoji is two.
"""

import re
from typing import Final

BLOCKS: Final = 50
"""Blocks of a message."""

VIEW_BLOCKS: Final = 100
"""Blocks of a modal or of the Home tab."""

ID: Final = 255
"""A block_id, an action_id, a callback_id."""

TEXT: Final = 3000
"""A text object: that of a section, or an element of a context."""

MESSAGE: Final = 4000
"""A message's own `text`: what Slack recommends; it truncates only far above."""

HEADER: Final = 150
ALT: Final = 2000
"""An image's alternative text; its title as well."""

URL: Final = 3000
"""The address of an image or a button."""

BUTTON: Final = 75
"""A button's text; about 30 characters of it are shown."""

BUTTON_VALUE: Final = 2000
BUTTONS: Final = 25
"""Elements of an actions block."""

CONTEXT: Final = 10
"""Elements of a context block."""

OPTION: Final = 75
OPTION_VALUE: Final = 150
OPTIONS: Final = 100
"""Options of a select."""

OVERFLOW: Final = 5
"""Options of an overflow menu; at least one."""

RADIO: Final = 10
"""Options of radio buttons."""

PLACEHOLDER: Final = 150
TITLE: Final = 24
"""A modal's title, and the labels of its two buttons."""

LABEL: Final = 2000
"""An input's label; its hint as well."""

INPUT: Final = 3000
"""The longest that may be typed into an input."""

FILES: Final = 10
"""Files of a file input."""

SPEECH: Final = 3000
"""Characters of the words of one rich_text block. Slack names no limit for it, so we keep that of a section."""

ASIDE: Final = 1500
"""Characters of what stands beside a step's own words: warning, why, test. Ours, so that a message stays one."""

LINE: Final = 300
"""Characters of what is left of a step behind: its title and an answer. Ours."""

WEIGHT: Final = 12_000
"""Characters of the JSON of a message's blocks without its buttons.

Slack refuses long ones (`msg_blocks_too_long`) and does not say from where on: in slackapi/bolt-js#2867, 15,561 were
taken and 17,694 were not.
"""

ELLIPSIS: Final = "…"

_STEERING: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, direction overrides and halves of characters: nobody sees them, and some steer what is seen."""

_UNSEEN: Final = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
"""Blanks and what has no width: a text of these alone is as good as empty, and Slack refuses an empty one."""

_WORD: Final = re.compile(r"\s\S*\Z")


def clean(text: str) -> str:
    """The text without what could steer a screen, with lines ended by line feeds."""
    return _STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))


def shows(text: str) -> bool:
    """Whether there is anything in it to be seen."""
    return _UNSEEN.fullmatch(text) is None


def length(text: str) -> int:
    """In UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def head(text: str, room: int) -> str:
    """As much of the text's beginning as there is room for, never half of a character."""
    if length(text) <= room:
        return text
    kept = text[:room]
    while (over := length(kept) - room) > 0:
        kept = kept[: -((over + 1) // 2)]
    return kept


def cut(text: str, room: int) -> str:
    """The text if there is room, else its beginning up to a blank (if one is near) and an ellipsis."""
    if length(text) <= room:
        return text
    kept = head(text, room - 1)
    blank = _WORD.search(kept)
    if blank is not None and not text[len(kept)].isspace() and blank.start() > len(kept) // 2:
        kept = kept[: blank.start()]
    return kept.rstrip() + ELLIPSIS


def line(text: str, room: int, otherwise: str) -> str:
    """One line of plain text for a label or a title: cleaned, blanks joined, cut; `otherwise` where nothing shows."""
    joined = " ".join(clean(text).split())
    return cut(joined if shows(joined) else otherwise, room)


def escaped(text: str, room: int) -> str:
    """The text for a field that Slack reads as markup: `& < >` escaped, cut so that the escaped text fits."""
    text = clean(text)
    fits = cut(text, room)
    while length(written := _escape(fits)) > room:
        fits = cut(text, length(fits) - max(1, (length(written) - room) // 5))
    return written


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
