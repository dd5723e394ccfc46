"""Draws from a seed what the people of each conversation will do. Pure."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Place = Literal["page", "thread", "dm", "command", "chat"]
"""Where a customer is: on the page, in a thread or direct messages in Slack, in a thread or direct messages in
Discord."""

Helper = Literal["desk", "team"]
"""Where the agent acts: on the web desk, or in the channel of the conversation's team."""

Ending = Literal["fixed", "leaves", "person"]
Deed = Literal["say", "reply", "note", "release"]

PARTS: Final = ("web", "slack", "discord", "worker", "worker")
"""The processes of the product, by their commands."""

TEAMS: Final = 12
"""Teams, each with a guide and a channel of its own: those with an even number in Slack, the others in Discord."""

STEPS: Final = 6
"""Steps of each guide."""

PLACES: Final[tuple[Place, ...]] = ("page", "thread", "dm", "command", "chat")
ENDINGS: Final[tuple[Ending, ...]] = ("fixed", "leaves", "person")
DEEDS: Final[tuple[Deed, ...]] = ("say", "reply", "note", "release")

SHARES: Final[Mapping[Place, int]] = {"page": 80, "thread": 5, "dm": 5, "command": 5, "chat": 5}
"""How many of a hundred conversations are in each place."""


@dataclass(frozen=True)
class Script:
    """What happens in one conversation: `failing` steps that do not help, then its ending, then the agent's deeds.

    `twice` are the numbers of the customer's presses that are sent twice, `late` those that are followed by a press of
    the button before. `backs` says that the agent hands back to the bot, and the customer then fixes the problem;
    otherwise the agent resolves the ticket. `watched` says that the page keeps a stream open.
    """

    number: int
    place: Place
    team: int
    failing: int
    ending: Ending
    helper: Helper = "desk"
    deeds: tuple[Deed, ...] = ()
    backs: bool = False
    twice: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    watched: bool = False


def drawn(seed: int, number: int) -> Script:
    """Draw one conversation, the same for the same seed and number."""
    chance = random.Random(f"{seed}/{number}")
    place: Place = chance.choices(PLACES, tuple(SHARES[place] for place in PLACES))[0]
    ending: Ending = chance.choices(ENDINGS, (50, 12, 38))[0]
    failing = min(chance.randint(0, STEPS - 1), chance.randint(0, STEPS - 1))
    presses = range(failing + 1)
    return Script(
        number=number,
        place=place,
        team=chance.randrange(TEAMS),
        failing=failing,
        ending=ending,
        helper=chance.choice(("desk", "team")),
        deeds=tuple(_deeds(chance)) if ending == "person" else (),
        backs=chance.random() < 0.3,
        twice=frozenset(n for n in presses if chance.random() < 0.15),
        late=frozenset(n for n in presses if chance.random() < 0.1),
        watched=place == "page" and chance.random() < 0.15,
    )


def _deeds(chance: random.Random) -> Iterator[Deed]:
    """Yield what happens after the ticket was claimed."""
    for _ in range(chance.randint(0, 3)):
        yield chance.choices(DEEDS, (30, 40, 25, 5))[0]
