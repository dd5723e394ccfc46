"""Finds the numbers of payment cards in a text, by their issuers, lengths and check digits."""

import re
from collections.abc import Iterator
from typing import Final

_RUN: Final = re.compile(
    r"(?<![\w+•.,/-])(?:\d{4}(?:\.\d{4}){3}(?!\.?\d)|[2-6]\d(?:[ \u00a0\u2011\u2013-]?\d){11,17})(?![\w•])"
)
_BANK: Final = re.compile(r"[A-Z]{2}\d{2} ?$")
"""The beginning of a bank account's number (IBAN)."""

_ISSUERS: Final = (
    (re.compile("4"), (13, 16, 19)),  # Visa
    (re.compile("5[1-5]|2[2-7]"), (16,)),  # Mastercard
    (re.compile("3[47]"), (15,)),  # American Express
    (re.compile("3(?:0[0-5]|[689])"), (14, 16)),  # Diners Club
    (re.compile("35"), (16, 17, 18, 19)),  # JCB
    (re.compile("6"), (16, 17, 18, 19)),  # Discover, UnionPay, Maestro
    (re.compile("5[0678]"), (16, 17, 18, 19)),  # Maestro
)


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the card numbers in a text begin and end."""
    at = 0
    while (found := _RUN.search(text, at)) is not None:
        length = 0 if _BANK.search(text, max(0, found.start() - 5), found.start()) else _card_length(found[0])
        at = found.start() + max(length, 1)
        if length:
            yield found.start(), at


def _card_length(run: str) -> int:
    """Return how many characters at the beginning are a card number, the longest first; else 0."""
    ends = [index + 1 for index, char in enumerate(run) if char.isdigit()]
    for end in reversed(ends[12:]):
        if not run[end : end + 1].isdigit():
            digits = [int(char) for char in run[:end] if char.isdigit()]
            if _has_issuer(digits) and _is_checked(digits):
                return end
    return 0


def _has_issuer(digits: list[int]) -> bool:
    written = "".join(map(str, digits))
    return any(begins.match(written) and len(digits) in lengths for begins, lengths in _ISSUERS)


def _is_checked(digits: list[int]) -> bool:
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
