"""Draws Words as Discord's Markdown. Text from people and settings is escaped, so it stays text.

A backslash escapes any character that is no letter, digit or blank. A URL is the exception: Discord would link it
with everything up to the next blank, backslashes included. So a URL is put between angle brackets, which are
invisible and mark its end.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from adapters.discord.api.limits import ELLIPSIS, size
from adapters.discord.render.excerpt import first_letters
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
    Var,
    Words,
    plain,
)
from flows.text.visible import visible

_SPECIAL: Final = re.compile(
    r"(?P<address>https?://[^\s<>|`\\\[\]\"']*[^\s<>|`\\\[\]\"'.,:;!?()*_~])"
    r"|(?P<mark>[\\*_~`|<\[\]])"
    r"|(?P<colon>:(?=//|[\w+-]+:))"
    r"|(?P<at>@(?=everyone|here|[!&]?\d))"
)
"""Markdown in the middle of a line: marks, mentions and the like, URLs, `:names:` of emoji."""

_AT: Final = "@\u200b"
"""An at sign that pings no one, as discord.py's `escape_mentions` writes it."""

_OPENS: Final = re.compile(r"^(\s*)(?:(-?#|-|\+|>)|(\d+)([.)]))", re.MULTILINE)
"""Markdown at the beginning of a line: headings, small print, lists and quotes."""

_BLOCKS: Final = re.compile(r"^(?=>|-?#{1,3}\s)", re.MULTILINE)
"""What a reader of Markdown may take for a quote or heading at the beginning of marked text."""

_SIGNS: Final[Mapping[str, str]] = MappingProxyType({"bold": "**", "italic": "*", "strike": "~~"})
_MARKS: Final = frozenset("*~`_|")
"""Characters that marks are made of."""

_TICK: Final = "\u02cb"
"""Replaces a backtick where Discord has no way to write one."""


def escape(text: str) -> str:
    """Escape the text so that Discord shows exactly its characters, at the beginning of a line, too."""
    return _begin(_within(text))


def clean(text: str) -> str:
    """Remove control characters and those that change the direction of writing."""
    return visible(text)


def markdown(words: Words) -> str:
    """Draw words as Markdown, with a blank line between blocks."""
    return "\n\n".join(drawn for block in words if (drawn := _block(block)).strip())


def fitted(words: Words, longest: int) -> str:
    """Draw words as Markdown within that length, cut between characters of the text and never within a mark."""
    whole = markdown(words)
    if size(whole) <= longest:
        return whole
    least, most = 0, len(plain(words))
    while least < most:
        middle = (least + most + 1) // 2
        if size(markdown(first_letters(words, middle))) <= longest:
            least = middle
        else:
            most = middle - 1
    return markdown(first_letters(words, least)) if longest else ""


def whole(words: Words, longest: int) -> str:
    """Draw all of the words: as Markdown, or as plain text where the marks make it longer than that."""
    drawn = markdown(words)
    return drawn if size(drawn) <= longest else escape(plain(words))


def quoted(text: str) -> str:
    """Draw Markdown as a quote, line by line."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def small(text: str) -> str:
    """Draw Markdown as small print, line by line, without blank lines, which would end it."""
    return "\n".join(f"-# {line}" for line in text.split("\n") if line.strip())


def fenced(text: str) -> str:
    """Draw text to copy unchanged; Discord adds a copy button."""
    return f"```\n{clean(text).replace('```', _TICK * 3)}\n```"


# ---------------------------------------------------------------- escaping


def _within(text: str) -> str:
    return _SPECIAL.sub(_escaped, clean(text))


def _escaped(match: re.Match[str]) -> str:
    if match["address"]:
        return _bare(match["address"])
    return _AT if match["at"] else f"\\{match[0]}"


def _begin(line: str) -> str:
    return _OPENS.sub(
        lambda at: at[1] + (at[3] or "") + "".join(f"\\{mark}" for mark in at[2] or at[4]), line
    )


# ---------------------------------------------------------------- drawing


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _begin(_inlines(block.inlines))
        case Items():
            items = enumerate(block.items, start=block.start)
            return "\n".join(_item(block, number, item) for number, item in items)
        case CodeBlock():
            return fenced(block.text) if block.text.strip() else ""
        case Quote():
            inside = markdown(block.blocks)
            return quoted(inside) if inside else ""


def _item(items: Items, number: int, item: Iterable[Block]) -> str:
    """Draw an item. Code and quotes in it begin at the left, where Discord knows them."""
    mark = f"{number}. " if items.ordered else "- "
    lines: list[str] = []
    for block in item:
        drawn = _block(block)
        if drawn.strip() and isinstance(block, Paragraph | Items):
            lines += [" " * len(mark) + line for line in drawn.split("\n")]
        elif drawn.strip():
            lines += ["", drawn] if lines else [" " * len(mark) + ELLIPSIS, drawn]
    return mark + "\n".join(lines or [" " * len(mark) + ELLIPSIS])[len(mark) :]


def _inlines(inlines: Iterable[Inline]) -> str:
    """Draw inlines. Between two marks of one kind stands a blank without width, or Discord would read one mark."""
    drawn = ""
    for inline in inlines:
        following = _inline(inline)
        marks = drawn[-1:] == following[:1] and following[:1] in _MARKS and not isinstance(inline, Text)
        drawn += ("\u200b" if marks else "") + following
    return drawn


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return _within(inline.text)
        case Var():
            return ""
        case Break():
            return "\n"
        case Bold() | Italic() | Strike():
            inside = _inlines(inline.inlines)
            if _codes_a_mark(inline.inlines):
                return inside
            return _marked(_SIGNS[inline.kind], _BLOCKS.sub(r"\\", inside))
        case Code():
            return _code(_letters(inline.inlines))
        case Link():
            return _link(inline)


def _codes_a_mark(inlines: Iterable[Inline]) -> bool:
    """Return whether code in there has a mark, which Discord would take for the end of the style around it."""
    for inline in inlines:
        match inline:
            case Code() if _MARKS.intersection(_letters(inline.inlines)):
                return True
            case Bold() | Italic() | Strike() if _codes_a_mark(inline.inlines):
                return True
    return False


def _marked(mark: str, inside: str) -> str:
    """Put the text between marks; blanks at its ends stay outside, because inside they would undo the marks."""
    core = inside.strip()
    if not core:
        return inside
    before, _, after = inside.partition(core)
    apart = (
        "\u200b" if core[-1] == mark[0] == "~" else ""
    )  # within struck-out text, Discord heeds no backslash
    return f"{before}{mark}{core}{apart}{mark}{after}"


def _code(text: str) -> str:
    inside = " ".join(clean(text).split("\n")).strip()
    if not inside:
        return ""
    if "`" not in inside:
        return f"`{inside}`"
    return f"`` {inside.replace('``', _TICK * 2)} ``"


def _link(link: Link) -> str:
    """Draw a masked link; Discord masks no email address, and no link whose label looks like a URL."""
    label, address = _letters(link.label).strip(), link.url.removeprefix("mailto:")
    if address != link.url:
        return _within(address) if label in ("", address) else f"{_inlines(link.label)} ({_within(address)})"
    if label in ("", address):
        return _bare(address)
    if "://" in label:
        return f"{_inlines(link.label)} ({_bare(address)})"
    shown = _inlines(_on_one_line(link.label)).strip()
    return f"[{shown}]({_address(address).translate(_MASKED)})"


def _bare(url: str) -> str:
    """Draw a URL as itself."""
    return f"<{_address(url).translate(_IN_BRACKETS)}>"


def _address(url: str) -> str:
    """Encode at signs in the URL that could mention someone."""
    return _PINGS.sub("%40", clean(url))


_PINGS: Final = re.compile(r"@(?=everyone|here|[!&]?\d)")
_BRACKETS: Final = str.maketrans("[]", "()")
_IN_BRACKETS: Final = str.maketrans({"*": "%2A", "|": "%7C", "`": "%60", "\\": "%5C"})
_MASKED: Final = _IN_BRACKETS | str.maketrans(
    {"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "'": "%27", '"': "%22"}
)
"""Characters that Discord could read as marks, in percent form, which leads to the same page."""


def _on_one_line(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Yield a label's inlines without line breaks and brackets, which would end the label."""
    for inline in inlines:
        match inline:
            case Text():
                yield Text(text=inline.text.translate(_BRACKETS).replace("\n", " "))
            case Bold() | Italic() | Strike() | Code():
                yield inline.model_copy(update={"inlines": tuple(_on_one_line(inline.inlines))})
            case Break():
                yield Text(text=" ")
            case Link() | Var():
                yield inline


def _letters(inlines: Iterable[Inline]) -> str:
    """Return the inlines' text, without marks."""
    return plain(without_strikes((Paragraph(inlines=tuple(inlines)),)))
