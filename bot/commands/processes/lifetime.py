"""Runs parts of the product until it is asked to stop, and says where to look."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

import typer

from bot.commands.failures import BROKEN, stop
from bot.commands.interrupt import heed_ctrl_c
from bot.commands.operators.accounts import desk_link
from bot.commands.processes.garbage_collection import collect_less
from bot.commands.program_name import typed
from bot.commands.startup import opened

Part = Literal["web", "worker", "slack", "discord"]

SETTLED_S: Final = 2.0
"""Seconds after the start until everything that lasts has been made. The first visitors need not wait for that."""

if TYPE_CHECKING:
    from bot.wiring.product import App
    from bot.wiring.settings import Settings


def serving(*parts: Part) -> None:
    """Run these parts in this process, or every part there are settings for if none is named.

    Ends with code 1 if the port is taken, with code 2 if a platform refuses a token.
    """
    heed_ctrl_c()
    with suppress(KeyboardInterrupt):  # Ctrl-C before anything had started
        asyncio.run(_serve(opened(), parts))


async def _serve(settings: "Settings", named: tuple[Part, ...]) -> None:
    from bot.wiring.app import open_app, sign_in
    from bot.wiring.demo import seed
    from bot.wiring.processes import Parts, serve

    wanted = named or ("web", "worker", *_platforms(settings))
    parts = Parts(**dict.fromkeys(wanted, True))
    async with open_app(settings, roles=wanted) as app:
        if settings.demo:
            await seed(app.receive, app.store.views)
        first = await sign_in(app).first() if parts.web else None

        def ready(page: str) -> None:
            lines = _page(app, page, first, worker=parts.worker) if page else _no_page(app, wanted[0])
            typer.echo("\n".join(lines))
            asyncio.get_running_loop().call_later(SETTLED_S, collect_less)

        try:
            await serve(app, parts, ready=ready, heard=_Connected())
        except* OSError as failures:
            raise stop(_port_trouble(settings, failures.exceptions[0]), BROKEN) from None
    typer.echo("Stopped. Nothing was lost.")


def _platforms(settings: "Settings") -> tuple[Part, ...]:
    """Return the platforms whose tokens are set."""
    slack = settings.slack_bot_token.get_secret_value() and settings.slack_app_token.get_secret_value()
    found: list[Part] = ["slack"] if slack else []
    return (*found, "discord") if settings.discord_token.get_secret_value() else tuple(found)


class _Connected:
    """Prints once per platform that it is connected; the log has all later changes."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, platform: str, sockets: int) -> None:
        """Take the number of sockets that are open now."""
        if sockets and platform not in self._said:
            self._said.add(platform)
            typer.echo(f"  {platform:<10} connected")


def _page(app: "App", page: str, first: str | None, *, worker: bool) -> tuple[str, ...]:
    """Return the lines that say where to look, once the page answers."""
    return (
        "",
        "Troubletree is running." if worker else "The page is running. Start a worker as well.",
        "",
        f"  The page   {page}",
        f"  The desk   {page.rstrip('/')}/desk",
        *_first(app, page, first),
        f"  The API    {page.rstrip('/')}/openapi.json",
        f"  Terminal   {typed('chat')}",
        f"  Tickets    {typed('tickets')}",
        *_slack_over_http(app.settings, page),
        *_about(app),
        "",
    )


def _slack_over_http(settings: "Settings", page: str) -> tuple[str, ...]:
    """Return how Slack reaches the page; nothing if Slack is off or connects over sockets, which is said later."""
    if not settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
        return ()
    if not settings.slack_signing_secret.get_secret_value():
        return ("  Slack      receives nothing: set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP",)
    return (f"  Slack      receives events at {(settings.public_url or page).rstrip('/')}/slack/events",)


def _no_page(app: "App", part: Part) -> tuple[str, ...]:
    """Return the lines of a process that serves no page."""
    if part == "worker":
        return ("The worker is running. It sends what is waiting and runs timers.", *_about(app))
    return (f"Connecting to {part.capitalize()}. Start a worker as well.", *_about(app))


def _first(app: "App", page: str, token: str | None) -> tuple[str, ...]:
    """Return how the first agent signs in; nothing if there is already an account."""
    return (f"  Sign in    {desk_link(app.settings, token, page)} (works once)",) if token else ()


def _about(app: "App") -> tuple[str, ...]:
    count = len(app.catalogue.flows)
    return (
        f"  Flows      {count} available"
        if count
        else f"  Flows      none available: run {typed('flows', 'check')}",
        f"  Data       {where(app.settings)}",
        "  To stop    Ctrl-C",
    )


def where(settings: "Settings") -> str:
    """Return where conversations are stored, without credentials."""
    if settings.redis_url is None:
        return f"{settings.data_dir.resolve()} (embedded store)"
    from adapters.storage.connections.address import shown

    return shown(settings.redis_url)


def _port_trouble(settings: "Settings", failure: BaseException) -> str:
    reason = getattr(failure, "strerror", None) or str(failure)
    return f"Cannot listen on {settings.host}:{settings.port}: {reason}. Set PORT to a free port, or to 0 for any."
