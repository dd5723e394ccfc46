"""Names the kinds of keys that `keys.py` makes: how long each lasts, and how an archive takes it along.

Docs/privacy.md has a row for each kind, and a test compares the two with the keys that exist.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from adapters.storage.keys import rest_of

Lasts = Literal["forever", "keep", "short"]
"""How long a key lasts: until it is deleted; KEEP_DAYS, renewed with use; or a time of its own, which is shorter."""

Archived = Literal["conversation", "rebuilt", "plain", "counter", "letters", "left out"]
"""How an archive takes a key along: with its conversation; not, because it follows from conversations; as it is; so
that numbers only grow; those that no conversation takes along; or not at all."""


@dataclass(frozen=True)
class Kind:
    """A kind of key: its name in docs/privacy.md, the form of its keys behind the prefix, and how long it lasts."""

    name: str
    form: str
    lasts: Lasts
    archived: Archived = "plain"


SHARD: Final = r"\{\d\d\}"

KINDS: Final = (
    Kind("records", SHARD + "c:", "keep", "conversation"),
    Kind("journals", SHARD + "j:", "keep", "conversation"),
    Kind("words", SHARD + "w:", "keep", "conversation"),
    Kind("seen", SHARD + "s:", "keep", "conversation"),
    Kind("receipts", SHARD + "r:", "keep", "conversation"),
    Kind("doors", SHARD + "d:", "keep", "conversation"),
    Kind("lanes", SHARD + "l:", "keep", "conversation"),
    Kind("holds", SHARD + "h:", "keep", "conversation"),
    Kind("places", SHARD + "p:", "keep"),
    Kind("alarms", SHARD + "alarms$", "forever", "rebuilt"),
    Kind("tickets", SHARD + "tickets$", "forever", "rebuilt"),
    Kind("board", SHARD + "board$", "forever", "rebuilt"),
    Kind("ended", SHARD + "ended$", "forever", "rebuilt"),
    Kind("guiding", SHARD + "guiding$", "forever", "rebuilt"),
    Kind("channels", SHARD + "channels$", "forever", "rebuilt"),
    Kind("queues", SHARD + "q:", "forever", "rebuilt"),
    Kind("counter", SHARD + "counter$", "forever", "counter"),
    Kind("letters", SHARD + "letters$", "forever", "letters"),
    Kind("quarantine", SHARD + "quarantine", "forever"),
    Kind("identity", SHARD + "identity$", "forever", "left out"),
    Kind("probe", SHARD + "probe$", "short", "left out"),
    Kind("meta", "meta$", "forever", "left out"),
    Kind("processes", r"\{.*meta\}:processes$", "short", "left out"),
    Kind("metrics", "metrics$", "short", "left out"),
    Kind("revisions", "revision:", "forever"),
    Kind("secrets", "secret:", "forever"),
    Kind("marks", "mark:", "forever"),
    Kind("accounts", "accounts$", "forever"),
    Kind("vault", "vault:", "short"),
    Kind("contacts", "contact:", "keep"),
    Kind("confirmed", "confirmed:", "keep"),
    Kind("erasures", "erasures$", "short"),
    Kind("uploads", r"\{kept\}:", "short"),
    Kind("once", "once:", "short"),
    Kind("viewed", "viewed:", "keep"),
    Kind("kept", "kept:", "short"),
    Kind("kept_days", "kept$", "short"),
    Kind("unmatched", r"\{unmatched\}:", "keep"),
    Kind("bookmarks", "bookmarks:", "keep"),
    Kind("allowances", "allowance:", "short"),
    Kind("limits", "limit:", "short", "left out"),
    Kind("rates", r"\{rate:", "short", "left out"),
)
"""Every kind of key."""


def kind_of(prefix: str, key: str) -> Kind | None:
    """Return the kind of a key under that prefix; None if it is of no kind that this version knows."""
    rest = rest_of(prefix, key)
    return next((kind for kind in KINDS if _form(kind.form).match(rest)), None)


@cache
def _form(form: str) -> re.Pattern[str]:
    return re.compile(form)
