"""Reads the marks inside a line of Discord's Markdown: styles, links, mentions, emoji and times. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from flows.text.markup.runs import Run
from flows.text.markup.typed_words import linked

Names = dict[str, str] | MappingProxyType[str, str]
"""Names of people, roles and channels by their ids."""

NO_NAMES: Final[Names] = MappingProxyType({})

_CODE: Final = re.compile(
    r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|<#(?P<channel>\d+)>|<a?:(?P<emoji>\w+):\d+>"
    r"|<t:(?P<time>-?\d{1,13})(?::(?P<form>[tTdDfFsSR]))?>|</(?P<command>[^<>:\n]+):\d+>|<id:(?P<guide>\w+)>"
)
"""How Discord writes mentions, emoji and times."""

_DEEPEST: Final = 8
"""Marks around a mark that are read; there are no more kinds of them."""

_INSIDE: Final = r"(?:\\[\s\S]|[^\\])+?"
_MARK: Final = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|(?P<ticks>`+)(?P<code>[\s\S]*?[^`])(?P=ticks)(?!`)"
    r"|<(?P<quiet>https?://[^\s<>]+)>|<(?P<mail>[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>"
    r"|\[(?P<label>(?:\\.|[^\[\]\\\n]|\[[^\[\]\n]*\])+)\]\(\s*<?(?P<target>https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
    r"|(?P<bare>https?://[^\s<]+[^<.,:;\"'\])\s*_~|])"
    rf"|\*\*(?P<bold>{_INSIDE})\*\*(?!\*)"
    rf"|__(?P<underlined>{_INSIDE})__(?!_)"
    rf"|\b_(?P<italic>(?:__|\\[\s\S]|[^\\_])+?)_\b"
    r"|\*(?=\S)(?P<slanted>(?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    rf"|~~(?P<strike>{_INSIDE})~~(?!_)|\|\|(?P<spoiler>{_INSIDE})\|\|"
    rf"|{_CODE.pattern}"
)

_STYLES: Final[Mapping[str, frozenset[str]]] = {
    "bold": frozenset({"bold"}),
    "italic": frozenset({"italic"}),
    "slanted": frozenset({"italic"}),
    "strike": frozenset({"strike"}),
    "underlined": frozenset(),
    "spoiler": frozenset(),
}

_FORMS: Final[Mapping[str, str]] = {
    "t": "%H:%M UTC",
    "T": "%H:%M:%S UTC",
    "d": "%B %-d, %Y",
    "D": "%B %-d, %Y",
    "F": "%A, %B %-d, %Y, %H:%M UTC",
}
_USUAL: Final = "%B %-d, %Y, %H:%M UTC"


def without_codes(text: str, names: Names = NO_NAMES) -> str:
    """Return what was typed into a command or form, with names in the place of Discord's codes."""
    return _CODE.sub(lambda found: _shown(found, names), text)


def inline_runs(
    text: str, names: Names, styles: frozenset[str] = frozenset(), deep: int = 0
) -> Iterator[Run]:
    """Yield the text as characters with their styles; `names` are those behind the ids of mentions.

    Marks within more than `_DEEPEST` marks (`deep`) stay as they were typed.
    """
    at = 0
    while deep <= _DEEPEST and (found := _MARK.search(text, at)) is not None:
        yield Run(text[at : found.start()], styles)
        yield from _read(found, names, styles, deep + 1)
        at = found.end()
    yield Run(text[at:], styles)


def _read(found: re.Match[str], names: Names, styles: frozenset[str], deep: int) -> Iterator[Run]:
    for name, style in _STYLES.items():
        if found[name]:
            yield from inline_runs(found[name], names, styles | style, deep)
            return
    if found["escaped"]:
        yield Run(found["escaped"], styles)
    elif found["code"]:
        yield Run(_trimmed(found["code"]), styles | {"code"})
    elif found["label"]:
        yield from _masked(found["label"], found["target"], names, styles, deep)
    elif address := found["quiet"] or found["bare"] or (found["mail"] and f"mailto:{found['mail']}"):
        shown, url = linked("", address)
        yield Run(shown, styles, url)
    else:
        yield Run(_shown(found, names), styles)


def _trimmed(code: str) -> str:
    """Return code without the blank that sets it off from a backtick at its edge."""
    if len(code) > 2 and code[0] == code[-1] == " " and "`" in (code[1], code[-2]):
        return code[1:-1]
    return code


def _masked(label: str, target: str, names: Names, styles: frozenset[str], deep: int) -> Iterator[Run]:
    inside = [*inline_runs(label, names, styles, deep)]
    shown, url = linked("".join(run.text for run in inside), target)
    if url:
        yield from (run._replace(url=url) for run in inside if run.text)
    else:
        yield Run(shown, styles)


def _shown(found: re.Match[str], names: Names) -> str:
    """Return what a person sees of a mention, an emoji or a time."""
    if found["user"]:
        return f"@{names.get(found['user']) or 'someone'}"
    if found["role"]:
        return f"@{names.get(found['role']) or 'role'}"
    if found["channel"]:
        return f"#{names.get(found['channel']) or 'channel'}"
    if found["emoji"]:
        return f":{found['emoji']}:"
    if found["time"]:
        return _moment(int(found["time"]), found["form"] or "f")
    return f"/{found['command']}" if found["command"] else f"#{found['guide']}"


def _moment(seconds: int, form: str) -> str:
    """Write a time as a date that everyone can read, since the reader's zone is not known."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime(_FORMS.get(form, _USUAL))
    except (ValueError, OverflowError, OSError):
        return "an unknown time"
