"""A conversation: where one contact stands in one flow, frozen; what is persisted."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from flows.values import Frozen

End = Literal["customer", "agents", "ticket", "mail"]
"""What an end is for; each role is a lane of its own. The ticket's end is where operators keep tickets besides, mail is
where a customer is reached who left."""


class Status(StrEnum):
    """Where a conversation is in its life; `flows.rules.machine` says which moves exist."""

    GUIDING = "guiding"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def ended(self) -> bool:
        """Nothing more is expected of anybody, though *It's happening again* reopens it."""
        return self in (Status.RESOLVED, Status.CLOSED)


class Address(Frozen):
    """A place on a channel. Which parts are used is the channel's affair; two equal addresses are one place."""

    channel: str
    workspace: str = ""
    room: str = ""
    thread: str = ""
    person: str = ""

    def __str__(self) -> str:
        """The parts joined by bars, without those missing at the end: `slack|T1|C1`."""
        return "|".join((self.channel, self.workspace, self.room, self.thread, self.person)).rstrip("|")

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The inverse of `str`; parts never hold a bar."""
        parts = text.split("|") + [""] * 5
        return cls(channel=parts[0], workspace=parts[1], room=parts[2], thread=parts[3], person=parts[4])


class Conversation(Frozen):
    """One contact in one flow. Times are milliseconds of the store's clock; 0 means never.

    `version` grows with every commit; `turn` only when the live prompt is replaced or the holder changes.
    `step` is the cursor (at an exit of the flow it stays where it was, and `exited` is true). `path` holds the
    steps behind, for Back; an entry `flow/revision/step` stands in another flow. `asked` is the effect that shows
    the live prompt. `customer` and `agents` are the addresses of the two ends ('' when there is none).
    `locale` and `zone` are the contact's language and time zone, where their platform tells them. `holder` is the
    agent who has it, `held_by` their name. `may_press` are the further people who may press the buttons. `ticket`
    is 0 until one was opened; `reasons` are in the order given. `nap` is what the customer asked for with Later
    ("hour", "tomorrow", "computer"). `packet` is the effect that opened the agents' thread; `snoozed` how long agents
    need not look ("reply", "hour", "tomorrow"); `concluded` the reason an agent gave when they solved it. `alerted`
    says who was alerted because nobody came ("again": the team, "fallback": those behind it), `helped` when an agent
    first said something since the ticket was opened. `rated` is how it went for the contact, 1 to 5;
    0: they have not said, and `explained` says that they said so in words, too. `mail` is the address they gave, for
    when they are not there. `had` is the agent in whose hands it ended, `had_by` their name, and `parted` says that
    this is too long ago to count on them. `allowed` is the turn in which the agent lets the customer go on with the
    guide: once it has passed, they no longer do. `shown` is since when the turn is as it is, `waits` since when they
    wait, or last waited, for an agent.
    """

    id: str
    version: int = 0
    turn: int = 0
    status: Status = Status.GUIDING
    flow: str = ""
    revision: str = ""
    step: str = ""
    exited: bool = False
    path: tuple[str, ...] = ()
    contact: str = ""
    name: str = ""
    locale: str = ""
    zone: str = ""
    may_press: tuple[str, ...] = ()
    holder: str = ""
    held_by: str = ""
    packet: str = ""
    snoozed: str = ""
    concluded: str = ""
    customer: str = ""
    agents: str = ""
    observations: Mapping[str, str] = {}
    asked: str = ""
    ticket: int = 0
    team: str = ""
    reasons: tuple[str, ...] = ()
    solved_by: str = ""
    nap: str = ""
    rated: int = 0
    mail: str = ""
    had: str = ""
    had_by: str = ""
    parted: bool = False
    allowed: int = 0
    explained: bool = False
    alerted: str = ""
    helped: int = 0
    opened: int = 0
    began: int = 0
    changed: int = 0
    shown: int = 0
    waits: int = 0

    def address(self, role: End) -> Address | None:
        """Where that end is, or None while there is none."""
        text = {"customer": self.customer, "agents": self.agents}.get(role, "")
        return Address.parse(text) if text else None

    def may_answer(self, actor: str) -> bool:
        """Whether that person may move this conversation (law L11)."""
        return actor == self.contact or actor in self.may_press

    @property
    def may_go_on(self) -> bool:
        """Whether the customer may take it from the agent who has it, and go on with the guide."""
        return self.status is Status.WITH_AGENT and self.allowed == self.turn

    @property
    def ticket_open(self) -> bool:
        """Whether somebody is, or will be, dealing with a ticket."""
        return self.ticket > 0 and not self.status.ended and self.status is not Status.GUIDING
