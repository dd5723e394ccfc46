"""Lists Discord's limits, and cuts texts to fit them.

Sources: Discord's reference on messages and components, its OpenAPI document, and for `TEXT` the library's docstring.
A text is counted in UTF-16 units, the largest of the ways in which Discord may count.
"""

from typing import Final

TEXT: Final = 4000
"""Characters of all TextDisplays of one message together."""

NONCE: Final = 25
ROW: Final = 5
"""Buttons in an ActionRow."""

LABEL: Final = 80
"""Characters of a button's label; up to `HANDSOME` it stays on one line of a phone."""

HANDSOME: Final = 38
ANSWERS: Final = 4
"""Answers shown as buttons, so that *Talk to a person* still fits into their row; more become a select."""

OPTIONS: Final = 25
OPTION_LABEL: Final = 100
OPTION_VALUE: Final = 100
OPTION_DESCRIPTION: Final = 100
PLACEHOLDER: Final = 150
BUTTON_URL: Final = 512
MEDIA_URL: Final = 2048
ALT: Final = 1024

MODAL_TITLE: Final = 45
FIELD_LABEL: Final = 45
FIELD_DESCRIPTION: Final = 100
INPUT: Final = 4000
RADIOS: Final = range(2, 11)
"""The numbers of options that a RadioGroup may have."""

FILES: Final = 10

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file that every server takes; boosted servers would take more."""

ELLIPSIS: Final = "…"


def size(text: str) -> int:
    """Count a text's UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int) -> str:
    """Return the text if it fits, else its beginning with an ellipsis."""
    if size(text) <= longest:
        return text
    room = longest - size(ELLIPSIS)
    kept = text[:room]
    while size(kept) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
