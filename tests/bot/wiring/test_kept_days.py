"""Tests how long the store keeps conversations that no one answered, as the settings say."""

from pathlib import Path

from bot.wiring.app import open_app
from bot.wiring.settings import load_settings

DAY = 86_400


def test_unanswered_conversations_last_until_they_were_reminded_and_closed() -> None:
    assert load_settings({}).unanswered_days() == 7
    slow = load_settings({"NUDGE_AFTER": str(9 * DAY), "CLOSE_AFTER": str(2 * DAY)})
    assert slow.unanswered_days() == 12


async def test_the_store_knows_the_days_of_the_settings(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "KEEP_UNANSWERED_DAYS": "9"})
    async with open_app(settings, roles=()) as app:
        assert app.store.wire.keep_unanswered == 9 * DAY
        assert app.store.wire.keep == 90 * DAY
