"""Emails customers what they missed: once they have been away for a while, in one email, and only what is unread."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot.ports import (
    MAIL,
    RETURN,
    Busy,
    Conversations,
    Delivery,
    Look,
    Mail,
    Outbox,
    Passage,
    Post,
    ReadPositions,
    Undeliverable,
    Unsure,
    Vault,
)
from flows.conversation import Conversation
from flows.effects import Change, Mailing
from flows.text.markup.words import fill, parse
from flows.views.screen import Screen

MAX_RETRY_MS: Final = 24 * 3600 * 1000
"""Milliseconds to retry a mail server before giving up on an email, so that its agent learns of it."""

DAY: Final = 24 * 3600


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
        self._look = look
        self._now = now

    async def send(self, delivery: Delivery) -> str:
        """Email what the customer has not seen. Return its receipt, or '' if the customer came back before."""
        at, effect = delivery.conversation, delivery.effect
        assert isinstance(effect, Mailing)
        rows = await self._conversations.journal(at.id)
        written_at = next((row.at for row in rows if row.version == effect.version), 0)
        until = written_at + self._reach.grace
        if (wait := until - self._now()) > 0:
            raise Busy(wait / 1000)
        earlier = await mailed(self._outbox, at.id, rows)
        known = max(await self._views.seen(at.id), *(one.upto for one in earlier), 0)
        if effect.version <= known:
            return ""
        missed = [row.version for row in rows if known < row.version and row.at <= until and mailing(row)]
        screen = await self._look(at.id)
        passages = _passages(screen, missed) if screen is not None else ()
        if screen is None or not passages:
            return ""
        sent = MailReceipt(f"reply.{at.ticket}.{effect.version}.{at.id}", missed[-1])
        link = await self._link(at, missed[0])
        await self._hand_over(_mail(screen, passages, sent, earlier, self._reach, link), written_at)
        return str(sent)

    async def settle(self, delivery: Delivery) -> str | None:  # noqa: ARG002  # the port's signature
        """Raise Unsure: a mail server cannot say what it accepted."""
        raise Unsure

    async def _link(self, at: Conversation, version: int) -> str:
        token = await self._vault.put(f"{RETURN}{at.id}/{version}", self._reach.days * DAY)
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
