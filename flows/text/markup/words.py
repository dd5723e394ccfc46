"""Reads the closed subset of Markdown that every channel can show into a frozen tree, called words.

Paragraphs, ordered and bullet lists, bold, italic, code, links and {variables}; everything else is an error, so that
nothing looks different in Slack than on the page. Values enter as text nodes and are never read as Markdown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from flows.text.markup.plain_text import plain
from flows.text.markup.variables import fill, variables
from flows.text.markup.wordtree import (
    URL_VARIABLE,
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
    Var,
    Words,
    is_address,
)

__all__ = [
    "Block",
    "Bold",
    "Break",
    "Code",
    "CodeBlock",
    "Inline",
    "Italic",
    "Items",
    "Link",
    "Paragraph",
    "Quote",
    "Strike",
    "Text",
    "Var",
    "Words",
    "WordsError",
    "fill",
    "is_address",
    "parse",
    "plain",
    "variables",
]

LISTS_DEEP: Final = 3
INLINES_DEEP: Final = 4
LONGEST: Final = 20_000
"""Characters of one text; far beyond every platform's limit, only to bound the work."""

_BRACES: Final = re.compile(r"(?P<literal>\{\{|\}\})|\{(?P<name>[a-z][a-z0-9_]{0,31})\}|(?P<stray>[{}])")

_NOTHING_SPECIAL: Final = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:'\"?/()-](?!$))*[.?]?")
"""One line without any special character: most titles. Read without the library, which is slower."""


class WordsError(ValueError):
    """Reports text outside of the subset.

    `reason` says what and what to write instead; `line` counts from 1 in the text.
    """

    def __init__(self, reason: str, line: int = 1) -> None:
        """Set the reason and the line of the text."""
        super().__init__(reason)
        self.reason = reason
        self.line = line


_REFUSED: Final[Mapping[str, str]] = {
    "heading_open": "a heading; a step has its own title, so write **bold** instead",
    "fence": "a fenced block; put the text between single backticks",
    "code_block": "an indented block; begin the lines further left, or put the text between backticks",
    "html_block": "HTML; write it between backticks to show it as it is",
    "html_inline": "HTML; write it between backticks to show it as it is",
    "blockquote_open": "a quote; leave out the >",
    "hr": "a ruled line; leave it out",
    "table_open": "a table; write a list",
    "image": "an image; a step has a key `image` for it",
    "s_open": "struck-out text; leave it out",
}


@lru_cache(maxsize=4096)
def parse(text: str) -> Words:
    """Read Markdown text into words. Raises WordsError for everything outside of the subset."""
    if len(text) > LONGEST:
        raise WordsError(f"longer than {LONGEST} characters")
    if _NOTHING_SPECIAL.fullmatch(text):
        return (Paragraph(inlines=(Text(text=text),)),)
    found: dict[str, object] = {}
    tokens = _markdown().parse(text, found)
    if found.get("references"):
        raise WordsError("a link that is defined elsewhere; write [text](https://…) instead")
    return tuple(_blocks(iter(tokens), ends="", deep=0))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """Return a parser of all CommonMark, tables and strikethrough, so that they are refused, not shown as text."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.validateLink = lambda url: isinstance(url, str)  # type: ignore[method-assign]  # addresses are judged in _link
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]  # {variable} must stay as written
    return markdown


def _blocks(tokens: Iterator[Token], ends: str, deep: int) -> Iterator[Block]:
    """Yield the blocks up to the token of type `ends`."""
    for token in tokens:
        if token.type == ends:
            return
        line = token.map[0] + 1 if token.map else 1
        if token.type == "inline":
            yield Paragraph(inlines=_Inlines(token.children or [], line).read("", 0))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            if deep == LISTS_DEEP:
                raise WordsError(f"lists nested more than {LISTS_DEEP} deep", line)
            yield _items(token, tokens, deep + 1)
        elif token.type in _REFUSED:
            raise WordsError(_REFUSED[token.type], line)


def _items(opened: Token, tokens: Iterator[Token], deep: int) -> Items:
    items: list[tuple[Block, ...]] = []
    for token in tokens:
        if token.type != "list_item_open":
            break
        item = tuple(_blocks(tokens, "list_item_close", deep))
        if not item:
            raise WordsError("an empty list item", token.map[0] + 1 if token.map else 1)
        items.append(item)
    start = opened.attrs.get("start", 1)
    return Items(ordered=opened.type == "ordered_list_open", start=int(start), items=tuple(items))


class _Inlines:
    """Reads the inside of one paragraph, counting its lines."""

    def __init__(self, tokens: list[Token], line: int) -> None:
        self.tokens = iter(tokens)
        self.line = line

    def read(self, ends: str, deep: int) -> tuple[Inline, ...]:
        """Return the inlines up to the token of type `ends`, with neighboring texts joined."""
        if deep > INLINES_DEEP:
            raise WordsError("emphasis and links nested too deep", self.line)
        return _joined(chain.from_iterable(self._inline(token, deep) for token in self._until(ends)))

    def _until(self, ends: str) -> Iterator[Token]:
        for token in self.tokens:
            if token.type == ends:
                return
            yield token

    def _inline(self, token: Token, deep: int) -> Iterable[Inline]:
        match token.type:
            case "text" | "text_special":
                return self._text(token.content)
            case "softbreak":
                self.line += 1
                return (Text(text=" "),)
            case "hardbreak":
                self.line += 1
                return (Break(),)
            case "strong_open":
                return (Bold(inlines=self.read("strong_close", deep + 1)),)
            case "em_open":
                return (Italic(inlines=self.read("em_close", deep + 1)),)
            case "code_inline":
                return (Code(inlines=_joined(self._text(token.content))),)
            case "link_open":
                return (self._link(token, deep),)
            case _:
                raise WordsError(_REFUSED.get(token.type, f"{token.type} is not supported"), self.line)

    def _text(self, content: str) -> Iterator[Inline]:
        at = 0
        for brace in _BRACES.finditer(content):
            yield Text(text=content[at : brace.start()])
            at = brace.end()
            if brace["name"]:
                yield Var(name=brace["name"])
            elif brace["literal"]:
                yield Text(text=brace["literal"][0])
            else:
                raise WordsError(
                    "an unmatched brace; write a variable as {name}, and a plain brace as {{ or }}",
                    self.line,
                )
        yield Text(text=content[at:])

    def _link(self, token: Token, deep: int) -> Link:
        url = str(token.attrs.get("href", ""))
        line = self.line
        label = self.read("link_close", deep + 1)
        if not (is_address(url) or URL_VARIABLE.fullmatch(url)):
            raise WordsError(
                f"a link to {url[:60]!r}; it must lead to https://…, mailto:… or one {{variable}}", line
            )
        return Link(label=label, url=url)


def _joined(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return the inlines with neighboring texts joined and empty texts left out."""
    joined: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text):
            if not inline.text:
                continue
            before = joined[-1] if joined else None
            if isinstance(before, Text):
                joined[-1] = Text(text=before.text + inline.text)
                continue
        joined.append(inline)
    return tuple(joined)
