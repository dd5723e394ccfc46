"""`outbox`: shows what is waiting to be sent and dead letters, and queues a dead letter again."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.failures import stop
from bot.commands.program_name import typed
from bot.commands.startup import opened
from bot.commands.times import moment

if TYPE_CHECKING:
    from bot.ports import Letter

commands = typer.Typer()


@commands.callback(invoke_without_command=True)
def outbox(
    ctx: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for scripts: waiting and buried.")
    ] = False,
) -> None:
    """Show what is waiting to be sent, and dead letters.

    A dead letter could not be sent and was given up, for the reason it shows. It stays until you deal with it:
    `outbox retry ID` queues it again.

    Exit codes: 0 on success, 1 if the store cannot be reached.
    """
    if ctx.invoked_subcommand is None:
        asyncio.run(_show(as_json))


@commands.command()
def retry(
    effect: Annotated[str, typer.Argument(metavar="ID", help="The dead letter's id, as the list shows it.")],
) -> None:
    """Queue a dead letter again. The running worker sends it.

    Exit codes: 0 on success, 1 if there is no dead letter with that id or the store cannot be reached.
    """
    if not asyncio.run(_retry(effect)):
        raise stop(f"There is no dead letter {effect!r}. To list them: {typed('outbox')}", 1)
    typer.echo(f"Queued {effect} again.")


async def _retry(effect: str) -> bool:
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        return await app.store.backlog.retry(effect)


async def _show(as_json: bool) -> None:
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        waiting = await app.store.backlog.waiting()
        buried = await app.store.backlog.buried()
    if as_json:
        both = {
            "waiting": [_plain(letter) for letter in waiting],
            "buried": [_plain(letter) for letter in buried],
        }
        typer.echo(json.dumps(both, ensure_ascii=False, indent=2))
        return
    _table("Waiting", "due", waiting)
    _table("Dead letters", "given up", buried)


def _plain(letter: "Letter") -> dict[str, Any]:
    return letter.model_dump(mode="json")


def _table(title: str, when: str, letters: tuple["Letter", ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    from adapters.terminal.render import plainly

    if not letters:
        typer.echo(f"{title}: none.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    for name in ("id", "what", "channel", "conversation", "tries", when, "reason"):
        table.add_column(name, overflow="fold")
    for letter in letters:
        effect = letter.effect
        cells = (effect.id, effect.kind, letter.channel, letter.conversation, str(letter.attempts))
        table.add_row(*(plainly(cell) for cell in (*cells, moment(letter.at), letter.reason)))
    Console().print(table)
