"""Counts what is open at once, by person or by network address, up to a limit."""

from collections import Counter


class AtOnce:
    """Gives places, at most so many to one person or address."""

    def __init__(self, most: int) -> None:
        """`most` is the number of places of one person or address."""
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, who: str) -> "Slot | None":
        """Take a place; None if that person or address has all of theirs. The caller must leave it."""
        if self._taken[who] >= self._most:
            return None
        self._taken[who] += 1
        return Slot(self, who)

    def free(self, who: str) -> None:
        """Count one place less. Only a place calls this, once."""
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]

    def __len__(self) -> int:
        """Return how many places are taken."""
        return self._taken.total()


class Slot:
    """One slot that was taken."""

    def __init__(self, places: AtOnce, who: str) -> None:
        self._places: AtOnce | None = places
        self._who = who

    def leave(self) -> None:
        """Give the place back. A second call changes nothing."""
        places, self._places = self._places, None
        if places is not None:
            places.free(self._who)
