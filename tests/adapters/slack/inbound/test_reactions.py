"""Tests how a reaction is read: its sign without a skin tone, its message, and whose message it is."""

import pytest

from adapters.slack.inbound.reactions import reaction

EVENT = {
    "type": "reaction_added",
    "user": "U1",
    "reaction": "+1",
    "item_user": "U0BOT",
    "item": {"type": "message", "channel": "C1", "ts": "1.2"},
    "event_ts": "3.4",
}


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({}, "👍"),
        ({"reaction": "thumbsup::skin-tone-6"}, "👍"),
        ({"reaction": "white_check_mark"}, "✅"),
        ({"reaction": "x", "type": "reaction_removed"}, "❌"),
        ({"reaction": "eyes"}, None),
        ({"item_user": "U2"}, None),
        ({"item_user": None}, "👍"),
        ({"item": {"type": "file", "file": "F1"}}, None),
        ({"item": "C1", "user": 7}, None),
    ],
)
def test_a_reaction_is_read_or_left_alone(change: dict[str, object], sign: str | None) -> None:
    found = reaction(EVENT | change, "T1", "U0BOT")
    assert (found.sign if found is not None else None) == sign
    if found is not None:
        assert (found.channel, found.ts, found.person.actor) == ("C1", "1.2", "slack::U1")
        assert found.taken_back is (change.get("type") == "reaction_removed")


def test_each_reaction_has_a_key_of_its_own() -> None:
    keys = {
        found.key for ts in ("3.4", "3.5") if (found := reaction(EVENT | {"event_ts": ts}, "T1", "U0BOT"))
    }
    assert len(keys) == 2
