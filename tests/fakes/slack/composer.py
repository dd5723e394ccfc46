"""Makes the rich text that Slack's composer makes of what a person types, as Slack sends it with every message."""

import re
import secrets
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from tests.fakes.slack.refusals import Json

EMOJI: Final = {
    "wave": "1f44b",
    "+1": "1f44d",
    "white_check_mark": "2705",
    "wave::skin-tone-2": "1f44b-1f3fb",
}
"""Standard emoji by name, as Slack's elements spell their characters; any other name is the workspace's own."""

_FENCE: Final = re.compile(r"```\n?(.*?)\n?```\n?", re.DOTALL)
_LINE: Final = re.compile(r"(?P<quote>> ?)|(?P<indent>(?: {4})*)(?:(?P<bullet>[•◦▪] )|(?P<number>\d+)\. )")
_EDGE, _END = r"(?<![\w*_~`])", r"(?![\w*_~`])"
_INLINE: Final = re.compile(
    r"`(?P<code>[^`\n]+)`"
    rf"|{_EDGE}\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*{_END}"
    rf"|{_EDGE}_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_{_END}"
    rf"|{_EDGE}~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~{_END}"
    r"|<@(?P<user>[UW]\w+)(?:\|[^<>]*)?>|<#(?P<channel>C\w+)(?:\|[^<>]*)?>"
    r"|<!subteam\^(?P<usergroup>S\w+)(?:\|[^<>]*)?>|<!(?P<broadcast>here|channel|everyone)(?:\|[^<>]*)?>"
    r"|<!date\^(?P<date>\d+)\^(?P<format>[^|<>^]+)(?:\^[^|<>]*)?\|(?P<fallback>[^<>]*)>"
    r"|<(?P<link>(?:https?|mailto):[^|<>]+)(?:\|(?P<label>[^<>]+))?>|(?P<bare>https?://[^\s<>|*]+)"
    r"|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):"
)


def rich(text: str) -> list[Json]:
    """Return the blocks that Slack makes of a typed text."""
    elements = list(_elements(text))
    if not elements:
        return []
    return [{"type": "rich_text", "block_id": secrets.token_urlsafe(4)[:5], "elements": elements}]


def _elements(text: str) -> Iterator[Json]:
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            yield {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": part}],
                "border": 0,
            }
        elif part:
            yield from _lines(part)


def _lines(text: str) -> Iterator[Json]:
    def kind(line: str) -> tuple[str, int]:
        found = _LINE.match(line)
        if found is None:
            return "section", 0
        if found["quote"]:
            return "quote", 0
        return ("bullet" if found["bullet"] else "ordered"), len(found["indent"] or "") // 4

    counted: dict[int, int] = {}
    rows = text.removesuffix("\n").split("\n")
    for (what, indent), group in groupby(rows, key=kind):
        lines = list(group)
        if what == "section":
            counted = {}
            yield {"type": "rich_text_section", "elements": _inlines("\n".join(lines))}
        elif what == "quote":
            said = "\n".join(_LINE.sub("", line, count=1) for line in lines)
            yield {"type": "rich_text_quote", "elements": _inlines(said)}
        else:
            yield _list(what, indent, lines, counted)


def _list(what: str, indent: int, lines: list[str], counted: dict[int, int]) -> Json:
    """Make a list. A numbered list continues to count where a deeper list interrupts it."""
    counted_before = {deep: count for deep, count in counted.items() if deep <= indent}
    counted.clear()
    counted.update(counted_before)
    first = _LINE.match(lines[0])
    assert first is not None
    offset = counted.get(indent, int(first["number"] or 1) - 1) if what == "ordered" else 0
    counted[indent] = offset + len(lines)
    items = [_LINE.sub("", line, count=1) for line in lines]
    made: Json = {"type": "rich_text_list", "style": what, "indent": indent, "border": 0}
    made |= {"offset": offset} if offset else {}
    return made | {"elements": [{"type": "rich_text_section", "elements": _inlines(item)} for item in items]}


def _inlines(text: str, **style: bool) -> list[Json]:
    return list(_runs(text, style))


def _runs(text: str, style: dict[str, bool]) -> Iterator[Json]:
    at = 0
    styled: Json = {"style": style} if style else {}
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield {"type": "text", "text": text[at : found.start()], **styled}
        at = found.end()
        name = str(found.lastgroup)
        if name in ("bold", "italic", "strike"):
            yield from _runs(found[name], style | {name: True})
        elif name == "code":
            yield {"type": "text", "text": found["code"], "style": style | {"code": True}}
        else:
            yield _entity(found) | styled
    if at < len(text):
        yield {"type": "text", "text": text[at:], **styled}


def _entity(found: re.Match[str]) -> Json:
    for name in ("user", "channel", "usergroup"):
        if found[name]:
            return {"type": name, f"{name}_id": found[name]}
    if found["broadcast"]:
        return {"type": "broadcast", "range": found["broadcast"]}
    if found["date"]:
        shown = {"format": found["format"], "fallback": found["fallback"]}
        return {"type": "date", "timestamp": int(found["date"]), **shown}
    if name := found["emoji"]:
        characters = EMOJI.get(name)
        plain = name.partition("::")[0]
        return {"type": "emoji", "name": plain, **({"unicode": characters} if characters else {})}
    label = {"text": found["label"]} if found["label"] else {}
    return {"type": "link", "url": found["link"] or found["bare"], **label}
