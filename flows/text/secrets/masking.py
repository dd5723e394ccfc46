"""Hides what looks like a password or a key in a text, before it is stored, journaled or logged (law L9).

Four searches, each in linear time: shapes that are credentials anywhere (keys, tokens, private keys, passwords in
addresses and commands); numbers of cards; words after a name like "password:"; and, at a step that declares a secret,
every word that could be the secret. Texts that help an agent (errors, codes, dates, files, hashes, phone numbers,
email) stay.
"""

import re
from collections.abc import Iterable
from typing import Final

from flows.text.secrets.cards import card_numbers
from flows.text.secrets.lone import hide_lone
from flows.text.secrets.looks import HIDDEN
from flows.text.secrets.named import named_secrets, spoken_secrets
from flows.text.secrets.shapes import hide_shapes

__all__ = ["HIDDEN", "mask", "mask_file_name"]


def mask(text: str, secret: str | None = None) -> str:
    """Replace with dots what looks like a secret. `secret` names what the customer must not type at this step."""
    for _ in range(_ROUNDS):
        hidden = _mask(text, secret)
        hidden = hide_lone(hidden) if secret else hidden
        if hidden == text:
            break
        text = hidden
    return text


_ROUNDS: Final = 6
"""Rounds of masking at most. A round may hide the word because of which something else stayed."""


def _mask(text: str, secret: str | None) -> str:
    text = hide_shapes(text)
    text = _hide(text, card_numbers(text))
    text = _hide(text, named_secrets(text, secret or ""))
    return _hide(text, spoken_secrets(text))


def _hide(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace the spans of a text with dots."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += [text[done:start], HIDDEN]
            done = end
    return "".join((*pieces, text[done:]))


_JOINTS: Final = re.compile(r"[_+.-]")


def mask_file_name(name: str, secret: str | None = None) -> str:
    """Return the name of a file with secrets masked. Its words may be joined: `password_hunter2.txt`."""
    stem, dot, ending = name.rpartition(".")
    if not stem or not ending.isalnum() or len(ending) > 5:
        stem, dot, ending = name, "", ""
    hidden = _mask(stem, secret)
    if hidden == stem:
        spaced = _JOINTS.sub(" ", stem)
        hidden = masked if (masked := _mask(spaced, secret)) != spaced else stem
    return f"{hidden}{dot}{ending}"
