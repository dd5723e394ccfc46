"""Walks a journal, and remembers the walk and what was drawn of it, so that both go on where the journal grew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import is_not
from typing import Any, TypeVar

from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from flows.flow import Flow
from flows.values import Frozen

Drawn = TypeVar("Drawn")


class Frame(Frozen):
    """A change with the conversation and flow before and after it."""

    before: Conversation
    after: Conversation
    change: Change
    was: Flow
    now: Flow


class Walk:
    """The frames of one conversation's journal, with what was drawn of each.

    Only the very same changes count as known, so rows that were read again, or changed, are walked again. The flows of
    a revision and the operator's settings must be the same in every call.
    """

    def __init__(self, conversation_id: str) -> None:
        self._id = conversation_id
        self._restart()

    def _restart(self) -> None:
        self._rows: list[Change] = []
        self._frames: list[Frame] = []
        self._drawn: dict[tuple[str, int], tuple[Any, Any]] = {}

    def __len__(self) -> int:
        """Return the number of rows that were walked."""
        return len(self._rows)

    def frames(self, rows: Sequence[Change], flows: Mapping[str, Flow]) -> Sequence[Frame]:
        """Return the frames of these rows. `flows` holds the revisions that they were made with."""
        if len(rows) < len(self._rows) or any(map(is_not, self._rows, rows)):
            self._restart()
        at = self._frames[-1].after if self._frames else Conversation(id=self._id)
        for frame in _frames(at, rows[len(self._rows) :], flows):
            self._frames.append(frame)
            self._rows.append(frame.change)
        return tuple(self._frames)

    def drawn(self, what: str, frame: Frame, given: object, draw: Callable[[], Drawn]) -> Drawn:
        """Return what was drawn of a frame, or draw it now if nothing was, or something else was given.

        `what` names the drawing; `given` is all that it depends on besides the frame.
        """
        place = what, frame.change.version
        known = self._drawn.get(place)
        if known is None or known[0] != given:
            known = self._drawn[place] = given, draw()
        result: Drawn = known[1]
        return result


def _frames(at: Conversation, rows: Sequence[Change], flows: Mapping[str, Flow]) -> Iterator[Frame]:
    """Walk the rows that follow a state again, change by change."""
    for row in rows:
        after = apply(at, row)
        now = flows[after.revision]
        yield Frame.trusted(before=at, after=after, change=row, was=flows.get(at.revision, now), now=now)
        at = after
