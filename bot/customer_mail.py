"""Emails customers what they missed: once they have been away for a while, in one email, and only what is unread."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot.ports import (
    CONFIRM,
    MAIL,
    RETURN,
    Allowances,
    Busy,
    Confirmation,
    ConfirmedAddresses,
    Conversations,
    Delivery,
    Look,
    Mail,
    NotYet,
    Outbox,
    Passage,
    Post,
    ReadPositions,
    Undeliverable,
    Unsure,
    Vault,
    named,
)
from bot.telemetry import log
from flows.conversation import Conversation
from flows.effects import Change, Mailing
from flows.text.markup.words import fill, parse
from flows.views.screen import Screen

MAX_RETRY_MS: Final = 24 * 3600 * 1000
"""Milliseconds to retry a mail server before giving up on an email, so that its agent learns of it."""

DAY_S: Final = 24 * 3600
HOUR_S: Final = 3600

MOST_LINKS: Final = 3
"""Links that confirm one address, or that one customer asks for, in a day: more would be a nuisance to a stranger."""

MOST_EMAILS: Final = 20
"""Emails to one address in an hour. Replies that come shortly after one another are one email."""

UNCONFIRMED_MS: Final = 7 * 24 * 3600 * 1000
"""Milliseconds for which an email waits until its address is confirmed. After that only the page shows it."""

ASK_AGAIN_S: Final = (30.0, 1800.0)
"""Fewest and most seconds until an email looks again whether its address is confirmed."""


class MailSettings(NamedTuple):
    """Holds how to email customers.

    `site` is where links lead, `grace` how long to wait first (ms), `days` how long a link works, `product` the name
    that emails come from, and `support` the operator's general address ('' for none).
    """

    site: str
    grace: int
    days: int
    product: str = ""
    support: str = ""


class MailReceipt(NamedTuple):
    """An email that was sent, as its receipt: its name, and the latest version it contained."""

    name: str
    upto: int

    @classmethod
    def of(cls, receipt: str) -> "MailReceipt | None":
        """Read a receipt; None if nothing was sent."""
        name, _, upto = receipt.partition(" ")
        return cls(name, int(upto)) if upto.isdigit() else None

    def __str__(self) -> str:
        return f"{self.name} {self.upto}"


class Mailer:
    """Sends email, like a channel.

    A mail server cannot say whether an email arrived. After a lost response a second copy goes out under the same
    name, and after that a person has to look (law L4).
    """

    name = MAIL
    idempotent = False

    def __init__(
        self,
        post: Post,
        reach: MailSettings,
        conversations: Conversations,
        outbox: Outbox,
        views: ReadPositions,
        vault: Vault,
        addresses: ConfirmedAddresses,
        allowances: Allowances,
        look: Look,
        now: Callable[[], int],
    ) -> None:
        """Take the ports of one store; `now` returns ms."""
        self._post = post
        self._reach = reach
        self._conversations = conversations
        self._outbox = outbox
        self._views = views
        self._vault = vault
        self._addresses = addresses
        self._allowances = allowances
        self._look = look
        self._now = now
        self._log = log("mail")

    async def send(self, delivery: Delivery) -> str:
        """Email what the customer has not seen. Return its receipt, or '' if the customer came back before.

        An address that is not confirmed gets the link that confirms it when the customer leaves it, and nothing else
        (raises NotYet until it is confirmed).
        """
        at, effect = delivery.conversation, delivery.effect
        assert isinstance(effect, Mailing)
        rows = await self._conversations.journal(at.id)
        row = next((row for row in rows if row.version == effect.version), None)
        written_at = row.at if row is not None else 0
        confirmed = await self._addresses.confirmed(at.contact, at.mail)
        if row is not None and _leaves_address(row):
            return "" if confirmed else await self._ask(at, effect.version)
        until = written_at + self._reach.grace
        if (wait := until - self._now()) > 0:
            raise NotYet(wait / 1000)
        earlier = await mailed(self._outbox, at.id, rows)
        known = max(await self._views.seen(at.id), *(one.upto for one in earlier), 0)
        if effect.version <= known:
            return ""
        if not confirmed:
            return self._wait_for_confirmation(written_at)
        missed = [row.version for row in rows if known < row.version and row.at <= until and _tells(row)]
        screen = await self._look(at.id)
        passages = _passages(screen, missed) if screen is not None else ()
        if screen is None or not passages:
            return ""
        await self._respect_rate(at.mail, effect.id)
        sent = MailReceipt(f"reply.{at.ticket}.{effect.version}.{at.id}", missed[-1])
        link = await self._link(at, missed[0])
        await self._hand_over(_mail(screen, passages, sent, earlier, self._reach, link), written_at)
        return str(sent)

    async def settle(self, delivery: Delivery) -> str | None:  # noqa: ARG002  # the port's signature
        """Raise Unsure: a mail server cannot say what it accepted."""
        raise Unsure

    async def _ask(self, at: Conversation, version: int) -> str:
        """Email the link that confirms the address, unless the address or the customer got too many today."""
        name = f"confirm.{at.ticket}.{version}.{at.id}"
        for who in (f"confirm/{named(at.mail)}", f"confirm/{at.contact}"):
            if await self._allowances.wait_for(who, name, MOST_LINKS, DAY_S) > 0:
                self._log.warning("no link to confirm an address: too many today", conversation=at.id)
                return ""
        token = await self._vault.put(f"{CONFIRM}{at.id}/{named(at.mail)}", self._reach.days * DAY_S)
        await self._post.confirm(
            Confirmation(
                to=at.mail,
                name=name,
                number=at.ticket,
                link=f"{self._reach.site}/c/{at.id}/confirm/{token}",
                days=self._reach.days,
                product=self._reach.product,
            )
        )
        return name

    def _wait_for_confirmation(self, written_at: int) -> str:
        """Raise NotYet until the address is confirmed. Return '' when that took too long."""
        waited = self._now() - written_at
        if waited > UNCONFIRMED_MS:
            return ""
        soonest, latest = ASK_AGAIN_S
        raise NotYet(min(max(waited / 4000, soonest), latest))

    async def _respect_rate(self, address: str, effect: str) -> None:
        """Raise Busy while the address has got too many emails."""
        wait = await self._allowances.wait_for(f"mail/{named(address)}", effect, MOST_EMAILS, HOUR_S)
        if wait > 0:
            raise Busy(wait)

    async def _link(self, at: Conversation, version: int) -> str:
        token = await self._vault.put(f"{RETURN}{at.id}/{version}", self._reach.days * DAY_S)
        return f"{self._reach.site}/c/{at.id}/mail/{token}"

    async def _hand_over(self, mail: Mail, written_at: int) -> None:
        try:
            await self._post.send(mail)
        except Busy:
            if self._now() - written_at > MAX_RETRY_MS:
                raise Undeliverable("the mail server was unreachable for a day") from None
            raise


def mailing(row: Change) -> Mailing | None:
    """Return the email that a change asked for."""
    return next((effect for effect in row.effects if isinstance(effect, Mailing)), None)


def _leaves_address(row: Change) -> bool:
    """Return whether the customer left an address with the change."""
    return "mail" in row.set


def _tells(row: Change) -> bool:
    """Return whether the change has something for the customer to read by email."""
    return mailing(row) is not None and not _leaves_address(row)


async def mailed(outbox: Outbox, conversation_id: str, rows: Sequence[Change]) -> tuple[MailReceipt, ...]:
    """List the emails that were sent, oldest first."""
    found = []
    for row in rows:
        effect = mailing(row)
        if effect is None:
            continue
        try:
            receipt = await outbox.receipt(conversation_id, effect.id) or ""
        except Unsure:
            receipt = ""
        if (one := MailReceipt.of(receipt)) is not None:
            found.append(one)
    return tuple(found)


def _passages(screen: Screen, versions: Sequence[int]) -> tuple[Passage, ...]:
    """Return what the customer's own screen shows of those versions, and nothing else (law L12)."""
    found: list[Passage] = []
    for version in versions:
        found += [
            Passage(who=message.name, words=message.words)
            for message in screen.messages
            if message.id.partition(".")[0] == str(version) and message.who != "contact" and message.words
        ]
        if screen.live.partition(".")[0] == str(version) and screen.prompt.kind != "held":
            heading = fill(parse("**{title}**"), {"title": screen.prompt.title})
            found.append(Passage(who="", words=heading + screen.prompt.text))
    return tuple(found)


def _mail(
    screen: Screen,
    passages: tuple[Passage, ...],
    sent: MailReceipt,
    earlier: Sequence[MailReceipt],
    reach: MailSettings,
    link: str,
) -> Mail:
    at = screen.conversation
    return Mail(
        to=at.mail,
        name=sent.name,
        number=at.ticket,
        title=screen.title,
        passages=passages,
        link=link,
        days=reach.days,
        earlier=tuple(one.name for one in earlier),
        product=reach.product,
        reply_to=screen.ticket.own_address(reach.support) if screen.ticket else reach.support,
    )
