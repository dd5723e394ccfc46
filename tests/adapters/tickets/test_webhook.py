"""Tests reports to a webhook: the body, its signature, and what the answers mean."""

import hashlib
import hmac
import json

import pytest

from adapters.tickets.webhook import WebhookBackend, payload
from bot.ports import Busy
from tests.contracts.test_ticket_backends import REPORT, SECRET
from tests.fakes.backends import webhooks


async def test_the_signature_is_over_the_time_and_the_very_bytes() -> None:
    async with webhooks() as side:
        await WebhookBackend(side.address, SECRET, lambda: 1_700_000_000.9).file(REPORT)
    (received,) = side.received
    stamp = received.headers["X-Troubletree-Timestamp"]
    made = hmac.new(SECRET.encode(), f"{stamp}.".encode() + received.raw, hashlib.sha256).hexdigest()
    assert (stamp, received.headers["X-Troubletree-Signature"]) == ("1700000000", f"v1={made}")


def test_the_body_says_all_there_is() -> None:
    told = json.loads(payload(REPORT))
    assert told["type"] == "ticket"
    assert (told["ticket"], told["version"], told["status"], told["open"]) == (75, 3, "waiting", True)
    assert told["happened"] == {"who": "Ana", "text": "asked for a person"}
    assert told["team_address"] == "help@lamps.example"
    assert json.loads(payload(REPORT.model_copy(update={"happened": ""})))["happened"] is None


async def test_the_name_is_what_the_other_side_calls_it() -> None:
    async with webhooks() as side:
        backend = WebhookBackend(side.address, SECRET, lambda: 0.0)
        assert await backend.file(REPORT) == "T-1"


async def test_how_long_to_wait_is_what_the_other_side_says() -> None:
    async with webhooks() as side:
        side.next.append("busy")
        with pytest.raises(Busy) as busy:
            await WebhookBackend(side.address, SECRET, lambda: 0.0).file(REPORT)
    assert busy.value.seconds == 7


async def test_a_server_that_breaks_is_tried_again() -> None:
    async with webhooks() as side:
        side.next.append("break")
        with pytest.raises(ConnectionError):
            await WebhookBackend(side.address, SECRET, lambda: 0.0).file(REPORT)
