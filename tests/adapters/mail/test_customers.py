"""Tests emails to customers who left: one thread per ticket, escaped text, and a server that refuses."""

from email.message import EmailMessage

import pytest

from adapters.mail.customers import CustomerPost, written
from adapters.mail.server import MailServer
from bot.ports import Busy, Mail, Passage, Undeliverable
from flows.text.markup.words import parse
from flows.views.quotes import verbatim
from tests.fakes.backends import mailbox, trusting

SENDER = "Lamp help <bot@fix.example>"
MAIL = Mail(
    to="ana@post.example",
    name="reply.75.9.11abc",
    number=75,
    title="The lamp stays dark",
    passages=(
        Passage(who="Max", words=verbatim("Is it plugged in?\nI mean the <b>plug</b>")),
        Passage(who="", words=parse("**Press the switch**\n\n1. Press *it*.\n2. Look.")),
    ),
    link="https://fix.example/c/11abc/mail/secret",
    days=7,
    product="Lamps & more",
)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_says_who_wrote_what_and_leads_back() -> None:
    text = body(written(MAIL, SENDER), "plain")
    assert "Max wrote:\n\n> Is it plugged in?\n> I mean the <b>plug</b>" in text
    assert "Press the switch" in text
    assert "https://fix.example/c/11abc/mail/secret" in text
    assert "expires in 7 days" in text
    assert "ticket #75 at Lamps & more" in text
    assert "Replies to this email aren't monitored." in text


def test_replies_go_to_the_teams_address_and_that_is_what_it_says() -> None:
    message = written(MAIL.model_copy(update={"reply_to": "us@lamps.example"}), SENDER)
    assert message["Reply-To"] == "us@lamps.example"
    for kind in ("plain", "html"):
        assert "your reply goes to us@lamps.example" in body(message, kind)
        assert "monitored" not in body(message, kind)
    assert written(MAIL, SENDER)["Reply-To"] is None


def test_in_html_what_people_wrote_stays_text() -> None:
    html = body(written(MAIL, SENDER), "html")
    assert "Is it plugged in?<br>I mean the &lt;b&gt;plug&lt;/b&gt;" in html
    assert "<ol><li><p>Press <em>it</em>.</p></li>" in html
    assert '<a href="https://fix.example/c/11abc/mail/secret">' in html
    assert "Lamps &amp; more" in html


def test_the_mails_of_a_ticket_are_one_thread() -> None:
    first = written(MAIL, SENDER)
    then = written(
        MAIL.model_copy(
            update={"name": "reply.75.12.11abc", "earlier": ("reply.75.4.11abc", "reply.75.9.11abc")}
        ),
        SENDER,
    )
    assert first["Message-ID"] == "<reply.75.9.11abc@fix.example>"
    assert (first["In-Reply-To"], first["Subject"]) == (None, "[#75] The lamp stays dark")
    assert then["In-Reply-To"] == first["Message-ID"]
    assert then["References"] == "<reply.75.4.11abc@fix.example> <reply.75.9.11abc@fix.example>"
    assert then["Subject"] == "Re: [#75] The lamp stays dark"


@pytest.mark.row("security", "A title or a name adds a header to an email")
def test_a_title_makes_no_further_headers() -> None:
    message = written(MAIL.model_copy(update={"title": "a\r\nBcc: eve@x.example"}), SENDER)
    assert message["Bcc"] is None


@pytest.mark.parametrize("tls", ["", "from the start", "on request"])
async def test_a_real_server_takes_it_in_the_open_and_over_tls_with_a_password(tls: str) -> None:
    async with mailbox(tls) as side:  # type: ignore[arg-type]  # one of three words
        address = side.address.replace("://", "://ana:p%3Aw@") if tls else side.address
        await CustomerPost(MailServer.parse(address, trusting()), SENDER).send(MAIL)
        (received,) = side.received
    assert received.headers["To"] == "ana@post.example"
    assert "Is it plugged in?" in received.text
    assert "&lt;b&gt;plug&lt;/b&gt;" in received.html


@pytest.mark.parametrize("tls", ["from the start", "on request"])
async def test_a_server_that_nobody_vouches_for_is_told_nothing(tls: str) -> None:
    async with mailbox(tls) as side:  # type: ignore[arg-type]  # one of two words
        address = side.address.replace("://", "://ana:p%3Aw@")
        with pytest.raises(Undeliverable, match="TLS"):
            await CustomerPost(MailServer.parse(address), SENDER).send(MAIL)
        assert side.received == []


async def test_a_password_that_is_not_taken_is_said() -> None:
    async with mailbox("on request") as side:
        address = side.address.replace("://", "://ana:wrong@")
        with pytest.raises(Undeliverable, match="535"):
            await CustomerPost(MailServer.parse(address, trusting()), SENDER).send(MAIL)


@pytest.mark.row("security", "The mail server's password goes over an open line")
async def test_a_password_is_never_sent_in_the_open() -> None:
    async with mailbox() as side:
        address = side.address.replace("://", "://ana:hunter2@")
        with pytest.raises(Undeliverable, match="STARTTLS"):
            await CustomerPost(MailServer.parse(address), SENDER).send(MAIL)
        assert side.received == []


async def test_not_now_never_and_a_broken_answer_are_three_things() -> None:
    async with mailbox() as side:
        post = CustomerPost(MailServer.parse(side.address), SENDER)
        side.next.extend(["busy", "refuse"])
        with pytest.raises(Busy):
            await post.send(MAIL)
        with pytest.raises(Undeliverable, match="554"):
            await post.send(MAIL)
        await post.send(MAIL)
        assert len(side.received) == 1


async def test_a_server_that_is_away_was_handed_nothing() -> None:
    async with mailbox() as gone:
        address = gone.address
    with pytest.raises(Busy):
        await CustomerPost(MailServer.parse(address), SENDER).send(MAIL)


async def test_an_address_that_is_none_is_never_tried_again() -> None:
    with pytest.raises(Undeliverable):
        await CustomerPost(MailServer.parse("smtp://127.0.0.1:1"), SENDER).send(
            MAIL.model_copy(update={"to": "the phone"})
        )
