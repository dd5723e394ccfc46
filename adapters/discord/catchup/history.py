"""Reads a channel's history and hands its messages on as if the gateway had sent them."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Final

import discord

from adapters.discord.api.gateway import FAILURES, GatewayClient
from adapters.discord.api.gateway_queue import Json
from bot.telemetry import log

AT_A_TIME: Final = 100
"""Messages that Discord returns per request."""


def _every(_row: Json) -> bool:
    return True


async def read_on(
    place: str,
    guild: str,
    after: int,
    client: GatewayClient,
    wanted: Callable[[Json], bool] = _every,
    requests: int | None = None,
    members: dict[str, Json] | None = None,
) -> int:
    """Handle the `wanted` messages after the message `after`, in order. Return how many there were.

    `requests` limits the calls to Discord. `members` keeps the authors that were looked up, for further places. Raises
    NotFound, Forbidden.
    """
    count, asked = 0, 0
    members = {} if members is None else members
    while requests is None or asked < requests:
        asked += 1
        rows = await _read(place, after, client)
        for row in sorted(rows, key=lambda message: int(message["id"])):
            after = max(after, int(row["id"]))
            if not wanted(row):
                continue
            count += 1
            whole = await _as_gateway_event(row, guild, client, members)
            if (task := client.hearing.hear("message", whole)) is not None:
                await asyncio.wait({task})
        if len(rows) < AT_A_TIME:
            break
    return count


async def _read(place: str, after: int, client: GatewayClient) -> list[Json]:
    """Read messages, in several attempts: once a newer message is heard, these are read no more.

    Raises NotFound, Forbidden.
    """
    for attempt in itertools.count(1):
        try:
            return await client.read(int(place), after, AT_A_TIME)
        except (discord.NotFound, discord.Forbidden):
            raise
        except FAILURES as failure:
            if not await client.hearing.rests(attempt):
                log("discord").warning("a channel could not be read", room=place, reason=str(failure)[:200])
                break
    return []


async def _as_gateway_event(row: Json, guild: str, client: GatewayClient, members: dict[str, Json]) -> Json:
    """Add what the gateway would have sent along with a message: its guild, and its author's roles."""
    author = row.get("author")
    if not guild or not isinstance(author, dict):
        return row
    if author.get("bot") or row.get("webhook_id"):
        return {**row, "guild_id": guild}
    of = str(author["id"])
    if of not in members:
        try:
            members[of] = {"member": await client.member(int(guild), int(of))}
        except FAILURES as failure:
            log("discord").info("an author's roles could not be looked up", reason=str(failure)[:200])
    return {**row, "guild_id": guild, **members.get(of, {})}
