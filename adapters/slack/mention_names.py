"""Looks up the names of people, channels and user groups that a message mentions, quickly or not at all."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.addresses import Person
from adapters.slack.api.client import SlackClient
from adapters.slack.api.payload import thing
from adapters.slack.api.users import Directory
from adapters.slack.inbound.mentioned import mentioned
from bot.telemetry import log

WAIT_S: Final = 0.5
"""Seconds that a message waits for all names it mentions: Slack waits three for the answer to the message."""

NAME_KEPT_S: Final = 3600.0
"""Seconds that the name of a channel or user group is cached, or that it could not be read."""

REMEMBERED: Final = 2000
"""Names cached at a time."""


class MentionNames:
    """Knows the names behind ids. A name that Slack does not give in time is left out, and known the next time."""

    def __init__(
        self,
        client: SlackClient,
        directory: Directory,
        now: Callable[[], float] = time.monotonic,
        wait_s: float = WAIT_S,
    ) -> None:
        """`directory` knows people; `now` is in seconds; `wait_s` is how long one message waits for names."""
        self._wait_s = wait_s
        self._client = client
        self._directory = directory
        self._now = now
        self._cached: dict[tuple[str, str], tuple[float, str]] = {}
        self._late: set[asyncio.Task[str]] = set()
        self._log = log("slack")

    def wanted(self, payload: object, bot_user: str = "") -> bool:
        """Return whether a payload mentions anyone but the bot."""
        return not thing(payload).get("bot_id") and bool(mentioned(payload, bot_user))

    async def of(self, payload: object, workspace: str, bot_user: str = "") -> Mapping[str, str]:
        """Return the names by id of those that a payload mentions, without the bot."""
        if thing(payload).get("bot_id"):
            return {}
        found = mentioned(payload, bot_user)
        unknown = [identifier for identifier, name in found.items() if not name]
        if not unknown:
            return found
        lookups = {
            asyncio.create_task(self._name(identifier, workspace)): identifier for identifier in unknown
        }
        done, late = await asyncio.wait(lookups, timeout=min(self._wait_s, lookup_time()))
        for task in late:
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        return found | {lookups[task]: task.result() for task in done if task.exception() is None}

    async def _name(self, identifier: str, workspace: str) -> str:
        if identifier[:1] in ("U", "W"):
            return (await self._directory.known(Person(team=workspace, user=identifier), workspace)).name
        until, name = self._cached.get((workspace, identifier), (0.0, ""))
        if until > self._now():
            return name
        read = self._group if identifier.startswith("S") else self._channel
        name = await self._tried(read, workspace, identifier)
        while len(self._cached) >= REMEMBERED:
            del self._cached[next(iter(self._cached))]
        self._cached[workspace, identifier] = (self._now() + NAME_KEPT_S, name)
        return name

    async def _tried(
        self, read: Callable[[str, str], Awaitable[str]], workspace: str, identifier: str
    ) -> str:
        try:
            return (await read(workspace, identifier))[:80]
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            self._log.info("a mentioned name could not be read", id=identifier, reason=str(failure)[:200])
            return ""

    async def _channel(self, workspace: str, identifier: str) -> str:
        answer: Mapping[str, Any] = dict(
            await self._client.read(workspace, "conversations.info", channel=identifier)
        )
        return str((answer.get("channel") or {}).get("name") or "")

    async def _group(self, workspace: str, identifier: str) -> str:
        answer = dict(await self._client.read(workspace, "usergroups.list"))
        groups = [row for row in answer.get("usergroups") or () if isinstance(row, Mapping)]
        return next((str(row.get("handle") or "") for row in groups if row.get("id") == identifier), "")
