"""Measures masking on messages with a secret and messages without.

There are four parts: known while the rules were made, held out and then used to mend them, held out, and what attacks
on the rules have shown.

`PYTHONPATH=. python tests/flows/text/secrets/test_corpus.py` prints the figures and every miss.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from flows.text.secrets.masking import mask

HERE: Final = Path(__file__).parent
PARTS: Final = ("first", "second", "third", "fourth")
MASKED: Final = 0.98
FALSE: Final = 0.01


class Message(NamedTuple):
    step: str | None
    text: str
    secrets: tuple[str, ...]


def messages(name: str) -> list[Message]:
    """Read a file of messages, one on a line. A backslash and n in a line are a new line."""
    return [
        _message(line)
        for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("# ")
    ]


def _message(line: str) -> Message:
    step, text = line[2:].split(" | ", 1) if line.startswith("@ ") else (None, line)
    text = text.replace("\\n", "\n")
    return Message(step, re.sub("[⟦⟧]", "", text), tuple(re.findall("⟦(.+?)⟧", text, re.DOTALL)))


def kept(message: Message) -> Iterator[str]:
    """Yield the words of a message's secrets that masking leaves, also in part."""
    hidden = mask(message.text, message.step)
    around = message.text
    for secret in message.secrets:
        around = around.replace(secret, " ")
    for secret in message.secrets:
        yield from (word for word in secret.split() if word in hidden and word not in around)


def missed(name: str) -> list[str]:
    return [f"{message.text!r} keeps {found}" for message in messages(name) if (found := [*kept(message)])]


def alarms(name: str) -> list[str]:
    masks = [(each.text, mask(each.text, each.step)) for each in messages(name)]
    return [f"{text!r} became {hidden!r}" for text, hidden in masks if text != hidden]


@pytest.mark.parametrize("part", PARTS)
def test_secrets_are_masked_whole(part: str) -> None:
    misses = missed(f"{part}_secrets")
    assert len(misses) <= (1 - MASKED) * len(messages(f"{part}_secrets")), "\n".join(misses)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_no_secret_stays(part: str) -> None:
    false = alarms(f"{part}_innocent")
    assert len(false) <= FALSE * len(messages(f"{part}_innocent")), "\n".join(false)


def test_there_are_enough_messages_of_both_kinds_and_none_twice() -> None:
    for kind in ("secrets", "innocent"):
        texts = [each.text for half in PARTS for each in messages(f"{half}_{kind}")]
        assert len(texts) >= 300
        assert len(set(texts)) == len(texts)
    assert all(each.secrets for half in PARTS for each in messages(f"{half}_secrets"))


if __name__ == "__main__":
    for part in PARTS:
        left, false = missed(f"{part}_secrets"), alarms(f"{part}_innocent")
        print(*left, *false, sep="\n")
        of, harmless = len(messages(f"{part}_secrets")), len(messages(f"{part}_innocent"))
        print(f"{part}: {of - len(left)} of {of} secrets masked, {len(false)} of {harmless} false alarms")
