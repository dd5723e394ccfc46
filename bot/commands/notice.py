"""`notice`: a sentence that leads the steps of a flow while something is broken."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import WRONG, stop
from bot.commands.opening import opened
from bot.commands.typed import typed

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(
    no_args_is_help=True,
    help="Say that something is broken: a sentence that leads every step of a flow until it is taken back.",
)

Flow = Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id, as `flows list` shows it.")]


@commands.command(name="set")
def set_(
    flow: Flow,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One or two sentences, as plain text.")],
) -> None:
    """Lead every step of the flow with that sentence, those on screen included, within seconds.

    Exit codes: 0 when it is set, 1 when the store cannot be reached, 2 for an unknown flow or a text of no use.
    """
    asyncio.run(_set(flow, text))
    typer.echo(f"Set for {flow}. It is taken back with {typed('notice', 'clear', flow)}")


async def _set(flow: str, text: str) -> None:
    from bot.app import open_app
    from bot.outages import LONGEST, NOTICES

    line = " ".join(text.split())
    if not 0 < len(line) <= LONGEST:
        raise stop(f"A notice has 1 to {LONGEST} characters; this one has {len(line)}.", WRONG)
    async with open_app(opened(quiet=True)) as app:
        known(app, flow)
        await app.store.bookmarks.put(NOTICES, flow, line)


@commands.command()
def clear(flow: Flow) -> None:
    """Take it back.

    Exit codes: 0, also when there was none; 1 when the store cannot be reached.
    """

    async def cleared() -> None:
        from bot.app import open_app
        from bot.outages import NOTICES

        async with open_app(opened(quiet=True)) as app:
            await app.store.bookmarks.remove(NOTICES, flow)

    asyncio.run(cleared())
    typer.echo(f"No notice for {flow}.")


@commands.command(name="list")
def list_() -> None:
    """What is set now: notices, and flows that are paused."""
    for line in asyncio.run(_lines()) or ["Nothing is set."]:
        typer.echo(line)


async def _lines() -> list[str]:
    from bot.app import open_app
    from bot.outages import NOTICES, PAUSED

    async with open_app(opened(quiet=True)) as app:
        notices = await app.store.bookmarks.all(NOTICES)
        paused = await app.store.bookmarks.all(PAUSED)
    lines = [f"{flow}: {text}" for flow, text in sorted(notices.items())]
    return lines + [f"{flow} is paused: its customers go straight to people" for flow in sorted(paused)]


async def pausing(flow: str, *, paused: bool) -> None:
    """Pause a flow, or let it go on. Stops the command for a flow that there is not."""
    from bot.app import open_app
    from bot.outages import PAUSED

    async with open_app(opened(quiet=True)) as app:
        if not paused:
            await app.store.bookmarks.remove(PAUSED, flow)
            return
        known(app, flow)
        await app.store.bookmarks.put(PAUSED, flow, "yes")


def known(app: "App", flow: str) -> None:
    """Stop the command unless there is such a flow."""
    if flow not in {each.id for each in app.catalogue.flows}:
        raise stop(
            f"There is no flow {flow!r}. There are: {', '.join(each.id for each in app.catalogue.flows)}",
            WRONG,
        )
