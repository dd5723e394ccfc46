"""Between what Slack calls text and what a person typed. Pure.

Slack escapes three characters and writes mentions, channels and addresses in angle brackets; whoever stores or matches
words wants what the person saw.
"""

import re
from typing import Final

_MARK: Final = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>\n]{1,3000})>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def typed(text: str) -> str:
    """What the person saw on their screen: no escapes, no brackets."""
    shown = _MARK.sub(lambda found: _shown(found[1]), text)
    for entity, char in _ENTITIES:
        shown = shown.replace(entity, char)
    return shown.strip()


def _shown(inside: str) -> str:
    what, _, label = inside.partition("|")
    if what.startswith(("@", "#")):
        return f"{what[0]}{label or what[1:]}"
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    # An address keeps its own text: the label may say something else than where it leads.
    return what.removeprefix("mailto:").removeprefix("tel:")


def mentions(text: str, user: str) -> bool:
    """Whether that user is mentioned in it."""
    return bool(user) and re.search(rf"<@{re.escape(user)}(\|[^<>]*)?>", text) is not None


def addressed(text: str, user: str) -> str:
    """The text without the mention of that user."""
    return re.sub(rf"<@{re.escape(user)}(\|[^<>]*)?>[,:]?", " ", text) if user else text
