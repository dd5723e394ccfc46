"""Knows where teams talk in one workspace and who is an agent there, and shows agents what came of what they did."""

from adapters.slack.agents.delivery_marks import AMONG, SENT, DeliveryMarks
from adapters.slack.api.addresses import Person, Place
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.render.agent_texts import slack_phrase
from adapters.slack.render.agent_thread import everything, hint
from bot.ports import AgentsPlace, Reaction, TeamRooms
from flows.agent_forms import Chosen, Who
from flows.conversation import Conversation


class AgentAccess:
    """One workspace's agents. Each of them is checked to be one, every time (law L11)."""

    def __init__(
        self,
        conversations: SlackConversations,
        teams: TeamRooms,
        delivery_marks: DeliveryMarks,
        workspace: str,
    ) -> None:
        self.conversations = conversations
        self.workspace = workspace
        self._teams = teams
        self._delivery_marks = delivery_marks

    @property
    def place(self) -> AgentsPlace:
        """What decides what agents do."""
        return self._teams.agents

    def in_team_room(self, place: Place | None) -> bool:
        """Whether teams talk there."""
        return place is not None and place.channel.upper() in self._teams.rooms

    async def ticket_in(self, place: Place) -> Conversation | None:
        """Return the conversation that a thread is about."""
        return await self._teams.thread(f"{place.channel}:{place.thread}")

    async def is_agent(self, person: Person) -> bool:
        """Whether that person is an agent."""
        return await self.conversations.directory.is_agent(person, self.workspace)

    async def refuse(self, place: Place | None, person: Person) -> None:
        """Tell somebody who is no agent that only agents can do that."""
        await self.conversations.whisper(place, person, hint(slack_phrase("not_an_agent")))

    async def who(self, person: Person, key: str) -> Who:
        """Return the agent as acts name them; `key` is that of what they did."""
        return Who(actor=person.actor, name=await self._name(person), key=key)

    async def chosen(self, user: str) -> Chosen | None:
        """Return the person whom an agent chose in a form; None for no one."""
        if not user:
            return None
        person = Person(team=self.workspace, user=user)
        is_agent = await self.is_agent(person)
        name = await self._name(person) if is_agent else user
        return Chosen(actor=person.actor, name=name, is_agent=is_agent)

    async def show(
        self, reaction: Reaction, place: Place | None, person: Person, at: Conversation | None = None
    ) -> None:
        """Say a reaction's text to that agent alone, with its buttons; `at` is the conversation of its menu."""
        if reaction.text:
            further = everything(at) if reaction.menu and at is not None else ()
            await self.conversations.whisper(place, person, hint(reaction.text, reaction.orders, further))

    async def mark(self, reaction: Reaction, place: Place, ts: str, person: Person) -> None:
        """Put a reaction's mark on the agent's message."""
        if reaction.mark:
            sign = AMONG if reaction.mark == "note" else SENT
            await self._delivery_marks.put(sign, place.channel, place.thread, ts, person)

    async def _name(self, person: Person) -> str:
        known = await self.conversations.directory.known(person, self.workspace)
        return known.name or person.user
