"""Tests the whole product on simcord, another project's fake of Discord."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import discord
import simcord
from discord.http import Route

from adapters.discord.api.addresses import sent
from adapters.discord.api.client import DiscordClient, Identity
from adapters.discord.api.gateway import GatewayClient
from adapters.discord.api.gateway_queue import GatewayQueue
from adapters.discord.api.slash_commands import commands
from adapters.discord.app import Access, DiscordApp
from adapters.discord.catchup.messages import Follower
from bot.wiring.app import compose
from bot.wiring.discord import discord_ports
from bot.wiring.flow_files import FlowFiles
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from flows.conversation import Conversation
from tests.fakes.discord import TOKEN
from tests.fakes.flows import catalogue
from tests.fakes.world import store_in_memory

BEGINNING = 1_767_225_600.0
"""Seconds since 1970 at which simcord's clock stands: by ours all its messages would be too old to be changed."""


class Seeing(GatewayClient):
    """Our client, which also lets the library remember guilds and their channels: simcord's handles look there."""

    def _table(self) -> dict[str, Callable[[Any], None]]:
        ours = super()._table()
        both = {name: self._both(self._parsers[name], ours[name]) for name in self._parsers if name in ours}
        clicks = {"INTERACTION_CREATE": ours["INTERACTION_CREATE"]}
        return {**self._parsers, **both, "READY": self._parsers["READY"], **clicks}

    @staticmethod
    def _both(theirs: Callable[[Any], None], ours: Callable[[Any], None]) -> Callable[[Any], None]:
        def parse(data: Any) -> None:
            ours(dict(data))
            theirs(data)

        return parse

    async def setup_hook(self) -> None:
        """Nothing is asked about sessions: simcord opens none."""


class Inside(DiscordClient):
    """Goes through the client's own REST, which simcord stands in for."""

    client: GatewayClient

    async def identity(self) -> Identity:
        assert self.client.user is not None
        return Identity(application=str(self.client.application_id), bot=str(self.client.user.id))

    async def ask(self, method: str, path: str, json: Any = None, **parts: Any) -> Any:
        given: dict[str, Any] = {"params": query} if (query := parts.pop("params", None)) else {}
        if json is not None:
            given["json"] = json
        return await self.client.http.request(Route(method, path, **parts), **given)

    async def answer(self, method: str, path: str, json: Mapping[str, Any], **parts: str) -> None:
        await self.client.http.request(Route(method, path, **parts), json=dict(json))


class Workshop:
    """Ana in the room `help` of a guild, and the product."""

    def __init__(self, env: simcord.Env, app: App) -> None:
        self.env, self.app = env, app
        self.guild = env.create_guild()
        self.room = self.guild.create_text_channel("help")
        self.ana = self.guild.add_member(env.create_user("Ana"))

    async def of_ana(self) -> Conversation:
        (found,) = await self.app.store.places.of(f"discord:{self.ana.id}", 5)
        at = await self.app.store.conversations.load(found)
        assert at is not None
        return at


@asynccontextmanager
async def workshop() -> AsyncIterator[Workshop]:
    store = store_in_memory()
    platform = DiscordApp(Access(token=TOKEN), lambda: BEGINNING)
    calls = Inside(TOKEN, platform._session)
    platform._client = calls
    shelf = FlowFiles(catalogue=catalogue(), readings=())
    app = compose(load_settings({}), store, shelf, (), Platforms((platform,)))
    follower = Follower(app.receive, app.look, store.bookmarks)
    ports = replace(discord_ports(app), receive=follower.receive, teams=None)
    hearing = GatewayQueue(platform.receiver(ports).hear, follower.heard)
    client = Seeing(hearing, store.marks, shard_count=1)
    calls.client = client
    async with simcord.run(client, strict_sync=False) as env:
        yield Workshop(env, app)
        await app.outbox.idle()
    await platform._session.close()
    await store.close()


async def test_a_direct_message_is_answered_with_the_first_step() -> None:
    async with workshop() as shop:
        await shop.ana.send_dm("the lamp is dark since Monday")
        await shop.env.settle()
        at = await shop.of_ana()
        assert (at.flow, at.step, at.observations) == ("lamp", "plug", {"since": "Monday"})
        assert await shop.app.store.backlog.waiting() == ()


async def test_a_walk_in_a_thread_from_fix_to_a_ticket_with_words() -> None:
    async with workshop() as shop:
        await sync(shop)
        called = await shop.ana.slash(shop.room, "fix", problem="lamp")
        await shop.env.settle()
        assert called.response is not None
        at = await shop.of_ana()
        place = at.address("customer")
        assert place is not None
        step = await live(shop)
        await shop.ana.click(step, label="Still failing")
        assert (await shop.of_ana()).step == "bulb"
        shown = await shop.ana.click(await live(shop), label="Talk to a person")
        assert (await shop.of_ana()).ticket_open
        assert shown.modal is not None


async def test_a_click_of_somebody_else_moves_nothing_and_its_owners_changes_the_message() -> None:
    async with workshop() as shop:
        await sync(shop)
        bo = shop.guild.add_member(shop.env.create_user("Bo"))
        await shop.ana.slash(shop.room, "fix", problem="lamp", where="here")
        await shop.env.settle()
        step = await live(shop)
        await bo.click(step, label="Still failing")
        assert (await shop.of_ana()).turn == 1
        await shop.ana.click(step, label="Still failing")
        assert (await shop.of_ana()).turn == 2
        assert (await live(shop)).id == step.id


async def sync(shop: Workshop) -> None:
    """Make the commands known, as at every start."""
    client = shop.env.bot
    assert isinstance(client, Seeing)
    assert client.application_id is not None
    await client.put_commands(client.application_id, commands())


async def live(shop: Workshop) -> discord.Message:
    """The message that shows the live step."""
    await shop.env.settle()
    at = await shop.of_ana()
    receipt = await shop.app.store.outbox.receipt(at.id, at.prompt_effect)
    assert receipt is not None
    room, message = sent(receipt)
    channel = shop.env.bot.get_channel(int(room))
    assert isinstance(channel, discord.Thread)
    return await channel.fetch_message(int(message))
