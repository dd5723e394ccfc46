"""Knows a workspace's team channels and its agents, and shows agents what came of their work."""

from adapters.slack.agents.delivery_marks import AMONG, SENT, DeliveryMarks
from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.render.agent_texts import slack_phrase
from adapters.slack.render.agent_thread import everything, hint
from adapters.slack.render.card import Message
from bot.ports import AgentsPlace, DirectMessages, Reaction, TeamRooms
from bot.telemetry import log
from flows.agent_forms import Chosen, Who
from flows.conversation import Conversation


class AgentAccess:
    """Checks one workspace's agents, every time (law L11), and shows them reactions."""

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
        """The rules that decide what agents' work does."""
        return self._teams.agents

    @property
    def direct(self) -> DirectMessages:
        """The choices of agents who want direct messages."""
        return self._teams.direct

    def in_team_room(self, place: Place | None) -> bool:
        """Whether the place is a team's channel."""
        return place is not None and place.channel.upper() in self._teams.rooms

    async def ticket_in(self, place: Place) -> Conversation | None:
        """Return the conversation that a thread is about."""
        return await self._teams.thread(f"{place.channel}:{place.thread}")

    async def is_agent(self, person: Person) -> bool:
        """Whether the person is an agent. Raises IdentityUnknown if Slack does not say."""
        return await self.conversations.directory.recognizes(person, self.workspace)

    async def refuse(self, place: Place | None, person: Person) -> None:
        """Tell a person who is no agent that only agents can do that."""
        await self.conversations.whisper(place, person, hint(slack_phrase("not_an_agent")))

    async def who(self, person: Person, key: str) -> Who:
        """Return the agent as events name them; `key` is that of the agent's event."""
        return Who(actor=person.actor, name=await self._name(person), key=key)

    async def chosen(self, user: str) -> Chosen | None:
        """Return the person whom an agent chose in a form; None if the agent chose no one."""
        if not user:
            return None
        person = Person(team=self.workspace, user=user)
        known = await self.conversations.directory.known(person, self.workspace)
        is_agent = not known.gone and await self.is_agent(person)
        name = known.name or user if is_agent else user
        return Chosen(actor=person.actor, name=name, is_agent=is_agent)

    async def show(
        self, reaction: Reaction, place: Place | None, person: Person, at: Conversation | None = None
    ) -> None:
        """Show a reaction's text to the agent alone, with its buttons; its menu needs the conversation `at`."""
        if reaction.text:
            menu = everything(at) if reaction.menu and at is not None else ()
            await self.conversations.whisper(place, person, hint(reaction.text, reaction.orders, menu))

    async def say(self, place: Place, shown: Message) -> None:
        """Post a sentence in a thread of the team's channel. A failure raises nothing: nothing depends on it."""
        params = {"channel": place.channel, "thread_ts": place.thread, "text": shown.text}
        try:
            await self.conversations.client.at_once(
                place.workspace, "chat.postMessage", **params, blocks=list(shown.blocks)
            )
        except FAILURES as failure:
            log("slack").warning("an agent could not be answered", reason=str(failure)[:200])

    async def post(self, reaction: Reaction, place: Place) -> None:
        """Post a reaction's text in the thread: it says what the customer still reads, which a note would lose."""
        if reaction.text:
            await self._delivery_marks.post(hint(reaction.text), place.channel, place.thread)

    async def mark(self, reaction: Reaction, place: Place, ts: str, person: Person) -> None:
        """Put a reaction's mark on the agent's message."""
        if reaction.mark:
            sign = AMONG if reaction.mark == "note" else SENT
            await self._delivery_marks.put(sign, place.channel, place.thread, ts, person)

    async def _name(self, person: Person) -> str:
        known = await self.conversations.directory.known(person, self.workspace)
        return known.name or person.user
