"""Provides the Case: one event and its conversation, with the two ways to answer with a change."""

from collections.abc import Mapping
from typing import Any, Final

from flows.acts import Wrote
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Effect, Refusal, Retire, Tell, Timer, effect_stem
from flows.events import Answered, Dismissed, Escalated, Event, Napped
from flows.flow import Flow

NUDGE: Final = (Timer(kind="nudge", after="nudge"),)
CLOSE: Final = (Timer(kind="close", after="close"),)
QUIET: Final = (Timer(kind="quiet", after="quiet"),)

Verdict = Change | Refusal

_SETTLES: Final = (Answered, Dismissed, Escalated, Napped)
"""Events after which a suggestion is answered, even if the prompt stays."""


def timers_for(status: Status) -> tuple[Timer, ...]:
    """Return the timers of that status: a customer in the guide gets a nudge after a silence, others do not."""
    return NUDGE if status is Status.GUIDING else ()


class Case:
    """One event and its conversation: the argument of every rule."""

    __slots__ = ("_stem", "at", "catalogue", "event", "flow")

    def __init__(self, flow: Flow, conversation: Conversation, event: Event, catalogue: Catalogue) -> None:
        self.flow = flow
        self.at = conversation
        self.event = event
        self.catalogue = catalogue
        self._stem = ""

    def change(self, *tells: str, **fields: Any) -> Change:
        """Make a change that keeps the live prompt; `tells` are ids of words to send."""
        return self._change(tuple(self._tells(tells)), fields)

    def turned(
        self,
        *tells: str,
        set: Mapping[str, Any],
        timers: tuple[Timer, ...] = NUDGE,
        **fields: Any,
    ) -> Change:
        """Make a change that replaces the live prompt: the new prompt is sent, then the old one loses its buttons."""
        turn, ask_id = self.at.turn + 1, self.name(len(tells))
        effects = self._tells(tells)
        effects.append(Ask.trusted(id=ask_id, turn=turn))
        if self.at.prompt_effect:
            effects.append(self._retire(len(effects)))
        fields |= {"set": {**set, "turn": turn, "prompt_effect": ask_id}, "cancels": True, "timers": timers}
        return self._change(tuple(effects), fields)

    def silenced(self, *, set: Mapping[str, Any], timers: tuple[Timer, ...], **fields: Any) -> Change:
        """Make a change after which the bot asks nothing: the prompt loses its buttons, the bot is silent (law L6)."""
        effects: tuple[Effect, ...] = (self._retire(0),) if self.at.prompt_effect else ()
        fields |= {
            "set": {**set, "turn": self.at.turn + 1, "prompt_effect": ""},
            "cancels": True,
            "timers": timers,
        }
        return self._change(effects, fields)

    def _tells(self, tells: tuple[str, ...]) -> list[Effect]:
        return [Tell.trusted(id=self.name(index), words=words) for index, words in enumerate(tells)]

    def _retire(self, index: int) -> Retire:
        event, at = self.event, self.at
        if isinstance(event, Answered):
            answer = event.choice
        else:
            answer = "overheard" if isinstance(event, Wrote) and event.public else event.type
        return Retire.trusted(
            id=self.name(index), of=at.prompt_effect, revision=at.revision, step=at.step, answer=answer
        )

    def _retire_suggestion(self, index: int) -> Retire:
        retired = self._retire(index)
        return retired.model_copy(update={"of": self.at.suggested_effect, "suggested": self.at.suggested})

    def name(self, index: int) -> str:
        """Return the id of this event's effect of that index."""
        if not self._stem:
            self._stem = effect_stem(self.at.id, self.event.key)
        return f"{self._stem}.{index}"

    def _change(self, effects: tuple[Effect, ...], fields: dict[str, Any]) -> Change:
        at, given = self.at, fields.pop("set", {})
        if at.later and not isinstance(self.event, Napped):
            given = {"later": "", **given}
        if at.snoozed and at.may_answer(self.event.actor):
            given = {"snoozed": "", **given}
        if at.helper and "turn" in given:
            given = {"helper": "", **given}
        if at.suggested and ("turn" in given or "suggested" in given or isinstance(self.event, _SETTLES)):
            given = {"suggested": (), "suggested_effect": "", **given}
            effects += (self._retire_suggestion(len(effects)),)
        changed = {name: value for name, value in given.items() if getattr(at, name) != value}
        # The rules' own fields need no validation, which costs more than the decision.
        return Change.trusted(event=self.event, effects=effects, set=changed, **fields)
