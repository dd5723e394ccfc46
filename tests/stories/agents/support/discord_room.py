"""Plays the agents' channel in Discord: Max and Kim are agents and talk in `desk`, with a thread for each ticket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.discord.api.slash_commands import AGENTS_ONLY
from flows.conversation import Conversation
from flows.events import Escalated, Started
from tests.adapters.discord.support.workspace import Workshop, furnish, workshop
from tests.fakes.discord import Channel, Discord, Message, Person


class Desk:
    """Acts and looks in the agents' channel."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.discord = shop, shop.discord
        self.room = shop.guild.channel("desk")
        self.ana, self.ben, self.max, self.kim = map(shop.person, ("Ana", "Ben", "Max", "Kim"))

    # ------------------------------------------------------------ what there is to see

    @property
    def heads(self) -> list[Message]:
        """Return the channel's line for each ticket."""
        return [one for one in self.discord.messages(self.room) if one.author is self.discord.bot]

    @property
    def thread(self) -> Channel:
        """Return the only thread."""
        (found,) = self.discord.threads(self.room)
        return found

    @property
    def packet(self) -> Message:
        """Return the thread's first message."""
        return self.lines[0]

    @property
    def lines(self) -> list[Message]:
        """Return the thread's messages, the packet first."""
        return self.discord.messages(self.thread)

    def shown_to_ana(self, thread: Channel) -> str:
        """Return every message that the bot ever sent to Ana, even if deleted since."""
        return "\n".join(str(one.versions) + one.content for one in self.discord.messages(thread))

    # ------------------------------------------------------------ what people do

    async def asked(self, problem: str = "lamp is dark") -> Channel:
        """Let Ana ask in a channel and ask for a person. Return her thread."""
        await self.ana.runs("fix", problem=problem)
        thread = self.discord.threads(self.shop.room)[-1]
        await self.ana.presses(await self.shop.live(thread), "Talk to a person")
        await self.quiet()
        return thread

    async def asked_directly(self) -> Person:
        """Let Ana ask in direct messages and ask for a person."""
        step = await self.shop.begins(self.ana)
        await self.ana.presses(step, "Talk to a person")
        await self.quiet()
        return self.ana

    async def asked_on_the_page(self) -> str:
        """Let a customer on the web page ask for a person. Return the conversation."""
        place = {"door": "web/eve", "address": "web||||eve", "flow": "lamp", "text": "lamp is dark"}
        began = Started.model_validate({"actor": "web:eve", "name": "Eve", "key": "1", **place})
        outcome = await self.shop.app.receive(began)
        assert outcome is not None
        at = outcome.conversation.id
        await self.shop.app.receive(Escalated(conversation=at, reason="asked", actor="web:eve", key="2"))
        await self.quiet()
        return at

    async def press(self, agent: Person, label: str, shown: Message | None = None) -> str:
        """Let an agent press. Return what only the agent is told."""
        before = len(self.discord.shown_to(agent))
        await agent.presses(shown or self.packet, label)
        await self.quiet()
        return self._told(agent, before)

    async def fill(self, agent: Person, label: str, given: dict[str, Any]) -> str:
        """Let an agent press, and submit the form that opens. Return what only the agent is told."""
        before = len(self.discord.shown_to(agent))
        await agent.submits(await agent.presses(self.packet, label), given)
        await self.quiet()
        return self._told(agent, before)

    def _told(self, agent: Person, before: int) -> str:
        return "\n".join(one.text for one in self.discord.shown_to(agent)[before:])

    async def write(self, agent: Person, text: str) -> Message:
        """Let an agent write in the thread, and wait until each message has its mark or an answer."""
        line = await agent.writes(self.thread, text)
        await self.discord.until(lambda: line.reactions or self.lines[-1].reference is line)
        await self.quiet()
        return line

    async def quiet(self) -> None:
        """Wait until all work is done."""
        await self.shop.works_until_quiet()

    async def at(self) -> Conversation:
        """Return Ana's conversation."""
        return await self.shop.of(self.ana)


@asynccontextmanager
async def open_desk(discord: Discord, **given: Any) -> AsyncIterator[Desk]:
    """Run a product with a channel for agents, whose role is pinged for new tickets."""
    furnish(discord)
    guild = next(iter(discord.world.guilds.values()))
    agents = next(role for role in guild.roles.values() if role.name == "Agents")
    agents.mentionable = True
    # Discord shows agents' commands to agents and, because he moderates the server, to Ben, who is no agent.
    seen = int(AGENTS_ONLY["default_member_permissions"])
    agents.permissions |= seen
    moderators = guild.role("Moderators")
    moderators.permissions |= seen
    next(one for one in guild.members.values() if one.user.name == "Ben").roles.append(moderators)
    guild.member("Kim", roles=[agents])
    room = guild.text("desk")
    given.setdefault("DESK_ROOM", f"discord:{room.id}")
    given.setdefault("DESK_PING", str(agents.id))
    async with workshop(discord, **given) as shop:
        yield Desk(shop)
