"""`manifest`: prints what connects the app to a platform: Slack's manifest, or Discord's invite link."""

import json
import re
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.commands.failures import WRONG, stop
from bot.commands.program_name import typed
from bot.commands.startup import opened

PLATFORMS = ("slack", "discord")


def manifest(
    platform: Annotated[str, typer.Argument(help="The platform: slack or discord.")],
    http: Annotated[
        str,
        typer.Option(metavar="URL", help="For Slack over HTTP: your PUBLIC_URL, with https."),
    ] = "",
    application: Annotated[
        str,
        typer.Option(metavar="ID", help="For Discord: the Application ID, if DISCORD_TOKEN is not set."),
    ] = "",
) -> None:
    """Print Slack's app manifest or Discord's invite link.

    Slack's manifest is JSON to paste at api.slack.com/apps. Discord's link comes with a reason for each permission.
    Both request only what the program uses.
    Without --http, Slack's manifest is for Socket Mode, which needs no public address.

    Exit codes: 0 on success, 2 for invalid usage.
    """
    from adapters.slack.api.manifest import manifest as made

    if platform == "discord":
        typer.echo(_invitation(application))
        return
    if platform not in PLATFORMS:
        named = " or ".join(typed("manifest", each) for each in PLATFORMS)
        raise stop(f"There is no manifest for '{platform}'. Try: {named}", WRONG)
    if http and not _reachable(http):
        raise stop(
            f"Slack cannot reach '{http}'. Give an https address such as https://help.example.com", WRONG
        )
    typer.echo(json.dumps(made(url=http), ensure_ascii=False, indent=2))


def _invitation(application: str) -> str:
    """Return the invite link, and the permissions it requests."""
    from adapters.discord.api.manifest import INTENTS, PERMISSIONS, application_of, invite

    named = application or application_of(opened(quiet=True).discord_token.get_secret_value())
    if not re.fullmatch(r"\d{15,22}", named):
        raise stop(
            f"Set DISCORD_TOKEN, or give the Application ID: {typed('manifest', 'discord', '--application', 'ID')}"
            " (it is under General Information in the developer portal)",
            WRONG,
        )
    rows = {name: why for name, (_bit, why) in PERMISSIONS.items()}
    lines = [
        invite(named),
        "",
        "It requests these permissions in the server:",
        *(f"  {name:<26}{why}" for name, why in rows.items()),
        "",
        "Optional switches under Bot in the developer portal:",
        *(f"  {name:<26}{why}" for name, why in INTENTS.items()),
    ]
    return "\n".join(lines)


def _reachable(url: str) -> bool:
    """Return whether the URL is an https address without a query or a fragment, which Slack would drop."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
