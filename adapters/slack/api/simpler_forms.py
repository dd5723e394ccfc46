"""Draws a message or a view in simpler forms, for the case that Slack refuses its blocks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api import limits

Json = dict[str, Any]

BLOCKS_REFUSED: Final = frozenset(
    [
        "block_mismatch",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "too_many_attachments",
        "view_too_large",
    ]
)
"""Error codes for what a message or a view shows. Views are refused as `invalid_arguments`, with a pointer."""

FIELDS: Final = ("blocks", "view")

_POINTER: Final = re.compile(r"json-pointer:(?:/view)?/blocks/(\d+)")
_INLINE: Final = frozenset(["date", "emoji", "link", "text", "user", "usergroup"])
"""Parts of a sentence; other parts begin a new line."""

_ALIVE: Final = frozenset(["actions", "input"])
"""Blocks in which people press or type."""


def complaints(failure: SlackApiError) -> tuple[str, ...] | None:
    """Return what Slack says about refused blocks, pointers and all; None if it refused something else."""
    data = getattr(failure.response, "data", failure.response)
    if not isinstance(data, Mapping):
        return None
    detail = data.get("response_metadata")
    lines = detail.get("messages") if isinstance(detail, Mapping) else None
    said = tuple(map(str, lines)) if isinstance(lines, Sequence) and not isinstance(lines, str) else ()
    pointed = any(f"/{field}" in line for line in said for field in FIELDS)
    refused = data.get("error") in BLOCKS_REFUSED or (data.get("error") == "invalid_arguments" and pointed)
    return said if refused else None


def simpler(params: Json, said: Sequence[str] = ()) -> Iterator[tuple[str, Json]]:
    """Yield simpler forms of a call's arguments, each with its name. `said` is what Slack said about the first form."""
    if isinstance(view := params.get("view"), Mapping):
        for name, fewer in _simpler_views(dict(view), said):
            yield name, params | {"view": {**view, "blocks": fewer}}
    elif isinstance(blocks := params.get("blocks"), list) and blocks:
        if any(block.get("type") == "image" for block in blocks):
            yield "without pictures", params | {"blocks": [one for one in blocks if one["type"] != "image"]}
        plain = _plain(blocks)
        yield "text and buttons", params | {"blocks": plain}
        rows = [_markup(block["text"]) for block in plain if block["type"] == "section"]
        text = max(str(params.get("text") or ""), "\n".join(rows), key=len)
        yield "text alone", params | {"blocks": [], "text": limits.head(text, limits.MESSAGE)}


def _simpler_views(view: Json, said: Sequence[str]) -> Iterator[tuple[str, list[Json]]]:
    blocks = [block for block in view.get("blocks") or () if isinstance(block, Mapping)]
    wrong = {int(number) for line in said for number in _POINTER.findall(line)}
    yield "plain text and fields", _plain(blocks)
    fewer = [block for number, block in enumerate(blocks) if number not in wrong]
    if wrong and fewer:
        yield "without the refused blocks", _plain(fewer)
    texts = [block for block in blocks if block.get("type") not in _ALIVE]
    if view.get("submit") is None and texts:
        yield "text alone", [block for block in _plain(texts) if block["type"] == "section"]


def _plain(blocks: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Draw what people read as plain rows, and keep what they press or fill in."""
    plain: list[Json] = []
    for block in blocks:
        if block.get("type") in _ALIVE:
            plain.append(dict(block))
        elif block.get("type") == "section" and isinstance(block.get("text"), Mapping):
            plain.append({"type": "section", "text": block["text"]})
        else:
            plain += _rows(_read(block).strip())
        if isinstance(beside := block.get("accessory"), Mapping) and beside.get("type") != "image":
            plain.append({"type": "actions", "elements": [beside]})
    return plain


def _rows(text: str) -> Iterator[Json]:
    while limits.shows(text):
        row = limits.head(text, limits.TEXT)
        yield {"type": "section", "text": {"type": "plain_text", "text": row, "emoji": False}}
        text = text[len(row) :]


def _markup(text: Mapping[str, Any]) -> str:
    """Return a row's text for a message without blocks, in which Slack reads markup."""
    written = str(text.get("text") or "")
    return written if text.get("type") == "mrkdwn" else limits.escaped(written, limits.MESSAGE)


def _read(value: Any) -> str:
    """Return the words in a block, as people read them."""
    if isinstance(value, list):
        return "".join(map(_read, value))
    if not isinstance(value, Mapping):
        return ""
    words = value.get("text") or value.get("fallback") or value.get("url")
    inside = words if isinstance(words, str) else _read(words)
    inside += _read(value.get("title")) + _read(value.get("elements")) + _read(value.get("fields"))
    return inside if value.get("type") in _INLINE else f"{inside}\n"
