"""Checks for `doctor` what agents need: sign-in, the teams' channels, ticket systems, and email."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.commands.operators.checks import CheckResult

if TYPE_CHECKING:
    from bot.wiring.flow_files import FlowFiles
    from bot.wiring.settings import Settings


async def sign_in(settings: "Settings") -> tuple[CheckResult, ...]:
    """Check that the issuer answers and is the one that is set; fetch only its discovery document."""
    from bot.wiring.oidc_roles import entry
    from bot.wiring.settings import SettingsError

    try:
        found = entry(settings)
    except SettingsError as error:
        return (CheckResult("broken", "sign-in", str(error), "see docs/running.md"),)
    if found is None:
        return (CheckResult("ok", "sign-in", "with one-time links (OIDC_ISSUER is not set)"),)
    from adapters.web.desk.oidc.issuer import IssuerDown
    from bot.wiring.web import issuer

    client = issuer(settings)
    assert client is not None, "it is set"
    try:
        await client.described()
    except IssuerDown as away:
        how = "check OIDC_ISSUER, including a trailing slash, and that this machine can reach it"
        return (CheckResult("broken", "OIDC_ISSUER", f"{found.issuer}: {away}", how),)
    signs = [
        CheckResult(
            "ok", "OIDC_ISSUER", f"{found.issuer} responds; its redirect URI for this desk is {found.back}"
        ),
        CheckResult(
            "ok",
            "sign-in",
            "with the issuer" + (" and with one-time links" if settings.desk_links else " only"),
        ),
    ]
    if not found.admins and not settings.desk_links:
        summary = "is not set, and links are off: no one can manage accounts"
        signs.append(
            CheckResult("advice", "OIDC_ADMINS", summary, "set it to a claim=value that admins have")
        )
    return tuple(signs)


def teams(settings: "Settings", flow_files: "FlowFiles") -> Iterator[CheckResult]:
    """Check the teams' channels, and whether the bot has a token for them."""
    from bot.wiring.app import outside
    from bot.wiring.catalogue import teams_of
    from bot.wiring.rooms import apart, rooms
    from bot.wiring.settings import SettingsError
    from flows.conversation import Address

    try:
        found = rooms(settings.desk_room, outside(), teams_of(flow_files.catalogue))
        apart(found, {"SLACK_OFFER_IN": settings.slack_offer_in, "DISCORD_FORUMS": settings.discord_forums})
    except SettingsError as error:
        setting, _, reason = str(error).partition(": ")
        yield CheckResult("broken", setting, reason, "use ids of channels that customers cannot read")
        return
    if not found:
        summary = "is not set: tickets appear only on the web desk"
        yield CheckResult(
            "advice", "DESK_ROOM", summary, "set it to slack:CHANNEL or discord:CHANNEL (docs/agents.md)"
        )
    tokens = {"slack": settings.slack_bot_token, "discord": settings.discord_token}
    for team, text in found.items():
        name = f"TEAM_{team.upper().replace('-', '_')}_ROOM" if team else "DESK_ROOM"
        at = Address.parse(text)
        needed = "SLACK_BOT_TOKEN" if at.channel == "slack" else "DISCORD_TOKEN"
        if tokens[at.channel].get_secret_value():
            yield CheckResult("ok", name, f"{at.channel}:{at.room}")
        else:
            summary = f"is {at.channel}:{at.room}, but {needed} is not set: no ticket arrives there"
            yield CheckResult("broken", name, summary, f"set {needed}")


def elsewhere(settings: "Settings") -> Iterator[CheckResult]:
    """Check the settings for ticket systems and for email; neither is contacted."""
    from bot.wiring.settings import SettingsError
    from bot.wiring.tickets import ticket_systems

    mailing = bool(settings.smtp_url.get_secret_value())
    try:
        names = ticket_systems(settings)
    except SettingsError as error:
        yield CheckResult("broken", "tickets", str(error), "docs/tickets.md")
        return
    if settings.ticket_webhook_secret.get_secret_value() and not settings.ticket_webhook_url:
        summary = "is not set: with TICKET_WEBHOOK_SECRET alone, replies are accepted but no ticket is sent"
        yield CheckResult(
            "advice", "TICKET_WEBHOOK_URL", summary, "set it to the address that should receive tickets"
        )
    if names:
        yield CheckResult("ok", "tickets", f"also sent by {' and '.join(names)}")
    else:
        summary = "stored only here"
        yield CheckResult(
            "advice",
            "tickets",
            summary,
            "set TICKET_WEBHOOK_URL or SMTP_URL to send them elsewhere, too (docs/tickets.md)",
        )
    if settings.mail_from and not mailing:
        yield CheckResult(
            "advice", "SMTP_URL", "is not set: MAIL_FROM alone sends no email", "set it to your mail server"
        )
    if mailing and not settings.public_url:
        summary = "is not set: customers who left get no email, because it could not link back"
        yield CheckResult("advice", "PUBLIC_URL", summary, "set PUBLIC_URL to the page's address")
    elif mailing:
        yield CheckResult("ok", "email", "customers who left an address are emailed the replies they missed")
