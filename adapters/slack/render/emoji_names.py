"""Reads names of emoji, which Slack's plain texts and forms have instead of the emoji: `:wave:`. Pure."""

import re
from typing import Final

from rich.emoji import Emoji

_NAME: Final = re.compile(
    r"(?<![\w:])(?P<name>:[a-z0-9_+'-]{2,60}:)(?::skin-tone-(?P<tone>[2-6]):)?(?![\w]|:[a-z])"
)
_TONES: Final = 0x1F3FB - 2
"""The character of a skin tone, without the tone's number."""


def with_emoji(text: str) -> str:
    """Return the text with emoji in the place of their names. The name of a workspace's own emoji stays."""
    return _NAME.sub(_emoji, text) if ":" in text else text


def _emoji(found: re.Match[str]) -> str:
    shown = Emoji.replace(found["name"])
    if shown == found["name"]:
        return found[0]
    return shown + (chr(_TONES + int(found["tone"])) if found["tone"] else "")
