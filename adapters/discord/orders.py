"""What agents order where they talk: what buttons and forms carry, and what a line beginning with ! means. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from flows.values import Frozen

Verb = Literal["claim", "take", "release", "reply", "back", "resolve", "transfer", "show", "snooze", "send"]
VERBS: Final[frozenset[str]] = frozenset(get_args(Verb))

PREFIX: Final = "room"
_SHAPE: Final = re.compile(rf"{PREFIX}:([a-z]{{1,12}}):([0-9]{{2}}[a-z2-7]{{16}}):([A-Za-z0-9_-]{{0,60}})")

FORMS: Final[frozenset[Verb]] = frozenset({"reply", "back", "resolve", "transfer", "show", "snooze"})
"""Orders that ask with a form first, which can only be the first answer to a press."""


class Order(Frozen):
    """A button of the agents': what to do, and with which conversation. `of` is what "send" sends.

    A claim like everything that comes from outside: who pressed it is looked up each time (law L11).
    """

    verb: Verb
    conversation: str
    of: str = ""

    def __str__(self) -> str:
        """As Discord keeps it: at most 100 characters."""
        return f"{PREFIX}:{self.verb}:{self.conversation}:{self.of}"

    @classmethod
    def parse(cls, carried: str) -> "Order | None":
        """The inverse of `str`; None for anything else."""
        found = _SHAPE.fullmatch(carried)
        if found is None or found[1] not in VERBS:
            return None
        return cls.model_validate({"verb": found[1], "conversation": found[2], "of": found[3]})


class Meant(Frozen):
    """What a line in the agents' thread means.

    "note" stays among agents; "reply" goes to the customer; "order" is done at once. "asked" is an order or a reply,
    nobody knows: it stays among agents, and who wrote it is asked; `text` is what would be sent.
    """

    kind: Literal["note", "reply", "order", "asked"]
    text: str = ""
    verb: Verb | None = None


DONE: Final[Mapping[str, Verb]] = MappingProxyType(
    {"claim": "claim", "release": "release", "resolve": "resolve", "close": "resolve"}
)
"""Commands that are done as soon as they are written, where nothing follows them."""

COMMANDS: Final[Mapping[str, Verb | None]] = MappingProxyType(
    {
        **DONE,
        "assign": "claim",
        "unclaim": "release",
        "handback": "back",
        "back": "back",
        "transfer": "transfer",
        "snooze": "snooze",
        **dict.fromkeys(("r", "reply", "ar", "areply"), "reply"),
        **dict.fromkeys(("n", "note"), None),
    }
)
"""Words that are commands here or with other bots, whatever follows them, and what each is closest to."""

ALONE: Final[Mapping[str, Verb | None]] = MappingProxyType(
    {
        **dict.fromkeys(("take", "mine"), "claim"),
        **dict.fromkeys(("drop", "leave"), "release"),
        **dict.fromkeys(("closed", "resolved", "solved", "done", "finish", "end"), "resolve"),
        **dict.fromkeys(("respond", "answer", "send", "say"), "reply"),
        **dict.fromkeys(("move", "escalate", "forward"), "transfer"),
        **dict.fromkeys(("hold", "pause", "later"), "snooze"),
        **dict.fromkeys(("step", "show"), "show"),
        **dict.fromkeys(("help", "h", "menu", "commands", "status", "delete", "edit", "block", "ban"), None),
    }
)
"""Words that look like commands where they stand alone; a sentence to a customer may well begin with them."""


def meant(line: str) -> Meant:
    """What an agent's line means; whatever may be a command is never taken for words to the customer."""
    if not line.startswith("!"):
        return Meant(kind="note", text=line)
    rest = line[1:]
    if rest[:1].isspace():
        return Meant(kind="reply", text=rest.strip())
    word, more = [*rest.split(None, 1), "", ""][:2]
    name = re.sub(r"[^a-z]+$", "", word.lower())
    if not more and name in DONE and name == word.lower():
        return Meant(kind="order", verb=DONE[name])
    known = COMMANDS if more else {**ALONE, **COMMANDS}
    if name in known or not re.search(r"\w", rest) or rest.startswith("!"):
        verb = known.get(name)
        return Meant(kind="asked", verb=verb, text=more if verb == "reply" else rest.lstrip("!").strip())
    return Meant(kind="reply", text=rest.strip())
