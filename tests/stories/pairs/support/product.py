"""Composes the whole product in one process, as `wiring.app` does: page, desk, Slack and Discord.

Slack and Discord are stand-ins, the store is in memory. Nothing happens by itself: effects are carried out when the
test says so, and a timer rings when the test lets time pass.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from adapters.web import Site
from bot.timers import ring
from bot.views.finder import Finder
from bot.views.reader import Library
from bot.wiring.app import compose
from bot.wiring.discord import hear_discord
from bot.wiring.flow_files import FlowFiles
from bot.wiring.platforms import open_platforms
from bot.wiring.product import App
from bot.wiring.settings import load_settings
from bot.wiring.slack import hear_slack
from bot.wiring.web import web
from flows.catalogue import Catalogue
from flows.rules.ticket_reports import EMAIL
from tests.adapters.web.support.site import ADDRESS
from tests.fakes.clockwork import alarms_due, lanes_due
from tests.fakes.discord import Discord
from tests.fakes.flows import catalogue
from tests.fakes.slack import Slack
from tests.fakes.unlimited import Unlimited
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory

PATIENCE = 30.0
"""Seconds to wait before a test fails. A busy machine may need most of them."""

OUTAGE = 4
"""Attempts within a minute without an answer: after 1, 2, 4 and 8 seconds and so on."""

CHATS = ("slack", "discord")
TEAM_ROOMS = {"slack": ("C8DESK", "C9SMOKE"), "discord": ("desk", "smoke")}
"""Two agents' channels on each platform: the default one, and another team's."""


@dataclass(repr=False)
class Product:
    """One process and its surroundings. A platform that the story does not use is missing."""

    app: App
    site: Site
    asgi: Any
    slack: Slack | None = None
    discord: Discord | None = None
    rooms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def finder(self) -> Finder:
        store = self.app.store
        return Finder(store.places, store.conversations, store.outbox, self.app.look)

    def client(self, seen: list[str]) -> httpx.AsyncClient:
        """Make a browser without JavaScript. `seen` collects everything sent to it."""

        async def keep(answer: httpx.Response) -> None:
            await answer.aread()
            seen.append(answer.text)

        transport = httpx.ASGITransport(self.asgi, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ADDRESS, event_hooks={"response": [keep]})

    async def version(self, conversation: str) -> int:
        """Return the conversation's version."""
        found = await self.app.store.conversations.load(conversation)
        return found.version if found is not None else 0

    async def quiet(self) -> None:
        """Wait until every received event is carried out, as far as possible now. Email to teams waits on purpose."""

        async def still() -> bool:
            if self.slack is not None:
                await self.slack.settled(PATIENCE)
            await self.app.outbox.pick_up()
            await self.app.outbox.idle()
            over = self.slack is None or all(one.over for one in self.slack.deliveries)
            waiting = await self.app.store.backlog.waiting()
            return over and all(letter.channel == EMAIL for letter in waiting)

        await until(still, PATIENCE)

    async def later(self) -> None:
        """Let time pass: ring every armed timer, and carry out the effects."""
        await self.quiet()
        await alarms_due(self.app.store)
        await ring(self.app.store.alarms, self.app.platforms.timers(self.app.receive, self.app.look))
        await self.quiet()

    @asynccontextmanager
    async def down(self, platform: str) -> AsyncIterator[None]:
        """Let a platform answer only with errors for a minute, and try the waiting effects in vain."""
        await self.quiet()
        if platform == "slack":
            assert self.slack is not None
            self.slack.faults.answer("*", 503, times=10_000)
        else:
            assert self.discord is not None
            self.discord.faults.refuse("*", "**", 503, times=10_000)
        try:
            yield
            for _ in range(OUTAGE):
                await self._tries(platform)
            assert await self.app.store.backlog.waiting(), "nothing waited for the platform"
        finally:
            if self.slack is not None and platform == "slack":
                self.slack.faults.forget()
            if self.discord is not None and platform == "discord":
                self.discord.faults.forget()
        await self._tries(platform)
        await self.quiet()

    async def _tries(self, platform: str) -> None:
        await self.app.outbox.idle()
        await lanes_due(self.app.store, (platform,))
        await self.app.outbox.pick_up()
        await self.app.outbox.idle()


async def eventually(look: Callable[[], Awaitable[object]], what: Callable[[], Awaitable[object]]) -> None:
    """Wait until a condition holds; fail with what there is instead."""
    try:
        await until(look, PATIENCE)
    except AssertionError:
        raise AssertionError(f"not in time; there is {await what()}") from None


@asynccontextmanager
async def open_product(
    platforms: Iterable[str],
    shelf: Catalogue | None = None,
    rooms: dict[str, str] | None = None,
    **given: str,
) -> AsyncIterator[Product]:
    """Compose the product with Slack and Discord, as far as they are used.

    `rooms` names a team's platform: that of `` has the default room, that of a team its second one. `given` are further
    settings, named as in the environment.
    """
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Slack.running()) if "slack" in platforms else None
        discord = await stack.enter_async_context(Discord.running()) if "discord" in platforms else None
        known = {**_slack(slack), **_discord(discord), **given}
        furnished = _furnished(slack, discord)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for team, platform in (rooms or {}).items():
            room = f"{platform}:{furnished[platform][bool(team)]}"
            if team:
                patch.setenv(f"TEAM_{team.upper()}_ROOM", room)
            else:
                known["DESK_ROOM"] = room
        settings = load_settings(
            {"SUPPORT_EMAIL": "help@lamps.example", "ALLOWED_HOSTS": "help.example", **known}
        )
        store = store_in_memory()
        store.limiter = Unlimited(store.wire)
        stack.push_async_callback(store.close)
        tied = await stack.enter_async_context(open_platforms(settings))
        app = compose(settings, store, FlowFiles(catalogue=shelf or catalogue(), readings=()), (), tied)
        await Library(store.revisions, app.catalogue).keep()
        asgi: Any = await web(app)
        await stack.enter_async_context(_hearing(app, slack, discord))
        yield Product(app, asgi.state.site, asgi, slack, discord, furnished)


@asynccontextmanager
async def _hearing(app: App, slack: Slack | None, discord: Discord | None) -> AsyncIterator[None]:
    """Listen to both platforms, as `bot.wiring.processes` does."""
    stop, tasks = asyncio.Event(), []
    if slack is not None:
        tasks.append(asyncio.create_task(hear_slack(app, stop, lambda _open: None)))
    if discord is not None:
        tasks.append(asyncio.create_task(hear_discord(app, stop, lambda _open: None)))
    try:
        if slack is not None:
            await slack.connected(2, PATIENCE)
        if discord is not None:
            await discord.connected(seconds=PATIENCE)
            await discord.until(discord.commands, PATIENCE)
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await app.outbox.idle()


def _slack(slack: Slack | None) -> dict[str, str]:
    if slack is None:
        return {}
    slack.channel("C1HELP", "help")
    for room in TEAM_ROOMS["slack"]:
        slack.channel(room, room.lower())
    return {
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api,
        "SLACK_AGENTS": "U9MAX U8KIM",
    }


def _discord(discord: Discord | None) -> dict[str, str]:
    if discord is None:
        return {}
    guild = discord.guild("Workshop")
    guild.text("help")
    forum = guild.forum("support", tags=["solved", "lamps"])
    agents = guild.role("Agents", "manage_messages")
    for name in ("Ana", "Ben"):
        guild.member(name)
    for name in ("Max", "Kim"):
        guild.member(name, roles=[agents])
    for room in TEAM_ROOMS["discord"]:
        guild.text(room)
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DISCORD_FORUMS": str(forum.id),
        "DISCORD_AGENTS": str(agents.id),
    }


def _furnished(slack: Slack | None, discord: Discord | None) -> dict[str, tuple[str, ...]]:
    """Return the ids of agents' channels, the default one first."""
    found: dict[str, tuple[str, ...]] = {"slack": TEAM_ROOMS["slack"]} if slack is not None else {}
    if discord is not None:
        guild = next(iter(discord.world.guilds.values()))
        found["discord"] = tuple(str(guild.channel(name).id) for name in TEAM_ROOMS["discord"])
    return found
