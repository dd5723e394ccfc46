"""One event before one conversation, and the two ways to answer it with a change."""

from collections.abc import Mapping
from typing import Any, Final

from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Effect, Refusal, Retire, Tell, Timer, effect_id
from flows.events import Event, Napped
from flows.flow import Flow

NUDGE: Final = (Timer(kind="nudge", after="nudge"),)
CLOSE: Final = (Timer(kind="close", after="close"),)

Verdict = Change | Refusal


def timers_for(status: Status) -> tuple[Timer, ...]:
    """Who is walking the guide is nudged after a silence; who waits for a person is not."""
    return NUDGE if status is Status.GUIDING else ()


class Case:
    """One event before one conversation: what every rule below looks at."""

    __slots__ = ("at", "catalogue", "event", "flow")

    def __init__(self, flow: Flow, conversation: Conversation, event: Event, catalogue: Catalogue) -> None:
        self.flow = flow
        self.at = conversation
        self.event = event
        self.catalogue = catalogue

    def change(self, *effects: Effect, **fields: Any) -> Change:
        """A change that leaves the live prompt where it is."""
        named = tuple(
            effect.model_copy(update={"id": effect_id(self.at.id, self.event.key, index)})
            for index, effect in enumerate(effects)
        )
        if self.at.nap and not isinstance(self.event, Napped):
            fields["set"] = {"nap": "", **fields.get("set", {})}
        return Change(event=_journalled(self.event), effects=named, **fields)

    def turned(
        self, *tells: Tell, set: Mapping[str, Any], timers: tuple[Timer, ...] = NUDGE, **fields: Any
    ) -> Change:
        """A change that replaces the live prompt: the new one first, then the old one's buttons go."""
        turn = self.at.turn + 1
        effects: list[Effect] = [*tells, Ask(turn=turn)]
        if self.at.asked:
            effects.append(Retire(of=self.at.asked))
        asked = effect_id(self.at.id, self.event.key, len(tells))
        return self.change(
            *effects, set={**set, "turn": turn, "asked": asked}, cancels=True, timers=timers, **fields
        )


def _journalled(event: Event) -> Event:
    """The event without what the journal does not keep: whose it is, its key, and people's words."""
    blank = {
        name: "" for name in ("key", "conversation", "text", "reach", "door") if getattr(event, name, "")
    }
    return event.model_copy(update=blank)
