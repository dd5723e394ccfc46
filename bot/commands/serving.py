"""Runs parts of the product until it is asked to stop, and says where to look."""

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

import typer

from bot.commands.accounts import desk_link
from bot.commands.failing import BROKEN, stop
from bot.commands.opening import opened
from bot.commands.typed import typed

Part = Literal["web", "worker", "slack", "discord"]

WORKING: Final = "The worker is running: it sends what is left and rings timers."
HEARING: Final = "Connecting to {what}; start a worker beside this process."

if TYPE_CHECKING:
    from bot.product import App
    from bot.settings import Settings


def serving(*parts: Part) -> None:
    """Run them in this process, or everything there are settings for where none is named.

    A port that is taken ends it with code 1, a token that is refused with code 2.
    """
    with suppress(KeyboardInterrupt):  # before there was anything to stop
        asyncio.run(_serve(opened(), parts))


async def _serve(settings: "Settings", named: tuple[Part, ...]) -> None:
    from bot.app import open_app, porter
    from bot.demo import seed
    from bot.serving import Parts, serve

    wanted = named or ("web", "worker", *_platforms(settings))
    parts = Parts(**dict.fromkeys(wanted, True))
    async with open_app(settings) as app:
        if settings.demo:
            await seed(app.receive)
        first = await porter(app).first() if parts.web else None
        if not parts.web:
            typer.echo(WORKING if wanted == ("worker",) else HEARING.format(what=wanted[0].capitalize()))
            typer.echo("\n".join(_about(app)))
        try:
            await serve(
                app, parts, ready=lambda page: _ready(app, page, first, worker=parts.worker), heard=_Heard()
            )
        except* OSError as failures:
            raise stop(_port_trouble(settings, failures.exceptions[0]), BROKEN) from None
    typer.echo("Stopped. Nothing is lost.")


def _platforms(settings: "Settings") -> tuple[Part, ...]:
    """The platforms whose tokens are set."""
    slack = settings.slack_bot_token.get_secret_value() and settings.slack_app_token.get_secret_value()
    found: list[Part] = ["slack"] if slack else []
    return (*found, "discord") if settings.discord_token.get_secret_value() else tuple(found)


class _Heard:
    """Says once of each platform that it is heard; what happens later is for the log."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, platform: str, sockets: int) -> None:
        """So many sockets are open now."""
        if sockets and platform not in self._said:
            self._said.add(platform)
            typer.echo(f"  {platform:<10} is heard")


def _ready(app: "App", page: str, first: str | None, *, worker: bool) -> None:
    lines = (
        "",
        "Troubletree is running." if worker else "The page is running; start a worker beside it.",
        "",
        f"  The page   {page}",
        f"  The desk   {page.rstrip('/')}/desk",
        *_first(app, page, first),
        f"  The API    {page.rstrip('/')}/openapi.json",
        f"  Terminal   {typed('chat')}",
        f"  Tickets    {typed('tickets')}",
        *_about(app),
        "",
    )
    typer.echo("\n".join(lines))


def _first(app: "App", page: str, token: str | None) -> tuple[str, ...]:
    """How the first agent comes in; nothing once there is an account."""
    return (f"  Sign in    {desk_link(app.settings, token, page)} (works once)",) if token else ()


def _about(app: "App") -> tuple[str, ...]:
    count = len(app.catalogue.flows)
    return (
        f"  Flows      {count} on offer"
        if count
        else f"  Flows      none on offer: {typed('flows', 'check')}",
        f"  Data       {where(app.settings)}",
        "  To stop    Ctrl-C",
    )


def where(settings: "Settings") -> str:
    """Where conversations are kept, without credentials."""
    if settings.redis_url is None:
        return f"{settings.data_dir.resolve()} (embedded store)"
    return re.sub(r"//[^/@]*@", "//", settings.redis_url)


def _port_trouble(settings: "Settings", failure: BaseException) -> str:
    reason = getattr(failure, "strerror", None) or str(failure)
    return f"{settings.host}:{settings.port} cannot be listened on: {reason}. Set PORT to another one, or 0 for any."
