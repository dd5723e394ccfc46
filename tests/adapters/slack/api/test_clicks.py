"""Tests that plain clicks pass Bolt by, answered as Bolt would answer them, and that sends wait for their answers."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.api.bolt_app import Ack, BoltApp, is_click
from adapters.slack.api.signature import SignatureGuard
from bot.ports import StoreDown
from tests.adapters.slack.support.recording_handler import Ears, served
from tests.adapters.slack.support.socket_process import running
from tests.fakes.slack import Slack

CLICK: Final[dict[str, Any]] = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "channel": {"id": "C1"},
    "actions": [{"action_id": "a1", "type": "button", "value": "v1"}],
}
ODD: Final = {
    "another kind": {"type": "view_submission"},
    "no actions": {"actions": []},
    "actions that are no list": {"actions": {"0": CLICK["actions"][0]}},
    "an action that is no object": {"actions": ["a1"]},
    "an action without a name": {"actions": [{"type": "button"}]},
    "no person": {"user": None},
    "no team, as in an organization": {"team": None},
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        yield slack


@pytest.fixture
def ears(slack: Slack) -> Ears:
    return Ears(slack)


class Waiting:
    """Counts the requests for which sends wait now, and notes them as each one is handled."""

    def __init__(self, ears: Ears) -> None:
        self.now, self.seen = 0, list[int]()
        self._ears = ears

    @contextmanager
    def ahead(self) -> Iterator[None]:
        self.now += 1
        yield
        self.seen.append(len(self._ears.heard))
        self.now -= 1


def never_dispatched(app: BoltApp) -> BoltApp:
    """Let the app fail if a request goes through Bolt."""

    async def dispatch(req: AsyncBoltRequest) -> BoltResponse:
        raise AssertionError(f"through Bolt: {req.body['type']}")

    app.async_dispatch = dispatch  # type: ignore[method-assign]  # Bolt has no other place to notice it
    return app


@pytest.mark.parametrize("change", ODD.values(), ids=ODD.keys())
def test_only_clicks_as_slack_sends_them_pass_bolt_by(change: dict[str, Any]) -> None:
    assert is_click(CLICK)
    assert not is_click({**CLICK, **change})


async def test_a_signed_click_passes_bolt_by_and_sends_wait_until_it_is_recorded(
    slack: Slack, ears: Ears
) -> None:
    waiting = Waiting(ears)
    ears.answering = Ack(payload={"text": "done"})
    guard = SignatureGuard(never_dispatched(ears.app()), slack.signing_secret, time.time, waiting.ahead)
    async with served(guard) as address:
        slack.http.url = f"{address}/slack/events"
        answer = await slack.post.ask("interactive", CLICK)
    assert (answer.acked, answer.payload) == (True, {"text": "done"})
    assert ears.heard == [("action", CLICK)]
    assert (waiting.seen, waiting.now) == ([1], 0)


async def test_a_click_over_a_socket_passes_bolt_by_and_sends_wait_from_its_arrival(
    slack: Slack, ears: Ears
) -> None:
    waiting = Waiting(ears)
    ears.answering = Ack(payload={"text": "done"})
    async with running(ears, connections=1, ahead=waiting.ahead):
        answer = await slack.post.ask("interactive", CLICK)
        assert (answer.acked, answer.payload) == (True, {"text": "done"})
        await slack.post.ask(
            "slash_commands", {"command": "/fix", "text": "", "team_id": "T1", "user_id": "U1"}
        )
    assert [kind for kind, _body in ears.heard] == ["action", "command"]
    assert (waiting.seen, waiting.now) == ([1], 0)


async def test_sends_wait_no_longer_for_a_click_that_failed(slack: Slack, ears: Ears) -> None:
    waiting = Waiting(ears)
    ears.failing = StoreDown("gone")
    guard = SignatureGuard(ears.app(), slack.signing_secret, time.time, waiting.ahead)
    async with served(guard) as address:
        slack.http.url = f"{address}/slack/events"
        assert (await slack.post.ask("interactive", CLICK)).status == 500
        ears.failing, ears.unknown = None, TimeoutError()
        assert (await slack.post.ask("interactive", CLICK)).status == 503
    assert (ears.heard, waiting.now) == ([], 0)


async def test_a_message_over_a_socket_that_cannot_be_read_is_passed_over(slack: Slack, ears: Ears) -> None:
    async with running(ears, connections=1):
        for nonsense in ("nonsense", "[]", '{"type": "interactive", "payload": 1}'):
            await slack.sockets.open[0].ws.send_str(nonsense)
        assert (await slack.post.ask("interactive", CLICK)).acked
    assert ears.heard == [("action", CLICK)]
