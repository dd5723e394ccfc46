"""Opens the chat platforms whose tokens are set; with `wiring.app` the composition root, which alone knows adapters."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.agents.thread import AgentDesk, AgentThread
from bot.deliveries import thread_door
from bot.ports import ChatPorts, TeamRooms
from bot.views.finder import Finder
from bot.wiring.product import App, Platform, Platforms
from bot.wiring.settings import Settings
from flows.conversation import Address

if TYPE_CHECKING:
    from adapters.discord.app import DiscordApp
    from adapters.discord.catchup.messages import Follower
    from adapters.discord.ports import Ports as DiscordPorts
    from adapters.slack.app import SlackApp
    from adapters.slack.ports import Ports as SlackPorts


class PlatformRefused(Exception):
    """A platform says that a token will not do; the text is one line that says what to do."""


@asynccontextmanager
async def open_platforms(settings: Settings) -> AsyncIterator[Platforms]:
    """Those whose tokens are set. Nothing is sent or asked before somebody needs it."""
    async with AsyncExitStack() as stack:
        found = tuple(platform for opened in OPENED if (platform := opened(settings)) is not None)
        for platform in found:
            stack.push_async_callback(platform.close)
        yield Platforms(found)


def _slack(settings: Settings) -> "SlackApp | None":
    if not settings.slack_bot_token.get_secret_value():
        return None
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


def _discord(settings: Settings) -> "DiscordApp | None":
    if not settings.discord_token.get_secret_value():
        return None
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


OPENED: Final[tuple[Callable[[Settings], Platform | None], ...]] = (_slack, _discord)
"""What opens each platform, or gives None where its token is not set."""


# ---------------------------------------------------------------- what receivers are given


def _chat_ports(app: App, channel: str, listed: Callable[[Iterable[str]], frozenset[str]]) -> ChatPorts:
    """What the receiver of any platform is given; `listed` reads the ids of its rooms."""
    store = app.store
    finder = Finder(store.places, store.conversations, store.outbox, app.look)
    rooms = (room.room for room in map(Address.parse, app.desk.rooms.values()) if room.channel == channel)
    return ChatPorts(
        receive=app.receive,
        look=app.look,
        finder=finder,
        marks=store.marks,
        vault=store.vault,
        catalogue=lambda: app.catalogue,
        support=app.settings.support_email,
        teams=TeamRooms(
            rooms=listed(rooms),
            thread=lambda receipt: finder.at(thread_door(channel, receipt)),
            agents=agents_place(app, channel),
        ),
    )


def agents_place(app: App, channel: str) -> AgentThread:
    """What decides what agents do on that platform. A modal of Discord's cannot open another, a view of Slack's can."""
    store, reader = app.store, app.reader
    desk = AgentDesk(
        receive=app.receive,
        dossier=reader.dossier,
        flow=reader.flow,
        saved=reader.replies,
        recipients=reader.recipients,
        status=app.fates.of,
        teams=lambda: reader.teams(app.catalogue),
        guides=lambda: app.catalogue.flows,
        marks=store.marks,
        vault=store.vault,
        pulled=app.fates.pulled,
    )
    if channel == "discord":
        return AgentThread(desk, prefix="discord/", forms_follow=False)
    return AgentThread(desk)


def slack_ports(app: App) -> "SlackPorts":
    """What Slack's receiver is given."""
    from adapters.slack.api.addresses import SLACK, listed
    from adapters.slack.ports import Ports

    return Ports(
        **vars(_chat_ports(app, SLACK, listed)),
        bookmarks=app.store.bookmarks,
        offer_in=listed(app.settings.slack_offer_in),
        product=app.settings.product_name,
    )


def discord_ports(app: App) -> "DiscordPorts":
    """What Discord's receiver is given."""
    from adapters.discord.api.addresses import DISCORD, listed
    from adapters.discord.ports import Ports

    return Ports(**vars(_chat_ports(app, DISCORD, listed)))


# ---------------------------------------------------------------- hearing Slack


def _slack_of(app: App) -> "SlackApp | None":
    slack = app.platforms.named("slack")
    if slack is None:
        return None
    from adapters.slack.app import SlackApp

    return slack if isinstance(slack, SlackApp) else None


async def hear_slack(app: App, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Hear Slack over sockets until told to stop. Raises PlatformRefused."""
    from adapters.slack.api.preflight import PreflightRefused

    slack = _slack_of(app)
    assert slack is not None, "serve asks first"
    try:
        await slack.hear(slack_ports(app), stop, on_state)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None


async def check_slack(app: App, stop: asyncio.Event) -> None:
    """Where Slack is heard over HTTP: whether its token will do, before Slack asks. Raises PlatformRefused."""
    slack = _slack_of(app)
    if slack is None or not slack.access.signing_secret:
        return
    from adapters.slack.api.preflight import PreflightRefused

    try:
        await slack.preflight(stop)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None


def slack_guard(app: App, now: Callable[[], float]) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """What hears Slack over HTTP, by its path; nothing where there is no signing secret."""
    slack = _slack_of(app)
    if slack is None or not slack.access.signing_secret:
        return {}
    from adapters.slack.api.manifest import PATH

    return {PATH: slack.guard(slack_ports(app), now)}


# ---------------------------------------------------------------- hearing Discord


def discord_follower(app: App, ports: "DiscordPorts") -> "Follower":
    """Who reads on after an absence: where customers write, and where agents talk."""
    from adapters.discord.catchup.agent_threads import Threads
    from adapters.discord.catchup.messages import Follower

    bookmarks, rooms = app.store.bookmarks, ports.teams.rooms if ports.teams else frozenset()
    return Follower(app.receive, app.look, bookmarks, threads=Threads(rooms, ports.ticket_in, bookmarks))


async def hear_discord(app: App, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Hear Discord over its gateway until told to stop. Raises PlatformRefused."""
    from adapters.discord.api.addresses import DISCORD
    from adapters.discord.api.gateway import aimed
    from adapters.discord.api.preflight import PreflightRefused
    from adapters.discord.app import DiscordApp
    from adapters.discord.gateway_app import GatewayDeps, GatewaySettings, listen

    store, settings, discord = app.store, app.settings, app.platforms.named(DISCORD)
    assert isinstance(discord, DiscordApp), "serve asks first"
    ports = discord_ports(app)
    follower = discord_follower(app, ports)
    receiver = discord.receiver(replace(ports, receive=follower.receive))
    listening = GatewaySettings(
        token=discord.access.token,
        content=settings.discord_message_content,
        shard_ids=settings.discord_shard_ids,
        shard_count=settings.discord_shard_count,
    )
    ears = GatewayDeps(receiver.hear, follower, store.marks, store.bookmarks, discord.enters)
    try:
        with aimed(settings.discord_api_url, settings.discord_gateway_url):
            await listen(listening, ears, stop, on_state)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None
