"""Builds the Discord app: one session, the bot's identity, its sender and its receiver."""

import time
from collections.abc import Callable, Iterable, Sequence

import aiohttp
from pydantic import Field

from adapters.discord.agents.delivery_marks import DeliveryMarks
from adapters.discord.api.addresses import DISCORD, listed
from adapters.discord.api.client import DiscordClient
from adapters.discord.api.files import Files
from adapters.discord.api.rooms import Rooms
from adapters.discord.api.users import Directory
from adapters.discord.customers.closed_posts import looking_first
from adapters.discord.customers.forum_posts import Forums, handing_over
from adapters.discord.customers.unanswered import DiscordOfferer
from adapters.discord.ports import Ports
from adapters.discord.receiver import Receiver
from adapters.discord.responses import PendingResponses
from adapters.discord.retraction import DiscordRetractor
from adapters.discord.sender import DiscordSender
from bot.ports import Files as Fetching
from bot.ports import Limiter, Look, PlatformCheck, Receive, Retrace
from flows.values import Frozen


class Access(Frozen):
    """Holds the bot's token and the operator's settings. An empty `api_url` is Discord's own, `url` the public
    address.

    `agents` are ids of users and roles; `content` is whether the bot may request the message content intent.
    `forums`, `forum_offers`, `helpers` and `solved` are those of `Forums`.
    """

    token: str = Field(repr=False)
    api_url: str = ""
    url: str = ""
    agents: tuple[str, ...] = ()
    forums: tuple[str, ...] = ()
    forum_offers: bool = False
    helpers: str = "Ask the helpers"
    solved: str = "solved"
    content: bool = True


class DiscordApp:
    """Runs the bot in all its servers. Sender and receiver share the clicks that may still show a step."""

    name = DISCORD

    def __init__(self, access: Access, now: Callable[[], float] = time.time) -> None:
        """Open the session, so a loop must be running; `close` closes it. Discord is called only when needed.

        `now` is in seconds since 1970.
        """
        self.access = access
        self._now = now
        self._session = aiohttp.ClientSession()
        self._client = DiscordClient(access.token, self._session, access.api_url, access.url)
        self._directory = Directory(access.agents)
        self._rooms = Rooms(self._client)
        self._pending = PendingResponses()
        self._forums = Forums(
            ids=listed(access.forums),
            offers=access.forum_offers,
            helpers=access.helpers,
            solved=access.solved,
        )

    def sender(self, limiter: Limiter, files: Fetching, retrace: Retrace) -> DiscordSender:
        """Make the outbox's sender; `files` downloads files to copy, `retrace` says what the customer has tried."""
        content = self.access.content
        return DiscordSender(
            self._client,
            limiter,
            self._pending,
            self._forums,
            self._now,
            content,
            files,
            retrace,
            self._directory,
        )

    def retractor(self, limiter: Limiter) -> DiscordRetractor:
        """Make what takes back the bot's messages to a person whose data is erased."""
        return DiscordRetractor(self._client, limiter)

    def files(self) -> Files:
        """Make the downloader of files that were sent in Discord."""
        return Files(self._client, self._session, self.access.api_url)

    def marker(self) -> DeliveryMarks:
        """Make the marks that show agents what became of their messages."""
        return DeliveryMarks(self._client)

    def receiver(self, ports: Ports) -> Receiver:
        """Make the receiver of all gateway events."""
        return Receiver(ports, self._client, self._directory, self._pending, self._forums)

    def enters(self, plain: bool) -> None:
        """Forget the identity before a new login; `plain` means that Discord refused the message content intent."""
        self._client.enters(plain=plain)

    def offerer(self) -> DiscordOfferer:
        """Make what offers help in posts that no one answered."""
        forums = self._forums
        return DiscordOfferer(self._client, forums.ids if forums.offers else frozenset())

    def timers(self, receive: Receive, look: Look) -> Receive:
        """Wrap the handler of timers: a quiet forum post goes to the helpers, and one that a person closed is left."""
        return looking_first(handing_over(receive, look, self._forums), look, self._client)

    async def checks(self, rooms: Iterable[str]) -> Sequence[PlatformCheck]:
        """Ask Discord about the token and the channels of the settings; `rooms` are the agents'. Raises nothing."""
        return await self._rooms.checks(rooms, self._forums.ids)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()
        await self._session.close()
