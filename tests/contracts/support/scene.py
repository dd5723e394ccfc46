"""Fills a store through the whole product, and uses the product beside damaged data."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import httpx
import pytest

from adapters.storage.formats import NEWEST
from adapters.storage.store import Store
from adapters.web import create
from bot.commands.agents.ticket_export import export
from bot.ports import ALL_FILES, Damaged, KnownPerson, LiveProcess, Quarantined, Rate, Upload
from bot.quarantine import DamageReports
from bot.timers import ring
from bot.wiring.web import site
from flows.conversation import Address, Conversation
from flows.events import Concluded, Escalated, File, Replied, Said, Started
from tests.adapters.web.support.agent import Agent, signed_in
from tests.adapters.web.support.site import ADDRESS, Place, Power
from tests.contracts.support.damage import Damage
from tests.fakes.world import World

CHANNELS: Final = ("web", "sent")

OWN: Final = frozenset({"records", "journals", "words", "seen", "receipts", "lanes", "holds", "viewed"})
"""Kinds of which each conversation has a key of its own. Each of them has victims of its own, so that no damage hides
another; all other kinds share theirs."""

SHARED: Final = ""
"""The kind of the victims whose keys are damaged together."""


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
        self.damage = Damage(store)
        self._keys = 0
        self._round = 0
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
        self._round += 1
        for kind in (SHARED, *sorted(OWN)):
            for channel in CHANNELS:
                at = await self.come(self._victim(kind), channel)
                self.ids[f"{kind}/{channel}"] = at.id
                await self.store.views.saw(at.id, 1)
                await self.store.places.note(at.contact, at.id, 1)
            for fault in ("refuse", "busy"):
                self.world.platform.faults.append(fault)
                await self.reply(self.ids[f"{kind}/sent"])
        await self.use_the_rest()
        # What only an earlier version wrote, and what is there once anything was damaged.
        await self.store.wire.ask("HSET", self.store.wire.keys.kept_days, "99999", "1")
        await self.store.quarantine.note(self.store.wire.keys.contact("x"), "list", "", "?", "")

    def _victim(self, kind: str) -> str:
        return f"victim {kind} {self._round}"

    async def use_the_rest(self) -> None:
        """Use what a store keeps beside conversations, under the same names each time."""
        store = self.store
        store.health.check_again()
        assert await store.health.check() is not None
        await store.processes.announce(LiveProcess(id="one", roles=("web",), release="1", reads=NEWEST))
        await self.world.app.exposition.share()
        await store.limiter.wait_for("anyone", 600)
        await store.limiter.reserve(
            "platform", f"claim {self._keys}", [Rate(name="r", per_minute=60, at_once=9)]
        )
        await store.allowances.wait_for("anyone", f"act {self._keys}", 100, 600)
        await store.unmatched.count("nothing matches this")
        await store.unmatched.all()
        await store.marks.put("permanent")
        await store.marks.first("temporary", 600)
        await store.addresses.confirm("web:other", "ana@example.org")
        assert await store.addresses.confirmed("web:other", "ana@example.org")
        await store.people.begin(KnownPerson(actors=("web:gone",)))
        assert KnownPerson(actors=("web:gone",)) in await store.people.begun()
        file = File(
            id=f"file {self._keys}",
            name="a.txt",
            kind="text/plain",
            size=1,
            at=f"kept||{self.ids['other/web']}",
        )
        await store.kept.hold([Upload(file=file, content=b"a")], {ALL_FILES: 1_000_000})
        assert await store.kept.get(file.id) == b"a"

    async def keys_of(self, kind: str) -> list[str]:
        """Return the keys of a kind that are its victims' own, or else those that everyone shares."""
        found = await self.damage.keys_of(kind)
        if kind in OWN:
            return [key for key in found if any(self.ids[f"{kind}/{channel}"] in key for channel in CHANNELS)]
        return found

    def spared(self) -> list[str]:
        """Return what no garbage replaces in a key that everyone shares: the others, and the agent."""
        return [*(self.ids[f"other/{channel}"] for channel in CHANNELS), self.agent.account.id]

    async def reply(self, conversation: str) -> None:
        """Let the agent reply."""
        replied = Replied(conversation=conversation, text="On it", name="Ben", actor="desk:ben")
        await self.world.send(replied, "desk:ben")

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
        for kind in (SHARED, *sorted(OWN)):
            for channel in CHANNELS:
                conversation = self.ids[f"{kind}/{channel}"]
                with suppress(Damaged):
                    await app.look(conversation)
                with suppress(Damaged):
                    await app.reader.dossier(conversation)
                with suppress(Damaged):
                    await self.world.send(
                        Escalated(conversation=conversation), f"{channel}:{self._victim(kind)}"
                    )
                await self.come(self._victim(kind), channel)

    async def exported(self, capsys: pytest.CaptureFixture[str]) -> set[str]:
        """Return the conversations of the exported tickets."""
        capsys.readouterr()
        await export(self.world.app)
        return {
            json.loads(line)["conversation"]
            for line in capsys.readouterr().out.splitlines()
            if line[:1] == "{"
        }

    async def set_aside(self, before: Iterable[Quarantined]) -> set[str | None]:
        """Return the kinds of the keys from which something was set aside since then."""
        known = {entry.id for entry in before}
        entries = [entry for entry in await self.store.quarantine.entries() if entry.id not in known]
        return {self.damage.kind(entry.place.split(" ", 1)[0]) for entry in entries}
