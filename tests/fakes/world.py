"""Composes the product for a test: a real desk and outbox on a store in memory, with a platform to send to."""

from collections.abc import Sequence
from typing import Final

import fakeredis
from redis.asyncio import Redis

from adapters.storage.store import Store
from bot.desk.likeness_meter import LikenessMeter
from bot.ports import Channel, Encoder, Outcome
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.product import App
from bot.wiring.settings import load_settings
from flows.catalogue import Catalogue
from flows.conversation import Address, Conversation
from flows.events import Event, Started
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender

SHARDS: Final = 4
"""Shards of a store in memory, few because many commands visit every shard. `tests/contracts` use all 64."""


def store_in_memory(server: fakeredis.FakeServer | None = None) -> Store:
    """Make a store on fakeredis. Several stores on one server act as several processes."""
    client: Redis = fakeredis.FakeAsyncRedis(
        server=server or fakeredis.FakeServer(version=(7,)),
        decode_responses=True,
        encoding_errors="surrogateescape",
    )
    return Store(client, shards=SHARDS)


class World:
    """Runs one process of the product, with the customer Ana in room `ana` of a platform called "sent"."""

    def __init__(
        self,
        store: Store | None = None,
        shelf: Catalogue | None = None,
        platform: Platform | None = None,
        channels: Sequence[Channel] | None = None,
        encoder: Encoder | None = None,
        **settings: str,
    ) -> None:
        """`settings` are named as in the environment; `channels` default to one sender. Without an `encoder`, plain
        phrases alone are understood.
        """
        self.platform = platform or Platform()
        self.store = store or store_in_memory()
        self.app: App = compose(
            load_settings(settings),
            self.store,
            FlowFiles(catalogue=shelf or catalogue(), readings=()),
            (Sender(self.platform),) if channels is None else channels,
            hearing=LikenessMeter(encoder),
        )
        self._keys = 0

    async def send(self, event: Event, actor: str = "sent:ana") -> Outcome | None:
        """Send an event to the desk, with a new key if it has none, and wait until the outbox is idle."""
        self._keys += 1
        update = {"key": event.key or f"k{self._keys}", "actor": event.actor or actor}
        outcome = await self.app.receive(event.model_copy(update=update))
        await self.app.outbox.idle()
        return outcome

    async def start(
        self, flow: str = "lamp", text: str = "", channel: str = "sent", person: str = "ana"
    ) -> Conversation:
        """Start the conversation of a person, by default Ana, in their room."""
        address = str(Address(channel=channel, room=person))
        event = Started(door=f"{channel}/{person}/{flow}", address=address, flow=flow, text=text)
        outcome = await self.send(event, f"sent:{person}")
        assert outcome is not None
        assert outcome.refusal is None, outcome.refusal
        return outcome.conversation

    async def close(self) -> None:
        """Wait until the outbox is idle and close the store."""
        await self.app.outbox.idle()
        await self.store.close()
