"""The systems that an operator keeps tickets in besides this one; with `bot.app` the composition root."""

import time
from collections.abc import Awaitable, Callable, Mapping

from bot.filing import Filer
from bot.ports import Index, Receive
from bot.settings import Settings, SettingsError


def filers(settings: Settings) -> tuple[Filer, ...]:
    """Those that are set up, as channels of the outbox. Raises SettingsError where one is set up by half."""
    return (*_webhook(settings), *_email(settings))


def _webhook(settings: Settings) -> tuple[Filer, ...]:
    if not settings.ticket_webhook_url:
        return ()
    from adapters.tickets.webhook import WebhookBackend

    secret = settings.ticket_webhook_secret.get_secret_value()
    if not secret:
        raise SettingsError("TICKET_WEBHOOK_SECRET: expected a secret that the webhook shares, to sign with")
    return (Filer(WebhookBackend(settings.ticket_webhook_url, secret, time.time), settings.public_url),)


def _email(settings: Settings) -> tuple[Filer, ...]:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return ()
    from adapters.tickets.email import EmailBackend, MailServer

    if "@" not in settings.mail_from:
        raise SettingsError("MAIL_FROM: expected the address that mails are from")
    try:
        server = MailServer.parse(url)
    except ValueError as wrong:
        raise SettingsError(f"SMTP_URL: {wrong}") from None
    return (Filer(EmailBackend(server, settings.mail_from), settings.public_url),)


def hooks(settings: Settings, receive: Receive, index: Index) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """What hears backends over HTTP, by its path; nothing where there is no secret."""
    secret = settings.ticket_webhook_secret.get_secret_value()
    if not secret:
        return {}
    from adapters.tickets.hook import PATH, Hook

    return {PATH: Hook(receive, index, secret, time.time)}
