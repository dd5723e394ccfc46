"""Tests the page for flow authors: its examples have no errors, and its mistakes are reported as it says."""

import re
from pathlib import Path
from typing import Final

import pytest

from flows.authoring import keys
from flows.authoring.reader import read

PAGE: Final = (Path(__file__).parents[3] / "docs" / "writing-flows.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
MISTAKES: Final = re.findall(
    r"^```yaml mistakes\n(.*?)^```\n\n```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)

USUAL: Final = {
    "flow": "flow: example\n",
    "title": "title: An example\n",
    "vars": "vars: {product: {setting: PRODUCT_NAME, default: it}}\n",
    "teams": "teams: {shop: The shop, maker: The maker}\n",
    "escalate": "escalate: shop\n",
    "steps": "steps:\n  - {id: one, title: One, say: Do it.}\n  - {id: two, title: Two, say: Do it.}\n",
}
"""The file that a part of one is put into, by key."""


def whole(block: str) -> str:
    """A part of a file as a file: its keys replace the usual ones."""
    if block.startswith("answers:"):
        indented = "".join(f"    {line}\n" for line in block.splitlines())
        block = f"steps:\n  - id: one\n    title: One\n    ask: What?\n{indented}"
    parts = {part.split(":")[0]: part for part in re.split(r"^(?=[a-z])", block, flags=re.MULTILINE) if part}
    return "".join((USUAL | parts).values())


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: str(block).split("\n")[0][:30])
def test_an_example_of_the_page_is_read_without_errors(block: str) -> None:
    reading = read(whole(block).encode(), "example.yaml")
    assert [str(error) for error in reading.errors] == []


@pytest.mark.parametrize(("block", "lines"), MISTAKES, ids=["a file", "YAML"])
def test_the_mistakes_of_the_page_are_told_as_it_says(block: str, lines: str) -> None:
    reading = read(block.encode(), "my-flow.yaml")
    assert "".join(f"{finding}\n" for finding in reading.findings) == lines


def test_the_page_has_an_example_of_every_key() -> None:
    shown = "".join(BLOCKS)
    for shape in keys.SHAPES:
        for key in shape.keys:
            if key.name != "check":
                assert re.search(rf"\b{key.name}:", shown), f"{shape.name} has no example of {key.name}"
            assert f"`{key.name}`" in PAGE or re.search(rf"\b{key.name}:", shown)
