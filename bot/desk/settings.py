"""Says what the desk needs to know of a deployment: its flows, words and delays, and who wants what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from flows.catalogue import Catalogue
from flows.effects import Delay, Promise
from flows.events import Event


async def _nothing() -> frozenset[str]:
    return frozenset()


async def _no_one(_actor: str) -> bool:
    return False


async def _unchanged(event: Event) -> Event:
    return event


@dataclass(frozen=True)
class DeskSettings:
    """Holds what the operator has set up for the desk: the available flows, words for them, and a team's delays in ms.

    `pulled` channels draw their own screen from the journal: nothing is sent to them. `lease` is how long a commit
    keeps its lanes, in ms. `promise` returns a promise's delay for a team in ms; None for no promise. `paused` returns
    the paused flows, and `direct` whether an agent wants direct messages. `meet` adds to a note whom it mentions.
    """

    catalogue: Catalogue
    words: Mapping[str, str]
    delay: Callable[[Delay, str], int]
    pulled: frozenset[str] = frozenset()
    lease: int = 30_000
    promise: Callable[[Promise, str], int | None] = field(default=lambda _promise, _team: None)
    paused: Callable[[], Awaitable[frozenset[str]]] = field(default=_nothing)
    direct: Callable[[str], Awaitable[bool]] = field(default=_no_one)
    meet: Callable[[Event], Awaitable[Event]] = field(default=_unchanged)
