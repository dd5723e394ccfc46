"""Tests the laws of agents under random events: one assignee, one speaker, nothing lost, and no note leaks.

Two agents and the customer act in any order, while the platform fails sometimes and timers ring. The agents' room is
on the same platform, so that every sent message can be read.
"""

import asyncio
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, rule

from adapters.web.api.responses import state
from bot.ports import Outcome
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.engine import apply
from flows.events import (
    Allowed,
    Answered,
    Back,
    Claimed,
    Concluded,
    Detailed,
    Escalated,
    Event,
    HandedBack,
    Napped,
    Noted,
    Released,
    Reopened,
    Replied,
    Restarted,
    Said,
    Showed,
    Snoozed,
    Transferred,
    Withdrawn,
    Woken,
    Wrote,
)
from flows.rules.machine import LIFECYCLE
from flows.text.markup.words import plain
from flows.views.screen import Screen
from tests.fakes.clockwork import time_passes
from tests.fakes.flows import catalogue
from tests.fakes.world import World
from tests.laws.support.edits import AGENTS, MARK, agents
from tests.laws.support.faults import PlatformFaults

ANA = "sent:ana"
STEPS = ["", "plug", "bulb", "switch", "unplug", "moon"]


def shelf() -> Catalogue:
    """Two rooms of one platform."""
    return Catalogue(flows=catalogue().flows, rooms={"": "sent||desk", "safety": "sent||smoke"})


class AgentsInAnyOrder(PlatformFaults):
    """Runs one conversation with two agents, and knows only the events' outcomes."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.past: list[Event] = []
        self.count = 0
        self.notes = 0
        self.replies: dict[str, str] = {}
        self.screen: Screen | None = None

    def teardown(self) -> None:
        if hasattr(self, "at"):
            self.nothing_is_lost()
            self.notes_are_where_they_belong()
            self.it_ends_by_itself()
        if hasattr(self, "world"):
            self.run(self.world.close())
        self.runner.close()

    def run(self, work: Any) -> Any:
        return self.runner.get_loop().run_until_complete(work)  # `run` sets a signal handler each time

    @initialize(flow=st.sampled_from(["lamp", "fire", ""]), channel=st.sampled_from(["sent", "sent", "web"]))
    def begin(self, flow: str, channel: str) -> None:
        async def make() -> Conversation:
            self.world = World(shelf=shelf())
            return await self.world.start(flow, "", channel)

        self.at: Conversation = self.run(make())

    def do(self, event: Event, actor: str = ANA) -> Outcome:
        self.count += 1
        event = event.model_copy(
            update={"conversation": self.at.id, "actor": actor, "key": event.key or f"e{self.count}"}
        )
        self.past.append(event)
        outcome: Outcome = self.run(self.world.send(event))
        self.screen = None
        self.judge(event, outcome)
        self.at = self.run(self.world.store.conversations.load(self.at.id))  # a lost thread is an event, too
        return outcome

    def look(self) -> Screen:
        """Return what the customer sees, read once between events."""
        if self.screen is None:
            self.screen = self.run(self.world.app.look(self.at.id))
        assert self.screen is not None
        return self.screen

    def judge(self, event: Event, outcome: Outcome) -> None:
        """Check what one event may do: only those who may change the assignee do (L6, L11)."""
        before, after = self.at, outcome.conversation
        self.at = after
        if outcome.refusal is not None or outcome.repeated:
            assert after == before
            return
        assert after.version == before.version + 1
        assert after.turn in (before.turn, before.turn + 1)
        moves = {target for _, source, target in LIFECYCLE if source is before.status}
        assert after.status in moves | {before.status}
        if after.holder != before.holder:
            assert after.turn == before.turn + 1
        if before.status is Status.WITH_AGENT and after.holder != before.holder:
            took_it = isinstance(event, Transferred) or event.actor in (before.holder, "timer")
            let_go = isinstance(event, Withdrawn) and before.may_go_on
            assert took_it or let_go, event

    @rule(agent=agents, kind=st.sampled_from([Claimed, Claimed, Released, Allowed]))
    def act_plainly(self, agent: str, kind: type[Any]) -> None:
        self.do(kind(name=AGENTS[agent]), agent)

    @rule(agent=agents, to=agents)
    def transfer_to_an_agent(self, agent: str, to: str) -> None:
        self.do(Transferred(to=to, to_name=AGENTS[to], name=AGENTS[agent]), agent)

    @rule(agent=agents, team=st.sampled_from(["maker", "safety", "support"]))
    def transfer_to_a_team(self, agent: str, team: str) -> None:
        self.do(Transferred(team=team, name=AGENTS[agent]), agent)

    @rule(agent=agents, text=st.text(max_size=30), aside=st.booleans())
    def note(self, agent: str, text: str, aside: bool) -> None:
        before, seen = self.at, len(self.world.platform.rooms["ana"])
        outcome = self.do(Noted(text=f"{MARK} {text}", name=AGENTS[agent], aside=aside), agent)
        assert outcome.refusal is None
        self.notes += 1
        assert (before.status, before.holder, before.turn) == (self.at.status, self.at.holder, self.at.turn)
        assert len(self.world.platform.rooms["ana"]) == seen

    @rule(agent=agents, text=st.sampled_from(["Hello", "**bold** <b>", "{ticket}"]))
    def reply(self, agent: str, text: str) -> None:
        text = f"{text} r{self.count}"
        outcome = self.do(Replied(text=text, name=AGENTS[agent]), agent)
        if outcome.refusal is None:
            assert (self.at.status, self.at.holder) == (Status.WITH_AGENT, agent)
            self.replies[self.past[-1].key] = text

    @rule(agent=agents, public=st.booleans())
    def write_in_the_customers_place(self, agent: str, public: bool) -> None:
        before = self.at
        outcome = self.do(Wrote(text="I am here", name=AGENTS[agent], public=public), agent)
        if public or before.status is Status.WITH_AGENT:
            assert outcome.refusal is None
            assert (self.at.status, self.at.holder) == (before.status, before.holder)
        elif outcome.refusal is None:
            assert (self.at.status, self.at.holder) == (Status.WITH_AGENT, agent)

    @rule(
        agent=agents,
        flow=st.sampled_from(["", "", "lamp", "fire", "moon"]),
        step=st.sampled_from(STEPS),
        done=st.lists(st.sampled_from(STEPS[1:]), max_size=2),
    )
    def hand_back(self, agent: str, flow: str, step: str, done: list[str]) -> None:
        outcome = self.do(HandedBack(flow=flow, step=step, done=tuple(done), name=AGENTS[agent]), agent)
        if outcome.refusal is None:
            assert (self.at.status, self.at.holder) == (Status.GUIDING, "")

    @rule(agent=agents)
    def conclude(self, agent: str) -> None:
        self.do(Concluded(reason="done", text=f"{MARK} their fault", name=AGENTS[agent]), agent)

    @rule(agent=agents, until=st.sampled_from(["reply", "hour", "tomorrow", ""]))
    def snooze(self, agent: str, until: Any) -> None:
        name = AGENTS[agent]
        self.do(Snoozed(until=until, name=name) if until else Woken(name=name), agent)

    @rule(agent=agents, step=st.sampled_from(STEPS))
    def show(self, agent: str, step: str) -> None:
        self.do(Showed(step=step, name=AGENTS[agent]), agent)

    # ------------------------------------------------------------ the customer, clocks, faults

    @rule(choice=st.sampled_from(["fixed", "still-failing", "whole", "broken", "smell", "lamp"]))
    def click(self, choice: str) -> None:
        self.do(Answered(turn=self.at.turn, choice=choice))

    @rule(text=st.sampled_from(["hello?", "works now", "it's back", "human please", "my lamp is dark"]))
    def say(self, text: str) -> None:
        before = self.at
        outcome = self.do(Said(text=text))
        assert outcome.refusal is None
        assert self.at.snoozed == ""
        if before.status is Status.WITH_AGENT:
            assert (self.at.status, self.at.holder) == (before.status, before.holder)

    @rule(kind=st.sampled_from([Back, Restarted, Escalated, Withdrawn, Reopened, Napped, Detailed]))
    def press(self, kind: type[Any]) -> None:
        self.do(kind())

    @rule()
    def clocks_ring(self) -> None:
        self.pass_time()

    def pass_time(self) -> int:
        """Ring every timer. Return how many rang."""
        before = self.at
        rung: int = self.run(time_passes(self.world))
        self.at = self.run(self.world.store.conversations.load(before.id))
        self.screen = None
        assert self.at.holder in (before.holder, "")
        if before.ticket_open and not self.at.ticket_open:
            assert before.customers_turn, "a ticket that no person has answered never closes itself"
        if before.customers_turn and self.at.ticket_open:
            assert self.at.holder == before.holder, "after a reply no ticket is taken from its agent"
        return rung

    @invariant()
    def one_holder(self) -> None:
        if hasattr(self, "at"):
            assert bool(self.at.holder) is (self.at.status is Status.WITH_AGENT)
            assert self.at.status is not Status.WITH_AGENT or self.at.ticket_open

    @invariant()
    def an_open_ticket_is_someones_turn(self) -> None:
        if hasattr(self, "at") and self.at.ticket_open:
            assert not (self.at.replied_at and self.at.owed_since)

    @invariant()
    def one_speaker(self) -> None:
        """While an agent has the ticket, the customer can press nothing, and the screen names the agent."""
        if not hasattr(self, "at"):
            return
        if self.at.status is Status.WITH_AGENT:
            room = self.world.platform.rooms["ana"]
            assert not any(posted.buttons and posted.effect == self.at.prompt_effect for posted in room)
            screen = self.look()
            assert (screen.prompt.kind, screen.prompt.choices) == ("held", ())

    @invariant()
    def no_note_is_ever_shown_to_the_customer(self) -> None:
        if not hasattr(self, "at"):
            return
        for posted in self.world.platform.rooms["ana"]:
            assert MARK not in posted.text + posted.collapsed
        screen = self.look()
        assert MARK not in screen.model_dump_json(), "the ticket's summary is part of it"
        assert MARK not in state(screen).model_dump_json()

    @invariant()
    def the_journal_replays_to_the_record(self) -> None:
        if not hasattr(self, "at"):
            return
        replayed = Conversation(id=self.at.id)
        for row in self.run(self.world.store.conversations.journal(self.at.id)):
            replayed = apply(replayed, row)
        assert replayed == self.at == self.run(self.world.store.conversations.load(self.at.id))

    def it_ends_by_itself(self) -> None:
        """Check that timers alone end every conversation and then stop, but for a ticket that waits for an answer."""
        for _ in range(13):
            if not self.pass_time():
                assert self.at.status.ended
                return
        assert (self.at.status, self.at.customers_turn) == (Status.WAITING, False), "clocks ring on and on"

    def notes_are_where_they_belong(self) -> None:
        """Without this, the law would hold if no note were stored at all."""
        dossier = self.run(self.world.app.reader.dossier(self.at.id))
        noted = [line for line in dossier.lines if line.kind == "note" and line.since != "gone"]
        assert len(noted) == self.notes
        assert all(MARK in plain(line.words) for line in noted)


AgentsInAnyOrder.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAgentsInAnyOrder = AgentsInAnyOrder.TestCase
