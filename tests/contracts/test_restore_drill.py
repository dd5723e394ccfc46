"""Restores a backup that was made under traffic into a store of another kind, and lets the product go on there."""

import asyncio
import copy
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from adapters.storage.archive.archive_file import ArchiveWriter, unpacked
from adapters.storage.archive.store_archive import StoreArchive
from adapters.storage.store import Store
from bot.ports import ArchiveUnit
from flows.conversation import Address, Conversation
from flows.engine import apply
from flows.events import Answered, Claimed, Escalated, Event, Replied, Started
from tests.adapters.web.support.agent import signed_in
from tests.adapters.web.support.site import GUIDE, Place, open_place
from tests.adapters.web.support.visitor import Browser, begun
from tests.contracts.support.changes import plain
from tests.contracts.support.servers import Server
from tests.fakes.clockwork import settle, time_passes
from tests.fakes.platform import Platform
from tests.fakes.world import World

KINDS = {"out of the embedded store into a cluster": ("valkey", "cluster"), "and back": ("cluster", "valkey")}
CUSTOMERS = 6
ACTS = 50


@pytest.fixture(scope="session", params=KINDS.values(), ids=list(KINDS))
def two_servers(request: pytest.FixtureRequest, running: Callable[[str], Server]) -> tuple[Server, Server]:
    first, second = request.param
    return running(first), running(second)


@pytest.fixture
async def stores(two_servers: tuple[Server, Server], prefix: str) -> AsyncIterator[tuple[Store, Store]]:
    """Return a store to export, and an empty one of another kind."""
    source, target = two_servers[0].store(prefix), two_servers[1].store(f"{prefix}restored")
    await source.prepare()
    await target.prepare()
    yield source, target
    await source.close()
    await target.close()


@dataclass
class Traffic:
    """Lets customers and agents act: first each walks into a conversation, then one acts whenever it is their turn."""

    world: World
    acts: int = 0
    talks: list[Conversation] = field(default_factory=list)

    async def begin(self) -> None:
        """Let every customer walk a step. Two of three then ask for a person, and an agent claims the ticket."""
        await asyncio.gather(*(self._customer(number) for number in range(CUSTOMERS)))

    async def go_on(self) -> None:
        """Let an agent reply in one conversation, and a further customer come now and then."""
        talk = self.talks[self.acts % len(self.talks)]
        reply = Replied(conversation=talk.id, text=f"answer {self.acts}", name="Kim")
        await self._does(reply, "desk:kim")
        if self.acts % 5 == 0:
            await self._customer(CUSTOMERS + self.acts)

    async def _customer(self, number: int) -> None:
        name = f"sent:c{number}"
        address = str(Address(channel="sent", room=f"c{number}"))
        at = await self._does(Started(door=f"sent/c{number}", address=address, flow=GUIDE), name)
        at = await self._does(Answered(choice="still-failing", turn=at.turn, conversation=at.id), name)
        if number % 3 == 0:
            return  # this customer leaves an unanswered step with an armed nudge
        at = await self._does(Escalated(conversation=at.id), name)
        self.talks.append(await self._does(Claimed(conversation=at.id, name="Kim"), "desk:kim"))

    async def _does(self, event: Event, actor: str) -> Conversation:
        self.acts += 1
        outcome = await self.world.app.receive(
            event.model_copy(update={"key": str(self.acts), "actor": actor})
        )
        assert outcome is not None
        assert outcome.refusal is None, outcome.refusal
        return outcome.conversation


async def exported(store: Store, traffic: Traffic) -> bytes:
    """Write an archive while people act between any two of its units."""
    archive = StoreArchive(store.wire, at_once=1)
    head = await archive.head()
    writer = ArchiveWriter(head)
    content = writer.begin()
    async for unit in archive.units(head):
        content += writer.add(unit)
        if traffic.acts < ACTS:
            await traffic.go_on()
    return content + writer.end()


async def imported(store: Store, content: bytes) -> list[ArchiveUnit]:
    archive = StoreArchive(store.wire)
    head, units = unpacked(io.BytesIO(content), "")
    written = list(units)
    await archive.begin(head, merge=False)
    for unit in written[: len(written) // 2]:  # and here the first attempt is killed
        await archive.restore(unit)
    await archive.begin(head, merge=False)
    for unit in written:
        await archive.restore(unit)
    await archive.finish(head)
    return written


async def replay(store: Store, conversation_id: str) -> None:
    replayed = Conversation(id=conversation_id)
    for row in await store.conversations.journal(conversation_id):
        replayed = apply(replayed, row)
    at = await store.conversations.load(conversation_id)
    assert at is not None
    assert plain(replayed) == plain(at)


async def walked(place: Place) -> tuple[Browser, dict[str, str]]:
    """Walk one step on the web page. Return the browser with its cookies."""
    browser = Browser(place.client())
    await begun(await browser.open("/"))
    await browser.press("answered:still-failing")
    return browser, dict(browser.client.cookies)


async def test_a_backup_made_under_traffic_is_restored_and_goes_on(stores: tuple[Store, Store]) -> None:
    source, target = stores
    async with open_place(store=source) as place:
        browser, cookies = await walked(place)
        world = World(source, place.app.catalogue)
        traffic = Traffic(world)
        await traffic.begin()
        await world.app.outbox.idle()
        world.platform.gate = asyncio.Event()  # from here on every send hangs, and leases are held
        await traffic.go_on()
        content = await exported(source, traffic)
        rooms = copy.deepcopy(world.platform.rooms)
        world.platform.gate.set()
        await world.app.outbox.idle()

    units = await imported(target, content)
    async with open_place(store=target) as place:
        walks = [unit for unit in units if "conversation" in unit]
        assert len(walks) > CUSTOMERS
        assert any(lane["held"] for unit in walks for lane in unit["lanes"])
        for unit in walks:
            await replay(target, unit["conversation"])

        world = World(target, place.app.catalogue, platform=Platform(rooms=rooms))
        await settle(world, "sent", "web")  # lanes go on at once, though their holders never gave them back
        sent = Counter(posted.effect for room in rooms.values() for posted in room)
        receipts = [receipt for unit in walks for receipt in unit["receipts"]]
        assert receipts
        assert not [effect for effect in receipts if sent[effect] > 1]
        assert await target.backlog.buried() == ()
        for room in world.platform.rooms:
            answers = [text for text in world.platform.texts(room) if text.startswith("answer")]
            assert answers == sorted(answers, key=lambda text: int(text.split()[1]))

        agent = await signed_in(place, place.client(), "Max")
        held = [unit["conversation"] for unit in walks if unit["record"].get("s") == "a"]
        assert f"All open {len(held)} " in agent.text
        await agent.open(f"/desk/c/{held[0]}")

        assert await time_passes(world) >= CUSTOMERS  # nudges and promises ring
        fresh = await world.start(GUIDE, channel="sent")
        outcome = await world.send(Escalated(conversation=fresh.id))
        assert outcome is not None
        assert outcome.conversation.ticket not in {talk.ticket for talk in traffic.talks}

        again = Browser(place.client(cookies=cookies))
        await again.open(browser.path)
        assert again.offers("answered:still-failing")
        await again.press("answered:still-failing")
