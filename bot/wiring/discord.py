"""Opens Discord if its token is set, and listens to it over its gateway."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.agents.thread import AgentThread
from bot.wiring.chats import PlatformRefused, agent_desk, chat_ports
from bot.wiring.product import App
from bot.wiring.settings import Settings

if TYPE_CHECKING:
    from adapters.discord.app import DiscordApp
    from adapters.discord.catchup.messages import Follower
    from adapters.discord.ports import Ports


def open_discord(settings: Settings) -> "DiscordApp | None":
    """Return the bot in all its servers; None without a token."""
    if not settings.discord_token.get_secret_value():
        return None
    from adapters.discord.app import Access, DiscordApp

    return DiscordApp(
        Access(
            token=settings.discord_token.get_secret_value().strip(),
            api_url=settings.discord_api_url,
            url=settings.public_url,
            agents=settings.discord_agents,
            forums=settings.discord_forums,
            forum_offers=settings.discord_offer,
            helpers=settings.discord_ask,
            solved=settings.discord_solved_tag,
            content=settings.discord_message_content == "auto",
        )
    )


def discord_ports(app: App) -> "Ports":
    """Return the ports of Discord's receiver. A modal of Discord's cannot open another, so no form follows a form."""
    from adapters.discord.api.addresses import DISCORD, listed
    from adapters.discord.ports import Ports

    place = AgentThread(agent_desk(app), prefix="discord/", forms_follow=False)
    desk = f"{app.settings.public_url}/desk/c/" if app.settings.public_url else ""
    return Ports(**vars(chat_ports(app, DISCORD, listed, place)), queue=app.queue, desk=desk)


def discord_follower(app: App, ports: "Ports") -> "Follower":
    """Return what reads the messages missed during an absence, in customers' places and agents' threads."""
    from adapters.discord.api.addresses import DISCORD, listed
    from adapters.discord.app import DiscordApp
    from adapters.discord.catchup.agent_threads import Threads
    from adapters.discord.catchup.guilds import Guilds
    from adapters.discord.catchup.messages import Follower

    discord = app.platforms.named(DISCORD)
    assert isinstance(discord, DiscordApp), "only an open platform is heard"
    bookmarks, rooms = app.store.bookmarks, ports.teams.rooms if ports.teams else frozenset()
    guilds = Guilds(bookmarks, listed(discord.access.forums), rooms)
    threads = Threads(rooms, ports.ticket_in, bookmarks)
    return Follower(app.receive, app.look, bookmarks, threads=threads, guilds=guilds)


async def hear_discord(app: App, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Listen to Discord over its gateway until `stop` is set. Raises PlatformRefused."""
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
    gateway = GatewaySettings(
        token=discord.access.token,
        content=settings.discord_message_content,
        shard_ids=settings.discord_shard_ids,
        shard_count=settings.discord_shard_count,
        url=settings.public_url,
    )
    deps = GatewayDeps(receiver.hear, follower, store.marks, store.bookmarks, discord.enters)
    try:
        with aimed(settings.discord_api_url, settings.discord_gateway_url):
            await listen(gateway, deps, stop, on_state)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None
