"""Remembers what was drawn of a value for as long as the value itself is remembered."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import ref

Value = TypeVar("Value")
Drawn = TypeVar("Drawn")


class Memo(Generic[Value, Drawn]):
    """Holds drawings of values, and none of the values: an equal value is another one.

    So it serves conversations whose messages the views remember, and forgets a drawing with its message.
    """

    def __init__(self) -> None:
        self._drawn: dict[int, tuple[ref[Any], Drawn]] = {}

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self._drawn)

    def of(self, value: Value, draw: Callable[[Value], Drawn]) -> Drawn:
        """Return what was drawn of this very value, or draw it."""
        place = id(value)
        known = self._drawn.get(place)
        if known is not None and known[0]() is value:
            return known[1]
        drawn = draw(value)
        self._drawn[place] = ref(value, lambda _: self._drawn.pop(place, None)), drawn
        return drawn
