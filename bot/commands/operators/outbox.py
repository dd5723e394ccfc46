"""`outbox`: shows what is waiting to be sent, dead letters and damaged entries, and retries or discards them."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.failures import stop
from bot.commands.program_name import typed
from bot.commands.startup import opened
from bot.commands.times import moment

if TYPE_CHECKING:
    from rich.table import Table

    from bot.ports import Letter, NewerEffect, Quarantined

commands = typer.Typer()


@commands.callback(invoke_without_command=True)
def outbox(
    ctx: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for scripts: waiting, newer, buried, quarantined.")
    ] = False,
) -> None:
    """Show what is waiting to be sent, dead letters, and damaged entries.

    A dead letter could not be sent and was given up, for the reason it shows. It stays until you deal with it:
    `outbox retry ID` queues it again.

    What only a newer release can read waits for a worker of that release, and so does everything behind it.

    A damaged entry could not be read and was set aside, so that everything else goes on. `outbox retry ID` puts it back
    into its place, for example after an update; `outbox discard ID` deletes it for good.

    Exit codes: 0 on success, 1 if the store cannot be reached.
    """
    if ctx.invoked_subcommand is None:
        asyncio.run(_show(as_json))


@commands.command()
def retry(
    entry: Annotated[str, typer.Argument(metavar="ID", help="The id, as the list shows it.")],
) -> None:
    """Queue a dead letter again, or put a damaged entry back. The running worker handles it.

    Exit codes: 0 on success, 1 if there is no entry with that id, its place is taken, or the store cannot be reached.
    """
    done = asyncio.run(_retry(entry))
    if not done:
        reason = f"There is no dead letter {entry!r}. No damaged entry with that id can be put back."
        raise stop(f"{reason} To list them: {typed('outbox')}", 1)
    typer.echo(f"{done} {entry} {'again' if done == 'Queued' else 'back'}.")


@commands.command()
def discard(
    entry: Annotated[str, typer.Argument(metavar="ID", help="The damaged entry's id, as the list shows it.")],
) -> None:
    """Delete a damaged entry for good.

    A record, a journal or words that are damaged stay where they are: discarding only takes them off the list, until
    they are read again.

    Exit codes: 0 on success, 1 if there is no damaged entry with that id or the store cannot be reached.
    """
    if not asyncio.run(_discard(entry)):
        raise stop(f"There is no damaged entry {entry!r}. To list them: {typed('outbox')}", 1)
    typer.echo(f"Deleted {entry}.")


async def _retry(entry: str) -> str:
    """Retry a dead letter or a damaged entry. Return what was done, or ''."""
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        if await app.store.backlog.retry(entry):
            return "Queued"
        return "Put" if await app.store.quarantine.retry(entry) else ""


async def _discard(entry: str) -> bool:
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        return await app.store.quarantine.discard(entry)


async def _show(as_json: bool) -> None:
    from bot.quarantine import masked
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        waiting = await app.store.backlog.waiting()
        newer = await app.store.backlog.newer()
        buried = await app.store.backlog.buried()
        quarantined = await app.store.quarantine.entries()
    if as_json:
        both = {
            "waiting": [_plain(letter) for letter in waiting],
            "newer": [_plain(effect) for effect in newer],
            "buried": [_plain(letter) for letter in buried],
            "quarantined": [masked(entry).model_dump(mode="json") for entry in quarantined],
        }
        typer.echo(json.dumps(both, ensure_ascii=False, indent=2))
        return
    _table("Waiting", "due", waiting)
    _unreadable(newer)
    _table("Dead letters", "given up", buried)
    _damaged(tuple(map(masked, quarantined)))


def _plain(letter: "Letter | NewerEffect") -> dict[str, Any]:
    return letter.model_dump(mode="json")


def _damaged(entries: tuple["Quarantined", ...]) -> None:
    from rich.console import Console

    from adapters.terminal.render import plainly

    if not entries:
        typer.echo("Damaged: none.")
        return
    table = _titled("Damaged", ("id", "what", "conversation", "found", "reason", "where", "content"))
    for entry in entries:
        cells = (
            entry.id,
            entry.kind,
            entry.conversation,
            moment(entry.at),
            entry.reason,
            entry.place,
            entry.raw,
        )
        table.add_row(*map(plainly, cells))
    Console().print(table)


def _titled(title: str, columns: tuple[str, ...]) -> "Table":
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _unreadable(effects: tuple["NewerEffect", ...]) -> None:
    from rich.console import Console

    from adapters.terminal.render import plainly

    if not effects:
        return
    table = _titled("Waiting for a newer release", ("id", "what", "channel", "conversation", "due"))
    for effect in effects:
        cells = (effect.id, effect.kind, effect.channel, effect.conversation, moment(effect.at))
        table.add_row(*map(plainly, cells))
    Console().print(table)


def _table(title: str, when: str, letters: tuple["Letter", ...]) -> None:
    from rich.console import Console

    from adapters.terminal.render import plainly

    if not letters:
        typer.echo(f"{title}: none.")
        return
    table = _titled(title, ("id", "what", "channel", "conversation", "tries", when, "reason"))
    for letter in letters:
        effect = letter.effect
        cells = (effect.id, effect.kind, letter.channel, letter.conversation, str(letter.attempts))
        table.add_row(*(plainly(cell) for cell in (*cells, moment(letter.at), letter.reason)))
    Console().print(table)
