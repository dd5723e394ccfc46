"""Makes paragraphs of runs: characters of one message with one style and one link. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from flows.text.markup.words import Bold, Break, Code, Inline, Italic, Link, Paragraph, Strike, Text

STYLES: Final = (("code", Code), ("strike", Strike), ("italic", Italic), ("bold", Bold))
"""Styles, the innermost first: code holds nothing but characters."""


MOST_PIECES: Final = 1000
"""Lines and styled parts of one text that are read with their formatting: more of them are a log, and take long."""


_ADDRESS: Final = re.compile(r"://|(?<![\w.-])(?:[\w-]+\.)+[a-zA-Z]{2,}(?![\w-])")


class Run(NamedTuple):
    """Characters with their styles and their link; '' for none."""

    text: str
    styles: frozenset[str] = frozenset()
    url: str = ""


def paragraphs(runs: Iterable[Run]) -> Iterator[Paragraph]:
    """Yield the runs as paragraphs: a blank line ends one, and line breaks at the edges are left out."""
    found: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n\n")
        found[-1].append(run._replace(text=first))
        found += [[run._replace(text=part)] for part in others]
    drawn = [inlines(part) for part in found]
    while drawn and not (edge := _without_breaks(drawn[0], 0)):
        drawn = drawn[1:]
    if drawn:
        drawn[0] = edge
    while drawn and not (edge := _without_breaks(drawn[-1], -1)):
        drawn = drawn[:-1]
    if drawn:
        drawn[-1] = edge
    yield from (Paragraph(inlines=part) for part in drawn)


def _without_breaks(part: tuple[Inline, ...], at: int) -> tuple[Inline, ...]:
    while part and isinstance(part[at], Break):
        part = part[1:] if at == 0 else part[:-1]
    return part


def inlines(runs: Iterable[Run]) -> tuple[Inline, ...]:
    """Return the runs as inlines, each in its styles. Neighbors in the same styles are one."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1][1:] == run[1:] and not run.url:
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    found: list[Inline] = []
    for (url, _bare), linked in groupby(joined, key=_link):
        parts = tuple(linked)
        label = tuple(inline for run in parts for inline in _lines(run))
        said = "".join(run.text for run in parts)
        if url and said != url.removeprefix("mailto:") and looks_like_an_address(said):
            found += [*label, Text(text=f" ({url.removeprefix('mailto:')})")]
        else:
            found += [Link(label=label, url=url)] if url else label
    return tuple(found)


def looks_like_an_address(label: str) -> bool:
    """Return whether a link's label looks like an address, which may not be the link's own."""
    return _ADDRESS.search(label) is not None


def _link(run: Run) -> tuple[str, object]:
    """Return what the runs of one link share; a bare address is a link of its own."""
    return run.url, object() if run.url and run.text == run.url.removeprefix("mailto:") else None


def _lines(run: Run) -> Iterator[Inline]:
    for number, line in enumerate(run.text.split("\n")):
        if number:
            yield Break()
        inline: Inline = Text(text=line)
        for name, kind in STYLES:
            if name in run.styles:
                inline = kind(inlines=(inline,))
        yield from (inline,) if line else ()
