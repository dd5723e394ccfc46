"""`flows`: what an author and an operator ask about flow files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.failing import BROKEN, complain
from bot.commands.named import REPLIES, read_file, read_replies_file
from bot.commands.notice import pausing
from bot.commands.opening import opened
from bot.commands.typed import typed

if TYPE_CHECKING:
    from flows.catalogue import Catalogue
    from flows.reader import Finding, Reading
    from flows.reading.replies import Replies

commands = typer.Typer(no_args_is_help=True, help="List, check and test flow files.")

Files = Annotated[
    list[str] | None, typer.Argument(metavar="FILE", help="Flow files; all known ones by default.")
]


@commands.command(name="list")
def listing(
    as_json: Annotated[bool, typer.Option("--json", help="JSON for scripts: one list.")] = False,
) -> None:
    """List the flows on offer.

    They are those that come with the product, and yours in FLOWS_DIR, which win where ids are equal. A file with
    errors is not on offer, and is listed as such; `flows check` says what is wrong with it.
    """
    from bot.app import read_flows

    shelf = read_flows(opened(quiet=True))
    rows = [_row(reading, shelf.catalogue.by_id) for reading in shelf.readings]
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
            cells = ("-", f"not on offer: {row['errors']} errors", "", "", file)
        else:
            title = row["title"] if row["offered"] else f"{row['title']} (replaced by yours)"
            cells = (row["id"], title, str(row["steps"]), str(row["tests"]), file)
        table.add_row(*(plainly(cell) for cell in cells))
    Console().print(table)


def _short(file: str) -> str:
    """The file as seen from here, where that is shorter."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


@commands.command()
def check(files: Files = None) -> None:
    """Say what is wrong with flow files, and with the replies in `replies.yaml`.

    One finding is one line: FILE:LINE:COLUMN: reason. Errors must be mended before the flow is offered; only a
    picture or another flow that is not there does not keep it from being offered. Advice may be followed or not.

    Exit codes: 0 without errors (advice or not), 1 with errors, 2 when a file cannot be opened.
    """
    from flows.reading.replies import unknown_flows

    readings, replies = _readings(files), _replies(files)
    known = {flow.id for flow in _together(readings).flows}
    findings = [finding for reading in readings for finding in (*reading.findings, *_missing(reading, known))]
    findings += [finding for read in replies for finding in (*read.findings, *unknown_flows(read, known))]
    for finding in findings:
        typer.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    advice = len(findings) - errors
    complain(
        f"{_counted(len(readings) + len(replies), 'file')}: {_counted(errors, 'error')}, {advice} advice."
    )
    if errors:
        raise typer.Exit(BROKEN)


def _missing(reading: "Reading", known: set[str]) -> "tuple[Finding, ...]":
    from flows.reading.outside import missing

    return missing(reading, known, [path.name for path in Path(reading.file).parent.iterdir()])


@commands.command(name="test")
def rehearsing(files: Files = None) -> None:
    """Walk the tests that flow files hold, and say which end elsewhere.

    A test is a list of answers and the end they must lead to, under `tests:` in the file.

    Exit codes: 0 when all end as they should, 1 when one does not or a file has errors, 2 when a file cannot be
    opened.
    """
    from flows.rehearsal import rehearse

    readings = _readings(files)
    catalogue = _together(readings)
    missed = [finding for reading in readings for finding in (*reading.errors, *rehearse(reading, catalogue))]
    for finding in missed:
        typer.echo(str(finding))
    walked = _counted(sum(len(reading.tests) for reading in readings if reading.flow is not None), "test")
    complain(f"{walked}, {len(missed)} to look at." if missed else f"{walked}, all as expected.")
    if missed:
        raise typer.Exit(BROKEN)


def _together(readings: "tuple[Reading, ...]") -> "Catalogue":
    """The flows of these files beside those on offer, which they may lead to."""
    from bot.app import read_flows

    given = tuple(reading.flow for reading in readings if reading.flow is not None)
    return read_flows(opened(quiet=True), given).catalogue


@commands.command()
def pause(flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id.")]) -> None:
    """Send the flow's customers straight to people, within seconds, until it is resumed.

    Who is in it goes there with their next answer. Exit codes: 0 when it is paused, 1 when the store cannot be
    reached, 2 for a flow that there is not.
    """
    pausing(flow, paused=True)
    typer.echo(f"{flow} is paused. It goes on with {typed('flows', 'resume', flow)}")


@commands.command()
def resume(flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow's id.")]) -> None:
    """Let a paused flow go on.

    Exit codes: 0, also when it was not paused; 1 when the store cannot be reached.
    """
    pausing(flow, paused=False)
    typer.echo(f"{flow} goes on.")


@commands.command()
def schema() -> None:
    """Print the JSON Schema of flow files, for editors.

    Save it, and begin a flow file with: # yaml-language-server: $schema=flow.schema.json
    """
    from flows.schema import schema as made

    typer.echo(json.dumps(made(), ensure_ascii=False, indent=2))


def _readings(files: list[str] | None) -> tuple["Reading", ...]:
    if files:
        return tuple(read_file(file) for file in files if Path(file).name != REPLIES)
    from bot.app import read_flows

    return read_flows(opened(quiet=True)).readings


def _replies(files: list[str] | None) -> "tuple[Replies, ...]":
    if files:
        return tuple(read_replies_file(file) for file in files if Path(file).name == REPLIES)
    from bot.app import read_flows

    return read_flows(opened(quiet=True)).replies


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
