"""What agents do, recorded: by their buttons, their lines and their forms; and why not, said to them alone."""

from typing import Any

from adapters.slack.agents.delivery_marks import AMONG, SENT, Marking
from adapters.slack.api.addresses import Person, Place
from adapters.slack.customers.conversations import Counter
from adapters.slack.render.agent_thread import everything, hint
from bot.ports import Outcome, TeamRooms
from flows.conversation import Conversation
from flows.events import Event
from flows.orders import Verb, act, refused, why
from flows.text.agent_phrases import phrase


class Acting:
    """One workspace's agents at work. Every one of these is checked to be an agent, each time (law L11)."""

    def __init__(self, counter: Counter, teams: TeamRooms, marking: Marking, workspace: str) -> None:
        self.counter = counter
        self.teams = teams
        self.marking = marking
        self.workspace = workspace

    def here(self, place: Place | None) -> bool:
        """Whether that is a place where teams talk."""
        return place is not None and place.channel.upper() in self.teams.rooms

    async def of(self, place: Place) -> Conversation | None:
        """The conversation that a thread is about."""
        return await self.teams.thread(f"{place.channel}:{place.thread}")

    async def may(self, person: Person) -> bool:
        """Whether that person is an agent."""
        return await self.counter.directory.is_agent(person, self.workspace)

    async def named(self, person: Person, conversation: str, key: str) -> dict[str, Any]:
        """What every act of that agent's has."""
        known = await self.counter.directory.known(person, self.workspace)
        name = known.name or person.user
        return {"conversation": conversation, "actor": person.actor, "name": name, "key": key}

    async def plainly(self, verb: Verb, person: Person, conversation: str, key: str) -> Event | None:
        """The act that needs nothing further to be known."""
        return act(verb, await self.named(person, conversation, key))

    async def record(self, event: Event, place: Place | None, person: Person) -> Outcome | None:
        """Record it; why it changes nothing is said to the agent alone. None where it was not recorded now."""
        outcome = await self.counter.ports.receive(event)
        if outcome is None:
            await self.counter.whisper(place, person, hint(phrase("gone")))
        elif outcome.refusal is not None:
            text = refused(outcome.conversation, outcome.refusal)
            orders = why(outcome.conversation, outcome.refusal)[1]
            await self.counter.whisper(place, person, hint(text, orders))
        elif not outcome.repeated:
            return outcome
        return None

    async def noted(self, place: Place, ts: str, person: Person) -> None:
        """Mark a line as one among agents."""
        await self.marking.put(AMONG, place.channel, place.thread, ts, person)

    async def replied(self, outcome: Outcome, place: Place, ts: str, person: Person) -> None:
        """Mark a line as delivered where it is on the customer's screen already; elsewhere the outbox tells."""
        if outcome.conversation.customer.partition("|")[0] in self.teams.pulled:
            await self.marking.put(SENT, place.channel, place.thread, ts, person)

    async def offer(self, at: Conversation, place: Place, person: Person) -> None:
        """Everything that can be done, for that agent alone, wherever in the thread they are."""
        await self.counter.whisper(place, person, hint(phrase("menu"), further=everything(at)))
