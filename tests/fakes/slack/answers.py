"""Holds the bot's answers to Slack's events, clicks and commands."""

import time
from dataclasses import dataclass, field

from tests.fakes.slack.refusals import Json


@dataclass(frozen=True)
class Answer:
    """The bot's answer. `acked`: in time; `payload`: its data; `status` and `text`: of HTTP; `reason`: of a failure."""

    acked: bool
    payload: Json | None = None
    seconds: float = 0.0
    status: int = 0
    text: str = ""
    reason: str = ""


@dataclass(eq=False)
class Delivery:
    """Something sent to the bot, with the number of attempts and the answers."""

    kind: str
    payload: Json
    attempts: int = 0
    answers: list[Answer] = field(default_factory=list)
    over: bool = False
    born: float = field(default_factory=time.monotonic)

    @property
    def acked(self) -> bool:
        return any(answer.acked for answer in self.answers)

    @property
    def event(self) -> Json:
        """Return the inner event of an event's envelope."""
        found = self.payload.get("event", {})
        assert isinstance(found, dict)
        return found
