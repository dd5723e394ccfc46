"""Fills a store through the whole product, writes garbage under one kind of key, and uses the product beside it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import cycle
from typing import Final

import httpx
import pytest

from adapters.storage.key_types import expected_type
from adapters.storage.kinds import kind_of
from adapters.storage.store import Store
from adapters.web import create
from bot.commands.agents.ticket_export import export
from bot.ports import Damaged, Quarantined
from bot.quarantine import DamageReports
from bot.timers import ring
from bot.wiring.web import site
from flows.conversation import Address, Conversation
from flows.events import Concluded, Escalated, Replied, Said, Started
from tests.adapters.web.support.agent import Agent, signed_in
from tests.adapters.web.support.site import ADDRESS, Place, Power
from tests.fakes.world import World

GARBAGE: Final = {
    "nothing": b"",
    "no JSON": b"{no",
    "another shape": b'{"a": [1, null]}',
    "a list": b"[[], 7]",
    "a NUL": b"a\x00b 1 2 3",
    "no UTF-8": b"\xff\xfe 1.1.g.1 \xe9 {}",
    "words": b"some words that mean nothing at all",
}
"""What stands in the place of a value."""

CHANNELS: Final = ("web", "sent")


class Scene:
    """The product on a store with customers on the page and in a chat, and an agent at the desk."""

    def __init__(self, store: Store) -> None:
        """`store` is empty."""
        self.store = store
        self.world = World(store, PUBLIC_URL=ADDRESS)
        self.agent: Agent
        self.place: Place
        self._browser: httpx.AsyncClient
        self._reports = DamageReports(
            store.quarantine, store.conversations, self.world.app.receive, lambda: self._looks * 60.0
        )
        self._looks = 1
        self._keys = 0
        self._victims = 0
        self.ids: dict[str, str] = {}

    async def open(self) -> "Scene":
        """Open the page and the desk, and let the customers come who stay intact."""
        await self.store.prepare()
        for flow in self.world.app.catalogue.by_id.values():
            await self.store.revisions.keep(flow)
        self.place = Place(self.world.app, web := await site(self.world.app), create(web), Power())
        self._browser = self.place.client()
        await self.sign_in()
        for channel in CHANNELS:
            self.ids[f"other/{channel}"] = (await self.come("other", channel)).id
        ended = await self.come("ended", "web")
        await self.world.send(Concluded(conversation=ended.id, name="Ben", actor="desk:ben"), "desk:ben")
        await self.world.send(
            Started(key="g", door="web/guided", flow="lamp", address="web||guided||guided"), "web:guided"
        )
        return self

    async def close(self) -> None:
        await self._browser.aclose()
        await self.world.close()

    async def come(self, name: str, channel: str) -> Conversation:
        """Start a conversation, say something in it and ask for a person."""
        actor = f"{channel}:{name}"
        address = str(Address(channel=channel, room=name, person=name))
        self._keys += 1
        start = Started(
            key=f"s{self._keys}", door=f"{channel}/{name}", flow="lamp", address=address, text="It is dark"
        )
        outcome = await self.world.send(start, actor)
        assert outcome is not None
        at = outcome.conversation
        await self.world.send(Said(conversation=at.id, text="Still dark, what now?", turn=at.turn), actor)
        await self.world.send(Escalated(conversation=at.id), actor)
        return at

    async def victims(self) -> None:
        """Let new customers come, with everything that a store keeps of anyone: what is damaged later is theirs."""
        self._victims += 1
        for channel in CHANNELS:
            at = await self.come(f"victim{self._victims}", channel)
            self.ids[f"victim/{channel}"] = at.id
            await self.store.views.saw(at.id, 1)
            await self.store.places.note(at.contact, at.id, 1)
        for fault in ("refuse", "busy"):
            self.world.platform.faults.append(fault)
            await self.reply(self.ids["victim/sent"])
        await self.store.limiter.wait_for("victim", 600)
        await self.store.unmatched.count("nothing matches this")

    async def reply(self, conversation: str) -> None:
        """Let the agent reply."""
        replied = Replied(conversation=conversation, text="On it", name="Ben", actor="desk:ben")
        await self.world.send(replied, "desk:ben")

    # ---------------------------------------------------------------- damage

    async def keys_of(self, kind: str) -> list[str]:
        """Return the keys of a kind that are the victims' own; those that are shared, if they have none."""
        found = [key for key in await self._all() if (known := self._kind(key)) is not None and known == kind]
        mine = [key for key in found if any(self.ids[f"victim/{channel}"] in key for channel in CHANNELS)]
        theirs = [key for key in found if any(self.ids[f"other/{channel}"] in key for channel in CHANNELS)]
        return mine or [key for key in found if key not in theirs]

    async def _all(self) -> list[str]:
        keys = self.store.wire.keys.any()
        return [str(key) async for key in self.store.wire.client.scan_iter(match=keys, count=1000)]

    def _kind(self, key: str) -> str | None:
        known = kind_of(self.store.wire.keys.prefix, key)
        return known.name if known else None

    async def spoil(self, key: str) -> None:
        """Put garbage of every sort under a key, in the type that it has; beside what is there in an index."""
        sorts, ask = cycle(GARBAGE.values()), self.store.wire.client.execute_command
        match await ask("TYPE", key):
            case "string":
                await ask("SET", key, GARBAGE["another shape"])
            case "hash":
                theirs = [self.ids[f"other/{channel}"] for channel in CHANNELS]
                for field in await ask("HKEYS", key):
                    if not any(other in field for other in theirs) and self.agent.account.id not in field:
                        await ask("HSET", key, field, next(sorts))
                for garbage in GARBAGE.values():
                    await ask("HSET", key, garbage, garbage)
            case "list":
                for index in range(await ask("LLEN", key)):
                    await ask("LSET", key, index, next(sorts))
                for garbage in GARBAGE.values():
                    await ask("RPUSH", key, garbage)
            case "zset":
                at = (
                    0 if self._kind(key) in ("alarms", "queues") else 4e12
                )  # due at once, or the newest of a list
                for garbage in GARBAGE.values():
                    await ask("ZADD", key, at, garbage)
            case "set":
                for garbage in GARBAGE.values():
                    await ask("SADD", key, garbage)
            case other:
                raise AssertionError(f"{key} has the type {other}")

    async def retype(self, key: str) -> None:
        """Put a value of another type under a key."""
        _, wanted = expected_type(self.store.wire.keys.prefix, key) or ("", "")
        ask = self.store.wire.client.execute_command
        await ask("DEL", key)
        await ask(*(("SET", key, "x") if wanted != "string" else ("RPUSH", key, "x")))

    # ---------------------------------------------------------------- use

    async def work(self) -> None:
        """Do a worker's turns until each lane was looked at, and report what was set aside."""
        app = self.world.app
        for _ in range(2):
            await self._make_due()
            await app.outbox.pick_up()
            await app.outbox.idle()
            await ring(self.store.alarms, app.receive)
            self._looks += 1
            await self._reports.tell()
            await app.outbox.idle()

    async def _make_due(self) -> None:
        """Make every lane due now."""
        ask = self.store.wire.client.execute_command
        for shard in self.store.wire.shards:
            queue = shard.queues + "sent"
            if await ask("TYPE", queue) == "zset":
                for lane in await ask("ZRANGE", queue, 0, -1):
                    await ask("ZADD", queue, "XX", 0, lane)

    async def others_go_on(self) -> None:
        """Let the other customers and a new one do what they came for, and the agent answer."""
        for channel in CHANNELS:
            conversation = self.ids[f"other/{channel}"]
            before = await self.store.conversations.load(conversation)
            assert before is not None
            await self.world.send(Said(conversation=conversation, text="And now?"), f"{channel}:other")
            await self.reply(conversation)
            at = await self.store.conversations.load(conversation)
            assert at is not None
            assert at.version == before.version + 2
            assert await self.world.app.look(conversation) is not None
        await self.work()
        heard = self.world.platform.texts("other")
        assert sum("On it" in text for text in heard) == sum(
            isinstance(row.event, Replied)
            for row in await self.store.conversations.journal(self.ids["other/sent"])
        )

    async def sign_in(self) -> None:
        """Sign the agent in, who may have lost their account or their session."""
        self.agent = await signed_in(self.place, self._browser, f"Ada {self._keys}", "admin")

    async def pages_answer(self) -> None:
        """Open the page, the desk and its lists."""
        assert (await self._browser.get("/")).status_code == 200
        await self.agent.open("/desk?tab=open&order=newest")
        if "Ada" not in self.agent.page:  # their session or account was damaged
            await self.sign_in()
        for path in (
            "/desk?tab=guiding",
            "/desk?tab=resolved",
            "/desk/damaged",
            f"/desk/c/{self.ids['other/web']}",
        ):
            await self.agent.open(path)

    async def operator_looks(self) -> None:
        """Look as an operator does: at what waits, dead letters, tickets, processes and metrics."""
        store = self.store
        await store.backlog.waiting()
        await store.backlog.buried()
        await store.index.tickets(100)
        await store.processes.alive()
        assert await store.accounts.all() is not None
        await self.world.app.exposition.page(1)

    async def victims_try(self) -> None:
        """Let those whose data is damaged look and come again: it works, or says that their data is damaged."""
        app = self.world.app
        for channel in CHANNELS:
            conversation, actor = self.ids[f"victim/{channel}"], f"{channel}:victim{self._victims}"
            with suppress(Damaged):
                await app.look(conversation)
            with suppress(Damaged):
                await app.reader.dossier(conversation)
            with suppress(Damaged):
                await self.world.send(Escalated(conversation=conversation), actor)
            await self.come(f"victim{self._victims}", channel)

    async def exported(self, capsys: pytest.CaptureFixture[str]) -> set[str]:
        """Return the conversations of the exported tickets."""
        capsys.readouterr()
        await export(self.world.app)
        return {
            json.loads(line)["conversation"]
            for line in capsys.readouterr().out.splitlines()
            if line[:1] == "{"
        }

    async def found(self, before: Iterable[Quarantined]) -> list[Quarantined]:
        """Return what was set aside since then."""
        known = {entry.id for entry in before}
        return [entry for entry in await self.store.quarantine.entries() if entry.id not in known]
