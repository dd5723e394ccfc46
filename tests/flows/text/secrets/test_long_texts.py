"""Tests that masking a long text takes linear time, whatever stands in it, and hides a long secret whole."""

import time
from typing import Final

import pytest

from flows.text.secrets.masking import HIDDEN, mask

LONG: Final = 40_000
"""Characters of the longest message of a platform."""

PIECES: Final = (
    "key=token",
    "password->",
    'password("',
    "password=",
    "4111 ",
    "cookie: a=bbbbbbbbb;",
    "x://a:",
    "login a:",
)


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_names_without_secrets_is_masked_in_time(piece: str) -> None:
    computed = time.process_time()
    mask(piece * (LONG // len(piece)))
    assert (
        time.process_time() - computed < 1.5
    )  # of the first two, each name was followed to the end of the text


def test_a_secret_of_many_characters_is_hidden_whole() -> None:
    assert mask(f"token: {'ab1/' * 1000} and more") == f"token: {HIDDEN} and more"
