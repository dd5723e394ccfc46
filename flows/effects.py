"""Defines effects: what to send or do after an event, by name. Senders look up text, locale and address.

Also defines the Change, which is what one event does to a conversation, and the Refusal, which says why an event
changes nothing.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from flows.conversation import End
from flows.events import Event
from flows.values import Frozen


def effect_id(conversation: str, key: str, index: int) -> str:
    """Derive an effect's id, the same for the same event: 13 or 14 characters (Discord's nonce takes at most 25)."""
    return f"{effect_stem(conversation, key)}.{index}"


def effect_stem(conversation: str, key: str) -> str:
    """Derive what the ids of all effects of one event begin with."""
    digest = hashlib.blake2s(f"{conversation}\n{key}".encode(), digest_size=8).digest()
    return urlsafe_b64encode(digest)[:11].decode()


class Ask(Frozen):
    """Show the prompt of this turn. The sender skips it if the turn has passed before the sending began (law L6)."""

    kind: Literal["ask"] = "ask"
    id: str = ""
    end: End = "customer"
    turn: int = 0


class Tell(Frozen):
    """Send the words with that id: a phrase of `flows.text.phrases`, about that step or that agent if there is one.

    `to` is the actor whom the words address, to be mentioned where the platform can; '' for the customer.
    """

    kind: Literal["tell"] = "tell"
    id: str = ""
    end: End = "customer"
    words: str = ""
    step: str = ""
    agent: str = ""
    to: str = ""


class Retire(Frozen):
    """Remove the buttons from the message that carried out effect `of`; the sender skips it if that was never sent.

    `revision`, `step` and `answer` name the question of the message and its answer, so that the message can shrink to a
    line: `answer` is a choice's id, or the type of the event that moved the conversation on. `suggested` are the
    choices of the suggestion that the message made, if it made one.
    """

    kind: Literal["retire"] = "retire"
    id: str = ""
    end: End = "customer"
    of: str = ""
    revision: str = ""
    step: str = ""
    answer: str = ""
    suggested: tuple[str, ...] = ()


class Suggest(Frozen):
    """Ask whether the customer's words meant one of these answers, with a button for each and one for none of them.

    The sender skips it if its turn has passed before the sending began (law L6). `choices` are ids of answers on
    screen, or names of built-in buttons from `flows.suggestions.COMMANDS`.
    """

    kind: Literal["suggest"] = "suggest"
    id: str = ""
    end: End = "customer"
    turn: int = 0
    choices: tuple[str, ...] = ()


class Packet(Frozen):
    """Open the agents' thread with its first message; later effects for the agents go into this thread.

    `briefed` says that a Brief with all known facts follows. Packets of earlier versions bring them along.
    """

    kind: Literal["packet"] = "packet"
    id: str = ""
    end: End = "agents"
    briefed: bool = False


class Brief(Frozen):
    """Send all known facts of the ticket into the agents' thread that effect `of` opened."""

    kind: Literal["brief"] = "brief"
    id: str = ""
    end: End = "agents"
    of: str = ""


class Recap(Frozen):
    """Update the first message of the agents' thread, which effect `of` opened.

    `room` is the address of that thread's channel, as text, if the ticket has moved to another channel.
    """

    kind: Literal["recap"] = "recap"
    id: str = ""
    end: End = "agents"
    of: str = ""
    room: str = ""


class Relay(Frozen):
    """Send what happened in that `version` to the other end: a message, an answer, a new assignee.

    Only replies ever go to the customer (law L12). `of` is the effect that opened the agents' thread; a later thread
    shows the event anyway. `alert` says that the message alerts the team.
    """

    kind: Literal["relay"] = "relay"
    id: str = ""
    end: End = "agents"
    version: int = 0
    of: str = ""
    alert: bool = False


class Notify(Frozen):
    """Send the agent `to`, an actor, a direct message about the event of that version. The agent has chosen so.

    With `by`, the version of a later edit of those words, the message that was sent about them is updated.
    """

    kind: Literal["notify"] = "notify"
    id: str = ""
    end: End = "agents"
    to: str = ""
    version: int = 0
    by: int = 0


class Amend(Frozen):
    """Update the message sent for that `version`: its author edited or deleted the words with version `by`.

    Customers were only ever sent replies (law L12). `of` is the effect that opened the agents' thread of the message.
    """

    kind: Literal["amend"] = "amend"
    id: str = ""
    end: End = "agents"
    version: int = 0
    by: int = 0
    of: str = ""


class Filing(Frozen):
    """Report what happened in that `version` to the ticket backend of that name.

    `team` is the receiving team if an agent forwarded the ticket; '' for the ticket's own team.
    """

    kind: Literal["filing"] = "filing"
    id: str = ""
    end: End = "ticket"
    to: str = ""
    version: int = 0
    team: str = ""


class Mailing(Frozen):
    """Email the customer the message of that `version` and all others that they missed, unless they have read them."""

    kind: Literal["mailing"] = "mailing"
    id: str = ""
    end: End = "mail"
    version: int = 0


Effect = Annotated[
    Ask | Tell | Suggest | Retire | Packet | Brief | Recap | Relay | Notify | Amend | Filing | Mailing,
    Field(discriminator="kind"),
]

Delay = Literal["nudge", "close", "hour", "tomorrow", "computer", "quiet"]
"""Names of the delays that an operator sets; a Change never holds a time."""


class Timer(Frozen):
    """Arm a timer of that kind, to ring after that delay.

    The timer guards the turn and status that the change leads to.
    """

    kind: Literal["nudge", "close", "quiet", "wake", "follow_up"]
    after: Delay


Promise = Literal[
    "unclaimed", "fallback", "abandoned", "first_soon", "first_late", "solve_soon", "solve_late", "parted"
]
"""Names of the clocks that outlast a turn: the operator sets their delays by team, and may leave some of them out."""


class Change(Frozen):
    """Holds what one event does to a conversation, to apply and to journal.

    `event` is the event as understood: free text that is plainly an answer has become that answer. The journal leaves
    out the event's texts (the store keeps them beside it, so that it can erase them). `set` holds new values of scalar
    fields of the Conversation by name (and of `reasons` and `may_press`, which are short); `cut` shortens the path to
    that length before `push` is appended; `observe` adds observations; `stamp` names the fields that get the commit's
    time. `take_ticket` asks for a number. `timers` replaces the armed timers; None keeps them. `cancels` withdraws
    prompts whose sending has not begun. `promises` arms further clocks, each in the place of an earlier clock of its
    name. The store's commit writes `version`, `at` and `ticket`; until then they are 0.
    """

    event: Event
    set: Mapping[str, str | int | bool | tuple[str, ...]] = {}
    cut: int | None = None
    push: tuple[str, ...] = ()
    observe: Mapping[str, str] = {}
    stamp: tuple[str, ...] = ()
    take_ticket: bool = False
    effects: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] | None = None
    cancels: bool = False
    promises: tuple[Promise, ...] = ()
    version: int = 0
    at: int = 0
    ticket: int = 0


Why = Literal[
    "past_turn", "future_turn", "not_offered", "not_yours", "not_now", "unknown_flow", "held", "too_much"
]


class Refusal(Frozen):
    """Says why an event changes nothing. The API answers a `turn` refusal with 409, `not_offered` with 422."""

    why: Why
    offered: tuple[str, ...] = ()
