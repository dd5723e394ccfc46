"""Makes the channels to an operator's own ticket systems and mail server; with `wiring.app` the composition root."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.customer_mail import Mailer, MailSettings
from bot.ports import Index, Look, Receive
from bot.team_mail import LookUp, TeamMail
from bot.ticket_reports import Filer
from bot.wiring.settings import Settings, SettingsError
from flows.rules.ticket_reports import EMAIL

if TYPE_CHECKING:
    from adapters.mail.server import MailServer
    from adapters.storage.store import Store


def filers(settings: Settings, store: "Store", look_up: LookUp) -> tuple[Filer, ...]:
    """Return the ticket systems as channels of the outbox. Raises SettingsError for an incomplete one."""
    return (*_webhook(settings), *_email(settings, store, look_up))


def ticket_systems(settings: Settings) -> tuple[str, ...]:
    """Return the names of the ticket systems that are set up. Raises SettingsError for an incomplete one."""
    names = tuple(filer.name for filer in _webhook(settings))
    if not settings.smtp_url.get_secret_value():
        return names
    _server(settings)
    return (*names, EMAIL)


def _webhook(settings: Settings) -> tuple[Filer, ...]:
    if not settings.ticket_webhook_url:
        return ()
    from adapters.tickets.webhook import WebhookBackend

    secret = settings.ticket_webhook_secret.get_secret_value()
    if not secret:
        raise SettingsError(
            "TICKET_WEBHOOK_SECRET: expected the secret that the webhook uses to check signatures"
        )
    return (Filer(WebhookBackend(settings.ticket_webhook_url, secret, time.time), settings.public_url),)


def _email(settings: Settings, store: "Store", look_up: LookUp) -> tuple[Filer, ...]:
    if not settings.smtp_url.get_secret_value():
        return ()
    from adapters.mail.tickets import EmailBackend

    backend = EmailBackend(_server(settings), settings.mail_from)
    ports = (store.bookmarks, store.allowances)
    addresses = (settings.public_url, settings.support_email)
    return (TeamMail(backend, *ports, look_up, lambda: int(time.time() * 1000), *addresses),)


def _server(settings: Settings) -> "MailServer":
    """Return the mail server that is set up. Raises SettingsError."""
    from adapters.mail.server import MailServer

    if "@" not in settings.mail_from:
        raise SettingsError("MAIL_FROM: expected the address that emails are sent from")
    try:
        return MailServer.parse(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise SettingsError(f"SMTP_URL: {error}") from None


def mailers(settings: Settings, store: "Store", look: Look, now: Callable[[], int]) -> tuple[Mailer, ...]:
    """Return what emails customers who left; nothing without a mail server and PUBLIC_URL."""
    if not (settings.smtp_url.get_secret_value() and settings.public_url):
        return ()
    from adapters.mail.customers import CustomerPost

    post = CustomerPost(_server(settings), settings.mail_from)
    reach = MailSettings(
        settings.public_url,
        settings.mail_after * 1000,
        settings.mail_link_days,
        settings.product_name,
        settings.support_email,
    )
    ports = (
        store.conversations,
        store.outbox,
        store.views,
        store.vault,
        store.addresses,
        store.allowances,
    )
    return (Mailer(post, reach, *ports, look, now),)


def hooks(settings: Settings, receive: Receive, index: Index) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """Return the handlers of ticket systems' calls by path; nothing without a secret."""
    secret = settings.ticket_webhook_secret.get_secret_value()
    if not secret:
        return {}
    from adapters.tickets.hook import PATH, Hook

    return {PATH: Hook(receive, index, secret, time.time)}
