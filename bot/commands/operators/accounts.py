"""`accounts`: lists, invites and removes the people who can sign in to the web desk."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failures import BROKEN, WRONG, ExplainingGroup, stop
from bot.commands.program_name import typed
from bot.commands.startup import opened
from bot.commands.times import moment

if TYPE_CHECKING:
    from bot.ports import Account
    from bot.wiring.product import App
    from bot.wiring.settings import Settings

commands = typer.Typer(
    cls=ExplainingGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Manage who can sign in to the web desk.",
)

Name = Annotated[str, typer.Argument(help="The account's name, as `accounts list` shows it.")]


@commands.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts: a list.")] = False,
) -> None:
    """List the accounts that can sign in to the web desk.

    Exit codes: 0 on success, 1 if the store cannot be reached.
    """

    async def act(app: "App") -> None:
        accounts = await app.store.accounts.all()
        if as_json:
            typer.echo(json.dumps([account.model_dump() for account in accounts]))
            return
        for account in accounts:
            typer.echo(
                f"{account.name:<24}  {account.role:<6}  {moment(account.made)}  {account.source}".rstrip()
            )
        if not accounts:
            typer.echo("No accounts yet. To create the first one, open the link that `run` prints.")

    _run(act)


@commands.command()
def invite(
    name: Annotated[str, typer.Argument(help="A suggested name; they can change it when they join.")] = "",
    role: Annotated[
        str, typer.Option(help="agent: helps customers. admin: also manages accounts and notices.")
    ] = "agent",
) -> None:
    """Print an invite link. It works once, within three days.

    Exit codes: 0 on success, 1 if the store cannot be reached, 2 for invalid usage.
    """
    if role not in ("agent", "admin"):
        raise stop(f"--role must be agent or admin, not {role!r}.", WRONG)

    async def act(app: "App") -> None:
        from bot.wiring.app import sign_in

        linking(app.settings)
        token = await sign_in(app).invite("admin" if role == "admin" else "agent", name)
        typer.echo(desk_link(app.settings, token))

    _run(act)


@commands.command()
def link(name: Name) -> None:
    """Print a sign-in link for an existing account. It works once, within a day.

    Exit codes: 0 on success, 1 if there is no such account or the store cannot be reached.
    """

    async def act(app: "App") -> None:
        from bot.wiring.app import sign_in

        linking(app.settings)
        account = await _named(app, name)
        if account.source:
            raise stop(
                f"{account.name} signs in with {account.source}. A link would bypass it, so none was created.",
                BROKEN,
            )
        typer.echo(desk_link(app.settings, await sign_in(app).link(account)))

    _run(act)


@commands.command()
def remove(name: Name) -> None:
    """Remove a user. They are signed out immediately, on every device.

    Exit codes: 0 on success, 1 if there is no such account or the store cannot be reached.
    """

    async def act(app: "App") -> None:
        account = await _named(app, name)
        await app.store.accounts.remove(account.id)
        typer.echo(f"Removed {account.name}.")

    _run(act)


def desk_link(settings: "Settings", token: str, page: str = "") -> str:
    """Return the address that holds a token; `page` is the page's address, if it is known."""
    base = page or f"http://{settings.host}:{settings.port}"
    return f"{(settings.public_url or base).rstrip('/')}/desk/in/{token}"


def linking(settings: "Settings") -> None:
    """Stop the command if links are switched off."""
    if not settings.desk_links:
        raise stop("Links are off (DESK_LINKS=no). Users sign in with the OIDC issuer instead.", BROKEN)


async def _named(app: "App", name: str) -> "Account":
    wanted = name.strip().casefold()
    for account in await app.store.accounts.all():
        if wanted in (account.name.casefold(), account.id):
            return account
    raise stop(f"There is no account named {name!r}. To list accounts: {typed('accounts', 'list')}", BROKEN)


def _run(act: "Callable[[App], Awaitable[None]]") -> None:
    settings = opened(quiet=True)

    async def begun() -> None:
        from bot.wiring.app import open_app

        async with open_app(settings) as app:
            await act(app)

    asyncio.run(begun())
