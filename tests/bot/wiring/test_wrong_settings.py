"""Tests the errors for wrong settings: the name and what is expected, and never a credential (law L9)."""

import pytest

from bot.wiring.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("TICKET_WEBHOOK_SECRET", "hunter2"),
        ("REDIS_URL", "http://:hunter2@cache.example"),
        ("TICKET_WEBHOOK_URL", "https://desk:hunter2@tickets.example:99999/in"),
        ("PUBLIC_URL", "https://help:hunter2@help.example:99999"),
        ("PORT", "password=hunter2"),
    ],
)
def test_a_credential_is_never_repeated(name: str, given: str) -> None:
    with pytest.raises(SettingsError) as told:
        load_settings({name: given})
    assert name in str(told.value)
    assert "hunter2" not in str(told.value)


def test_anything_else_is() -> None:
    with pytest.raises(SettingsError, match=r"^PORT: expected a whole number \(got 'many'\)$"):
        load_settings({"PORT": "many"})
