"""`notice`: posts, removes and lists the notices at the top of a flow's steps."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.commands.failures import WRONG, stop
from bot.commands.program_name import typed
from bot.commands.startup import opened

if TYPE_CHECKING:
    from bot.ports import Noticeboard

commands = typer.Typer(
    no_args_is_help=True,
    help="Post a notice at the top of every step of a flow.",
)

Flow = Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id, as `flows list` shows it.")]

BY: Final = "the command line"
"""The author of a notice, as the desk shows it."""


@commands.command(name="set")
def set_(
    flow: Flow,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One or two sentences, as plain text.")],
) -> None:
    """Post or replace a flow's notice.

    It appears at the top of every step within seconds, including steps already on screen.

    Exit codes: 0 on success, 1 if the store cannot be reached, 2 for an unknown flow or an unusable text.
    """
    on_the_board(lambda board: board.say(flow, text, BY))
    typer.echo(f"Posted a notice for {flow}. To remove it: {typed('notice', 'clear', flow)}")


@commands.command()
def clear(flow: Flow) -> None:
    """Remove a flow's notice.

    Exit codes: 0 on success, even if there was none; 1 if the store cannot be reached.
    """
    on_the_board(lambda board: board.unsay(flow, BY))
    typer.echo(f"{flow} has no notice now.")


@commands.command(name="list")
def list_() -> None:
    """List the current notices and the paused flows."""

    async def print_all(board: "Noticeboard") -> None:
        outages = sorted((await board.look()).outages, key=lambda outage: outage.flow)
        lines = [f"{outage.flow}: {outage.notice}" for outage in outages if outage.notice]
        lines += [
            f"{outage.flow} is paused: its customers go straight to an agent"
            for outage in outages
            if outage.paused
        ]
        for line in lines or ["No notices and no paused flows."]:
            typer.echo(line)

    on_the_board(print_all)


def pausing(flow: str, *, paused: bool) -> None:
    """Pause or resume a flow. Stops the command for an unknown flow."""
    on_the_board(lambda board: board.pause(flow, BY) if paused else board.resume(flow, BY))


def on_the_board(do: "Callable[[Noticeboard], Awaitable[None]]") -> None:
    """Change or read the notices. Stops the command, with the reason, if the noticeboard refuses."""

    async def done() -> None:
        from bot.wiring.app import noticeboard, open_app

        async with open_app(opened(quiet=True)) as app:
            try:
                await do(noticeboard(app))
            except ValueError as error:
                raise stop(str(error), WRONG) from None

    asyncio.run(done())
