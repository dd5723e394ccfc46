"""Lists Slack's limits, and cuts texts to fit them.

From Slack's Block Kit reference and what slack-sdk 3.47 checks; where Slack names no limit, ours is marked as such. A
length is counted in UTF-16 units, the largest of the ways in which Slack may count: an emoji is two.
"""

import re
from typing import Final

from flows.text.visible import visible

BLOCKS: Final = 50
"""Blocks in a message."""

VIEW_BLOCKS: Final = 100
"""Blocks in a modal or the Home tab."""

ID: Final = 255
"""Characters of a block_id, an action_id or a callback_id."""

TEXT: Final = 3000
"""Characters of a text object: a section's text, or an element of a context block."""

MESSAGE: Final = 4000
"""Characters of a message's own `text`, as Slack recommends; Slack truncates only far longer ones."""

HEADER: Final = 150
ALT: Final = 2000
"""Characters of an image's alternative text, and of its title."""

URL: Final = 3000
"""Characters of an image's or a button's URL."""

BUTTON: Final = 75
"""Characters of a button's text; Slack shows about 30."""

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
"""Options of an overflow menu; Slack requires at least one."""

RADIO: Final = 10
"""Options of radio buttons."""

PLACEHOLDER: Final = 150
TITLE: Final = 24
"""Characters of a modal's title, and of the labels of its two buttons."""

LABEL: Final = 2000
"""Characters of an input's label, and of its hint."""

INPUT: Final = 3000
"""Characters that a person may type into an input."""

FILES: Final = 10
"""Files in a file input."""

SPEECH: Final = 3000
"""Characters of the text in one rich_text block. Slack names no limit, so we keep the limit of a section."""

ASIDE: Final = 1500
"""Characters of a text beside a step's instructions: warning, reason, test. Our limit, so that a step fits a message.
"""

LINE: Final = 300
"""Characters of the line that replaces a finished step: its title and an answer. Our limit."""

WEIGHT: Final = 12_000
"""Characters of the JSON of a message's blocks without its buttons.

Slack refuses long messages (`msg_blocks_too_long`) and publishes no limit: in slackapi/bolt-js#2867, Slack accepted
15,561 and refused 17,694.
"""

ELLIPSIS: Final = "…"

_UNSEEN: Final = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
"""Blanks and characters without width: Slack refuses a text of these alone as empty."""

_WORD: Final = re.compile(r"\s\S*\Z")


def clean(text: str) -> str:
    """Remove characters that could change how a text displays, and end every line with a line feed."""
    return visible(text)


def shows(text: str) -> bool:
    """Whether the text has a visible character."""
    return _UNSEEN.fullmatch(text) is None


def length(text: str) -> int:
    """Count a text's UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def head(text: str, room: int) -> str:
    """Return the beginning of the text that fits into `room` units, never half a character."""
    if length(text) <= room:
        return text
    kept = text[:room]
    while (over := length(kept) - room) > 0:
        kept = kept[: -((over + 1) // 2)]
    return kept


def cut(text: str, room: int) -> str:
    """Return the text if it fits, else its beginning up to a blank (if a blank is near) and an ellipsis."""
    if length(text) <= room:
        return text
    kept = head(text, room - 1)
    blank = _WORD.search(kept)
    if blank is not None and not text[len(kept)].isspace() and blank.start() > len(kept) // 2:
        kept = kept[: blank.start()]
    return kept.rstrip() + ELLIPSIS


def line(text: str, room: int, otherwise: str) -> str:
    """Make one line of plain text for a label or title: cleaned, joined, cut; `otherwise` if nothing is visible."""
    joined = " ".join(clean(text).split())
    return cut(joined if shows(joined) else otherwise, room)


def escaped(text: str, room: int) -> str:
    """Escape `& < >` for a field that Slack reads as markup, and cut the text so that the escaped text fits."""
    text = clean(text)
    fits = cut(text, room)
    while length(written := _escape(fits)) > room:
        fits = cut(text, length(fits) - max(1, (length(written) - room) // 5))
    return written


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
