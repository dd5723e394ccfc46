"""`play`: walks a flow with given answers, without a store."""

import csv
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.authors.flow_names import flow_named
from bot.commands.failures import WRONG, complain, stop
from bot.commands.startup import opened

if TYPE_CHECKING:
    from flows.authoring.rehearsal import Ended, Turn

RAN_OUT = 3
"""The answers ran out before the walk ended."""


def play(
    flow: Annotated[str, typer.Argument(metavar="FLOW|FILE", help="A flow's id, or a flow file.")],
    answers: Annotated[str, typer.Option(metavar="LIST", help="The answers, separated by commas.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per line, and nothing else.")
    ] = False,
) -> None:
    """Walk a flow with given answers, without a store.

    An answer is a choice's id or label, in upper or lower case, or back, restart or person. Put an answer that
    contains a comma in double quotes. Example: play connection-not-active --answers "still failing, fixed"

    With --json, a turn is an object with step, title, text, warning and choices; the end is an object with ended
    (resolved or escalated), at, reason, team and text.

    Exit codes: 0 if the walk ended, 1 if the file has errors, 2 for an answer that is not available (the error
    lists those that are), 3 if the answers ran out before the end.
    """
    from bot.wiring.app import flow_words, read_flows
    from flows.authoring.rehearsal import Ended, NotOffered, walk

    settings = opened()
    named = flow_named(flow, settings).flow
    known = read_flows(settings, (named,)).catalogue
    ended = False
    try:
        for seen in walk(known, named, _split(answers), flow_words(settings)):
            typer.echo(json.dumps(_plain(seen), ensure_ascii=False) if as_json else _readable(seen))
            ended = isinstance(seen, Ended)
    except NotOffered as error:
        raise stop(str(error), WRONG) from None
    if not ended:
        complain("The walk has not ended, but there are no more answers.")
        raise typer.Exit(RAN_OUT)


def _split(answers: str) -> list[str]:
    """Split a comma-separated list of answers; a trailing comma adds none."""
    parts = [part.strip() for row in csv.reader([answers], skipinitialspace=True) for part in row]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _plain(seen: "Turn | Ended") -> dict[str, Any]:
    return seen.model_dump(exclude={"choices": {"__all__": {"primary"}}})


def _readable(seen: "Turn | Ended") -> str:
    from adapters.terminal.markup import clean
    from flows.authoring.rehearsal import Ended

    if isinstance(seen, Ended):
        because = f" ({seen.reason}, to {seen.team})" if seen.reason else ""
        return clean(f"== {seen.ended} at {seen.at}{because}\n\n{seen.text}")
    offered = "\n".join(f"  [{choice.id}] {choice.label}" for choice in seen.choices)
    parts = (f"-- {seen.step}: {seen.title}", seen.text, seen.warning and f"! {seen.warning}", offered)
    return clean("\n\n".join(part for part in parts if part) + "\n")
