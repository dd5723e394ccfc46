"""Tests the stand-in over HTTP with signed requests, and as a process."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Person, Slack
from tests.fakes.slack.http import signed

ROOT = Path(__file__).resolve().parents[4]


class Receiver:
    """An app at an address that checks the signature with Slack's own verifier, and answers as told."""

    def __init__(self, secret: str) -> None:
        self.verifier = SignatureVerifier(secret)
        self.came: list[tuple[dict[str, str], str]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: dict[str, Any] = {}

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        if not self.verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        self.came.append((dict(request.headers), body))
        if request.content_type == "application/json" and "challenge" in json.loads(body):
            return web.Response(text=json.loads(body)["challenge"])
        return web.json_response(self.body, status=self.status, headers=self.headers)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.post.retry_after = (0.0, 0.0, 0.0)
        yield slack


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[Receiver]:
    receiver = Receiver(slack.signing_secret)
    application = web.Application()
    application.router.add_post("/slack/events", receiver.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.posts_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield receiver
    await runner.cleanup()


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana")


async def test_everything_is_posted_signed_in_the_form_it_comes_in(
    slack: Slack, app: Receiver, ana: Person
) -> None:
    assert (await slack.verifies()).acked
    await ana.writes("C1", "hello")
    await slack.settled()
    app.body = {"text": "on my way"}
    assert (await ana.runs("/fix", "lamp & wire")).payload == {"text": "on my way"}
    await ana.uses_shortcut("start")
    _challenge, event, command, shortcut = [body for _headers, body in app.came]
    assert json.loads(event)["event"]["text"] == "hello"
    assert parse_qs(command)["text"] == ["lamp & wire"]
    assert json.loads(parse_qs(shortcut)["payload"][0])["callback_id"] == "start"


async def test_a_forged_and_an_old_request_are_turned_away(slack: Slack, app: Receiver) -> None:
    body = b'{"type": "event_callback"}'
    forged = await slack.http.post(body, signed(body, "another secret"))
    old = await slack.http.post(body, signed(body, slack.signing_secret, at=1_000_000_000))
    none = await slack.http.post(body, {})
    assert [answer.status for answer in (forged, old, none)] == [401, 401, 401]
    assert (await slack.http.post(body, signed(body, slack.signing_secret))).acked


async def test_a_failed_event_is_posted_again_with_the_count_and_the_reason(
    slack: Slack, app: Receiver, ana: Person
) -> None:
    app.status = 500
    await ana.writes("C1", "hello")
    await slack.settled()
    retries = [headers.get("X-Slack-Retry-Num") for headers, _body in app.came]
    assert retries == [None, "1", "2", "3"]
    assert app.came[1][0]["X-Slack-Retry-Reason"] == "http_error"
    app.headers = {"X-Slack-No-Retry": "1"}
    await ana.writes("C1", "hello again")
    await slack.settled()
    assert len(app.came) == 5


async def test_an_app_that_is_not_there_fails_the_connection(slack: Slack, ana: Person) -> None:
    slack.posts_to("http://127.0.0.1:1/slack/events")
    assert (await ana.runs("/fix")).reason == "connection_failed"


@asynccontextmanager
async def process() -> AsyncIterator[str]:
    """Run a stand-in in its own process. Yields its address."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.slack", "--port", "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        yield (await running.stdout.readline()).decode().strip()
    finally:
        running.terminate()
        await running.wait()
        # asyncio closes the pipe of an ended process only when the loop gets round to it.
        await running.communicate()


async def test_another_process_is_told_what_to_do_over_its_control_address() -> None:
    async with process() as address, aiohttp.ClientSession() as session:

        async def control(do: str, who: str = "", **given: Any) -> Any:
            asked = {"do": do, "with": given, **({"who": who} if who else {})}
            async with session.post(f"{address}/control", json=asked) as answer:
                told = await answer.json()
            assert told["ok"], told
            return told["value"]

        await control("channel", id="C1", name="help")
        assert (await control("person", id="U1", name="Ana"))["dm"].startswith("D")
        ts = await control("writes", "U1", channel="C1", text="hello")
        token = await control("token")
        bot = AsyncWebClient(token=token, base_url=f"{address}/api/", retry_handlers=[])
        await bot.chat_postMessage(channel="C1", thread_ts=ts, text="hello to you")
        assert [one["text"] for one in await control("thread", channel="C1", ts=ts)] == [
            "hello",
            "hello to you",
        ]
        await control("faults.refuse", method="auth.test", error="fatal_error")
        assert [call["method"] for call in await control("calls")] == ["chat.postMessage"]
        assert (await control("deliveries"))[0]["attempts"] == 0
        async with session.post(f"{address}/control", json={"do": "_runner"}) as answer:
            assert answer.status == 400
