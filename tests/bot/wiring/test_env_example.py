"""Tests that the example of settings has every setting, explained, with its default."""

from pathlib import Path
from typing import Final

import pytest
from dotenv import dotenv_values

from bot.wiring.settings import Settings, load_settings

EXAMPLE: Final = Path(__file__).resolve().parents[3] / ".env.example"


def test_every_setting_is_in_the_example_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARING")  # what tests run with is not the default
    given = {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}
    assert {name.upper() for name in Settings.model_fields} <= given.keys()
    assert load_settings(given) == load_settings({})


def test_every_setting_of_the_example_has_words_above_it() -> None:
    before = ""
    for line in EXAMPLE.read_text().splitlines():
        if line and not line.startswith("#"):
            assert before, f"{line} is not explained"
        before = line
