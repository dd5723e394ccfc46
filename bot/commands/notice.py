"""`notice`: a sentence that leads the steps of a flow while something is broken."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.commands.failing import WRONG, stop
from bot.commands.opening import opened
from bot.commands.typed import typed

if TYPE_CHECKING:
    from bot.ports import Noticeboard

commands = typer.Typer(
    no_args_is_help=True,
    help="Say that something is broken: a sentence that leads every step of a flow until it is taken back.",
)

Flow = Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id, as `flows list` shows it.")]

BY: Final = "the command line"
"""Who did it, where the desk shows that."""


@commands.command(name="set")
def set_(
    flow: Flow,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One or two sentences, as plain text.")],
) -> None:
    """Lead every step of the flow with that sentence, those on screen included, within seconds.

    Exit codes: 0 when it is set, 1 when the store cannot be reached, 2 for an unknown flow or a text of no use.
    """
    on_the_board(lambda board: board.say(flow, text, BY))
    typer.echo(f"Set for {flow}. It is taken back with {typed('notice', 'clear', flow)}")


@commands.command()
def clear(flow: Flow) -> None:
    """Take it back.

    Exit codes: 0, also when there was none; 1 when the store cannot be reached.
    """
    on_the_board(lambda board: board.unsay(flow, BY))
    typer.echo(f"No notice for {flow}.")


@commands.command(name="list")
def list_() -> None:
    """What is set now: notices, and flows that are paused."""

    async def told(board: "Noticeboard") -> None:
        outages = sorted((await board.look()).outages, key=lambda outage: outage.flow)
        lines = [f"{outage.flow}: {outage.notice}" for outage in outages if outage.notice]
        lines += [
            f"{outage.flow} is paused: its customers go straight to people"
            for outage in outages
            if outage.paused
        ]
        for line in lines or ["Nothing is set."]:
            typer.echo(line)

    on_the_board(told)


def pausing(flow: str, *, paused: bool) -> None:
    """Pause a flow, or let it go on. Stops the command for a flow that there is not."""
    on_the_board(lambda board: board.pause(flow, BY) if paused else board.resume(flow, BY))


def on_the_board(do: "Callable[[Noticeboard], Awaitable[None]]") -> None:
    """Do that with what is set. Stops the command where it is of no use, and says why."""

    async def done() -> None:
        from bot.app import noticeboard, open_app

        async with open_app(opened(quiet=True)) as app:
            try:
                await do(noticeboard(app))
            except ValueError as wrong:
                raise stop(str(wrong), WRONG) from None

    asyncio.run(done())
