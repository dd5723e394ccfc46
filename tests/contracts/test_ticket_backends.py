"""Tests the port TicketBackend: a report is accepted, named and repeated; busy, refused and down are different."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.mail.server import MailServer
from adapters.mail.tickets import EmailBackend
from adapters.tickets.webhook import WebhookBackend
from bot.ports import Busy, TicketBackend, TicketReport, Undeliverable
from tests.fakes.backends import OtherSide, mailbox, webhooks

SECRET = "a secret of both sides"

REPORT = TicketReport(
    number=75,
    version=3,
    conversation="11abcdefghijklmnop",
    status="waiting",
    open=True,
    flow="lamp",
    title="The lamp stays dark",
    team="maker",
    address="help@lamps.example",
    reasons=("asked",),
    contact="Ana",
    opened=1_700_000_000_000,
    summary="Ticket #75: The lamp stays dark\nReason: I'd rather talk to a person",
    who="Ana",
    happened="asked for a person",
    link="https://fix.example/desk/c/11abcdefghijklmnop",
)


@dataclass
class Pair:
    """A backend with the server it talks to."""

    backend: TicketBackend
    side: OtherSide
    gone: TicketBackend


def webhook(address: str) -> TicketBackend:
    return WebhookBackend(address, SECRET, lambda: 1_700_000_000.5)


def email(address: str) -> TicketBackend:
    return EmailBackend(MailServer.parse(address), "Lamp help <bot@fix.example>")


@pytest.fixture(params=["webhook", "email"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    serve, make = (webhooks, webhook) if request.param == "webhook" else (mailbox, email)
    async with serve() as gone:
        nowhere = make(gone.address)
    async with serve() as side:
        yield Pair(make(side.address), side, nowhere)


async def test_a_report_is_taken_in_and_named(pair: Pair) -> None:
    assert await pair.backend.file(REPORT)
    (received,) = pair.side.received
    for told in ("75", "The lamp stays dark", "waiting", "Ana", "asked for a person", REPORT.link):
        assert told in received.text


async def test_the_same_report_again_is_known_by_its_identity_and_another_is_not(pair: Pair) -> None:
    for report in (REPORT, REPORT, REPORT.model_copy(update={"version": 4})):
        await pair.backend.file(report)
    first, again, other = (received.identity for received in pair.side.received)
    assert first == again != other


async def test_not_now_is_busy(pair: Pair) -> None:
    pair.side.next.append("busy")
    with pytest.raises(Busy) as busy:
        await pair.backend.file(REPORT)
    assert 0 < busy.value.seconds <= 3600
    assert await pair.backend.file(REPORT)


async def test_never_is_undeliverable(pair: Pair) -> None:
    pair.side.next.append("refuse")
    with pytest.raises(Undeliverable):
        await pair.backend.file(REPORT)


async def test_away_is_neither_so_that_it_is_tried_again(pair: Pair) -> None:
    with pytest.raises(OSError):
        await pair.gone.file(REPORT)


async def test_what_people_write_stays_what_it_is(pair: Pair) -> None:
    odd = REPORT.model_copy(
        update={
            "title": "a\r\nBcc: eve@x.example\r\n\r\nb",
            "contact": '"Ä" <ä>',
            "happened": "\u2028 {x} \x00é",
        }
    )
    await pair.backend.file(odd)
    (received,) = pair.side.received
    assert "Bcc" not in received.headers
    assert '"Ä" <ä>' in received.text.replace('\\"', '"')
