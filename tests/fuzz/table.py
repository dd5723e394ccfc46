"""Lists the doors, and how many of a thousand inputs each gets in a long run."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from tests.fuzz import issuer, platforms, store, texts, web
from tests.fuzz.doors import Result, feed_door

BATCH: Final = 5_000
"""Inputs of one piece of work."""

_DOORS: Final = (*texts.DOORS, *platforms.DOORS, *web.DOORS, *issuer.DOORS, *store.DOORS)


def _feed_api(numbers: range, seed: int) -> Result:
    from tests.fuzz.api import feed_api  # Schemathesis takes long to import

    return feed_api(numbers, seed)


FEEDS: Final[Mapping[str, Callable[[range, int], Result]]] = {
    **{door.name: partial(feed_door, door) for door in _DOORS},
    "api": _feed_api,
}

SHARES: Final[Mapping[str, int]] = {**{door.name: door.share for door in _DOORS}, "api": 3}
