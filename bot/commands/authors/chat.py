"""`chat`: walks a guide in a terminal."""

import asyncio
import getpass
import re
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.authors.flow_names import NamedFlow, flow_named
from bot.commands.interrupt import heed_ctrl_c
from bot.commands.program_name import typed
from bot.commands.startup import opened

if TYPE_CHECKING:
    from adapters.terminal.receiver import TerminalVisit
    from bot.wiring.settings import Settings


def chat(
    flow: Annotated[
        str, typer.Argument(metavar="FLOW|FILE", help="A flow's id, or a flow file to try out.")
    ] = "",
    person: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Whose conversation it is; yours by default.")
    ] = "",
    again: Annotated[str, typer.Option(metavar="ID", help="Return to a conversation that has ended.")] = "",
) -> None:
    """Walk through a guide in this terminal, as a customer does.

    Without FLOW it asks what the problem is. Run the same command again later to continue where you stopped.
    Answer with a number, a letter, or in your own words; q, Ctrl-D or Ctrl-C leaves.

    A FILE is read again each time: after you change it, you walk the new version from the beginning.

    It also works without a terminal: each line of standard input is one answer, and the end of input leaves. Plain
    phrases alone are understood then, so that a script goes the same way every time.
    """
    heed_ctrl_c()
    settings = opened(quiet=True)
    named = flow_named(flow, settings) if flow else None
    visit = _visit(named, flow, person, again, settings)
    with suppress(KeyboardInterrupt, asyncio.CancelledError):  # the terminal has already said goodbye
        asyncio.run(_chat(settings, named, visit))


def _visit(
    named: NamedFlow | None, flow: str, person: str, again: str, settings: "Settings"
) -> "TerminalVisit":
    from adapters.terminal.receiver import TerminalVisit

    command = ["chat", *([flow] if flow else [])]
    command += ["--as", person] if person else []
    who = re.sub(r"[^\w.@-]", "-", person or getpass.getuser())
    title = f"{settings.product_name} support" if settings.product_name else "Troubletree"
    return TerminalVisit(
        person=who,
        flow=named.flow.id if named else "",
        door=f"terminal/{who}/{named.flow.revision}" if named and named.from_file else f"terminal/{who}",
        conversation=again,
        title=named.flow.title if named else title,
        support=settings.support_email,
        command=typed(*command),
    )


async def _chat(settings: "Settings", named: NamedFlow | None, visit: "TerminalVisit") -> None:
    from rich.console import Console

    from adapters.terminal.lines import Lines
    from adapters.terminal.receiver import TerminalPorts, converse
    from adapters.terminal.sender import Terminal
    from bot.wiring.app import open_app
    from bot.wiring.processes import warm, work

    leave = asyncio.current_task()
    assert leave is not None, "asyncio.run made one"
    for number in (signal.SIGTERM, signal.SIGHUP):  # SIGHUP: the user closed the window
        asyncio.get_running_loop().add_signal_handler(number, leave.cancel)
    terminal = Terminal(visit.person, Console())
    extra = (named.flow,) if named and named.from_file else ()
    async with open_app(settings, channels=(terminal,), extra=extra) as app:

        async def settled() -> None:
            await app.outbox.pick_up()
            await app.outbox.idle()

        done = asyncio.Event()
        beside = [asyncio.create_task(work(app, done))]
        if sys.stdin.isatty():  # a script has answered everything before the encoder is warm
            beside.append(asyncio.create_task(warm(app, done)))
        try:
            await converse(TerminalPorts(app.receive, app.look, settled), terminal, Lines(), visit)
        finally:
            done.set()
            await asyncio.gather(*beside)
