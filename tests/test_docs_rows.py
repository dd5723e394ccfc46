"""Checks that a test shows each row of what can go wrong and of what an attacker could try, and has such a row.

A test names its row: `@pytest.mark.row("slack", "The bot's token was revoked")`, the first cell of the row.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.house import tree

HEADING: Final = "## What can go wrong, and what you see"
THREATS: Final = "## What an attacker could try"
ROOT: Final = Path(__file__).parents[1]


def rows(page: str, heading: str = HEADING) -> list[str]:
    """Return the first cell of each row of the tables below that heading."""
    lines = page.partition(heading)[2].partition("\n## ")[0].splitlines()
    cells = [line.split("|")[1].strip() if line.startswith("|") else "" for line in lines]
    heads = {number - 1 for number, cell in enumerate(cells) if cell.startswith("---")}
    return [
        cell
        for number, cell in enumerate(cells)
        if cell and number not in heads and not cell.startswith("---")
    ]


def marked(source: str) -> Iterator[tuple[str, str]]:
    """Yield the page and the row that each test of the module names."""
    for node in ast.walk(tree(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row":
                page, row = (ast.literal_eval(argument) for argument in mark.args)
                yield page, row


@cache
def shown() -> set[tuple[str, str]]:
    """Return the rows that tests name."""
    paths = (path for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts)
    sources = (path.read_text(encoding="utf-8") for path in paths)
    return {row for source in sources if "pytest.mark.row" in source for row in marked(source)}


@pytest.mark.parametrize(
    ("page", "heading"), [("slack", HEADING), ("discord", HEADING), ("security", THREATS)]
)
def test_each_row_of_what_can_go_wrong_is_shown_by_a_test(page: str, heading: str) -> None:
    documented = rows((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), heading)
    tested = {row for named, row in shown() if named == page}

    assert documented
    assert len(set(documented)) == len(documented)
    assert set(documented) - tested == set(), "no test shows these rows"
    assert tested - set(documented) == set(), "these tests name no row"


def test_a_row_without_a_test_is_found() -> None:
    table = "| What happens | What you see |\n|---|---|\n| A | b |\n| C | d |\n"
    page = f"{HEADING}\n\n{table}\n### More\n\n{table.replace('A', 'B')}\n## Next\n\n| E | f |\n"

    assert rows(page) == ["A", "C", "B", "C"]
    assert list(marked('@pytest.mark.row("slack", "A")\ndef test_a() -> None: ...\n')) == [("slack", "A")]
