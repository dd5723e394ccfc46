"""Tests that tickets that come together all stand soon, each with its facts, in order, at Slack's own rate."""

from dataclasses import dataclass

import pytest

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.preflight import Identity
from adapters.slack.sender import SlackSender
from adapters.storage.vault import RedisLimiter
from bot.ports import Busy, Delivery
from flows.conversation import Address, Status
from flows.effects import Brief, Packet
from tests.adapters.slack.render.test_agent_thread import dossier
from tests.fakes.slack import Slack
from tests.fakes.world import store_in_memory

TICKETS = 6


@dataclass
class Clock:
    """Says the time in milliseconds; a pause lets it pass."""

    at: int = 1_800_000_000_000

    def __call__(self) -> int:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


def ticket(number: int) -> Delivery:
    told = dossier(status=Status.WAITING)
    address = Address(channel="slack", workspace="T1", room="C8DESK")
    effect = Packet(id=f"{number}.packet", briefed=True)
    return Delivery(effect=effect, conversation=told.conversation, address=address, dossier=told)


def brief(packet: Delivery, receipt: str) -> Delivery:
    """The second effect of a ticket, in the thread of the first."""
    facts = Brief(id=packet.effect.id.replace("packet", "brief"), of=packet.effect.id)
    return packet.model_copy(update={"effect": facts, "of": receipt})


async def identity() -> Identity:
    return Identity(token="", team="T1", bot_user="U0BOT", bot_id="B0BOT", url="https://acme.slack.example/")


@pytest.mark.row("slack", "Many tickets are opened at once")
async def test_tickets_that_come_together_all_stand_in_order_at_slacks_own_rate() -> None:
    clock, opened, store = Clock(), session(), store_in_memory()
    async with Slack.running() as slack:
        slack.channel("C8DESK")
        client = SlackClient(opened, lambda _team: slack.token, slack.api)
        sender = SlackSender(client, RedisLimiter(store.wire, clock), identity, pause=clock.pause)
        due = dict.fromkeys(range(1, TICKETS + 1), clock.at)
        waiting = {number: ticket(number) for number in due}
        began = clock.at
        while due:
            number = min(due, key=lambda one: due[one])
            clock.at = max(clock.at, due[number])
            sent = waiting[number]
            try:
                receipt = await sender.send(sent)
                waiting[number] = brief(sent, receipt)
                if isinstance(sent.effect, Brief):
                    del due[number]
            except Busy as busy:
                due[number] = clock.at + int(busy.seconds * 1000)
            assert clock.at - began <= TICKETS * 2_000, f"still waiting: {list(due)}"
        heads = [one for one in slack.messages("C8DESK") if one.get("thread_ts", one["ts"]) == one["ts"]]
        ids = [head["metadata"]["event_payload"]["id"] for head in heads]
        assert ids == [f"{number}.packet" for number in range(1, TICKETS + 1)]
        assert [len(slack.thread("C8DESK", head["ts"])) for head in heads] == [2] * TICKETS
    await opened.close()
    await store.close()
