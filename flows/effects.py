"""Effects out: what is to be done, by name. Text, locale and address are looked up when it is carried out.

Also the Change, which is what one event does to a conversation, and the Refusal, which is why it does nothing.
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
    """A derived id of 13 or 14 characters (Discord's nonce takes at most 25): the same event gives the same id."""
    digest = hashlib.blake2s(f"{conversation}\n{key}".encode(), digest_size=8).digest()
    return f"{urlsafe_b64encode(digest)[:11].decode()}.{index}"


class Ask(Frozen):
    """Show the prompt of this turn. Skipped when the turn has passed before it was begun (law L6)."""

    kind: Literal["ask"] = "ask"
    id: str = ""
    end: End = "customer"
    turn: int = 0


class Tell(Frozen):
    """Say the words with that id: a phrase of `flows.text.phrases`, in the light of `step` where it names one."""

    kind: Literal["tell"] = "tell"
    id: str = ""
    end: End = "customer"
    words: str = ""
    step: str = ""


class Retire(Frozen):
    """Take the buttons off the message that carried out effect `of`; skipped if that was never sent.

    `revision`, `step` and `answer` name what the message asked and what was answered, so that it can collapse to a
    line: `answer` is a choice's id, or the type of the event that moved the conversation on.
    """

    kind: Literal["retire"] = "retire"
    id: str = ""
    end: End = "customer"
    of: str = ""
    revision: str = ""
    step: str = ""
    answer: str = ""


class Packet(Frozen):
    """Open the agents' thread with everything that is known; what follows at that end goes into the thread."""

    kind: Literal["packet"] = "packet"
    id: str = ""
    end: End = "agents"


class Recap(Frozen):
    """Bring the head of the agents' thread up to date: `of` is the effect that opened it. `room` is the text of the
    address where it stands, when the conversation has left that room.
    """

    kind: Literal["recap"] = "recap"
    id: str = ""
    end: End = "agents"
    of: str = ""
    room: str = ""


class Relay(Frozen):
    """Carry over what happened with that `version`: words, an answer, a change of hands. To the customer only replies
    are ever carried (law L12). `of` is the effect that opened the agents' thread it goes to; a later thread shows it
    anyway. `alert` says that it calls the team.
    """

    kind: Literal["relay"] = "relay"
    id: str = ""
    end: End = "agents"
    version: int = 0
    of: str = ""
    alert: bool = False


class Amend(Frozen):
    """Bring what was sent of that `version` up to date, for its words were changed or taken back with version `by`. To
    customers only replies were ever sent (law L12). `of` is the effect that opened the agents' thread it stands in.
    """

    kind: Literal["amend"] = "amend"
    id: str = ""
    end: End = "agents"
    version: int = 0
    by: int = 0
    of: str = ""


class Filing(Frozen):
    """Report the ticket to the backend of that name, with what happened with that `version`. `team` is whom it goes to
    where that is not the ticket's own: then it was forwarded.
    """

    kind: Literal["filing"] = "filing"
    id: str = ""
    end: End = "ticket"
    to: str = ""
    version: int = 0
    team: str = ""


class Mailing(Frozen):
    """Mail the customer what came with that `version`, and whatever else they missed, unless they have seen it."""

    kind: Literal["mailing"] = "mailing"
    id: str = ""
    end: End = "mail"
    version: int = 0


Effect = Annotated[
    Ask | Tell | Retire | Packet | Recap | Relay | Amend | Filing | Mailing, Field(discriminator="kind")
]

Delay = Literal["nudge", "close", "hour", "tomorrow", "computer", "quiet"]
"""Names of the delays an operator sets; a Change never holds a time."""


class Timer(Frozen):
    """Arm a timer of that kind after that delay. It guards the turn and status the change leads to."""

    kind: Literal["nudge", "close", "quiet", "wake"]
    after: Delay


Promise = Literal[
    "unclaimed", "fallback", "abandoned", "first_soon", "first_late", "solve_soon", "solve_late", "parted"
]
"""Clocks that outlast a turn, by name: their delays are the operator's, by team, and some are not promised at all."""


class Change(Frozen):
    """What one event does to a conversation: apply it and journal it.

    `event` is the event as understood: free text that was plain is already the answer it meant. Its texts are
    left out of the journal (they lie beside it, so that they can be erased). `set` holds new values of scalar fields of
    the Conversation by name (and of `reasons` and `may_press`, which are short); `cut` shortens the path to that
    length before `push` is appended; `observe` adds observations; `stamp` names fields set to the commit's time.
    `take_ticket` asks for a number. `timers` replaces what is armed, None leaves it. `cancels` withdraws prompts
    not yet begun. `promises` arms further
    clocks, each in the place of an earlier one of its name. The last three are written by the store's commit and 0
    before.
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


Why = Literal["past_turn", "future_turn", "not_offered", "not_yours", "not_now", "unknown_flow", "held"]


class Refusal(Frozen):
    """Why an event changes nothing. `turn` refusals are for 409, `not_offered` for 422."""

    why: Why
    offered: tuple[str, ...] = ()
