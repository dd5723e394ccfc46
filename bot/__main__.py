"""The command line: `python -m bot`, also `troubletree`."""

import sys
from io import TextIOWrapper

import typer

from bot.commands.agents import tickets
from bot.commands.authors import chat, flows, play
from bot.commands.failures import BROKEN, ExplainingGroup
from bot.commands.operators import (
    accounts,
    archive,
    doctor,
    manifest,
    notice,
    outbox,
    privacy,
    store,
    unmatched,
)
from bot.commands.processes import discord, run, slack, web, worker
from bot.commands.program_name import typed
from bot.logs.crashes import report_crashes, show_crash

CODES = "Exit codes: 0 success, 1 something failed or was not found, 2 invalid usage or a wrong setting."


def application() -> typer.Typer:
    """Return the command line with every command."""
    app = typer.Typer(
        cls=ExplainingGroup,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help appears in half the time, and wraps its paragraphs
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Troubletree turns a troubleshooting guide into a conversation.",
        epilog=CODES,
    )
    app.command()(run.run)
    app.command()(chat.chat)
    app.add_typer(flows.commands, name="flows")
    app.command()(play.play)
    app.command()(tickets.tickets)
    app.add_typer(accounts.commands, name="accounts")
    app.add_typer(notice.commands, name="notice")
    app.add_typer(outbox.commands, name="outbox")
    app.command()(unmatched.unmatched)
    app.command("export")(archive.export)
    app.command("import")(archive.import_)
    app.command()(privacy.forget)
    app.add_typer(store.commands, name="store")
    app.command()(doctor.doctor)
    app.command()(web.web)
    app.command()(worker.worker)
    app.command()(slack.slack)
    app.command()(discord.discord)
    app.command()(manifest.manifest)
    return app


def main() -> None:
    """Run the command that was typed. What a terminal without UTF-8 cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    report_crashes()
    try:
        application()(prog_name=typed())
    except Exception as error:  # noqa: BLE001  # Typer would print the traceback unmasked
        show_crash(error)
        sys.exit(BROKEN)


if __name__ == "__main__":
    main()
