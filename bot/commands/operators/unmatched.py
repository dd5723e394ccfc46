"""`unmatched`: lists what customers wrote that matched no guide, so that authors see which guide is missing."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.startup import opened
from bot.commands.times import moment

if TYPE_CHECKING:
    from bot.ports import UnmatchedText


def unmatched(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for scripts: sample, count and last_at (in ms).")
    ] = False,
) -> None:
    """List what customers wrote that matched no guide, the most frequent first.

    Secrets are hidden. A frequent text belongs under `heard` of a guide, or is a guide that is missing.
    At most 500 texts are kept, each for KEEP_DAYS after it last came.

    Exit codes: 0 on success, 1 if the store cannot be reached.
    """
    texts = asyncio.run(_texts())
    if as_json:
        rows = [text.model_dump(mode="json") for text in texts]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif texts:
        _table(texts)
    else:
        typer.echo("Every text has matched a guide so far.")


async def _texts() -> tuple["UnmatchedText", ...]:
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        return await app.store.unmatched.all()


def _table(texts: tuple["UnmatchedText", ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    from adapters.terminal.render import plainly

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("count", justify="right")
    table.add_column("last", no_wrap=True)
    table.add_column("text", overflow="fold")
    for text in texts:
        table.add_row(str(text.count), moment(text.last_at), plainly(text.sample))
    Console().print(table)
