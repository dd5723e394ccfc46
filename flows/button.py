"""Encodes a button's meaning in at most 100 characters, on every platform that sends back only the button.

The form is `CONVERSATION:TURN:MEANING`. The turn is in base 36; the meaning is a choice's id, or a name from `BUILT_IN`
after an equals sign, with which no slug can begin. A button holds nothing secret, and anyone can forge one: the
platform says who pressed, and the engine compares the turn.
"""

import re
from typing import Any, Final, Literal, get_args

from flows.events import (
    Answered,
    Back,
    Dismissed,
    Escalated,
    Event,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Withdrawn,
)
from flows.values import Frozen

BuiltIn = Literal[
    "back",
    "restart",
    "person",
    "withdraw",
    "reopen",
    "hour",
    "tomorrow",
    "computer",
    "later",
    "details",
    "summary",
    "colleague",
    "joins",
    "step",
    "rate-1",
    "rate-2",
    "rate-3",
    "rate-4",
    "rate-5",
    "rate-more",
    "dismiss",
]
"""The buttons that every channel offers beside a step's answers. `hour`, `tomorrow` and `computer` say how much later;
`rate-1` to `rate-5` are ratings; `dismiss` says that a suggestion is wrong. Seven make no event: the channel asks how
much later (`later`), opens the form for details (`details`), shows the summary to copy (`summary`), asks which
colleague may press (`colleague`), lets another person press (`joins`), shows the live step again (`step`), or asks for
a comment on the rating (`rate-more`)."""

BUILT_IN: Final[frozenset[str]] = frozenset(get_args(BuiltIn))

LONGEST: Final = 100
"""Discord's limit for a `custom_id`; Slack's for a button's `value` is 2,000."""

_SHAPE: Final = re.compile(r"([0-9]{2}[a-z2-7]{16}):([0-9a-z]{1,8}):(=?[a-z0-9-]{1,32})")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class Button(Frozen):
    """A button: its conversation, its turn, and a choice's id or a built-in button's name (`built_in`)."""

    conversation: str
    turn: int
    choice: str = ""
    built_in: BuiltIn | None = None

    def __str__(self) -> str:
        """Return the text that the platform stores for the button."""
        meaning = f"={self.built_in}" if self.built_in else self.choice
        return f"{self.conversation}:{_base36(self.turn)}:{meaning}"

    @classmethod
    def parse(cls, text: str) -> "Button | None":
        """Read the text that `str` returned; None for any other text, wherever it comes from."""
        found = _SHAPE.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            return None
        conversation, turn, meaning = found.groups()
        if not meaning.startswith("="):
            return cls(conversation=conversation, turn=int(turn, 36), choice=meaning)
        name = meaning[1:]
        if name not in BUILT_IN:
            return None
        return cls.model_validate({"conversation": conversation, "turn": int(turn, 36), "built_in": name})

    def event(self, actor: str, key: str) -> Event | None:
        """Return the event of a press by `actor`; None if the channel must first ask or show something."""
        who: dict[str, Any] = {"actor": actor, "key": key, "conversation": self.conversation}
        match self.built_in:
            case None:
                return Answered(turn=self.turn, choice=self.choice, **who)
            case "back":
                return Back(turn=self.turn, **who)
            case "restart":
                return Restarted(turn=self.turn, **who)
            case "person":
                return Escalated(**who)
            case "dismiss":
                return Dismissed(turn=self.turn, **who)
            case "withdraw":
                return Withdrawn(**who)
            case "reopen":
                return Reopened(**who)
            case "hour" | "tomorrow" | "computer":
                return Napped(until=self.built_in, **who)
            case "rate-1" | "rate-2" | "rate-3" | "rate-4" | "rate-5":
                return Rated(score=int(self.built_in[-1]), **who)
            case "later" | "details" | "summary" | "colleague" | "joins" | "step" | "rate-more":
                return None


def rating(conversation: str, turn: int, score: int) -> Button:
    """Return the button for a rating from 1 to 5."""
    return Button.model_validate({"conversation": conversation, "turn": turn, "built_in": f"rate-{score}"})


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
