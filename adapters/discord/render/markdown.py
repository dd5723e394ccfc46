"""Draws Words as Discord's Markdown. Text from people and settings is escaped, so it stays text.

A backslash escapes any character that is no letter, digit or blank. A URL is the exception: Discord would link it
with everything up to the next blank, backslashes included. So a URL is put between angle brackets, which are
invisible and mark its end.
"""

import re
from collections.abc import Iterable
from typing import Final

from adapters.discord.api.limits import ELLIPSIS, size
from flows.text.markup.words import (
    Block,
    Bold,
    Break,
    Code,
    Inline,
    Italic,
    Items,
    Link,
    Paragraph,
    Text,
    Var,
    Words,
    plain,
)

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)

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

_TICK: Final = "\u02cb"
"""Replaces a backtick where Discord has no way to write one."""


def escape(text: str) -> str:
    """Escape the text so that Discord shows exactly its characters, at the beginning of a line, too."""
    return _begin(_within(text))


def clean(text: str) -> str:
    """Remove control characters and those that change the direction of writing."""
    return _CONTROL.sub("", text)


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
        if size(markdown(_kept(words, middle)[0])) <= longest:
            least = middle
        else:
            most = middle - 1
    return markdown(_kept(words, least)[0]) if longest else ""


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
    if isinstance(block, Paragraph):
        return _begin(_inlines(block.inlines))
    return "\n".join(_item(block, number, item) for number, item in enumerate(block.items, start=block.start))


def _item(items: Items, number: int, item: Iterable[Block]) -> str:
    mark = f"{number}. " if items.ordered else "- "
    inside = "\n".join(drawn for block in item if (drawn := _block(block)).strip()) or ELLIPSIS
    return mark + inside.replace("\n", "\n" + " " * len(mark))


def _inlines(inlines: Iterable[Inline]) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return _within(inline.text)
        case Var():
            return ""
        case Break():
            return "\n"
        case Bold():
            return _marked("**", _inlines(inline.inlines))
        case Italic():
            return _marked("*", _inlines(inline.inlines))
        case Code():
            return _code(_letters(inline.inlines))
        case Link():
            return _link(inline)


def _marked(mark: str, inside: str) -> str:
    """Put the text between marks; blanks at its ends stay outside, because inside they would undo the marks."""
    core = inside.strip()
    if not core:
        return inside
    before, _, after = inside.partition(core)
    return f"{before}{mark}{core}{mark}{after}"


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
    shown = _within(label.translate(_BRACKETS).replace("\n", " "))
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


def _letters(inlines: Iterable[Inline]) -> str:
    """Return the inlines' text, without marks."""
    return plain((Paragraph(inlines=tuple(inlines)),))


# ---------------------------------------------------------------- cutting


def _kept(words: Words, letters: int) -> tuple[Words, int]:
    """Keep the first letters of the words and an ellipsis; also return how many letters were not used."""
    blocks: list[Block] = []
    for block in words:
        if letters <= 0:
            break
        kept, letters = _kept_block(block, letters)
        blocks.append(kept)
    return tuple(blocks), letters


def _kept_block(block: Block, letters: int) -> tuple[Block, int]:
    if isinstance(block, Paragraph):
        inlines, letters = _kept_inlines(block.inlines, letters)
        return Paragraph(inlines=inlines), letters
    items: list[tuple[Block, ...]] = []
    for item in block.items:
        if letters <= 0:
            break
        kept, letters = _kept(item, letters)
        items.append(kept)
    return block.model_copy(update={"items": tuple(items)}), letters


def _kept_inlines(inlines: Iterable[Inline], letters: int) -> tuple[tuple[Inline, ...], int]:
    kept: list[Inline] = []
    for inline in inlines:
        if letters <= 0:
            break
        match inline:
            case Text() if len(inline.text) >= letters:
                kept.append(Text(text=inline.text[:letters].rstrip() + ELLIPSIS))
                letters = 0
            case Text():
                kept.append(inline)
                letters -= len(inline.text)
            case Bold() | Italic() | Code():
                inside, letters = _kept_inlines(inline.inlines, letters)
                kept.append(inline.model_copy(update={"inlines": inside}))
            case Link():
                label, letters = _kept_inlines(inline.label, letters)
                kept.append(inline.model_copy(update={"label": label}))
            case Break() | Var():
                kept.append(inline)
    return tuple(kept), letters
