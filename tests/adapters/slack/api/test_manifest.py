"""Tests that the manifest asks Slack exactly for what the code uses, within Slack's limits."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.api.manifest import (
    COMMAND,
    EVENTS,
    OPEN_TICKET,
    OPTIONAL,
    SCOPES,
    SEND,
    START,
    TROUBLESHOOT,
    manifest,
)
from tests.adapters.slack.support.recording_handler import Ears
from tests.fakes.slack import Slack, payloads
from tests.fakes.slack.refusals import ALL_SCOPES

URL = "https://help.example.com"
BOTH = [manifest(), manifest(url=URL)]
NEEDS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""The scope without which Slack does not tell of an event; the others need none (docs.slack.dev/reference/events)."""


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.person("U1", name="Ana")
        yield Ears(slack)


async def heard(ears: Ears, body: dict[str, Any]) -> list[str]:
    """What kinds were heard of it, if it was acknowledged."""
    said = await ears.app().async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert said.status == 200
    return [kind for kind, _body in ears.heard]


@pytest.mark.parametrize("name", EVENTS)
async def test_every_event_that_is_asked_for_is_listened_to(ears: Ears, name: str) -> None:
    kind = name.partition(".")[0]
    event = {"type": kind, "user": "U1", "channel": "C1"}
    assert await heard(ears, payloads.envelope(ears.slack.workspace, event, None)) == ["event"]


def test_the_stand_in_tells_of_the_events_that_are_asked_for() -> None:
    assert {name.partition(".")[0] for name in EVENTS} == Slack("", "", "", "T1").subscribed


async def test_the_command_and_the_shortcuts_are_listened_to(ears: Ears) -> None:
    at = ears.slack.workspace
    ana, place = at.users["U1"], at.channels["C1"]
    features = manifest()["features"]
    assert [one["command"] for one in features["slash_commands"]] == [COMMAND]
    assert {one["callback_id"]: one["type"] for one in features["shortcuts"]} == {
        START: "global",
        TROUBLESHOOT: "message",
        SEND: "message",
        OPEN_TICKET: "message",
    }
    await heard(ears, dict(payloads.command(at, ana, place, COMMAND, "")))
    for shortcut in features["shortcuts"]:
        kind = "shortcut" if shortcut["type"] == "global" else "message_action"
        body = payloads.interaction(at, ana, kind) | {"callback_id": shortcut["callback_id"]}
        await heard(ears, body | {"message": {}, "channel": {"id": "C1"}})
    assert [kind for kind, _body in ears.heard] == ["command"] + 4 * ["shortcut"]


def test_no_scope_is_asked_for_that_nothing_needs_and_none_is_missing() -> None:
    asked = manifest()["oauth_config"]["scopes"]
    assert set(asked) == {"bot", "bot_optional"}
    assert {NEEDS[name] for name in EVENTS if name in NEEDS} <= {*asked["bot"], *asked["bot_optional"]}
    assert asked["bot"] == sorted(SCOPES)
    assert asked["bot_optional"] == sorted(OPTIONAL)
    assert not set(SCOPES) & set(OPTIONAL)
    assert set(SCOPES) | set(OPTIONAL) <= ALL_SCOPES
    assert all(SCOPES.values())
    assert all(EVENTS.values())
    assert "assistant:write" not in json.dumps(manifest())


def test_socket_mode_needs_no_address_and_http_has_one_for_everything() -> None:
    sockets, http = (one["settings"] for one in BOTH)
    assert sockets["socket_mode_enabled"]
    assert "url" not in json.dumps(manifest()).replace("url_verification", "")
    assert not http["socket_mode_enabled"]
    assert http["interactivity"] == {"is_enabled": True, "request_url": f"{URL}/slack/events"}
    assert http["event_subscriptions"]["request_url"] == f"{URL}/slack/events"
    assert BOTH[1]["features"]["slash_commands"][0]["url"] == f"{URL}/slack/events"
    assert manifest(url=URL + "/") == manifest(url=URL)


@pytest.mark.parametrize("made", BOTH, ids=["sockets", "http"])
def test_both_variants_keep_slacks_limits(made: dict[str, Any]) -> None:
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(shown["description"]) <= 140
    assert re.fullmatch("#[0-9a-f]{6}", shown["background_color"])
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert json.loads(json.dumps(made)) == made


def test_both_tabs_of_the_app_are_on_and_written_to() -> None:
    home = manifest()["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_the_app_may_have_another_name() -> None:
    made = manifest(name="Acme help")
    assert made["display_information"]["name"] == "Acme help"
    assert made["features"]["bot_user"]["display_name"] == "Acme help"
