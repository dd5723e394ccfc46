"""`outbox`: effects that wait to be carried out, dead letters, and trying one again."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.failing import stop
from bot.commands.opening import opened
from bot.commands.typed import typed
from bot.commands.when import moment

if TYPE_CHECKING:
    from bot.ports import Letter

commands = typer.Typer()


@commands.callback(invoke_without_command=True)
def outbox(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for scripts: waiting and buried.")] = False,
) -> None:
    """Show what waits to be sent, and dead letters.

    A dead letter was given up, and says why; it stays until a person has looked at it. `outbox retry ID` puts it
    back at the end of its lane.

    Exit codes: 0 when it was shown, 1 when the store cannot be reached.
    """
    if ctx.invoked_subcommand is None:
        asyncio.run(_show(as_json))


@commands.command()
def retry(
    effect: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the dead letter, as the list shows it.")
    ],
) -> None:
    """Put a dead letter back, so that it is sent again. The running worker picks it up.

    Exit codes: 0 when it was put back, 1 when there is no dead letter with that id.
    """
    if not asyncio.run(_retry(effect)):
        raise stop(f"There is no dead letter {effect!r}. {typed('outbox')} lists them.", 1)
    typer.echo(f"{effect} waits again.")


async def _retry(effect: str) -> bool:
    from bot.app import open_app

    async with open_app(opened(quiet=True)) as app:
        return await app.store.backlog.retry(effect)


async def _show(as_json: bool) -> None:
    from bot.app import open_app

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
