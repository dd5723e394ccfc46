"""Combines small checks to shapes. Each check says what is wrong and where, as Slack does."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and its path, and yields a line for each fault."""


def wrong(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at}]"


def anything(_value: Any, _at: str) -> Iterator[str]:
    yield from ()


def boolean(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield wrong("must be a valid boolean", at)


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", at)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", at)

    return check


def number(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield wrong(f"must be a number from {least} to {most}", at)

    return check


def word(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield wrong(f"must be one of: {', '.join(allowed)}", at)

    return check


def link(value: Any, at: str) -> Iterator[str]:
    yield from string(3000)(value, at)
    if isinstance(value, str) and urlsplit(value).scheme not in ("http", "https", "mailto", "slack"):
        yield wrong("must be a valid URL", at)


def picture(value: Any, at: str) -> Iterator[str]:
    """Check an address from which Slack's servers would fetch a picture. It must not be an internal one."""
    yield from string(3000)(value, at)
    if isinstance(value, str):
        host = urlsplit(value).hostname or ""
        if urlsplit(value).scheme != "https" or "." not in host:
            yield wrong("must be a valid URL", at)
        elif host.startswith(("127.", "10.", "192.168.")):
            yield wrong("downloading image failed", at)


def listed(check: Check, least: int, most: int) -> Check:
    def every(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", at)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", at)
        for number, item in enumerate(value):
            yield from check(item, f"{at}/{number}")

    return every


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Check an object with exactly these fields. The caller checks `type`, which chose this shape."""
    known = {**required, **(optional or {}), "type": anything}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", at)
            return
        for name in required:
            if value.get(name) is None:
                yield wrong(f"missing required field: {name}", at)
        for name, given in value.items():
            if name not in known:
                yield wrong(f"invalid additional property: {name}", at)
            elif given is not None:
                yield from known[name](given, f"{at}/{name}")

    return check


def typed(table: Mapping[str, Check], what: str = "element") -> Check:
    """Check an object whose `type` selects one of these shapes."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            yield wrong("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in table:
            yield wrong(f"unsupported type: {kind} is no {what} that may stand here", f"{at}/type")
        else:
            yield from table[kind](value, at)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, at)

    return check


def any_of(*names: str) -> Check:
    """Check that at least one of these fields is present."""

    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            yield wrong(f"must have one of: {', '.join(names)}", at)

    return check


def not_both(one: str, other: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and value.get(one) and value.get(other):
            yield wrong(f"cannot have both {one} and {other}", at)

    return check


def text(most: int) -> Check:
    """Check a text object, marked up or plain."""
    rules = {"verbatim": boolean, "emoji": boolean}
    return typed(
        {
            "mrkdwn": shape({"text": string(most)}, rules),
            "plain_text": shape({"text": string(most)}, rules),
        },
        "text",
    )


def plain(most: int) -> Check:
    return typed({"plain_text": shape({"text": string(most)}, {"emoji": boolean})}, "text")
