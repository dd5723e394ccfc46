"""Hides what is a credential by its shape, wherever it stands: keys, tokens, passwords in addresses and commands."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from flows.text.secrets.looks import AROUND, HIDDEN, RANDOM, is_random, is_scrambled
from flows.text.secrets.never_secret import is_ordinary
from flows.text.secrets.vendor_keys import vendor_key

Judge = Callable[[re.Match[str]], bool]

_EDGE: Final = r"(?<![\w•-])"


def hide_shapes(text: str) -> str:
    """Replace with dots what is a credential by its shape."""
    for pattern, judge in _shapes():
        text = pattern.sub(_hide_if(judge), text)
    return _COOKIES.sub(_hide_cookies, text)


def _hide_if(judge: Judge) -> Callable[[re.Match[str]], str]:
    """Return a function that hides the group `s` of a match if the judge says so."""

    def hide(found: re.Match[str]) -> str:
        start, end = found.start("s") - found.start(), found.end("s") - found.start()
        return found[0][:start] + HIDDEN + found[0][end:] if judge(found) else found[0]

    return hide


def _any(_found: re.Match[str]) -> bool:
    return True


def _is_authorization(found: re.Match[str]) -> bool:
    value = found["s"]
    return any(map(str.isdigit, value)) or "=" in value or len(value) >= RANDOM


def _is_no_word(found: re.Match[str]) -> bool:
    return not is_ordinary(found["s"].strip(AROUND))


def _is_login(found: re.Match[str]) -> bool:
    """Return whether "user:password" is one, and not a pair of numbers, as in `docker run -u 1000:1000`."""
    return not found["s"].replace(":", "").isdigit()


def _has_digit(found: re.Match[str]) -> bool:
    return any(map(str.isdigit, found["s"]))


_ADDRESSES: Final[tuple[tuple[str, Judge], ...]] = (
    (r"(?<![\w•])[A-Za-z][\w+.-]{1,20}://[^\s:/•]{0,100}:(?P<s>[^\s/•]{1,200})@", _any),
    (r"(?<![\w•])[A-Za-z][\w+.-]{1,20}://(?P<s>[^\s:/@•]{16,200})@", _has_digit),
    (r"connect\.conductor\.is/qbd/(?!demo\b)(?P<s>[^\s•]+)", _any),
    (r"hooks\.slack\.com/[a-z]+/(?P<s>[^\s•]+)", _any),
    (r"/(?:webhooks|interactions)/\d+/(?P<s>[^\s•/?'\"]+)", _any),  # of Discord
    (r"/(?:go|desk/in)/(?P<s>[\w-]{20,})", _any),  # our own one-time links
    (
        r"(?i)[?&](?:\w{0,20}(?:token|key|secret|password|passwd|pwd)|sig|signature|code)=(?P<s>[^\s&#•]{4,})",
        _any,
    ),
)
_COMMANDS: Final[tuple[tuple[str, Judge], ...]] = (
    (
        r"(?<!\S)(?:-[uU] ?|(?:-a|--user|--auth|--proxy-user)[ =]{1,3})[\"']?(?P<s>[^\s\"'•:]{0,100}:[^\s\"'•]{0,200})",
        _is_login,
    ),
    (
        r"(?i)(?<!\S)--?(?:pass(?:word|wd)?|pw|token|secret|api-?key)[ =]{1,3}[\"']?(?P<s>[^\s\"'•-][^\s\"'•]{2,200})",
        _is_no_word,
    ),
    (r"(?i)\b(?:mysql\w{0,6}|mariadb(?:-\w{1,8})?)\s[^\n•]{0,100}?(?<!\S)-p(?P<s>[^\s\"'•]{3,100})", _any),
    (r"\b(?:redis-cli|valkey-cli)\s[^\n•]{0,100}?(?<!\S)-a\s{1,3}(?P<s>[^\s•]{3,200})", _any),
    (r"(?i)\bnet\s{1,3}use\b[^\n•]{0,100}?\s/user:\S{1,60}\s{1,3}(?P<s>[^\s•/]{3,100})", _is_no_word),
    (
        r"\b(?:docker|podman|az|helm) [^\n•]{0,60}?login\s[^\n•]{0,100}?(?<!\S)-p\s{1,3}(?P<s>[^\s•-][^\s•]{2,100})",
        _is_no_word,
    ),
    (
        r"\b(?:sqlcmd|bcp|isql|zip|unzip)\s[^\n•]{0,100}?(?<!\S)-P\s{0,3}(?P<s>[^\s•-][^\s•]{2,100})",
        _is_no_word,
    ),
    (r"\b7za?\s[^\n•]{0,100}?(?<!\S)-p(?P<s>[^\s•]{3,100})", _is_no_word),
    (r"\bsshpass\s{1,3}-p\s?[\"']?(?P<s>[^\s\"'•]{2,200})", _any),
)
_NAME: Final = r"[\w.-]{0,30}?(?:passw(?:or)?d|pwd|passwort|passphrase|secret|token|api[_-]?key)\d{0,2}"
_QUOTE: Final = r"\\{0,3}[\"']?"
_FIELD: Final = (
    rf"(?i)(?<![a-z])(?:name|key|id|type|label|field){_QUOTE}\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}{_NAME}(?!\w){_QUOTE}"
    rf"(?:[\s,;&]{{1,12}}{_QUOTE}(?:value|val|default|content){_QUOTE}\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}|\r?\n\r?\n)"
    r"(?P<s>[^\s\"'•&<>]{3,200})"
)
"""A secret whose name is in one field and its value in the next, as in JSON, XML, YAML and parts of a form."""

_TUPLE: Final = (
    rf"(?i)[(\[]\s?b?[\"'](?:{_NAME}|[\w-]{{0,20}}authorization)[\"'],\s{{0,3}}b?[\"']"
    r"(?P<s>[^\"'\n•]{3,400})[\"']"
)
"""The same in a pair, as Python shows headers."""

_AUTHORIZATION: Final = (
    r"(?i)\b(?:authorization|x-(?:api-key|auth-token|access-token))[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:\w{4,8}\s{1,3})?"
    r"(?P<s>[^\s\"'•,]{4,}+)(?!\s{1,3}•)"
)
_SESSION: Final = (
    r"(?i)(?<![\w.-])[\w.-]{0,30}(?:sess(?:ion)?(?:_?id)?|(?<![a-z])sid|csrf_?token|xsrf-token|aspxauth"
    r"|remember_(?:me|token)|tt_(?:visitor|desk)\w{0,10})=(?P<s>[^\s;,\"'•&]{8,})"
)
_HEADERS: Final[tuple[tuple[str, Judge], ...]] = (
    (_AUTHORIZATION, _is_no_word),
    (r"(?i)\b(?:bearer|basic)\s{1,3}(?P<s>[\w.~+/=-]{8,})", _is_authorization),
    (_SESSION, _has_digit),
    (r"(?i)[\"'](?:set-)?cookie[\"']\s{0,3}:\s{0,3}[\"'](?P<s>[^\"'\n•]{4,4096})", _any),
)


@lru_cache(maxsize=1)
def _shapes() -> tuple[tuple[re.Pattern[str], Judge], ...]:
    """Return every shape with a further test of its value; the group `s` is the part to hide."""
    shapes: list[tuple[str, Judge]] = [
        (r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?P<s>.+?)(?=-----END|\Z)", _any),
        *_ADDRESSES,
        (rf"{_EDGE}(?P<s>{vendor_key()})", _any),
        *_COMMANDS,
        (_FIELD, _is_no_word),
        (_TUPLE, _is_no_word),
        *_HEADERS,
        (r"(?i)\bheroku\b[^\n•]{0,40}?(?P<s>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", _any),
        (r"(?<![\w•/+.=:\\-])(?P<s>[A-Za-z0-9/+]{40})(?![\w•/+=])", is_scrambled),
        (rf"(?<![\w•/.@:\\=-])(?P<s>[A-Za-z0-9_+=-]{{{RANDOM},}}+)(?![.@\\/•])", is_random),
    ]
    return tuple((re.compile(shape), judge) for shape, judge in shapes)


_COOKIES: Final = re.compile(r"(?i)\b(?:set-)?cookie2?[\"']?\s{0,3}[:=][^\n]{1,4096}")
_COOKIE: Final = re.compile(r"(?<=[:;,\"'\s])(?P<name>[\w.%-]{1,60}=)(?P<s>[^\s;,\"'•]{8,})")
_PUBLIC: Final = re.compile(r"(?i)(?:path|domain|expires|max-age|samesite|theme|lang(?:uage)?|locale)=")


def _hide_cookies(found: re.Match[str]) -> str:
    """Hide the values of all cookies of a header."""
    return _COOKIE.sub(
        lambda cookie: cookie[0] if _PUBLIC.fullmatch(cookie["name"]) else cookie["name"] + HIDDEN, found[0]
    )
