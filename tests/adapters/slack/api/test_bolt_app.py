"""Tests the Bolt app: it passes on every event, acknowledges it afterwards, and logs nothing of it."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs

from adapters.slack.api.bolt_app import Ack, Kind
from bot.ports import StoreDown
from tests.adapters.slack.support.recording_handler import Ears
from tests.fakes.slack import Slack, payloads
from tests.fakes.slack.state import User

PRIVATE = "my password is hunter2"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.person("U1", name="Ana")
        yield slack


@pytest.fixture
def ears(slack: Slack) -> Ears:
    return Ears(slack)


@pytest.fixture
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A home folder in which nothing may be written."""
    monkeypatch.setenv("HOME", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


def bodies(slack: Slack) -> dict[str, tuple[Kind, dict[str, Any]]]:
    """One of everything Slack sends, by a name that says what it is."""
    at = slack.workspace
    place, ana = at.channels["C1"], at.users["U1"]
    message = payloads.typed(at, ana, PRIVATE, [])
    asked = payloads.interaction(at, ana, "view_submission")
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "details",
        "state": {"values": {}},
        "private_metadata": PRIVATE,
    }
    click = payloads.click(at, ana, place, message, hidden=False)
    action = {"action_id": "fixed", "block_id": "b", "type": "button", "value": "v", "action_ts": "1.2"}
    return {
        "a message": ("event", payloads.envelope(at, payloads.about_message(place, message), place)),
        "a mention": (
            "event",
            payloads.envelope(at, {**message, "type": "app_mention", "channel": "C1"}, place),
        ),
        "an event nobody knows": (
            "event",
            payloads.envelope(at, {"type": "goal_scored", "user": "U1"}, None),
        ),
        "an edit": (
            "event",
            payloads.envelope(at, payloads.about_message(place, message, was=message, event_ts="1.1"), place),
        ),
        "the app is gone": ("event", payloads.envelope(at, {"type": "app_uninstalled"}, None)),
        "the token is dead": (
            "event",
            payloads.envelope(at, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, None),
        ),
        "a click": ("action", {**click, "actions": [action]}),
        "a command": ("command", dict(payloads.command(at, ana, place, "/fix", PRIVATE))),
        "a shortcut": ("shortcut", {**asked, "type": "shortcut", "callback_id": "start"}),
        "a shortcut on a message": (
            "shortcut",
            {**asked, "type": "message_action", "callback_id": "troubleshoot", "message": message},
        ),
        "a form": ("view", {**asked, "view": view}),
        "a form that is closed": ("view_closed", {**asked, "type": "view_closed", "view": view}),
    }


NAMES = (
    "a message",
    "a mention",
    "an event nobody knows",
    "an edit",
    "the app is gone",
    "the token is dead",
    "a click",
    "a command",
    "a shortcut",
    "a shortcut on a message",
    "a form",
    "a form that is closed",
)


async def dispatch(ears: Ears, body: dict[str, Any]) -> BoltResponse:
    return await ears.app().async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))


@pytest.mark.parametrize("name", NAMES)
async def test_whatever_slack_sends_is_heard_as_it_came(slack: Slack, ears: Ears, name: str) -> None:
    kind, body = bodies(slack)[name]
    said = await dispatch(ears, body)
    assert (said.status, said.body) == (200, "")
    assert ears.heard == [(kind, body)]


@pytest.mark.parametrize("name", NAMES)
async def test_what_cannot_be_recorded_is_not_acknowledged_and_not_written_down(
    slack: Slack, ears: Ears, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ears.failing = RuntimeError("the disk is full")
    with capture_logs() as lines:
        said = await dispatch(ears, bodies(slack)[name][1])
    assert said.status == 500
    assert "the disk is full" in lines[0]["traceback"]
    assert "in __call__" in lines[0]["traceback"]
    assert "hunter2" not in str(lines) + caplog.text
    assert slack.token not in str(lines) + caplog.text


async def test_it_is_acknowledged_after_it_was_heard_and_not_before(slack: Slack, ears: Ears) -> None:
    app = ears.app()
    ears.held.clear()
    body = bodies(slack)["a click"][1]
    acked = asyncio.create_task(app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body)))
    await slack.until(lambda: ears.begun)
    idle = asyncio.create_task(app.hearing.idle())
    await asyncio.sleep(0)
    assert (acked.done(), idle.done(), app.hearing.count) == (False, False, 1)
    ears.held.set()
    assert (await acked).status == 200
    await idle
    assert app.hearing.count == 0


async def test_a_store_that_is_down_is_one_line_without_a_traceback(slack: Slack, ears: Ears) -> None:
    ears.failing = StoreDown("nobody answers")
    with capture_logs() as lines:
        assert (await dispatch(ears, bodies(slack)["a message"][1])).status == 500
    assert [set(line) for line in lines] == [{"room", "event", "kind", "reason", "log_level"}]
    assert lines[0]["reason"] == "StoreDown: nobody answers"


async def test_an_error_that_repeats_what_it_was_given_is_told_without_it(slack: Slack, ears: Ears) -> None:
    class Told(BaseModel):
        count: int

    try:
        Told.model_validate({"count": PRIVATE})
    except ValueError as error:
        ears.failing = error
    with capture_logs() as lines:
        await dispatch(ears, bodies(slack)["a message"][1])
    assert lines[0]["reason"] == "ValidationError: Told: count"
    assert "hunter2" not in str(lines)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("a command", {"response_type": "ephemeral", "text": "Go on in our messages", "blocks": []}),
        ("a form", {"response_action": "errors", "errors": {"text": "say more"}}),
        ("a form", {"response_action": "update", "view": {"type": "modal"}}),
    ],
)
async def test_an_answer_goes_with_the_acknowledgement(
    slack: Slack, ears: Ears, name: str, payload: dict[str, Any]
) -> None:
    ears.answering = Ack(payload=payload)
    said = await dispatch(ears, bodies(slack)[name][1])
    assert said.status == 200
    assert said.headers["content-type"] == ["application/json;charset=utf-8"]
    assert BoltResponse(status=200, body=payload).body == said.body


async def test_our_own_messages_are_acknowledged_and_not_heard(slack: Slack, ears: Ears) -> None:
    at = slack.workspace
    for who in (User(at.bot_user, at.team, "us"), User("U9", at.team, "us", bot_id=at.bot_id)):
        message = payloads.typed(at, who, "Plug it in", [])
        event = payloads.about_message(at.channels["C1"], message)
        said = await dispatch(ears, payloads.envelope(at, event, at.channels["C1"]))
        assert said.status == 200
    assert ears.begun == []


async def test_nobody_asks_slack_who_we_are_for_each_request(slack: Slack, ears: Ears) -> None:
    for _kind, body in bodies(slack).values():
        await dispatch(ears, body)
    assert slack.calls() == []


@pytest.mark.parametrize("slacks", [True, False])
async def test_while_we_do_not_know_who_we_are_nothing_is_acknowledged(
    slack: Slack, ears: Ears, slacks: bool
) -> None:
    ears.unknown = SlackApiError("no", {"ok": False}) if slacks else TimeoutError("too late")  # type: ignore[no-untyped-call]  # the SDK gives it no types
    with capture_logs() as lines:
        said = await dispatch(ears, bodies(slack)["a message"][1])
    assert said.status == 503
    assert len(lines) == 1
    assert ears.begun == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 404),
        ({"type": "block_suggestion", "user": {"id": PRIVATE}, "action_id": "a", "value": PRIVATE}, 404),
        ({"type": PRIVATE}, 404),
        ({"event": PRIVATE}, 400),
        ({"type": "event_callback", "event": {"type": 7}}, 400),
        ({"type": "view_submission", "view": {"id": "V1", "callback_id": "x"}, "user": {"id": "U1"}}, 400),
        ({"type": "block_actions", "actions": PRIVATE, "user": {"id": "U1"}}, 400),
    ],
)
async def test_nonsense_is_turned_away_and_not_written_down(
    ears: Ears, body: dict[str, Any], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        said = await dispatch(ears, body)
    assert said.status == status
    assert "hunter2" not in str(lines) + caplog.text
    assert ears.begun == []


async def test_bolt_takes_nothing_from_the_environment(
    slack: Slack,
    ears: Ears,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "SIGNING_SECRET", "VERIFICATION_TOKEN", "SCOPES")
    for name in names:
        monkeypatch.setenv(f"SLACK_{name}", "from-outside")
    app = ears.app()
    assert app.oauth_flow is None
    assert app.installation_store is None
    assert "from-outside" not in str(vars(app))
    assert caplog.text == ""
    assert all(os.environ[f"SLACK_{name}"] == "from-outside" for name in names)
    said = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=bodies(slack)["a click"][1]))
    assert (said.status, len(ears.heard)) == (200, 1)


async def test_nothing_that_is_said_is_logged_however_much_is_logged(
    slack: Slack, ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _kind, body in bodies(slack).values():
        await dispatch(ears, body)
    assert [line for line in caplog.records if line.name.startswith(("slack", "troubletree"))] == []
