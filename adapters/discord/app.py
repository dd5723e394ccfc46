"""Discord put together: one session, who the bot is, its sender, and its receiver."""

import time
from collections.abc import Callable

import aiohttp
from pydantic import Field

from adapters.discord.agents.delivery_marks import DeliveryMarks
from adapters.discord.api.addresses import DISCORD, listed
from adapters.discord.api.client import DiscordClient
from adapters.discord.api.files import Files
from adapters.discord.api.users import Directory
from adapters.discord.customers.forum_posts import Forums, handing_over
from adapters.discord.ports import Ports
from adapters.discord.receiver import Receiver
from adapters.discord.responses import PendingResponses
from adapters.discord.sender import DiscordSender
from bot.ports import Files as Fetching
from bot.ports import Limiter, Look, Receive, Retrace
from flows.values import Frozen


class Access(Frozen):
    """What the operator was given for the bot, and what they have set. `api_url` is Discord's own unless told.

    `agents` are ids of people and roles; `content` is whether the bot may ask for the intent to read what is typed.
    `forums`, `forum_offers`, `helpers` and `solved` are those of `forums.Forums`.
    """

    token: str = Field(repr=False)
    api_url: str = ""
    agents: tuple[str, ...] = ()
    forums: tuple[str, ...] = ()
    forum_offers: bool = False
    helpers: str = "Ask the helpers"
    solved: str = "solved"
    content: bool = True


class DiscordApp:
    """The bot in all its servers. Its sender and its receiver share which clicks may still show a step."""

    name = DISCORD

    def __init__(self, access: Access, now: Callable[[], float] = time.time) -> None:
        """Opens the session, so a loop must be running; `close` closes it. Nothing is asked before it is needed.

        `now` is in seconds since 1970.
        """
        self.access = access
        self._now = now
        self._session = aiohttp.ClientSession()
        self._calls = DiscordClient(access.token, self._session, access.api_url)
        self._directory = Directory(access.agents)
        self._answers = PendingResponses()
        self._forums = Forums(
            ids=listed(access.forums),
            offers=access.forum_offers,
            helpers=access.helpers,
            solved=access.solved,
        )

    def sender(self, limiter: Limiter, files: Fetching, retrace: Retrace) -> DiscordSender:
        """What the outbox sends with; `files` fetches what is to be carried over, `retrace` tells what was tried."""
        content = self.access.content
        return DiscordSender(
            self._calls, limiter, self._answers, self._forums, self._now, content, files, retrace
        )

    def files(self) -> Files:
        """What fetches the files that people sent."""
        return Files(self._calls, self._session, self.access.api_url)

    def marking(self) -> DeliveryMarks:
        """What shows agents what became of their lines."""
        return DeliveryMarks(self._calls)

    def receiver(self, ports: Ports) -> Receiver:
        """What hears all that the gateway tells."""
        return Receiver(ports, self._calls, self._directory, self._answers, self._forums)

    def enters(self, plain: bool) -> None:
        """It logs in to the gateway anew: `plain` without reading what is typed, for that was refused."""
        self._calls.enters(plain=plain)

    def timers(self, receive: Receive, look: Look) -> Receive:
        """The way in for timers that rang: a quiet post is handed to people where others are closed."""
        return handing_over(receive, look, self._forums)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._calls.close()
        await self._session.close()
