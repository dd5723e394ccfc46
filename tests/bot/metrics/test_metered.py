"""Tests the wrapped ports: what passes through them is counted, and nothing else changes."""

from collections import deque

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics.metered import MeteredChannel, MeteredLimiter, MeteredOutbox
from bot.metrics.meters import Meters
from bot.ports import Busy, Delivery, Rate, Undeliverable
from flows.conversation import Address, Conversation
from flows.effects import Tell
from flows.text.markup.words import parse
from tests.contracts.support.commits import begun, record, tell
from tests.fakes.platform import Platform, Sender
from tests.fakes.world import store_in_memory


def counted(meters: Meters, name: str, **labels: str) -> float:
    """Return a sample's value; 0 if nothing was counted."""
    samples = (each for family in text_string_to_metric_families(meters.text()) for each in family.samples)
    return sum(each.value for each in samples if each.name == name and each.labels == labels)


async def test_each_outcome_of_a_delivery_is_counted_and_raised_as_it_was() -> None:
    meters, platform = Meters(), Platform(faults=deque(["busy", "refuse", "lose-answer", "fine"]))
    channel = MeteredChannel(Sender(platform), meters)
    delivery = Delivery(
        effect=Tell(id="c.0"),
        conversation=Conversation(id="c"),
        address=Address(channel="sent", room="ana"),
        words=parse("Hello"),
    )
    for failure in (Busy, Undeliverable, ConnectionError):
        with pytest.raises(failure):
            await channel.send(delivery)
    assert await channel.send(delivery) == "c.0"
    assert await channel.settle(delivery) == "c.0"
    for outcome in ("limited", "refused", "unknown", "sent"):
        assert counted(meters, "troubletree_deliveries_total", channel="sent", outcome=outcome) == 1
    assert counted(meters, "troubletree_delivery_seconds_count", channel="sent") == 1


async def test_retries_and_dead_letters_are_counted() -> None:
    meters, store = Meters(), store_in_memory()
    outbox = MeteredOutbox(store.outbox, meters)
    done = await record(store, tell(await begun(store), "a"))
    await outbox.give_back(done.leases[0], 0, unsent=False)
    (lease,) = await outbox.take(["slack"], 1000, 10)
    await outbox.bury(lease, "DMs closed", 1000)
    assert counted(meters, "troubletree_delivery_retries_total", channel="slack") == 1
    assert counted(meters, "troubletree_buried_total", channel="slack") == 1


async def test_what_a_platform_says_is_counted_by_its_rate_and_not_by_its_rooms() -> None:
    meters = Meters()
    limiter = MeteredLimiter(store_in_memory().limiter, meters)
    for room in ("C1", "C2"):
        await limiter.hold("slack/T1", Rate(name=f"post/{room}", per_minute=60, at_once=1), 30)
    assert counted(meters, "troubletree_platform_limits_total", platform="slack", rate="post") == 2
