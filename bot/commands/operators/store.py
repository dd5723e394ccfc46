"""`store`: continues with a store that lost its data, and switches a store to the newest format of stored data."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failures import BROKEN, stop
from bot.commands.processes.lifetime import where
from bot.commands.program_name import typed
from bot.commands.startup import opened, opened_store

if TYPE_CHECKING:
    from bot.wiring.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Accept an emptied store, or switch to the newest format.")


@commands.callback()
def store() -> None:
    """Accept an emptied store or another one, or let all processes write the newest format."""


@commands.command()
def accept() -> None:
    """Continue with the store as it is, although it lost its data or is not the one used before.

    Until then every process refuses each event and shows customers the support address, so that nothing is recorded
    in the wrong place. First look for the data: a backup, another address, a node that is down. What is missing stays
    missing. Running processes continue within seconds, without a restart.

    Exit codes: 0 on success, 1 if the store cannot be reached or read.
    """
    settings = opened(quiet=True)
    asyncio.run(_accept(settings))
    typer.echo(f"Accepted {where(settings)}. Running processes continue within seconds.")


@commands.command()
def switch(
    yes: Annotated[bool, typer.Option("--yes", help="Switch without a question.")] = False,
) -> None:
    """Let all processes write the newest format of stored data. Older releases then refuse to start.

    This happens without the command, about a minute after the last process of an older release has stopped, where the
    server shows that none is connected. The doctor says what is in doubt. Stop every older process first: it could no
    longer read what the others store. Running processes continue, and write the format within seconds.

    Exit codes: 0 on success, 1 if a process that cannot read the format is running, or the store cannot be reached.
    """
    asyncio.run(_switch(opened(quiet=True), yes))


async def _switch(settings: "Settings", yes: bool) -> None:
    async with opened_store(settings) as opened_one:
        status = await opened_one.formats.status()
        if status.written < status.newest:
            typer.echo("\n".join(("In doubt:", *status.doubts)) if status.doubts else "Nothing is in doubt.")
            if not yes:
                typer.confirm("Has every process of an older release stopped?", abort=True)
            status = await opened_one.formats.switch()
    if status.written < status.newest:
        running = "A process of an older release is running"
        raise stop(f"{running}: {typed('doctor')} lists all. Stop it first.", BROKEN)
    typer.echo(f"Format {status.written} is written. Older releases refuse to start.")


async def _accept(settings: "Settings") -> None:
    from adapters.storage.store import accept_store

    await accept_store(
        settings.redis_url,
        settings.data_dir,
        settings.redis_prefix,
        memory_mb=settings.store_memory_mb,
    )
