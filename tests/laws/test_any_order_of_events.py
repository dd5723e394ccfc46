"""Tests the laws under random events: any order, repeats, strangers, wrong turns, races, timers and replays.

The conversation is written and read back between events, since the desk knows nothing but the store.
"""

import asyncio
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.ports import Outcome
from flows.catalogue import SUPPORT
from flows.conversation import Conversation, Status
from flows.engine import apply
from flows.event_parts import How
from flows.events import (
    Answered,
    Back,
    Detailed,
    Edited,
    Escalated,
    Event,
    Napped,
    PlaceLost,
    Reopened,
    Restarted,
    Said,
    TimerRang,
    Withdrawn,
    Wrote,
)
from flows.prompts import options
from flows.rules.machine import LIFECYCLE
from tests.fakes.flows import catalogue
from tests.fakes.world import World

CHOICES = [
    *sorted({choice.id for flow in catalogue().flows for step in flow.steps for choice in step.choices}),
    "lamp",
    "fire",
    "something-else",
    "state",
    "",
    "=resolved",
]
TEXTS = [
    "works now",
    "still broken",
    "no",
    "human please",
    "go back",
    "start over",
    "later",
    "it's back",
    "lamp is dark since May",
    "my password is hunter2hunter2",
    "",
    "x" * 500,
    "{since}",
    "**bold**",
    "\x00\n{{NN}}",
]
PLAIN = [Back, Restarted, Escalated, Withdrawn, Reopened]


class AnyOrder(RuleBasedStateMachine):
    """Runs one conversation, and knows only the events' outcomes."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.past: list[Event] = []
        self.count = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.run(self.world.close())
        self.runner.close()

    def run(self, work: Any) -> Any:
        return self.runner.get_loop().run_until_complete(work)  # `run` sets a signal handler each time

    @initialize(
        flow=st.sampled_from(["lamp", "fire", ""]), text=st.sampled_from(["", "lamp is dark since May", "hm"])
    )
    def begin(self, flow: str, text: str) -> None:
        async def make() -> Conversation:
            self.world = World()
            return await self.world.start(flow, text)

        self.at: Conversation = self.run(make())
        self.versions = {self.at.version}

    def do(self, event: Event, actor: str = "sent:ana") -> Outcome:
        self.count += 1
        event = event.model_copy(
            update={"conversation": self.at.id, "actor": actor, "key": event.key or f"e{self.count}"}
        )
        self.past.append(event)
        outcome: Outcome = self.run(self.world.send(event))
        self.judge(event, outcome)
        return outcome

    def judge(self, event: Event, outcome: Outcome) -> None:
        """Check what one event may do (L1, L11, and the lifecycle's table)."""
        before, after = self.at, outcome.conversation
        if outcome.refusal is not None or outcome.repeated:
            assert after == before
        else:
            assert after.version == before.version + 1
            assert after.turn in (before.turn, before.turn + 1)
            moves = {target for _, source, target in LIFECYCLE if source is before.status}
            assert after.status in moves | {before.status}
            if after.status is Status.RESOLVED and before.status is not Status.RESOLVED:
                said_fixed = (isinstance(event, Answered) and event.choice == "fixed") or isinstance(
                    event, Said
                )
                assert said_fixed
        if isinstance(event, TimerRang):
            assert after.status is not Status.RESOLVED or before.status is Status.RESOLVED
        elif event.actor != "sent:ana" and not isinstance(event, Wrote | Edited | PlaceLost):
            assert after == before
        if isinstance(event, Wrote) and outcome.refusal is None and not outcome.repeated:
            # A line claims what no one is assigned to, and never reassigns.
            assert (after.status, after.holder) == (Status.WITH_AGENT, before.holder or event.actor)
            assert after.ticket_open
        if isinstance(event, TimerRang) and before.ticket_open and after.status is Status.CLOSED:
            assert before.customers_turn, "a ticket that no person has answered never closes itself"
        self.at = after

    @rule(choice=st.sampled_from(CHOICES), off=st.sampled_from([0, 0, 0, 0, -1, 1, 7]))
    def click(self, choice: str, off: int) -> None:
        before = self.at
        outcome = self.do(Answered(turn=before.turn + off, choice=choice))
        last = off == -1 and before.place_closed and before.status is Status.CLOSED
        if off and not last:
            assert outcome.refusal is not None
            assert outcome.refusal.why == ("past_turn" if off < 0 else "future_turn")

    @rule(data=st.data())
    def click_what_is_offered(self, data: st.DataObject) -> None:
        flow = next(flow for flow in catalogue().by_id.values() if flow.revision == self.at.revision)
        offered = options(flow, self.at)
        if offered:
            outcome = self.do(Answered(turn=self.at.turn, choice=data.draw(st.sampled_from(offered)).id))
            assert outcome.refusal is None

    @rule(text=st.sampled_from(TEXTS) | st.text(max_size=40))
    def say(self, text: str) -> None:
        outcome = self.do(Said(text=text))
        assert outcome.refusal is None

    @rule(kind=st.sampled_from(PLAIN))
    def press_a_standing_button(self, kind: type[Any]) -> None:
        self.do(kind())

    @rule(until=st.sampled_from(["hour", "tomorrow", "computer"]))
    def put_off(self, until: str) -> None:
        self.do(Napped.model_validate({"until": until}))

    @rule(reason=st.sampled_from(["", "hosted", "nonsense " * 50]), text=st.text(max_size=20))
    def add_details(self, reason: str, text: str) -> None:
        self.do(Detailed(reason=reason, text=text))
        assert not any("nonsense" in given for given in self.at.reasons)

    @rule(
        kind=st.sampled_from(["nudge", "close", "quiet", "moon"]),
        off=st.sampled_from([0, 0, -1]),
        status=st.sampled_from(list(Status)),
    )
    def a_timer_rings(self, kind: str, off: int, status: Status) -> None:
        before, seen = self.at, len(self.world.platform.rooms["ana"])
        rang = TimerRang(kind=kind, turn=before.turn + off, status=status)
        self.do(rang, actor="timer")
        assert not before.place_closed or len(self.world.platform.rooms["ana"]) == seen
        if off or status is not before.status:
            assert self.at == before

    @rule(how=st.sampled_from(["closed", "moderated", "locked", "open"]))
    def a_person_closes_or_opens_the_place(self, how: How) -> None:
        before, seen = self.at, len(self.world.platform.rooms["ana"])
        self.do(PlaceLost.of_changed(self.at.id, how, str(self.count)), actor="bot")
        assert len(self.world.platform.rooms["ana"]) == seen
        assert self.at.ticket == before.ticket

    @rule(
        agent=st.sampled_from(["sent:max", "sent:mia"]),
        text=st.sampled_from(["Hello, I am Max", "your password is hunter2hunter2"]),
    )
    def an_agent_writes_in_the_customers_place(self, agent: str, text: str) -> None:
        before, seen = self.at, len(self.world.platform.rooms["ana"])
        outcome = self.do(Wrote(text=text, name="Max"), actor=agent)
        assert (outcome.refusal is not None) is (before.status is Status.CLOSED)
        assert len(self.world.platform.rooms["ana"]) == seen

    @precondition(lambda self: self.past)
    @rule(data=st.data(), text=st.sampled_from(["", "other words", "my password is hunter2hunter2"]))
    def words_are_changed(self, data: st.DataObject, text: str) -> None:
        said = data.draw(st.sampled_from(self.past))
        before = self.at
        self.do(Edited(of=said.key, text=text), actor=data.draw(st.sampled_from(["sent:ana", said.actor])))
        assert self.at.model_copy(update={"version": 0, "changed_at": 0, "later": ""}) == before.model_copy(
            update={"version": 0, "changed_at": 0, "later": ""}
        )

    @rule(choice=st.sampled_from(CHOICES))
    def a_stranger_tries(self, choice: str) -> None:
        self.do(Answered(turn=self.at.turn, choice=choice), actor="sent:mallory")
        self.do(Escalated(), actor="sent:mallory")
        self.do(Said(text="works now"), actor="sent:mallory")

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def something_is_delivered_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.past))
        before = self.at
        outcome: Outcome = self.run(self.world.send(again))
        # Refused events left no key behind; delivered again they may be fresh, but never for a turn that passed.
        if outcome.repeated:
            assert outcome.conversation == before
        self.judge(again, outcome)

    @rule(choice=st.sampled_from(["fixed", "still-failing", "whole", "broken"]), racers=st.integers(2, 6))
    def they_race(self, choice: str, racers: int) -> None:
        turn = self.at.turn
        events = [
            Answered(
                conversation=self.at.id, actor="sent:ana", key=f"r{self.count}.{n}", turn=turn, choice=choice
            )
            for n in range(racers)
        ]
        self.count += 1

        async def race() -> list[Outcome | None]:
            return await asyncio.gather(*(self.world.send(event) for event in events))

        outcomes = self.run(race())
        winners = [outcome for outcome in outcomes if outcome.refusal is None]
        assert len(winners) <= 1
        if winners:
            self.judge(events[0], winners[0])
        assert all(outcome.conversation.version <= self.at.version for outcome in outcomes)

    @invariant()
    def the_journal_replays_to_the_record(self) -> None:
        if not hasattr(self, "at"):
            return
        stored = self.run(self.world.store.conversations.load(self.at.id))
        assert stored == self.at
        replayed = Conversation(id=self.at.id)
        rows = self.run(self.world.store.conversations.journal(self.at.id))
        for row in rows:
            replayed = apply(replayed, row)
        assert replayed == self.at
        assert [row.version for row in rows] == list(range(1, self.at.version + 1))

    @invariant()
    def a_person_is_one_click_away(self) -> None:
        if not hasattr(self, "at"):
            return
        triggers = {trigger for trigger, source, _ in LIFECYCLE if source is self.at.status}
        assert "escalate" in triggers or "reopen" in triggers
        assert self.at.team in ("", SUPPORT, "maker", "safety")

    @invariant()
    def the_room_shows_each_message_once_and_only_live_questions_have_buttons(self) -> None:
        if not hasattr(self, "at"):
            return
        room = self.world.platform.rooms["ana"]
        assert len({posted.effect for posted in room}) == len(room)
        flow = next(flow for flow in catalogue().by_id.values() if flow.revision == self.at.revision)
        asks = {self.at.suggested_effect} if self.at.suggested else set()
        live = [posted for posted in room if posted.buttons and posted.effect not in asks]
        assert all(posted.effect == self.at.prompt_effect for posted in live)
        if self.at.status is Status.WITH_AGENT:
            assert not live
        elif not self.at.status.ended and self.at.prompt_effect:
            expected = {option.id for option in options(flow, self.at)}
            assert {button for posted in live for button in posted.buttons} == expected

    @invariant()
    def no_secret_is_remembered(self) -> None:
        if not hasattr(self, "at"):
            return
        words = self.run(self.world.store.conversations.words(self.at.id))
        assert not any("hunter2hunter2" in said.text for said in words.values())


AnyOrder.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = AnyOrder.TestCase
