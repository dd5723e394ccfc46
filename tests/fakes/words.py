"""Makes trees of words for property tests, and lists what a reader sees of a tree, letter by letter."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final, NamedTuple

from hypothesis import strategies as st

from flows.text.markup.plain_text import plain
from flows.text.markup.styled import without_strikes
from flows.text.markup.words import (
    Block,
    Bold,
    Break,
    Code,
    CodeBlock,
    Inline,
    Italic,
    Items,
    Link,
    Paragraph,
    Quote,
    Strike,
    Text,
    Words,
)


class Letter(NamedTuple):
    """A letter that a reader sees, with its styles, the address it leads to, and the blocks it stands in."""

    letter: str
    styles: frozenset[str] = frozenset()
    url: str = ""
    within: tuple[str, ...] = ()


_MEANT: Final = (
    "@everyone",
    "<@123>",
    "<!channel>",
    ":wave:",
    "1. ",
    "- ",
    "> ",
    "# ",
    "https://c.example/z",
    "```",
)
_STYLES: Final = {"bold": Bold, "italic": Italic, "strike": Strike}
_ADDRESSES: Final = ("https://a.example/x", "https://b.example/?q=1&r=2")


def tree(seed: int) -> Words:
    """Make a tree."""
    return tuple(_Maker(seed).blocks())


class _Maker:
    """Makes one tree. A generator of its own, because Hypothesis is slow to draw a tree node by node."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # chooses examples

    def blocks(self) -> Iterator[Block]:
        for _ in range(self._random.choice((1, 1, 2, 3))):
            match self._random.randrange(6):
                case 0:
                    yield CodeBlock(text="\n".join(self._text() for _ in range(self._random.randint(1, 3))))
                case 1:
                    yield Quote(blocks=tuple(self._paragraph() for _ in range(self._random.randint(1, 2))))
                case 2:
                    yield self._items(1)
                case _:
                    yield self._paragraph()

    def _items(self, deep: int) -> Items:
        items = [
            (self._paragraph(), self._items(deep - 1))
            if deep and self._random.random() < 0.3
            else (self._paragraph(),)
            for _ in range(self._random.randint(1, 3))
        ]
        return Items(ordered=self._random.random() < 0.5, items=tuple(items))

    def _paragraph(self) -> Paragraph:
        inlines: list[Inline] = [self._inline() for _ in range(self._random.choice((1, 1, 2, 3, 4)))]
        if self._random.random() < 0.3:
            inlines += [Break(), self._inline()]
        return Paragraph(inlines=tuple(inlines))

    def _inline(self) -> Inline:
        if self._random.random() < 0.1:
            label = Text(text=self._random.choice(("the page", "x y", "here")))
            return Link(label=(label,), url=self._random.choice(_ADDRESSES))
        text = Text(text=self._text())
        inline: Inline = Code(inlines=(text,)) if self._random.random() < 0.15 else text
        for style in self._random.sample(sorted(_STYLES), self._random.choice((0, 0, 1, 1, 2, 3))):
            inline = _STYLES[style](inlines=(inline,))
        return inline

    def _text(self) -> str:
        if self._random.random() < 0.3:
            return self._random.choice(_MEANT)
        made = "".join(self._random.choices("abz*_~`|\\<>@:#-+1. /[]()!&", k=self._random.randint(1, 6)))
        return made if made.strip() else "a b"


TREES: Final[st.SearchStrategy[Words]] = st.builds(tree, st.integers(0, 2**40))
"""Texts with every kind of formatting, made mostly of what means something to Slack and Discord."""


def letters(words: Words) -> list[Letter]:
    """List what a reader sees: blanks and what has no width aside. A bare address leads to itself."""
    return [letter for block in words for letter in _of_block(block, ())]


def _of_block(block: Block, within: tuple[str, ...]) -> Iterator[Letter]:
    match block:
        case Paragraph():
            yield from _of_inlines(block.inlines, Letter("", within=within))
        case CodeBlock():
            yield from letters_of(block.text, Letter("", within=(*within, "code block")))
        case Quote():
            for inner in block.blocks:
                yield from _of_block(inner, (*within, "quote"))
        case Items():
            kind = "numbers" if block.ordered else "bullets"
            for item in block.items:
                for inner in item:
                    yield from _of_block(inner, (*within, kind))


def _of_inlines(inlines: Iterable[Inline], like: Letter) -> Iterator[Letter]:
    for inline in inlines:
        match inline:
            case Text():
                yield from letters_of(inline.text, like)
            case Link():
                bare = plain(without_strikes((Paragraph(inlines=inline.label),))) == inline.url.removeprefix(
                    "mailto:"
                )
                yield from _of_inlines(inline.label, like._replace(url="" if bare else inline.url))
            case Bold() | Italic() | Strike() | Code():
                yield from _of_inlines(inline.inlines, like._replace(styles=like.styles | {inline.kind}))
            case _:
                pass


def letters_of(text: str, like: Letter) -> Iterator[Letter]:
    """Yield the letters of a text, all like that one."""
    shown = text.replace("\u02cb", "`").replace("\u200b", "")
    yield from (like._replace(letter=letter) for letter in shown if not letter.isspace())
