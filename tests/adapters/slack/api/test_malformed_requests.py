"""Tests that no signed request breaks the app, however odd, and that only nonsense is refused."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters.slack.api.bolt_app import Kind, bolt
from adapters.slack.api.preflight import Identity
from adapters.slack.api.signature import SignatureGuard
from tests.adapters.slack.support.signed_request import FORM, JSON, NOW, SECRET, Said, ask, good

NAMES: Final = some.sampled_from(
    """
    type event event_callback block_actions view_submission view_closed shortcut message_action command payload
    actions action_id block_id view callback_id team team_id user user_id id channel channel_id bot_id message
    authorizations enterprise enterprise_id is_enterprise_install container thread_ts response_url response_urls
    subtype function function_data bot_access_token trigger_id event_id challenge ssl_check workflow_step
    interactive_message dialog_submission block_suggestion assistant_thread tab text name state
    """.split()  # noqa: SIM905  # fifty words read better than fifty strings
)
LEAVES: Final = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
WORDS: Final = LEAVES | NAMES
TREES: Final = some.recursive(
    WORDS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(NAMES, inner, max_size=8),
    max_leaves=30,
)
OBJECTS: Final = some.dictionaries(NAMES, TREES, max_size=10)
TYPED: Final = some.builds(
    lambda kind, more, inner: {**more, "type": kind, **inner},
    some.sampled_from(["event_callback", "block_actions", "view_submission", "view_closed", "shortcut"]),
    OBJECTS,
    some.fixed_dictionaries(
        {},
        optional={name: OBJECTS | some.lists(OBJECTS, max_size=2) for name in ("event", "view", "actions")},
    ),
)
FORMS: Final = some.dictionaries(NAMES, some.text(), max_size=8)
BODIES: Final = some.one_of(
    some.tuples(some.sampled_from([JSON, FORM]), some.binary(max_size=300)),
    some.tuples(some.just(JSON), (OBJECTS | TYPED | TREES).map(lambda made: json.dumps(made).encode())),
    some.tuples(some.just(FORM), FORMS.map(lambda made: urlencode(made, errors="replace").encode())),
    some.tuples(
        some.just(FORM), (OBJECTS | TYPED).map(lambda made: urlencode({"payload": json.dumps(made)}).encode())
    ),
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=BODIES)
def test_nothing_that_is_signed_breaks_anything(runner: asyncio.Runner, sent: tuple[str, bytes]) -> None:
    async def identity() -> Identity:
        return Identity(token="xoxb-1", team="T1", bot_user="U0", bot_id="B0")

    async def hear(kind: Kind, body: dict[str, Any]) -> None:
        return None

    async def answer() -> Said:
        return await ask(
            SignatureGuard(bolt(hear, identity, client), SECRET, lambda: NOW), body, good(body, kind)
        )

    client = AsyncWebClient()
    kind, body = sent
    with capture_logs():
        assert runner.run(answer()).status in (200, 400, 404)
