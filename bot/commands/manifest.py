"""`manifest`: what a platform has to be told of the app, to paste where apps are made there."""

import json
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.commands.failing import WRONG, stop
from bot.commands.typed import typed

PLATFORMS = ("slack",)


def manifest(
    platform: Annotated[str, typer.Argument(help="Of which platform: slack.")],
    http: Annotated[
        str,
        typer.Option(metavar="URL", help="For HTTP mode: the PUBLIC_URL Slack reaches you at, with https."),
    ] = "",
) -> None:
    """Print the manifest of the app, as JSON to paste at api.slack.com/apps.

    It asks for what the program listens to and no more. Without --http it is for Socket Mode, which needs no
    address: the program fetches what happens.

    Exit codes: 0 when it was printed, 2 when it was called wrongly.
    """
    from adapters.slack.manifest import manifest as made

    if platform not in PLATFORMS:
        raise stop(f"There is no manifest of '{platform}'; try: {typed('manifest', 'slack')}", WRONG)
    if http and not _reachable(http):
        raise stop(f"'{http}' is no address Slack can reach; write it like https://help.example.com", WRONG)
    typer.echo(json.dumps(made(url=http), ensure_ascii=False, indent=2))


def _reachable(url: str) -> bool:
    """Whether it looks like an https address without a question or a fragment, which Slack would drop."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
