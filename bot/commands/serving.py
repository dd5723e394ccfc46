"""Runs parts of the product until it is asked to stop, and says where to look."""

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from bot.commands.failing import BROKEN, stop
from bot.commands.opening import opened
from bot.commands.typed import typed

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings


def serving(*, web: bool, worker: bool) -> None:
    """Run them in this process. A port that is taken ends it with code 1."""
    with suppress(KeyboardInterrupt):  # before there was anything to stop
        asyncio.run(_serve(opened(), web=web, worker=worker))


async def _serve(settings: "Settings", *, web: bool, worker: bool) -> None:
    from bot.app import open_app, serve

    async with open_app(settings) as app:
        if not web:
            typer.echo("The worker is running: it sends what is left and rings timers.")
            typer.echo("\n".join(_about(app)))
        try:
            await serve(app, web=web, worker=worker, ready=lambda page: _ready(app, page, worker=worker))
        except* OSError as failures:
            raise stop(_port_trouble(settings, failures.exceptions[0]), BROKEN) from None
    typer.echo("Stopped. Nothing is lost.")


def _ready(app: "App", page: str, *, worker: bool) -> None:
    lines = (
        "",
        "Troubletree is running." if worker else "The page is running; start a worker beside it.",
        "",
        f"  The page   {page}",
        f"  The API    {page.rstrip('/')}/openapi.json",
        f"  Terminal   {typed('chat')}",
        f"  Tickets    {typed('tickets')}",
        *_about(app),
        "",
    )
    typer.echo("\n".join(lines))


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
