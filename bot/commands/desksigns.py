"""What `doctor` says of the agents' side: how they sign in, where teams talk, where tickets go, and mail."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.commands.signs import Sign

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.shelf import Shelf


async def sign_in(settings: "Settings") -> tuple[Sign, ...]:
    """Whether the issuer answers and is the one that is set; it is asked for its document alone."""
    from bot.admission import entry
    from bot.settings import SettingsError

    try:
        found = entry(settings)
    except SettingsError as wrong:
        return (Sign("broken", "sign-in", str(wrong), "docs/running.md, Signing in by an issuer"),)
    if found is None:
        return (Sign("ok", "sign-in", "to the desk by one-time links; OIDC_ISSUER is not set"),)
    from adapters.web.desk.oidc.issuer import Away
    from bot.app import issuer

    asked = issuer(settings)
    assert asked is not None, "it is set"
    try:
        await asked.described()
    except Away as away:
        how = "is OIDC_ISSUER right, to the last slash, and can this machine reach it?"
        return (Sign("broken", "OIDC_ISSUER", f"{found.issuer}: {away}", how),)
    signs = [
        Sign("ok", "OIDC_ISSUER", f"{found.issuer} answers; register {found.back} there"),
        Sign(
            "ok",
            "sign-in",
            "by the issuer" + (", and by one-time links" if settings.desk_links else " alone"),
        ),
    ]
    if not found.admins and not settings.desk_links:
        told = "is not set: nobody can look after accounts, since links are switched off"
        signs.append(Sign("advice", "OIDC_ADMINS", told, "set it to a claim=value of those who may"))
    return tuple(signs)


def teams(settings: "Settings", shelf: "Shelf") -> Iterator[Sign]:
    """Where teams talk, and whether the bot can talk there."""
    from bot.app import outside, teams_of
    from bot.rooms import apart, rooms
    from bot.settings import SettingsError
    from flows.conversation import Address

    try:
        found = rooms(settings.desk_room, outside(), teams_of(shelf.catalogue))
        apart(found, {"SLACK_OFFER_IN": settings.slack_offer_in, "DISCORD_FORUMS": settings.discord_forums})
    except SettingsError as wrong:
        yield Sign("broken", "rooms", str(wrong), "ids of channels that no customer can read")
        return
    if not found:
        told = "is not set: tickets are found on the web desk alone"
        yield Sign("advice", "DESK_ROOM", told, "set it to slack:CHANNEL or discord:CHANNEL (docs/agents.md)")
    tokens = {"slack": settings.slack_bot_token, "discord": settings.discord_token}
    for team, text in found.items():
        name = f"TEAM_{team.upper().replace('-', '_')}_ROOM" if team else "DESK_ROOM"
        at = Address.parse(text)
        needed = "SLACK_BOT_TOKEN" if at.channel == "slack" else "DISCORD_TOKEN"
        if tokens[at.channel].get_secret_value():
            yield Sign("ok", name, f"{at.channel}:{at.room}")
        else:
            told = f"is {at.channel}:{at.room}, and {needed} is not set: nothing arrives there"
            yield Sign("broken", name, told, f"set {needed}")


def elsewhere(settings: "Settings") -> Iterator[Sign]:
    """Other systems that tickets go to, and mail to customers; neither is asked."""
    from bot.backends import filers
    from bot.settings import SettingsError

    mailing = bool(settings.smtp_url.get_secret_value())
    try:
        names = [backend.name for backend in filers(settings)]
    except SettingsError as wrong:
        yield Sign("broken", "tickets", str(wrong), "docs/tickets.md")
        return
    if settings.ticket_webhook_secret.get_secret_value() and not settings.ticket_webhook_url:
        told = "is not set: TICKET_WEBHOOK_SECRET alone hears answers, and reports no ticket"
        yield Sign("advice", "TICKET_WEBHOOK_URL", told, "set it to where tickets are to be posted")
    if names:
        yield Sign("ok", "tickets", f"are reported by {' and '.join(names)}")
    else:
        told = "are kept here alone"
        yield Sign(
            "advice", "tickets", told, "set TICKET_WEBHOOK_URL or SMTP_URL to report them (docs/tickets.md)"
        )
    if settings.mail_from and not mailing:
        yield Sign(
            "advice", "SMTP_URL", "is not set: MAIL_FROM alone mails nothing", "set it to a mail server"
        )
    if mailing and not settings.public_url:
        told = "is not set: customers who left are mailed no answers, since no link could lead back"
        yield Sign("advice", "PUBLIC_URL", told, "set PUBLIC_URL to the page's address")
    elif mailing:
        yield Sign("ok", "mail", "customers who left are mailed what they missed, where they gave an address")
