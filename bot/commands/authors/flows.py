"""`flows`: lists, checks and tests flow files, and pauses flows."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.authors.flow_names import REPLIES, read_file, read_replies_file
from bot.commands.counts import COUNTS
from bot.commands.failures import BROKEN, complain, stop
from bot.commands.operators.notice import pausing
from bot.commands.program_name import typed
from bot.commands.startup import opened

if TYPE_CHECKING:
    from flows.authoring.reader import Reading
    from flows.authoring.replies import Replies
    from flows.catalogue import Catalogue

commands = typer.Typer(no_args_is_help=True, help="List, check, test and pause flows.")

Files = Annotated[
    list[str] | None, typer.Argument(metavar="FILE", help="Flow files; by default, all of them.")
]


@commands.command(name="list")
def listing(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts: a list.")] = False,
) -> None:
    """List the available flows.

    These are the flows that come with the product, and your own in FLOWS_DIR; yours wins if two have the same id.
    A file with errors is listed as not available; `flows check` says what is wrong with it.
    """
    from bot.wiring.app import read_flows

    flow_files = read_flows(opened(quiet=True))
    rows = [_row(reading, flow_files.catalogue.by_id) for reading in flow_files.readings]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _table(rows)


def _row(reading: "Reading", offered: dict[str, Any]) -> dict[str, Any]:
    flow = reading.flow
    if flow is None:
        return {"id": None, "file": reading.file, "errors": len(reading.errors)}
    return {
        "id": flow.id,
        "title": flow.title,
        "steps": len(flow.steps),
        "tests": len(reading.tests),
        "revision": flow.revision,
        "file": reading.file,
        "offered": offered[flow.id] == flow,
        "errors": 0,
    }


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from adapters.terminal.render import plainly

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("flow", "title", "steps", "tests", "file"):
        table.add_column(name, overflow="fold", justify="right" if name in ("steps", "tests") else "left")
    for row in rows:
        file = _short(row["file"])
        if row["id"] is None:
            cells = ("-", COUNTS.say("unavailable", count=row["errors"]), "", "", file)
        else:
            title = row["title"] if row["offered"] else f"{row['title']} (replaced by your own)"
            cells = (row["id"], title, str(row["steps"]), str(row["tests"]), file)
        table.add_row(*(plainly(cell) for cell in cells))
    Console().print(table)


def _short(file: str) -> str:
    """Return the path relative to the current folder, if the file is inside it."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


@commands.command()
def check(given: Files = None) -> None:
    """Check flow files, and the saved replies in `replies.yaml`.

    Each finding is one line: FILE:LINE:COLUMN: reason. A flow with errors is not available until they are fixed; the
    only exceptions are a missing picture, a link to a missing flow, and an external team without an address (in the
    file or in TEAM_<ID>_EMAIL). Suggestions are optional.

    Exit codes: 0 without errors (with or without suggestions), 1 with errors, 2 if a file cannot be opened.
    """
    from bot.wiring.app import flow_words, read_flows
    from bot.wiring.flow_files import FlowFiles

    readings, replies, settings = _readings(given), _replies(given), opened(quiet=True)
    files = FlowFiles(catalogue=_together(readings), readings=readings, replies=replies)
    findings = files.findings(flow_words(settings), beside=read_flows(settings).readings)
    for finding in findings:
        typer.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    count = COUNTS.say("files", count=len(readings) + len(replies))
    suggestions = COUNTS.say("suggestions", count=len(findings) - errors)
    complain(f"{count}: {COUNTS.say('errors', count=errors)}, {suggestions}.")
    if errors:
        raise typer.Exit(BROKEN)


@commands.command(name="test")
def rehearsing(files: Files = None) -> None:
    """Run the tests in flow files.

    A test is a list of answers and the end they must lead to, under `tests:` in the file.

    Exit codes: 0 if all tests pass, 1 if a test fails or a file has errors, 2 if a file cannot be opened.
    """
    from flows.authoring.rehearsal import rehearse

    readings = _readings(files)
    catalogue = _together(readings)
    missed = [finding for reading in readings for finding in (*reading.errors, *rehearse(reading, catalogue))]
    for finding in missed:
        typer.echo(str(finding))
    count = sum(len(reading.tests) for reading in readings if reading.flow is not None)
    if missed:
        problems = COUNTS.say("problems", count=len(missed))
        raise stop(f"{COUNTS.say('ran', count=count)}: {problems}.", BROKEN)
    complain(COUNTS.say("passed", count=count))


def _together(readings: "tuple[Reading, ...]") -> "Catalogue":
    """Return the flows of these files, with the available flows that they may lead to."""
    from bot.wiring.app import read_flows

    given = tuple(reading.flow for reading in readings if reading.flow is not None)
    return read_flows(opened(quiet=True), given).catalogue


@commands.command()
def pause(flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id.")]) -> None:
    """Pause a flow until you resume it.

    A paused flow sends its customers straight to an agent. It takes effect within seconds; customers in
    the middle of the flow go to an agent with their next answer.

    Exit codes: 0 on success, 1 if the store cannot be reached, 2 for an unknown flow.
    """
    pausing(flow, paused=True)
    typer.echo(f"Paused {flow}. To resume it: {typed('flows', 'resume', flow)}")


@commands.command()
def resume(flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id.")]) -> None:
    """Resume a paused flow.

    Exit codes: 0 on success, even if it was not paused; 1 if the store cannot be reached.
    """
    pausing(flow, paused=False)
    typer.echo(f"Resumed {flow}.")


@commands.command()
def schema() -> None:
    """Print the JSON Schema of flow files, for editors.

    Save it, then start each flow file with: # yaml-language-server: $schema=flow.schema.json
    """
    from flows.authoring.schema import schema as made

    typer.echo(json.dumps(made(), ensure_ascii=False, indent=2))


def _readings(files: list[str] | None) -> tuple["Reading", ...]:
    if files:
        return tuple(read_file(file) for file in files if Path(file).name != REPLIES)
    from bot.wiring.app import read_flows

    return read_flows(opened(quiet=True)).readings


def _replies(files: list[str] | None) -> "tuple[Replies, ...]":
    if files:
        return tuple(read_replies_file(file) for file in files if Path(file).name == REPLIES)
    from bot.wiring.app import read_flows

    return read_flows(opened(quiet=True)).replies
