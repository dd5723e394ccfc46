"""Adds rules to the laws' state machine: people edit and delete their texts, in any order with other events."""

from abc import abstractmethod
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.ports import Outcome
from flows.conversation import Conversation
from flows.events import Concluded, Edited, Event, Noted, Replied
from tests.fakes.world import World

AGENTS = {"sent:max": "Max", "desk:mia": "Mia"}
"""One agent is in the platform's room, the other at the web desk."""

MARK = "among-us"
"""A word in every note, and in every other text that only agents may see."""

agents = st.sampled_from(sorted(AGENTS))


class ChangedWords(RuleBasedStateMachine):
    """Edits texts. `replies` are the agents' texts that the customer should see, by their key."""

    world: World
    at: Conversation
    past: list[Event]
    replies: dict[str, str]
    count: int

    @abstractmethod
    def do(self, event: Event, actor: str) -> Outcome:
        """Send an event of an actor, and check the outcome."""

    @abstractmethod
    def run(self, work: Any) -> Any:
        """Run a coroutine to its end."""

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def words_are_changed(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from(self.past))
        if isinstance(said, Noted | Concluded):
            self.do(Edited(of=said.key, text=f"{MARK} in other words"), said.actor)
        elif not isinstance(said, Replied):
            self.do(Edited(of=said.key, text="in other words"), said.actor)

    @precondition(lambda self: self.replies)
    @rule(data=st.data(), gone=st.booleans())
    def a_reply_is_changed_or_taken_back(self, data: st.DataObject, gone: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.replies)))
        actor = next(event.actor for event in self.past if event.key == key)
        text = "" if gone else f"better r{self.count}"
        outcome = self.do(Edited(of=key, text=text), actor)
        assert outcome.refusal is None
        self.replies[key] = text
        if gone:
            del self.replies[key]
            again = Edited(of=key, text="here it is again")
            assert self.do(again, actor).refusal is not None

    @precondition(lambda self: self.at.version > 1)
    @rule(data=st.data(), agent=agents)
    def somebody_elses_words_are_nobodys_to_change(self, data: st.DataObject, agent: str) -> None:
        version = data.draw(st.integers(1, self.at.version))
        (row,) = [
            row
            for row in self.run(self.world.store.conversations.journal(self.at.id))
            if row.version == version
        ]
        if row.event.actor != agent:
            assert self.do(Edited(version=version, text=f"{MARK} mine"), agent).refusal is not None
