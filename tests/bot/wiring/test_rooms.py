"""Tests agents' rooms: written as platform and channel, of existing teams, and never places of customers."""

import pytest

from bot.wiring.rooms import apart, rooms
from bot.wiring.settings import SettingsError


def test_a_room_is_an_address_by_team() -> None:
    found = rooms(
        "slack:C0DESK",
        {"TEAM_THE_MAKER_ROOM": "discord:123456789012345678", "TEAM_US_ROOM": ""},
        ["the-maker", "us"],
    )
    assert found == {"": "slack||C0DESK", "the-maker": "discord||123456789012345678"}


def test_nothing_set_is_no_room() -> None:
    assert rooms("", {"HOME": "x"}, ["us"]) == {}


@pytest.mark.parametrize(
    "text", ["C0DESK", "slack:#help", "slack:help", "discord:general", "teams:C1", "slack:"]
)
def test_a_room_written_otherwise_says_how(text: str) -> None:
    with pytest.raises(SettingsError, match="DESK_ROOM: expected slack:CHANNEL or discord:CHANNEL"):
        rooms(text, {}, [])


def test_a_room_of_a_team_that_no_flow_has_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"TEAM_NOBODY_ROOM: no flow has this team\. Known teams: US"):
        rooms("", {"TEAM_NOBODY_ROOM": "slack:C0DESK"}, ["us"])


def test_agents_do_not_talk_where_customers_are_helped() -> None:
    known = rooms("slack:C0DESK", {}, [])
    apart(known, {"SLACK_OFFER_IN": ["C0HELP", "shared"], "DISCORD_FORUMS": []})
    with pytest.raises(SettingsError, match="SLACK_OFFER_IN: c0desk is the default room"):
        apart(known, {"SLACK_OFFER_IN": ["c0desk"]})
