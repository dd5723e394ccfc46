"""The chat platforms the operator has tokens for; with `bot.app` the composition root, which alone knows adapters."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.delivering import thread_door
from bot.desk import Desk
from bot.fates import Fates
from bot.files import Fetching
from bot.finder import Finder
from bot.ports import Channel, Files, Kept, Limiter, Look, Marker, Receive
from bot.reading import Reader
from bot.settings import Settings
from flows.catalogue import Catalogue
from flows.conversation import Address
from flows.prompts import owner

if TYPE_CHECKING:
    from adapters.discord.acting import Teams as DiscordTeams
    from adapters.discord.app import DiscordApp
    from adapters.discord.catchup import Follower
    from adapters.discord.counter import Ports as DiscordPorts
    from adapters.slack.app import SlackApp
    from adapters.slack.counter import Ports
    from adapters.storage.store import Store


class PlatformRefused(Exception):
    """A platform says that a token will not do; the text is one line that says what to do."""


class Running(Protocol):
    """What a platform stands on: the product, put together and attached to its store."""

    @property
    def settings(self) -> Settings:
        """What the operator has set."""

    @property
    def store(self) -> "Store":
        """Where everything is kept."""

    @property
    def receive(self) -> Receive:
        """The one way in."""

    @property
    def look(self) -> Look:
        """What a person sees."""

    @property
    def desk(self) -> Desk:
        """Where events are decided; it knows the rooms of teams."""

    @property
    def reader(self) -> Reader:
        """What agents see."""

    @property
    def fates(self) -> Fates:
        """What became of replies."""

    @property
    def catalogue(self) -> Catalogue:
        """The flows on offer."""

    @property
    def platforms(self) -> "Platforms":
        """Those that are set up."""


@dataclass(frozen=True)
class Platforms:
    """Those that are set up; None for the others."""

    slack: "SlackApp | None" = None
    discord: "DiscordApp | None" = None

    def files(self, kept: Kept) -> Files:
        """What fetches files from wherever they lie; `kept` are those that lie with us."""
        known = {"slack": self.slack, "discord": self.discord}
        return Fetching(kept, {name: each.files for name, each in known.items() if each is not None})

    def senders(self, limiter: Limiter, files: Files) -> tuple[Channel, ...]:
        """What the outbox sends with, in every process."""
        return tuple(each.sender(limiter, files) for each in (self.slack, self.discord) if each is not None)

    def markers(self) -> tuple[Marker, ...]:
        """What shows agents there what became of their replies."""
        return tuple(each.marking() for each in (self.slack, self.discord) if each is not None)

    def sees(self, look: Look) -> None:
        """Some senders show what was tried so far; they are made before the desk is."""
        if self.discord is not None:
            self.discord.sees(look)

    def timers(self, receive: Receive, look: Look) -> Receive:
        """The way in for timers that rang: a platform may have another end for a conversation that went quiet."""
        return receive if self.discord is None else self.discord.timers(receive, look)


@asynccontextmanager
async def open_platforms(settings: Settings) -> AsyncIterator[Platforms]:
    """Those whose tokens are set. Nothing is sent or asked before somebody needs it."""
    async with AsyncExitStack() as stack:
        slack = _slack(settings) if settings.slack_bot_token.get_secret_value() else None
        if slack is not None:
            stack.push_async_callback(slack.close)
        discord = _discord(settings) if settings.discord_token.get_secret_value() else None
        if discord is not None:
            stack.push_async_callback(discord.close)
        yield Platforms(slack=slack, discord=discord)


def _slack(settings: Settings) -> "SlackApp":
    from adapters.slack.app import Access, SlackApp

    return SlackApp(
        Access(
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            api_url=settings.slack_api_url,
            agents=settings.slack_agents,
        )
    )


def _discord(settings: Settings) -> "DiscordApp":
    from adapters.discord.app import Access, DiscordApp

    return DiscordApp(
        Access(
            token=settings.discord_token.get_secret_value().strip(),
            api_url=settings.discord_api_url,
            agents=settings.discord_agents,
            forums=settings.discord_forums,
            forum_offers=settings.discord_offer,
            helpers=settings.discord_ask,
            solved=settings.discord_solved_tag,
            content=settings.discord_message_content == "auto",
        )
    )


def slack_ports(app: Running) -> "Ports":
    """What Slack's receiver is given."""
    from adapters.slack.acting import Teams
    from adapters.slack.counter import Ports
    from adapters.slack.places import SLACK, listed

    store, settings = app.store, app.settings
    finder = Finder(store.places, store.conversations, store.outbox, app.look)
    teams = Teams(
        rooms=listed(
            room.room for room in map(Address.parse, app.desk.rooms.values()) if room.channel == SLACK
        ),
        names=lambda: _named(app.catalogue),
        thread=lambda receipt: finder.at(thread_door(SLACK, receipt)),
        dossier=app.reader.dossier,
        flow=app.reader.flow,
        replies=app.reader.replies,
        recipients=app.reader.recipients,
        fate=app.fates.of,
        pulled=app.fates.pulled,
    )
    return Ports(
        receive=app.receive,
        look=app.look,
        finder=finder,
        teams=teams,
        marks=store.marks,
        vault=store.vault,
        bookmarks=store.bookmarks,
        catalogue=lambda: app.catalogue,
        offer_in=listed(settings.slack_offer_in),
        product=settings.product_name,
        support=settings.support_email,
    )


def _named(catalogue: Catalogue) -> dict[str, str]:
    """The names of all flows' teams by id."""
    return {team.id: owner(flow, team.id, {})[0] for flow in catalogue.flows for team in flow.teams}


async def hear_slack(app: Running, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Hear Slack over sockets until told to stop. Raises PlatformRefused."""
    from adapters.slack.preflight import Refused

    assert app.platforms.slack is not None, "serve asks first"
    try:
        await app.platforms.slack.hear(slack_ports(app), stop, on_state)
    except Refused as refused:
        raise PlatformRefused(str(refused)) from None


async def check_slack(app: Running, stop: asyncio.Event) -> None:
    """Where Slack is heard over HTTP: whether its token will do, before Slack asks. Raises PlatformRefused."""
    from adapters.slack.preflight import Refused

    slack = app.platforms.slack
    if slack is None or not slack.access.signing_secret:
        return
    try:
        await slack.preflight(stop)
    except Refused as refused:
        raise PlatformRefused(str(refused)) from None


def slack_guard(app: Running, now: Callable[[], float]) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """What hears Slack over HTTP, by its path; nothing where there is no signing secret."""
    slack = app.platforms.slack
    if slack is None or not slack.access.signing_secret:
        return {}
    from adapters.slack.manifest import PATH

    return {PATH: slack.guard(slack_ports(app), now)}


def discord_teams(app: Running) -> "DiscordTeams":
    """Where teams talk in Discord, and what is known to agents."""
    from adapters.discord.acting import Teams
    from adapters.discord.places import DISCORD, listed

    store = app.store
    finder = Finder(store.places, store.conversations, store.outbox, app.look)
    return Teams(
        rooms=listed(
            room.room for room in map(Address.parse, app.desk.rooms.values()) if room.channel == DISCORD
        ),
        names=lambda: _named(app.catalogue),
        thread=lambda receipt: finder.at(thread_door(DISCORD, receipt)),
        dossier=app.reader.dossier,
        flow=app.reader.flow,
        replies=app.reader.replies,
        recipients=app.reader.recipients,
        fate=app.fates.of,
        vault=store.vault,
        pulled=app.fates.pulled,
    )


def discord_ports(app: Running, receive: Receive) -> "DiscordPorts":
    """What Discord's receiver is given; `receive` is the way in, with an eye on places."""
    from adapters.discord.counter import Ports

    store = app.store
    return Ports(
        receive=receive,
        look=app.look,
        finder=Finder(store.places, store.conversations, store.outbox, app.look),
        teams=discord_teams(app),
        marks=store.marks,
        catalogue=lambda: app.catalogue,
        support=app.settings.support_email,
    )


def discord_follower(app: Running) -> "Follower":
    """Who reads on after an absence: where customers write, and where agents talk."""
    from adapters.discord.catchup import Follower
    from adapters.discord.rereading import Threads

    teams, bookmarks = discord_teams(app), app.store.bookmarks
    return Follower(app.receive, app.look, bookmarks, threads=Threads(teams.rooms, teams.of, bookmarks))


async def hear_discord(app: Running, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Hear Discord over its gateway until told to stop. Raises PlatformRefused."""
    from adapters.discord.gateway import aimed
    from adapters.discord.listening import Ears, Listening, listen
    from adapters.discord.preflight import Refused

    store, settings, discord = app.store, app.settings, app.platforms.discord
    assert discord is not None, "serve asks first"
    follower = discord_follower(app)
    ports = discord_ports(app, follower.receive)
    listening = Listening(
        token=discord.access.token,
        content=settings.discord_message_content,
        shard_ids=settings.discord_shard_ids,
        shard_count=settings.discord_shard_count,
    )
    ears = Ears(discord.receiver(ports).hear, follower, store.marks, store.bookmarks, discord.enters)
    try:
        with aimed(settings.discord_api_url, settings.discord_gateway_url):
            await listen(listening, ears, stop, on_state)
    except Refused as refused:
        raise PlatformRefused(str(refused)) from None
