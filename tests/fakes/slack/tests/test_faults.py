"""Tests the stand-in's faults on command, as the real clients see them."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from tests.adapters.slack.support.bolt_app import Heard, client, connected
from tests.fakes.slack import Person, Slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.post.retry_after = (0.0, 0.0, 0.0)
        yield slack


@pytest.fixture
async def bot(slack: Slack) -> AsyncIterator[Heard]:
    heard = Heard(slack)
    async with connected(heard):
        yield heard


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana")


# ---------------------------------------------------------------- calls


async def test_an_answer_that_is_lost_was_for_work_that_is_done(slack: Slack) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await client(slack).chat_postMessage(channel="C1", text="once")
    assert [one["text"] for one in slack.messages("C1")] == ["once"]
    assert slack.calls("chat.postMessage")[0].lost


async def test_the_default_retry_of_the_client_posts_twice(slack: Slack) -> None:
    slack.faults.lose_answer("chat.postMessage")
    blind = client(slack, retry_handlers=[AsyncConnectionErrorRetryHandler()])
    await blind.chat_postMessage(channel="C1", text="twice")
    assert [one["text"] for one in slack.messages("C1")] == ["twice", "twice"]


async def test_busy_broken_and_nonsense_answers_come_once_and_do_nothing(slack: Slack) -> None:
    web = client(slack)
    slack.faults.busy("chat.postMessage", retry_after=7)
    slack.faults.answer("chat.postMessage", 500, "oops")
    slack.faults.html("chat.postMessage")
    slack.faults.refuse("chat.postMessage", "fatal_error")
    with pytest.raises(SlackApiError) as busy:
        await web.chat_postMessage(channel="C1", text="a")
    assert (busy.value.response.status_code, busy.value.response.headers["Retry-After"]) == (429, "7")
    for _try in range(3):
        with pytest.raises(SlackApiError):
            await web.chat_postMessage(channel="C1", text="a")
    assert [call.status for call in slack.calls("chat.postMessage")] == [429, 500, 200, 200]
    await web.chat_postMessage(channel="C1", text="at last")
    assert [one["text"] for one in slack.messages("C1")] == ["at last"]


async def test_a_late_answer_is_for_work_done_at_once(slack: Slack) -> None:
    slack.faults.delay("*", 5.0)
    late = asyncio.create_task(client(slack).chat_postMessage(channel="C1", text="a"))
    await slack.until(lambda: slack.messages("C1"))
    assert not late.done()
    late.cancel()


# ---------------------------------------------------------------- events


async def test_an_event_that_fails_is_brought_again_three_times(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    slack.post.ack_within = 0.05
    bot.failing = True
    await ana.writes("C1", "hello")
    await slack.settled()
    (delivery,) = slack.deliveries
    assert (delivery.attempts, delivery.acked) == (4, False)
    assert {one.reason for one in delivery.answers} == {"timeout"}


async def test_an_event_is_brought_again_until_it_is_taken(slack: Slack, bot: Heard, ana: Person) -> None:
    slack.post.ack_within = 0.05
    bot.failing = True
    await ana.writes("C1", "hello")
    await slack.until(lambda: slack.deliveries[0].answers)
    bot.failing = False
    await slack.settled()
    assert slack.deliveries[0].acked
    assert [one["text"] for one in bot.events("message")] == ["hello"]
    assert slack.acks[0].seconds < 0.05


async def test_events_come_twice_late_in_disorder_or_never(slack: Slack, bot: Heard, ana: Person) -> None:
    slack.faults.duplicate_events()
    await ana.writes("C1", "twice")
    await slack.settled()
    assert len(bot.events("message")) == 2
    assert len({body["event_id"] for body in bot.bodies}) == 1
    slack.faults.reorder_events(2)
    first = await ana.writes("C1", "first")
    second = await ana.writes("C1", "second")
    await slack.settled()
    assert [one["ts"] for one in bot.events("message")[2:]] == [second, first]
    slack.faults.delay_events(0.02)
    slack.faults.swallow_events(0)
    await ana.writes("C1", "late")
    await ana.writes("C1", "soon")
    await slack.settled()
    assert [one["text"] for one in bot.events("message")[4:]] == ["soon", "late"]
    slack.faults.swallow_events()
    await ana.writes("C1", "never")
    await slack.settled()
    assert len(bot.events("message")) == 6


async def test_a_click_without_a_socket_fails_and_an_event_waits_for_one(slack: Slack, ana: Person) -> None:
    await ana.writes("C1", "hello")
    answer = await ana.runs("/fix")
    assert (answer.acked, answer.reason) == (False, "no_socket")
    heard = Heard(slack)
    async with connected(heard):
        await slack.settled()
    assert [one["text"] for one in heard.events("message")] == ["hello"]


# ---------------------------------------------------------------- sockets


async def test_a_close_frame_and_a_request_to_reconnect_are_followed_at_once(
    slack: Slack, bot: Heard
) -> None:
    await slack.sockets.close()
    await slack.until(lambda: slack.sockets.opened == 2, 8)
    await slack.sockets.disconnect("refresh_requested")
    await slack.until(lambda: slack.sockets.opened == 3, 8)


async def test_a_cut_socket_is_rebuilt_once_the_client_notices(slack: Slack, bot: Heard, ana: Person) -> None:
    slack.sockets.refuse()
    slack.sockets.cut()
    await slack.until(lambda: not slack.sockets.open)
    await ana.writes("C1", "while it is down")
    slack.sockets.accept()
    await slack.connected()
    await slack.settled()
    assert [one["text"] for one in bot.events("message")] == ["while it is down"]


async def test_a_refused_socket_gets_503_and_an_invented_ticket_404(slack: Slack) -> None:
    opened = await client(slack, token=None).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session:
        slack.sockets.refuse(60)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(opened["url"])
        slack.sockets.accept()
        async with session.ws_connect(opened["url"]) as ws:
            hello = json.loads((await ws.receive()).data)
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await session.ws_connect(opened["url"])


async def test_an_event_in_flight_on_a_cut_socket_goes_to_another(slack: Slack, ana: Person) -> None:
    async def sockets() -> list[aiohttp.ClientWebSocketResponse]:
        web = client(slack, token=None)
        urls = [await web.apps_connections_open(app_token=slack.app_token) for _two in range(2)]
        return [await session.ws_connect(url["url"]) for url in urls]

    async with aiohttp.ClientSession() as session:
        one, two = await sockets()
        for number, ws in enumerate((one, two), 1):
            assert (await ws.receive_json())["num_connections"] == number
        await ana.writes("C1", "hello")
        reads = {asyncio.create_task(ws.receive_json()): ws for ws in (one, two)}
        done, waiting = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
        first = done.pop()
        assert first.result()["retry_attempt"] == 0
        await reads[first].close()
        again = await waiting.pop()
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
        assert again["payload"] == first.result()["payload"]
        await reads[next(iter(set(reads) - {first}))].send_json({"envelope_id": again["envelope_id"]})
        await slack.settled()
        assert slack.deliveries[0].acked


async def test_the_eleventh_socket_is_one_too_many(slack: Slack) -> None:
    web = client(slack, token=None)
    async with aiohttp.ClientSession() as session:
        opened = []
        for _socket in range(11):
            url = (await web.apps_connections_open(app_token=slack.app_token))["url"]
            opened.append(await session.ws_connect(url))
        told = [await ws.receive_json() for ws in opened]
        assert [one["type"] for one in told] == ["hello"] * 10 + ["disconnect"]
        assert told[-1]["reason"] == "too_many_websockets"
