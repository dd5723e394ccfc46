"""What came back from the bot for something Slack told it."""

import time
from dataclasses import dataclass, field

from tests.fakes.slack.refusals import Json


@dataclass(frozen=True)
class Answer:
    """`acked`: in time; `payload`: what came with it; `status` and `text` of an HTTP answer; `reason` of a failure."""

    acked: bool
    payload: Json | None = None
    seconds: float = 0.0
    status: int = 0
    text: str = ""
    reason: str = ""


@dataclass(eq=False)
class Delivery:
    """Something told to the bot: how often it was tried, and what came of it."""

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
        """The inner event, of an event."""
        found = self.payload.get("event", {})
        assert isinstance(found, dict)
        return found
