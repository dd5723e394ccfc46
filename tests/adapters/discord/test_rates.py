"""Tests that tickets that come together are opened in Discord in order, at the rate of the agents' channel."""

import pytest

from adapters.discord.rates import Calls
from adapters.storage.vault import RedisLimiter
from bot.ports import Busy, Delivery
from flows.conversation import Address, Status
from flows.effects import Packet, Relay
from tests.adapters.slack.render.test_agent_thread import dossier
from tests.fakes.world import store_in_memory

NOON_MS = 1_800_000_000_000


def delivery(number: int, room: str = "8", kind: type[Packet | Relay] = Packet) -> Delivery:
    told = dossier(status=Status.WAITING)
    effect = kind.model_validate({"id": f"{number}.{room}", "end": "agents"})
    address = Address(channel="discord", workspace="1", room=room)
    return Delivery(effect=effect, conversation=told.conversation, address=address, dossier=told)


@pytest.mark.row("discord", "Many tickets are opened at once")
async def test_tickets_wait_in_order_for_the_rate_of_their_channel_and_nothing_else_does() -> None:
    store, at = store_in_memory(), [NOON_MS]
    calls = Calls(RedisLimiter(store.wire, lambda: at[0]))
    waits = []
    for number in range(8):
        try:
            await calls.begin(delivery(number))
            waits.append(0.0)
        except Busy as busy:
            waits.append(busy.seconds)
    assert waits == [0, 0, 0, 0, 0, pytest.approx(1), pytest.approx(2), pytest.approx(3)]
    await calls.begin(delivery(9, kind=Relay))
    await calls.begin(delivery(9, room="7"))
    at[0] += 1000
    with pytest.raises(Busy):
        await calls.begin(delivery(6))
    await calls.begin(delivery(5))
    for _ in range(4):
        await calls.allowed()
    await store.close()
