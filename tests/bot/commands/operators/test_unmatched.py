"""Tests the command that lists what customers wrote that matched no guide."""

import asyncio
from pathlib import Path

from adapters.storage.store import open_store
from tests.bot.commands.support.shell import Shell


async def counted(data: Path, *texts: str) -> None:
    store = await open_store(None, data)
    for text in texts:
        await store.unmatched.count(text)
    await store.close()


def test_without_any_text_it_says_so(shell: Shell) -> None:
    result = shell.run("unmatched")
    assert (result.exit_code, result.stdout) == (0, "Every text has matched a guide so far.\n")
    assert shell.json("unmatched") == []


def test_the_most_frequent_text_comes_first(shell: Shell) -> None:
    asyncio.run(
        counted(shell.here / "data", "the fridge hums", "my [red]cat[/red] is stuck", "the fridge hums")
    )
    head, first, second = shell.run("unmatched").stdout.splitlines()
    first, second = first.rstrip(), second.rstrip()
    assert head.split() == ["count", "last", "text"]
    assert first.split()[0] == "2"
    assert first.endswith("the fridge hums")
    assert second.endswith("my [red]cat[/red] is stuck")
    rows = shell.json("unmatched")
    assert [(row["sample"], row["count"]) for row in rows] == [
        ("the fridge hums", 2),
        ("my [red]cat[/red] is stuck", 1),
    ]
    assert all(row["last_at"] > 0 for row in rows)
