"""Defines agents' orders: what their buttons carry, and what a line that begins with ! means."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from flows.acts import Until
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.text.agent_phrases import phrase
from flows.values import Frozen

Verb = Literal[
    "claim",
    "take",
    "release",
    "allow",
    "reply",
    "back",
    "guide",
    "resolve",
    "transfer",
    "show",
    "snooze",
    "wake",
    "send",
    "forward",
]
VERBS: Final[frozenset[str]] = frozenset(get_args(Verb))

AT_HAND: Final[tuple[Verb, ...]] = ("reply", "claim", "back", "resolve", "transfer")
"""The buttons below a packet and below each customer message, in their order."""

MORE: Final[tuple[Verb, ...]] = ("snooze", "release", "allow", "show", "guide", "forward")
"""The actions behind More, in their order."""

UNTILS: Final[tuple[Until, ...]] = ("hour", "tomorrow")
"""How long an agent can snooze a ticket, in the order of the form; see `flows.acts.Until`."""

UNRECORDED_S: Final = 600
"""Seconds that the store may take to record a ticket's new thread; Slack repeats a message after 5 minutes at most."""

PREFIX: Final = "room"
_SHAPE: Final = re.compile(rf"{PREFIX}:([a-z]{{1,12}}):([0-9]{{2}}[a-z2-7]{{16}}):([A-Za-z0-9_-]{{0,60}})")


class Order(Frozen):
    """An agents' button: the action and its conversation. `of` is the id of what "send" sends, or of a guide.

    Anyone can forge an order: the receiver looks up each time who pressed (law L11).
    """

    verb: Verb
    conversation: str
    of: str = ""

    def __str__(self) -> str:
        """Return the text that the platform stores: at most 100 characters, which is Discord's limit."""
        return f"{PREFIX}:{self.verb}:{self.conversation}:{self.of}"

    @classmethod
    def parse(cls, carried: str) -> "Order | None":
        """Read the text that `str` returned; None for any other text."""
        found = _SHAPE.fullmatch(carried)
        if found is None or found[1] not in VERBS:
            return None
        return cls.model_validate({"verb": found[1], "conversation": found[2], "of": found[3]})


class Meant(Frozen):
    """The meaning of a line in the agents' thread.

    "note" stays among agents; "reply" goes to the customer; "order" takes effect at once; "canned" sends the saved
    reply whose id is `text`. "asked" is an order or a reply, and only the author can tell: the line stays among agents,
    and the bot asks its author; `text` is what the bot would send.
    """

    kind: Literal["note", "reply", "order", "canned", "asked"]
    text: str = ""
    verb: Verb | None = None


DONE: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "claim": "claim",
        "release": "release",
        "resolve": "resolve",
        "close": "resolve",
        "wake": "wake",
        "unsnooze": "wake",
    }
)
"""Commands that take effect as soon as an agent sends them, if no words follow."""

Closest = tuple[tuple[Verb | None, tuple[str, ...]], ...]
"""Words by the order they are closest to; None for words without such an order."""

COMMANDS: Final[Closest] = (
    ("claim", ("claim", "assign")),
    ("release", ("release", "unclaim")),
    ("resolve", ("resolve", "close")),
    ("reply", ("r", "reply", "ar", "areply")),
    ("back", ("back", "handback")),
    ("transfer", ("transfer",)),
    ("snooze", ("snooze",)),
    (None, ("n", "note")),
)
"""Words that are commands here or with other bots, whatever words follow."""

ALONE: Final[Closest] = (
    ("claim", ("take", "mine")),
    ("release", ("drop", "leave")),
    ("resolve", ("closed", "resolved", "solved", "done", "finish", "end")),
    ("reply", ("respond", "answer", "send", "say")),
    ("transfer", ("move", "escalate")),
    ("forward", ("forward", "fwd")),
    ("snooze", ("hold", "pause", "later")),
    ("guide", ("guide", "start", "flow")),
    ("show", ("step", "show")),
    (None, ("help", "h", "menu", "commands", "status", "delete", "edit", "block", "ban")),
)
"""Words that look like commands if they stand alone; a sentence to a customer may begin with them."""


def is_order(word: str) -> bool:
    """Return whether `!` and that word are a command, or look like one."""
    return meant(f"!{word}").kind != "reply"


def meant(line: str, canned: Collection[str] = ()) -> Meant:
    """Return the meaning of an agent's line; a line that may be a command is never sent to the customer.

    `canned` are the ids of the saved replies.
    """
    if not line.startswith("!"):
        return Meant(kind="note", text=line)
    rest = line[1:]
    if rest[:1].isspace():
        return Meant(kind="reply", text=rest.strip())
    word, more = [*rest.split(None, 1), "", ""][:2]
    name = re.sub(r"[^a-z]+$", "", word.lower())
    if not more and word in canned:
        return Meant(kind="canned", text=word)
    if not more and name in DONE and name == word.lower():
        return Meant(kind="order", verb=DONE[name])
    known = {each: verb for verb, names in (COMMANDS if more else COMMANDS + ALONE) for each in names}
    if name in known or not re.search(r"\w", rest) or rest.startswith("!"):
        verb = known.get(name)
        return Meant(kind="asked", verb=verb, text=more if verb == "reply" else rest.lstrip("!").strip())
    return Meant(kind="reply", text=rest.strip())


def label(order: Order) -> str:
    """Return the label of an order's button."""
    return phrase("action_back_at" if order.verb == "back" and order.of else f"action_{order.verb}")


def why(at: Conversation, refusal: Refusal) -> tuple[str, tuple[Order, ...]]:
    """Return why an agent's act changed nothing, as the id of a sentence, and the orders to offer instead."""
    claim = (Order(verb="claim", conversation=at.id),)
    if refusal.why == "held":
        return "refused_held", (Order(verb="take", conversation=at.id),)
    if at.status is Status.CLOSED:
        return "refused_closed", ()
    if at.status is Status.RESOLVED:
        return "refused_resolved", claim
    if refusal.why == "not_offered":
        return "refused_no_choice", ()
    return ("refused_not_now", ()) if at.status is Status.WITH_AGENT else ("refused_unclaimed", claim)


def refused(at: Conversation, refusal: Refusal) -> str:
    """Return the sentence for `why`, with its blanks filled."""
    return phrase(why(at, refusal)[0], who=at.holder_name or phrase("another_agent"))
