"""Tests how long sending waits for a token that Slack refuses, and when Slack is asked again."""

import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.api.token_state import FIRST_PROBE_S, LONGEST_PROBE_S, TokenState
from bot.ports import Busy


class Workspace:
    """Answers `auth.test`, and counts the calls; `error` is its error code. Its clock is moved by hand."""

    def __init__(self) -> None:
        self.error = ""
        self.asked = 0
        self.now = 1000.0

    async def probe(self) -> None:
        self.asked += 1
        if self.error == "network":
            raise TimeoutError
        if self.error:
            refusal = {"ok": False, "error": self.error}
            raise SlackApiError("auth.test", refusal)  # type: ignore[no-untyped-call]  # the SDK gives it no types

    @property
    def state(self) -> TokenState:
        return TokenState(self.probe, lambda: self.now)


async def waits(state: TokenState) -> float:
    """Return the seconds that a lane must wait; 0 if it may send."""
    try:
        await state.admit()
    except Busy as busy:
        return busy.seconds
    return 0.0


async def test_a_working_token_is_never_asked_about_before_a_send() -> None:
    workspace = Workspace()
    assert await waits(workspace.state) == 0
    assert workspace.asked == 0


async def test_lanes_share_one_attempt_and_the_pause_grows_to_ten_seconds() -> None:
    workspace = Workspace()
    state = workspace.state
    workspace.error = "token_revoked"
    state.heard("token_revoked")
    assert [await waits(state), await waits(state), workspace.asked] == [FIRST_PROBE_S, FIRST_PROBE_S, 0]
    pauses = []
    for _attempt in range(6):
        workspace.now += await waits(state)
        pauses.append(await waits(state))
    assert pauses == [1.0, 2.0, 4.0, 8.0, LONGEST_PROBE_S, LONGEST_PROBE_S]
    assert workspace.asked == 6
    workspace.error = ""
    workspace.now += LONGEST_PROBE_S
    assert (await waits(state), state.problem) == (0, "")


@pytest.mark.parametrize("error", ["missing_scope", "channel_not_found", "ratelimited", ""])
async def test_other_errors_say_nothing_about_the_token(error: str) -> None:
    state = Workspace().state
    state.heard(error)
    assert (await waits(state), state.problem) == (0, "")


async def test_while_slack_cannot_be_reached_the_last_answer_stands() -> None:
    workspace = Workspace()
    state = workspace.state
    workspace.error = "network"
    assert await state.check() == ""
    state.heard("account_inactive")
    workspace.now += FIRST_PROBE_S
    assert (await state.check()).startswith("SLACK_BOT_TOKEN belongs to an app that was removed")


async def test_a_check_asks_at_most_every_ten_seconds_unless_an_event_raises_doubt() -> None:
    workspace = Workspace()
    state = workspace.state
    assert [await state.check(), await state.check(), workspace.asked] == ["", "", 1]
    workspace.error = "token_revoked"
    assert await state.check() == ""
    state.doubt()
    assert "was revoked; reinstall the app" in await state.check()
