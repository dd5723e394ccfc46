"""Writes a dump of a store that this release filled: `python -m tests.contracts.support.dump FILE`.

Run it in the tree of the release whose writing is to be kept, before anything newer is stored. Every kind of event that
stores something of its own happens in it.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fakeredis

from adapters.storage.store import Store
from bot.agents.direct_messages import DirectMessageChoices
from bot.ports import Delivery, PartialReceipt
from bot.views.reader import Library
from flows.acts import (
    Allowed,
    Claimed,
    Concluded,
    HandedBack,
    Noted,
    Released,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Woken,
    Wrote,
)
from flows.conversation import Conversation
from flows.events import (
    Answered,
    Back,
    Detailed,
    Edited,
    Escalated,
    Event,
    File,
    Joined,
    Napped,
    PlaceLost,
    Rated,
    Reacted,
    Reopened,
    Restarted,
    Said,
    Shared,
    Started,
    Withdrawn,
)
from flows.text.markup.words import parse
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender
from tests.fakes.world import World

SETTINGS: Final[dict[str, Any]] = {"DESK_ROOM": "slack:C0AGENTS", "PRODUCT_NAME": "Acme Books"}
MAX: Final = "slack:T1/UMAX"
KIM: Final = "discord:900"
PHOTO: Final = File(id="F1", name="photo of the lamp.png", kind="image/png", size=2048)


class Partial(Sender):
    """Sends as the other senders, but a message with files arrives without them."""

    async def send(self, delivery: Delivery) -> str:
        receipt = await super().send(delivery)
        return PartialReceipt.without(receipt, [file.name for file in delivery.files])


@dataclass
class Story:
    """One customer's conversation, event after event."""

    world: World
    contact: str
    at: Conversation
    count: int = 0

    async def then(self, *events: Event, actor: str = "") -> "Story":
        """Let the events happen, one after the other, each with a key of its own."""
        for event in events:
            self.count += 1
            given: dict[str, Any] = {"conversation": self.at.id, "key": f"{self.contact}/{self.count}"}
            if "turn" in type(event).model_fields and getattr(event, "turn", 0) is None:
                given["turn"] = self.at.turn
            outcome = await self.world.send(event.model_copy(update=given), actor or self.contact)
            assert outcome is not None
            if outcome.refusal is not None:
                print(event.type, outcome.refusal, self.at.status, file=sys.stderr)
            self.at = outcome.conversation
        return self


async def begin(world: World, contact: str, address: str, flow: str = "lamp", text: str = "") -> Story:
    """Start a conversation."""
    door = f"{address}/{flow}"
    event = Started(
        door=door,
        address=address,
        flow=flow,
        text=text,
        name="Ana Ruiz",
        locale="de-DE",
        zone="Europe/Berlin",
    )
    outcome = await world.send(event, contact)
    assert outcome is not None
    return Story(world, contact, outcome.conversation)


async def tell(world: World) -> None:
    """Tell the stories: every kind of event that stores something of its own."""
    styled = "It **still** blinks, see `E-17` and [the manual](https://lamps.example)"
    one = await begin(world, "slack:T1/U1", "slack|T1|C1|1700000000.000100", text="lamp is dark since noon")
    await one.then(Reacted(sign="eyes"), Answered(choice="still-failing"), Answered(choice="whole"), Back())
    await one.then(Said(text=styled, styled=parse(styled), files=(PHOTO,)), Escalated(reason="cannot_find"))
    await one.then(Claimed(name="Max"), Noted(text="She is *upset*, @Kim", mentions=(KIM,)), actor=MAX)
    await one.then(
        Replied(text="Try the **switch**", name="Max", files=(PHOTO,), line="C0AGENTS/1.1"), actor=MAX
    )
    await one.then(Edited(of="slack:T1/U1/5", text="It blinks twice", moment=5), Said(text="Thank you"))
    await one.then(Snoozed(until="hour"), Woken(), Showed(step="bulb"), Allowed(), actor=MAX)
    two = await begin(world, "discord:8", "discord|G1|77|78", text="my lamp is dark")
    await two.then(Said(text="maybe the bulb"), Answered(choice="still-failing"), Joined(name="Bo"))
    await two.then(Shared(to="discord:9", name="Cy", way="direct"), Napped(until="tomorrow"), Escalated())
    await two.then(Transferred(team="maker"), Transferred(to=KIM, to_name="Kim"), actor=MAX)
    await two.then(HandedBack(step="switch", done=("plug",)), actor=KIM)
    await two.then(Answered(choice="fixed"), Rated(score=4, text="fine, thanks"), Reopened())
    three = await begin(world, "web:visitor3", "web||visitor3")
    await three.then(Escalated(), Detailed(reason="cannot_find", text="the plug", reach="ana@lamps.example"))
    await three.then(Said(text="At home"), Withdrawn(), Restarted(), Escalated())
    await three.then(Replied(text="Where are you?", name="Max"), actor=MAX)
    four = await begin(world, "web:visitor4", "web||visitor4", flow="picker")
    await four.then(
        Said(text="the neighbors are loud"), Answered(choice="lamp"), Answered(choice="still-failing")
    )
    await four.then(Answered(choice="smell"))
    five = await begin(world, "slack:T1/U5", "slack|T1|D5")
    await five.then(Escalated())
    await five.then(Wrote(text="I am here", name="Max"), Released(), actor=MAX)
    await five.then(Claimed(name="Kim"), Concluded(reason="solved", text="a new bulb"), actor=KIM)
    await five.then(Rated(score=1))
    six = await begin(world, "discord:6", "discord|G1|66")
    await six.then(Escalated())
    await six.then(PlaceLost.of_agents(six.at.id, "thread", six.at.thread_effect, 0), actor="bot")
    await six.then(PlaceLost.of_customer(six.at.id, "channel"), actor="bot")


async def tell_what_waits(world: World, platform: Platform) -> None:
    """Leave effects of several kinds unsent, and one given up."""
    platform.faults.append("refuse")
    await begin(world, "slack:T1/U7", "slack|T1|D7")
    platform.faults.extend(["busy"] * 100)
    eight = await begin(world, "slack:T1/U8", "slack|T1|D8")
    await eight.then(Escalated(), Said(text="hello?"))
    await eight.then(Claimed(name="Max"), Replied(text="Hello", name="Max"), actor=MAX)
    await (await begin(world, "discord:10", "discord|G1|10")).then(Answered(choice="still-failing"))
    platform.faults.clear()


async def dump() -> dict[str, Any]:
    """Fill a store, and return all its keys, and what its conversations are."""
    client = fakeredis.FakeAsyncRedis(server=fakeredis.FakeServer(version=(7,)), decode_responses=True)
    store, platform = Store(client), Platform()
    await store.prepare()
    shelf = catalogue().model_copy(update={"mailed": frozenset({"web"})})
    senders = [Partial(platform, name) for name in ("slack", "discord", "mail")]
    world = World(store, shelf, platform, senders, **SETTINGS)
    await Library(store.revisions, world.app.catalogue).keep()
    for agent in (MAX, KIM):
        await DirectMessageChoices(store.marks).choose(agent, True)
    await tell(world)
    await tell_what_waits(world, platform)
    names = sorted([str(key) for key in await client.keys("*") if await client.type(key) != "none"])
    keys = {key: await _value(client, key) for key in names}
    ids = sorted(key.rpartition("c:")[2] for key in keys if "}c:" in key)
    conversations = {each: await _known(world, each) for each in ids}
    await store.close()
    return {"settings": SETTINGS, "conversations": conversations, "keys": keys}


async def _value(client: Any, key: str) -> dict[str, Any]:
    kind = await client.type(key)
    read = {
        "string": client.get,
        "hash": client.hgetall,
        "list": lambda name: client.lrange(name, 0, -1),
        "set": client.smembers,
        "zset": lambda name: client.zrange(name, 0, -1, withscores=True),
    }[kind]
    value = await read(key)
    value = sorted(value) if kind == "set" else value
    return {"type": kind, "ttl": await client.pttl(key), "value": value}


async def _known(world: World, conversation: str) -> dict[str, Any]:
    """Return what later releases must still find."""
    store = world.store
    at = await store.conversations.load(conversation)
    dossier = await world.app.reader.dossier(conversation)
    assert at is not None
    assert dossier is not None
    words = await store.conversations.words(conversation)
    names = ("contact", "flow", "revision", "status", "step", "ticket", "turn", "version")
    found = {name: at.model_dump(mode="json")[name] for name in names}
    rows = await store.conversations.journal(conversation)
    effects = sorted({effect.kind for row in rows for effect in row.effects})
    texts = {str(version): spoken.text for version, spoken in words.items()}
    return found | {"rows": len(rows), "lines": len(dossier.lines), "words": texts, "effects": effects}


if __name__ == "__main__":
    text = json.dumps(asyncio.run(dump()), indent=1, sort_keys=True, ensure_ascii=False)
    Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
