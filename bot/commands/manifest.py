"""`manifest`: what a platform has to be told of the app: to paste where apps are made there, or to open."""

import json
import re
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.commands.failing import WRONG, stop
from bot.commands.opening import opened
from bot.commands.typed import typed

PLATFORMS = ("slack", "discord")


def manifest(
    platform: Annotated[str, typer.Argument(help="Of which platform: slack or discord.")],
    http: Annotated[
        str,
        typer.Option(metavar="URL", help="For HTTP mode: the PUBLIC_URL Slack reaches you at, with https."),
    ] = "",
    application: Annotated[
        str,
        typer.Option(metavar="ID", help="For Discord: the Application ID, where DISCORD_TOKEN is not set."),
    ] = "",
) -> None:
    """Print the manifest of the app for Slack, as JSON to paste at api.slack.com/apps; for Discord the invite link.

    It asks for what the program uses and no more. Without --http Slack's is for Socket Mode, which needs no
    address: the program fetches what happens. Discord's says why each permission.

    Exit codes: 0 when it was printed, 2 when it was called wrongly.
    """
    from adapters.slack.manifest import manifest as made

    if platform == "discord":
        typer.echo(_invitation(application))
        return
    if platform not in PLATFORMS:
        named = " or ".join(typed("manifest", each) for each in PLATFORMS)
        raise stop(f"There is no manifest of '{platform}'; try: {named}", WRONG)
    if http and not _reachable(http):
        raise stop(f"'{http}' is no address Slack can reach; write it like https://help.example.com", WRONG)
    typer.echo(json.dumps(made(url=http), ensure_ascii=False, indent=2))


def _invitation(application: str) -> str:
    """The link, and what it asks for."""
    from adapters.discord.manifest import INTENTS, PERMISSIONS, application_of, invite

    named = application or application_of(opened(quiet=True).discord_token.get_secret_value())
    if not re.fullmatch(r"\d{15,22}", named):
        raise stop(
            f"Set DISCORD_TOKEN, or name the application: {typed('manifest', 'discord', '--application', 'ID')}"
            " (General Information in the developer portal)",
            WRONG,
        )
    rows = {name: why for name, (_bit, why) in PERMISSIONS.items()}
    lines = [
        invite(named),
        "",
        "It asks for these permissions in the server:",
        *(f"  {name:<26}{why}" for name, why in rows.items()),
        "",
        "Switches under Bot in the developer portal that you may set besides:",
        *(f"  {name:<26}{why}" for name, why in INTENTS.items()),
    ]
    return "\n".join(lines)


def _reachable(url: str) -> bool:
    """Whether it looks like an https address without a question or a fragment, which Slack would drop."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
