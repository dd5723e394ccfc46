"""`accounts`: who may sign in to the web desk; lists them, lets people in and puts them out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import BROKEN, WRONG, Careful, stop
from bot.commands.opening import opened
from bot.commands.when import moment

if TYPE_CHECKING:
    from bot.ports import Account
    from bot.product import App
    from bot.settings import Settings

commands = typer.Typer(
    cls=Careful,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Who may sign in to the web desk.",
)

Name = Annotated[str, typer.Argument(help="The name, as `accounts list` shows it.")]


@commands.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="JSON for scripts: a list.")] = False,
) -> None:
    """List everybody who may sign in.

    Exit codes: 0 when they were listed, 1 when the store cannot be reached.
    """

    async def told(app: "App") -> None:
        accounts = await app.store.accounts.all()
        if as_json:
            typer.echo(json.dumps([account.model_dump() for account in accounts]))
            return
        for account in accounts:
            typer.echo(
                f"{account.name:<24}  {account.role:<6}  {moment(account.made)}  {account.source}".rstrip()
            )
        if not accounts:
            typer.echo("Nobody yet. The first comes in by the link that `run` prints.")

    _run(told)


@commands.command()
def invite(
    name: Annotated[
        str, typer.Argument(help="What you call them; they may change it when they come in.")
    ] = "",
    role: Annotated[
        str, typer.Option(help="agent: helps customers. admin: also looks after accounts and notices.")
    ] = "agent",
) -> None:
    """Print a link with which somebody comes in. It works once, within three days.

    Exit codes: 0 when it was printed, 1 when the store cannot be reached, 2 when called wrongly.
    """
    if role not in ("agent", "admin"):
        raise stop(f"--role is agent or admin, not {role!r}.", WRONG)

    async def told(app: "App") -> None:
        from bot.app import porter

        linking(app.settings)
        token = await porter(app).invite("admin" if role == "admin" else "agent", name)
        typer.echo(desk_link(app.settings, token))

    _run(told)


@commands.command()
def link(name: Name) -> None:
    """Print a link that signs in somebody who has an account. It works once, within a day.

    Exit codes: 0 when it was printed, 1 when there is no such account or the store cannot be reached.
    """

    async def told(app: "App") -> None:
        from bot.app import porter

        linking(app.settings)
        account = await _named(app, name)
        if account.source:
            raise stop(f"{account.name} signs in by {account.source}; a link would go round it.", BROKEN)
        typer.echo(desk_link(app.settings, await porter(app).link(account)))

    _run(told)


@commands.command()
def remove(name: Name) -> None:
    """Put somebody out: they are signed out at once, wherever they are.

    Exit codes: 0 when they were, 1 when there is no such account or the store cannot be reached.
    """

    async def told(app: "App") -> None:
        account = await _named(app, name)
        await app.store.accounts.remove(account.id)
        typer.echo(f"{account.name} is out.")

    _run(told)


def desk_link(settings: "Settings", token: str, page: str = "") -> str:
    """The address that a token stands in; `page` is where the page answers, where that is known."""
    here = page or f"http://{settings.host}:{settings.port}"
    return f"{(settings.public_url or here).rstrip('/')}/desk/in/{token}"


def linking(settings: "Settings") -> None:
    """Stop the command where links let nobody in."""
    if not settings.desk_links:
        raise stop("DESK_LINKS is no: links let nobody in. Whom the issuer lets in needs none.", BROKEN)


async def _named(app: "App", name: str) -> "Account":
    wanted = name.strip().casefold()
    for account in await app.store.accounts.all():
        if wanted in (account.name.casefold(), account.id):
            return account
    raise stop(f"Nobody is called {name!r}. See: accounts list", BROKEN)


def _run(told: "Callable[[App], Awaitable[None]]") -> None:
    settings = opened(quiet=True)

    async def begun() -> None:
        from bot.app import open_app

        async with open_app(settings) as app:
            await told(app)

    asyncio.run(begun())
