"""Tests an upgrade without a pause: the release before and this one serve the same customers, back and forth."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.formats import NEWEST
from adapters.storage.server.embedded import Embedded
from adapters.storage.store import Store, connect
from flows.text.agent_phrases import phrase
from tests.adapters.web.support.embedder import Walk
from tests.contracts.support.servers import short_folder
from tests.fakes.slack import Slack, labels
from tests.fakes.wait import until
from tests.upgrades.support.releases import PATIENCE_S, PAUSE_S, Process, Release, build_before

DESK = "C9DESK"
FLOW = "connection-not-active"
GUIDE = json.dumps(phrase("fact_guide"))


class Shop:
    """A store with customers on the pages of two releases, and Max, an agent in Slack."""

    def __init__(self, slack: Slack, store: Store) -> None:
        slack.channel(DESK, "desk")
        self.slack, self.store = slack, store
        self.max = slack.person("U9MAX", name="Max")
        self.walks: list[Walk] = []

    async def customer(self, *pages: Process) -> Walk:
        """Let a customer start, answer and ask for a person, each time on the next page."""
        start, answer, ask = (pages[index % len(pages)].page for index in range(3))
        begun = await start.post("/api/conversations", json={"flow": FLOW})
        assert begun.status_code == 201, begun.text
        walk = Walk(answer, begun.json())
        assert (await walk.answer("still-failing")).status_code == 200
        walk.client = ask
        assert (await walk.send("escalate")).status_code == 200
        assert walk.state["ticket"]
        self.walks.append(walk)
        return walk

    async def everyone_speaks(self, *pages: Process) -> None:
        """Let every customer look on each page, and write on one of them: Slack takes one message a second."""
        for number, walk in enumerate(self.walks):
            for process in pages:
                seen = await process.page.get(walk.path, headers=walk.bearer)
                assert seen.status_code == 200, seen.text
            walk.client = pages[number % len(pages)].page
            assert (await walk.send("said", text="Still broken.")).status_code == 200

    async def max_helps(self, walk: Walk) -> None:
        """Let Max claim a ticket in its thread and reply; the customer sees the reply."""
        head = await patiently(lambda: self._thread(walk))
        facts = (await patiently(lambda: self._facts(head["ts"])))[0]
        assert (await self.max.presses(facts, "Claim")).acked
        await self.max.writes(DESK, "!Let me look.", thread=head["ts"])

        async def sees() -> bool:
            seen = (await walk.client.get(walk.path, headers=walk.bearer)).json()
            return any("Let me look." in message["text"] for message in seen["messages"])

        await patiently(sees)

    async def _thread(self, walk: Walk) -> dict[str, Any] | None:
        """Return the first message of a ticket's thread. There is never more than one."""
        number = f"#{walk.state['ticket']['number']}"
        heads = [
            one
            for one in self.slack.by_the_app(DESK)
            if one.get("thread_ts", one["ts"]) == one["ts"] and number in str(one["blocks"])
        ]
        assert len(heads) <= 1
        return heads[0] if heads else None

    async def _facts(self, thread: str) -> list[dict[str, Any]]:
        inside = self.slack.by_the_app(DESK, thread)
        return [one for one in inside if one["ts"] != thread and "Claim" in labels(one)]

    async def everything_arrived_once(self) -> None:
        """Check that each ticket has one thread with all known facts once, and that nothing waits or was given up."""
        await patiently(self._settled)
        assert await self.store.backlog.buried() == ()
        for walk in self.walks:
            head = await self._thread(walk)
            assert head is not None
            facts = [one for one in self.slack.by_the_app(DESK, head["ts"]) if GUIDE in json.dumps(one)]
            assert len(facts) == 1

    async def _settled(self) -> bool:
        return not await self.store.backlog.waiting()

    async def effects(self, walk: Walk) -> list[str]:
        """Return the kinds of a conversation's effects for agents, as they are journaled."""
        rows = await self.store.conversations.journal(walk.state["id"])
        return [effect.kind for row in rows for effect in row.effects if effect.end == "agents"]

    async def written(self) -> int:
        """Return the format that the store's processes write."""
        return (await self.store.formats.status()).written


@pytest.fixture
async def shop() -> AsyncIterator[tuple[Shop, dict[str, str]]]:
    """Run Slack and a store to which no one else is connected; return the settings of processes as well."""
    folder = short_folder()
    server = await Embedded.attach(folder)
    address = f"unix://{server.socket}"
    async with Slack.running() as slack:
        store = Store(connect(address))
        settings = {
            "REDIS_URL": address,
            "PORT": "0",
            "HEARING": "phrases",
            "DESK_ROOM": f"slack:{DESK}",
            "SLACK_API_URL": slack.api,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_AGENTS": "U9MAX",
        }
        yield Shop(slack, store), settings
        await store.close()
    await server.release()
    shutil.rmtree(folder)


@pytest.mark.timeout(1200)  # each wait inside has its own end, which a busy machine may need
async def test_two_releases_serve_together_and_the_newer_one_takes_over(
    shop: tuple[Shop, dict[str, str]], tmp_path: Path
) -> None:
    street, settings = shop
    with ExitStack() as killed:
        before = Release(tmp_path / "before", settings, killed, build_before(tmp_path / "source"))
        this = Release(tmp_path / "this", settings, killed)
        old = await before.run()
        first = await street.customer(old)
        new = await this.run()

        # Together, under traffic: both are ready, and neither fails.
        for pages in ((old, new), (new, old)):
            await street.customer(*pages)
        await street.everyone_speaks(old, new)
        await street.max_helps(first)
        await asyncio.gather(old.ready(), new.ready())
        await street.everything_arrived_once()
        assert "without a name" in str((await street.store.formats.status()).doubts)
        assert await street.written() == 1

        # Back: the older release goes on with all that the newer one wrote.
        await new.stop()
        await street.everyone_speaks(old)
        await street.max_helps(street.walks[1])
        await street.everything_arrived_once()
        assert {kind for walk in street.walks for kind in await street.effects(walk)}.isdisjoint({"brief"})

        # A store that needs a newer release: one that still runs is not ready, and says why.
        await street.store.formats._step("close")
        waits = await old.page.get("/readyz")
        assert waits.status_code == 503
        assert f"format {NEWEST}" in waits.text
        await street.store.formats._step("open")
        await old.ready()

        # Forward: once the older one has stopped, the newer one writes its own format, and the older one refuses.
        new = await this.run()
        await old.stop()
        await patiently(lambda: _is(street.written, NEWEST))
        refused = await asyncio.to_thread(before.refusal)
        assert f"the stored data has format {NEWEST}, but this version needs 1" in refused
        await patiently(lambda: _two_effects(street, new))
        await street.everyone_speaks(new)
        await street.max_helps(street.walks[-1])
        await street.everything_arrived_once()
        await new.ready()
        await new.stop()


async def patiently(look: Callable[[], Awaitable[Any]]) -> Any:
    """Wait for real processes, which a busy machine may slow down."""
    return await until(look, PATIENCE_S, PAUSE_S)


async def _is(asked: Any, value: object) -> bool:
    return bool(await asked() == value)


async def _two_effects(street: Shop, page: Process) -> bool:
    """Return whether a new ticket's packet is followed by a brief: the process writes the new format."""
    walk = await street.customer(page)
    return (await street.effects(walk))[:2] == ["packet", "brief"]
