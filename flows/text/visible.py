"""Removes from texts that come from outside what cannot be seen: control characters, and those that turn its direction.

Every border uses it: names of files and people in events, words on the page, webhooks, and headers of emails.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, overrides of direction, lone surrogates, and what is no character."""

_MARKS: Final = re.compile("[\u061c\u200e\u200f]")
"""Marks of direction: of use in words that mix scripts, but in a name they only hide how it ends."""


def visible(text: str) -> str:
    """Return words with plain line ends, without what cannot be seen."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Return a name on one line, without what cannot be seen: its end is what it seems to be."""
    return " ".join(_MARKS.sub("", visible(text)).split())


def _text(given: object) -> object:
    return visible(given) if isinstance(given, str) else given


def _line(given: object) -> object:
    return one_line(given) if isinstance(given, str) else given


Name = Annotated[str, AfterValidator(one_line)]
"""A name in an event, of a person or a file."""

IncomingName = Annotated[str, BeforeValidator(_line)]
"""A name in a request of a program, whose length counts once it is clean."""

IncomingWords = Annotated[str, BeforeValidator(_text)]
"""Words in a request of a program, whose length counts once they are clean."""
