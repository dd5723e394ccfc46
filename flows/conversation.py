"""A conversation: the state of one contact in one flow, frozen; the store keeps it."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from flows.values import Frozen

End = Literal["customer", "agents", "ticket", "mail"]
"""The ends of a conversation; each has a lane of its own. "ticket" is the operator's other ticket system, "mail" is
email to a customer who left."""


class Status(StrEnum):
    """The status of a conversation; `flows.rules.machine` lists the moves between them."""

    GUIDING = "guiding"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def ended(self) -> bool:
        """Return whether the conversation is over, although *It's happening again* can reopen it."""
        return self in (Status.RESOLVED, Status.CLOSED)


class Address(Frozen):
    """A place on a channel. The channel decides which parts it uses; two equal addresses are one place."""

    channel: str
    workspace: str = ""
    room: str = ""
    thread: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Return the parts joined by bars, without empty parts at the end: `slack|T1|C1`."""
        return "|".join((self.channel, self.workspace, self.room, self.thread, self.person)).rstrip("|")

    @staticmethod
    def parse(text: str) -> "Address":
        """Read the text that `str` returned; parts never hold a bar."""
        return _parsed(text)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Address:
    channel, workspace, room, thread, person = (text.split("|") + [""] * 5)[:5]
    return Address(channel=channel, workspace=workspace, room=room, thread=thread, person=person)


class Conversation(Frozen):
    """One customer in one flow, as the store records it. Times are milliseconds of the store's clock; 0 means never.

    `version` grows with every commit; `turn` only when the live prompt is replaced or the assignee changes.
    `step` is the cursor; where the customer left the flow for a person, `step` stays and `exited` is true. `path` lists
    the earlier steps, for Back; an entry `flow/revision/step` is a step of another flow. `prompt_effect` is the effect
    that shows the live prompt, `thread_effect` the one that opened the agents' thread. `suggested` are the answers that
    the customer's last words may have meant, which the bot asks about with effect `suggested_effect`. `customer` and
    `agents` are the addresses of the two ends ('' while there is none).

    The customer: `contact` is their actor; `may_press` lists the other people who may press the buttons; `locale` and
    `zone` are their language and time zone, where the platform tells them; `mail` is the email address they gave;
    `later` is what they asked for with Later ("hour", "tomorrow", "computer"); `rated` is their rating, 1 to 5 (0: none
    yet), and `rating_has_words` says that they wrote a comment with it.

    The agents: `holder` is the assignee, `holder_name` their name; `ticket` is 0 until a ticket is opened; `reasons`
    keep the order in which the customer gave them; `snoozed` says until when the ticket is snoozed ("reply", "hour",
    "tomorrow"); `concluded` is the resolution that an agent chose; `alert_level` says who was alerted because no agent
    answered ("again": the team, "fallback": the fallback team). `last_agent` is the assignee at the end,
    `last_agent_name` their name, and `last_agent_gone` says that the end is too long ago for reopening to go to them.
    `may_continue_turn` is the turn in which the agent lets the customer continue the guide: in a later turn the
    customer no longer may. `helper` is the agent who writes in the customer's public place although no one is assigned:
    the bot is silent until the customer continues the guide, and `keeps_guide` says that they did, so that further
    lines no longer silence it.

    `place_closed` says that a person closed the customer's thread or post ("closed", "moderated", "locked"): the bot
    writes nothing there until the customer does, or an agent replies.

    The solution: `returns` counts how often the customer said that a problem they had fixed is back; `follow_up` says
    whether the bot has asked, the day after, if it still works ("asked", "confirmed").

    Times: `began_at`, `changed_at` and `ticket_at` (ticket opened); `first_reply_at` is the agents' first reply since
    the ticket was opened; `step_since` is the start of the present turn; `waiting_since` is when the customer began, or
    last began, to wait for an agent. In an open ticket, `replied_at` is the agents' reply that the customer has not
    answered (0: it is the agents' turn), and `owed_since` is when the customer's first unanswered words came, after a
    reply (0: the customer has waited since the ticket was opened).
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
    holder_name: str = ""
    thread_effect: str = ""
    snoozed: str = ""
    concluded: str = ""
    customer: str = ""
    agents: str = ""
    observations: Mapping[str, str] = {}
    prompt_effect: str = ""
    suggested: tuple[str, ...] = ()
    suggested_effect: str = ""
    ticket: int = 0
    team: str = ""
    reasons: tuple[str, ...] = ()
    solved_by: str = ""
    later: str = ""
    rated: int = 0
    mail: str = ""
    last_agent: str = ""
    last_agent_name: str = ""
    last_agent_gone: bool = False
    may_continue_turn: int = 0
    rating_has_words: bool = False
    alert_level: str = ""
    first_reply_at: int = 0
    ticket_at: int = 0
    began_at: int = 0
    changed_at: int = 0
    step_since: int = 0
    waiting_since: int = 0
    replied_at: int = 0
    owed_since: int = 0
    helper: str = ""
    keeps_guide: bool = False
    returns: int = 0
    follow_up: str = ""
    place_closed: str = ""

    def address(self, role: End) -> Address | None:
        """Return the address of that end, or None while there is none."""
        text = self.customer if role == "customer" else self.agents if role == "agents" else ""
        return Address.parse(text) if text else None

    def may_answer(self, actor: str) -> bool:
        """Return whether that person may move this conversation (law L11)."""
        return actor == self.contact or actor in self.may_press

    @property
    def may_go_on(self) -> bool:
        """Return whether the customer may continue the guide although an agent is assigned."""
        return self.status is Status.WITH_AGENT and self.may_continue_turn == self.turn

    @property
    def ticket_open(self) -> bool:
        """Return whether the ticket is open: an agent is assigned, or the customer waits for one."""
        return self.ticket > 0 and not self.status.ended and self.status is not Status.GUIDING

    @property
    def agent_name(self) -> str:
        """Return the name of the agent who is assigned, who writes beside the guide, or who was the last one."""
        return self.holder_name or self.helper or self.last_agent_name

    @property
    def customers_turn(self) -> bool:
        """Return whether an agent has replied in the open ticket, and the customer has said nothing since."""
        return self.ticket_open and self.replied_at > 0

    @property
    def hushed(self) -> bool:
        """Return whether the bot pauses the guide because an agent writes in the customer's public place."""
        return self.status is Status.GUIDING and self.helper != ""
