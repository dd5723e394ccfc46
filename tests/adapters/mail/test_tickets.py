"""Tests emails about tickets: one thread per ticket, to the team's address."""

from typing import Any

import pytest

from adapters.mail.server import MailServer
from adapters.mail.tickets import EmailBackend, mail
from bot.ports import Undeliverable
from tests.contracts.test_ticket_backends import REPORT
from tests.fakes.backends import mailbox

SENDER = "Lamp help <bot@fix.example>"


def test_a_tickets_mails_are_one_thread_and_each_has_a_name_of_its_own() -> None:
    first = mail(REPORT, SENDER)
    then = mail(REPORT.model_copy(update={"version": 7, "status": "resolved"}), SENDER)
    other = mail(REPORT.model_copy(update={"number": 76, "conversation": "12other"}), SENDER)
    assert first["References"] == then["References"] == then["In-Reply-To"]
    assert first["References"] != other["References"]
    assert len({first["Message-ID"], then["Message-ID"], other["Message-ID"]}) == 3
    assert first["Subject"] == then["Subject"] == "[#75] The lamp stays dark"


def test_it_says_where_it_stands_and_who_has_it() -> None:
    held = mail(REPORT.model_copy(update={"status": "with_agent", "holder": "Max"}), SENDER)
    text = held.get_content()
    assert "Ticket #75 is assigned to Max." in text
    assert "Reason: I'd rather talk to a person" in text


def test_out_of_office_replies_are_not_asked_for() -> None:
    assert mail(REPORT, SENDER)["Auto-Submitted"] == "auto-generated"


async def test_a_team_without_an_address_is_mailed_nothing() -> None:
    async with mailbox() as side:
        backend = EmailBackend(MailServer.parse(side.address), SENDER)
        assert await backend.file(REPORT.model_copy(update={"address": ""})) == ""
        assert side.received == []


async def test_an_address_that_is_none_is_refused_and_not_tried_again() -> None:
    backend = EmailBackend(MailServer.parse("smtp://127.0.0.1:1"), SENDER)
    with pytest.raises(Undeliverable):
        await backend.file(REPORT.model_copy(update={"address": "the vendor"}))


async def test_a_password_never_goes_over_an_open_line() -> None:
    async with mailbox() as side:
        address = side.address.replace("smtp://", "smtp://ana:hunter2@")
        backend = EmailBackend(MailServer.parse(address), SENDER)
        with pytest.raises(Exception, match=r"STARTTLS|AUTH"):
            await backend.file(REPORT)
        assert side.received == []


def test_the_servers_address_is_read_with_its_password_or_refused() -> None:
    server = MailServer.parse("smtps://bot%40fix.example:p%3Aw@mail.example")
    assert (server.host, server.port, server.tls) == ("mail.example", 465, True)
    assert (server.user, server.password) == ("bot@fix.example", "p:w")
    for wrong in ("mail.example", "http://mail.example", "smtp://"):
        with pytest.raises(ValueError, match="smtp://"):
            MailServer.parse(wrong)


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ({"happened": "asked for a person"}, "Ana asked for a person."),
        ({"happened": "It began after the update", "quoted": True}, "Ana wrote: It began after the update"),
        (
            {"happened": "Plug it in · Fixed it", "answered": True},
            "Ana answered: Plug it in · Fixed it.",
        ),
        ({"who": "", "happened": "The customer stayed quiet, so I closed this"}, "so I closed this."),
    ],
)
def test_what_happened_is_a_sentence(happened: dict[str, Any], said: str) -> None:
    first = mail(REPORT.model_copy(update=happened), SENDER).get_content().splitlines()[0]
    assert first.endswith(said)


def test_a_reply_goes_to_the_teams_address_and_not_to_the_sender() -> None:
    assert mail(REPORT, SENDER)["Reply-To"] == "help@lamps.example"
    forwarded = REPORT.model_copy(update={"forwarded": True, "reply_to": "us@shop.example"})
    assert mail(forwarded, SENDER)["To"] == "help@lamps.example"
    assert mail(forwarded, SENDER)["Reply-To"] == "us@shop.example"


def test_a_customer_without_a_name_has_the_one_that_agents_read_everywhere() -> None:
    unnamed = mail(REPORT.model_copy(update={"contact": ""}), SENDER).get_content()
    assert "\nCustomer abcd\n" in unnamed
