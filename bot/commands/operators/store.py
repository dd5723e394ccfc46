"""`store accept`: continues with a store that lost its data, or with another store than before."""

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.commands.processes.lifetime import where
from bot.commands.startup import opened

if TYPE_CHECKING:
    from bot.wiring.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Accept an emptied store, or another one.")


@commands.callback()
def store() -> None:
    """Accept an emptied store, or another one."""


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


async def _accept(settings: "Settings") -> None:
    from adapters.storage.store import accept_store

    await accept_store(
        settings.redis_url,
        settings.data_dir,
        settings.redis_prefix,
        memory_mb=settings.store_memory_mb,
    )
