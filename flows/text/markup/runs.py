"""Makes paragraphs of runs: characters of one message with one style and one link. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from flows.text.markup.words import Bold, Break, Code, Inline, Italic, Link, Paragraph, Strike, Text

STYLES: Final = (("code", Code), ("strike", Strike), ("italic", Italic), ("bold", Bold))
"""Styles, the innermost first: code holds nothing but characters."""


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
        if joined and joined[-1][1:] == run[1:]:
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    found: list[Inline] = []
    for run in joined:
        for number, line in enumerate(run.text.split("\n")):
            found += [Break()] if number else []
            found += [_styled(run._replace(text=line))] if line else []
    return tuple(found)


def _styled(run: Run) -> Inline:
    inline: Inline = Text(text=run.text)
    for name, kind in STYLES:
        if name in run.styles:
            inline = kind(inlines=(inline,))
    return Link(label=(inline,), url=run.url) if run.url else inline
