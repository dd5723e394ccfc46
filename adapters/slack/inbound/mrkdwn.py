"""Converts Slack's message text into what the person typed. Pure.

Slack escapes three characters and writes mentions, channels and URLs in angle brackets; stored and matched text needs
what the person saw.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

MARK: Final = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>\n]{1,3000})>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ID: Final = re.compile(r"[UWCGDS][A-Z0-9]+")
_SUBTEAM: Final = "subteam^"

Names = Mapping[str, str]
"""Names of people, channels and user groups by their ids."""

NO_NAMES: Final[Names] = MappingProxyType({})

UNKNOWN: Final = MappingProxyType(
    {"U": "someone", "W": "someone", "C": "channel", "G": "channel", "D": "channel", "S": "group"}
)
"""What a mention shows if the name behind its id is not known, by the first letter of the id."""


def typed(text: str, names: Names = NO_NAMES) -> str:
    """Return the text as the person saw it on screen, without escapes and brackets; `names` are those behind ids."""
    return seen(text, names).strip()


def seen(text: str, names: Names) -> str:
    """Return a part of a text as the person saw it, with the blanks around it."""
    shown = MARK.sub(lambda match: _shown(match[1], names), text)
    for entity, char in _ENTITIES:
        shown = shown.replace(entity, char)
    return shown


def _shown(inside: str, names: Names) -> str:
    what, _, label = inside.partition("|")
    if what.startswith(("@", "#")):
        return named(what[0], what[1:], names, label)
    if what.startswith(f"!{_SUBTEAM}"):
        return named("@", what.removeprefix(f"!{_SUBTEAM}"), names, label)
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    # A link keeps its URL: the label may name another target.
    return what.removeprefix("mailto:").removeprefix("tel:")


def named(sign: str, identifier: str, names: Names, label: str = "") -> str:
    """Return a mention as people see it: a sign and the name, never the id."""
    known = label.removeprefix(sign) or names.get(identifier, "")
    return f"{sign}{known or UNKNOWN.get(identifier[:1], 'someone')}"


def labels(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ids in the text's mentions, each with the name that Slack wrote beside it; '' for none."""
    for mark in MARK.finditer(text):
        what, _, label = mark[1].partition("|")
        identifier = what.removeprefix("!").removeprefix(_SUBTEAM).lstrip("@#")
        if _ID.fullmatch(identifier):
            yield identifier, label.lstrip("@#")


def mentions(text: str, user: str) -> bool:
    """Whether the text mentions the user."""
    return bool(user) and re.search(rf"<@{re.escape(user)}(\|[^<>]*)?>", text) is not None


def addressed(text: str, user: str) -> str:
    """Remove mentions of the user from the text."""
    return re.sub(rf"<@{re.escape(user)}(\|[^<>]*)?>[,:]?", " ", text) if user else text
