"""Counts how often a conversation is read from the store, and how often an address is parsed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from bot.ports import Conversations
from flows.conversation import Address

READS: Final = ("load", "journal", "words")
"""The methods of the port `Conversations` that read a conversation."""


@contextmanager
def reads_counted(conversations: Conversations) -> Iterator[Counter[str]]:
    """Count every read of that store, by the method's name."""
    found: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for name in READS:
            patch.setattr(conversations, name, _counted(getattr(conversations, name), found, name))
        yield found


@contextmanager
def parses_counted() -> Iterator[Counter[str]]:
    """Count every text that is parsed as an address."""
    found: Counter[str] = Counter()
    parse = Address.parse

    def counted(text: str) -> Address:
        found[text] += 1
        return parse(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Address, "parse", counted)
        yield found


def _counted(read: Callable[..., Any], found: Counter[str], name: str) -> Callable[..., Any]:
    async def counted(*given: Any) -> Any:
        found[name] += 1
        return await read(*given)

    return counted
