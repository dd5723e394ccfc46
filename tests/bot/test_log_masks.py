"""Tests how the log masks one value: numbers, names and values that stand apart, and texts that are cut."""

import time
from typing import Any, Final

import pytest

from bot.logs import masking
from bot.logs.masking import LONGEST, LogMask
from flows.text.secrets.masking import HIDDEN

WORD: Final = "swordfish"
"""A password that only its name gives away."""


@pytest.mark.parametrize("name", ["pin", "password", "otp", "passcode"])
def test_a_number_that_is_a_secret_by_its_name_is_masked(name: str) -> None:
    assert LogMask().value(471147, name) == HIDDEN
    assert LogMask().value({name: 471147}) == {name: HIDDEN}


@pytest.mark.parametrize(
    "value",
    [
        [("password", WORD), (b"x-api-key", WORD)],
        {"name": "password", "value": WORD},
        {"passwords": [WORD], "api_keys": {"books": WORD}, "password2": WORD, "pw": WORD},
    ],
)
def test_a_name_hides_the_value_that_stands_apart(value: Any) -> None:
    assert WORD not in str(LogMask().value(value))


@pytest.mark.parametrize(
    "value",
    [
        ["token", 3, "left"],
        {"tokens": 0},
        {"name": "Ana", "value": 7},
        {"key": "k1", "pins": 2},
        ["Ana", "Bob"],
    ],
)
def test_what_no_name_hides_stays(value: Any) -> None:
    assert LogMask().value(value) == value


CREDENTIAL: Final = "Grace.Hopper.1906"


@pytest.mark.parametrize("secret", [CREDENTIAL, "password: Trombone77", "sk_conductor_4fQx81LmZp0aVt"])
def test_a_secret_where_a_long_text_is_cut_is_not_shown_in_part(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "LONGEST", 800)
    parts = {secret[at : at + 4] for at in range(10, len(secret) - 3)}
    text = "- " * 1000
    for at in range(360, 404, 2):
        begins, ends = f"{text[:at]} {secret} {text}", f"{text} {secret} {text[-at:]}"
        shown = LogMask([CREDENTIAL]).text(begins) + LogMask([CREDENTIAL]).text(ends)
        assert not {part for part in parts if part in shown}
        assert shown.count("left out") == 2


def test_a_text_that_repeats_the_sign_of_an_error_of_pydantic_is_masked_in_time() -> None:
    computed = time.process_time()
    LogMask().text("input_value=" * (LONGEST // 12))
    assert time.process_time() - computed < 1.0  # each sign was followed to the end of the text
