"""Converts Slack's message text into what the person typed. Pure.

Slack escapes three characters and writes mentions, channels and URLs in angle brackets; stored and matched text needs
what the person saw.
"""

import re
from typing import Final

_MARK: Final = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>\n]{1,3000})>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def typed(text: str) -> str:
    """Return the text as the person saw it on screen, without escapes and brackets."""
    shown = _MARK.sub(lambda match: _shown(match[1]), text)
    for entity, char in _ENTITIES:
        shown = shown.replace(entity, char)
    return shown.strip()


def _shown(inside: str) -> str:
    what, _, label = inside.partition("|")
    if what.startswith(("@", "#")):
        return f"{what[0]}{label or what[1:]}"
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    # A link keeps its URL: the label may name another target.
    return what.removeprefix("mailto:").removeprefix("tel:")


def mentions(text: str, user: str) -> bool:
    """Whether the text mentions the user."""
    return bool(user) and re.search(rf"<@{re.escape(user)}(\|[^<>]*)?>", text) is not None


def addressed(text: str, user: str) -> str:
    """Remove mentions of the user from the text."""
    return re.sub(rf"<@{re.escape(user)}(\|[^<>]*)?>[,:]?", " ", text) if user else text
