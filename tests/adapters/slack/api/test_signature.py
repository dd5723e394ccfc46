"""Tests the signature check in HTTP mode: only what Slack signed recently is read, and nonsense breaks nothing."""

import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest
from structlog.testing import capture_logs

from adapters.slack.api.bolt_app import Ack
from adapters.slack.api.signature import LONGEST, SignatureGuard
from bot.ports import StoreDown
from tests.adapters.slack.support.recording_handler import Ears, served
from tests.adapters.slack.support.signed_request import EVENT, FORM, JSON, NOW, SECRET, ask, good
from tests.fakes.slack import Person, Slack
from tests.fakes.slack.http import bodied, signed


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running(signing_secret=SECRET) as slack:
        slack.channel("C1", "help")
        yield slack


@pytest.fixture
def ears(slack: Slack) -> Ears:
    return Ears(slack)


@pytest.fixture
def guard(ears: Ears) -> SignatureGuard:
    return SignatureGuard(ears.app(), SECRET, lambda: NOW)


# ---------------------------------------------------------------- what is turned away

V0: Final = signed(EVENT, SECRET, NOW)["X-Slack-Signature"]
BAD: Final[Mapping[str, tuple[int, dict[str, str], bytes]]] = {
    "no signature": (401, {"X-Slack-Signature": ""}, EVENT),
    "a signature of another secret": (401, signed(EVENT, "other", NOW), EVENT),
    "a signature of another body": (401, signed(EVENT + b" ", SECRET, NOW), EVENT),
    "another body under the signature": (401, {}, EVENT + b" "),
    "a signature of another second": (401, {"X-Slack-Request-Timestamp": str(NOW + 1)}, EVENT),
    "a signature in capitals": (401, {"X-Slack-Signature": V0.upper()}, EVENT),
    "a signature without its version": (401, {"X-Slack-Signature": V0[3:]}, EVENT),
    "a signature and more": (401, {"X-Slack-Signature": V0 + "0"}, EVENT),
    "a signature that is no text": (401, {"X-Slack-Signature": "v0=\xff\xfe"}, EVENT),
    "no time": (401, {"X-Slack-Request-Timestamp": ""}, EVENT),
    "a time in words": (401, {"X-Slack-Request-Timestamp": "now"}, EVENT),
    "a time with a fraction": (401, {"X-Slack-Request-Timestamp": f"{NOW}.5"}, EVENT),
    "a time with a sign": (401, {"X-Slack-Request-Timestamp": f"+{NOW}"}, EVENT),
    "a time with a blank": (401, {"X-Slack-Request-Timestamp": f" {NOW}"}, EVENT),
    "a time in other digits": (401, {"X-Slack-Request-Timestamp": "\xb9\xb2\xb3"}, EVENT),
    "a time beyond all numbers": (401, {"X-Slack-Request-Timestamp": "9" * 5000}, EVENT),
    "a time not a number": (401, {"X-Slack-Request-Timestamp": "nan"}, EVENT),
    "five minutes and a second ago": (401, good(at=NOW - 301), EVENT),
    "in five minutes and a second": (401, good(at=NOW + 301), EVENT),
    "no type": (415, {"Content-Type": ""}, EVENT),
    "another type": (415, {"Content-Type": "text/plain"}, EVENT),
    "several parts": (415, {"Content-Type": "multipart/form-data; boundary=x"}, EVENT),
    "a length beyond the limit": (413, {"Content-Length": str(LONGEST + 1)}, EVENT),
    "a length that is no number": (413, {"Content-Length": "-1"}, EVENT),
    "a length beyond all numbers": (413, {"Content-Length": "9" * 5000}, EVENT),
}


@pytest.mark.row("security", "A request that Slack didn't sign, or long ago, is obeyed")
@pytest.mark.parametrize("name", BAD)
async def test_what_slack_did_not_sign_just_now_is_turned_away_quietly(
    ears: Ears, guard: SignatureGuard, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    status, headers, body = BAD[name]
    with capture_logs() as lines:
        said = await ask(guard, body, good() | headers)
    assert (said.status, said.body) == (status, b"")
    assert (lines, caplog.text, ears.begun) == ([], "", [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post"])
async def test_only_a_post_is_read(guard: SignatureGuard, method: str) -> None:
    said = await ask(guard, EVENT, good(), method=method)
    assert (said.status, said.headers[b"allow"]) == (405, b"POST")


async def test_an_empty_secret_lets_nothing_in(ears: Ears) -> None:
    closed = SignatureGuard(ears.app(), "", lambda: NOW)
    assert (await ask(closed, EVENT, good(secret=""))).status == 401


async def test_a_body_without_a_length_is_read_as_far_as_the_limit(ears: Ears, guard: SignatureGuard) -> None:
    long = json.dumps({"type": "x" * LONGEST}).encode()
    headers = good(long)
    del headers["Content-Length"]
    assert (await ask(guard, long, headers, pieces=40)).status == 413
    just = EVENT + b" " * (LONGEST - len(EVENT))
    headers = good(just)
    del headers["Content-Length"]
    assert (await ask(guard, just, headers, pieces=40)).status == 200
    assert len(ears.heard) == 1


async def test_who_hangs_up_in_the_middle_is_not_heard(ears: Ears, guard: SignatureGuard) -> None:
    assert (await ask(guard, EVENT, good(), hang_up=True)).status == 400
    assert ears.begun == []


@pytest.mark.parametrize("seconds", [-300, 0, 300])
async def test_five_minutes_either_way_are_just_now(ears: Ears, guard: SignatureGuard, seconds: int) -> None:
    assert (await ask(guard, EVENT, good(at=NOW + seconds))).status == 200
    assert len(ears.heard) == 1


async def test_a_signed_request_that_is_sent_again_comes_under_the_same_name(
    ears: Ears, guard: SignatureGuard
) -> None:
    body = json.dumps(json.loads(EVENT) | {"event_id": "Ev1"}).encode()
    for _time in range(2):
        assert (await ask(guard, body, good(body))).status == 200
    assert [heard["event_id"] for _kind, heard in ears.heard] == ["Ev1", "Ev1"]


# ---------------------------------------------------------------- what is signed

NONSENSE: Final[Mapping[str, tuple[str, bytes]]] = {
    "nothing": (JSON, b""),
    "half a JSON": (JSON, EVENT[:-1]),
    "no object": (JSON, b'["event"]'),
    "a number": (JSON, b"7"),
    "no text": (JSON, b'{"type": "\xff"}'),
    "half a character": (JSON, b'{"type": "\\ud800"}'),
    "not a number": (JSON, b'{"type": NaN}'),
    "too deep": (JSON, b"[" * 100_000),
    "packed": (JSON, gzip.compress(EVENT)),
    "a form that is none": (FORM, b"\xff\xfe"),
    "a form with half a JSON": (FORM, b"payload=%7B"),
    "a form with a list": (FORM, b"payload=[]"),
    "too many fields": (FORM, b"&".join(b"a%d=1" % at for at in range(101))),
}


@pytest.mark.parametrize("name", NONSENSE)
async def test_signed_nonsense_is_a_bad_request(ears: Ears, guard: SignatureGuard, name: str) -> None:
    kind, body = NONSENSE[name]
    assert (await ask(guard, body, good(body, kind))).status == 400
    assert ears.begun == []


async def test_slack_is_told_its_challenge_and_that_the_certificate_is_fine(
    ears: Ears, guard: SignatureGuard
) -> None:
    body = b'{"type":"url_verification","token":"t","challenge":"c-123"}'
    said = await ask(guard, body, good(body, "application/json; charset=utf-8"))
    assert (said.status, json.loads(said.body)) == (200, {"challenge": "c-123"})
    assert (await ask(guard, body, good(body) | {"X-Slack-Signature": "v0=0"})).status == 401
    form = b"ssl_check=1&token=t"
    assert (await ask(guard, form, good(form, FORM))).status == 200
    assert (await ask(guard, b"", {}, method="GET", query=b"token=t&ssl_check=1")).status == 200
    assert ears.begun == []


async def test_what_cannot_be_recorded_is_500_so_that_it_comes_again(
    ears: Ears, guard: SignatureGuard
) -> None:
    ears.failing = StoreDown("nobody answers")
    said = await ask(guard, EVENT, good() | {"X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_error"})
    assert (said.status, said.body) == (500, b"")
    assert b"x-slack-no-retry" not in said.headers
    ears.failing = None
    assert (await ask(guard, EVENT, good() | {"X-Slack-Retry-Num": "3"})).status == 200
    assert len(ears.heard) == 1


async def test_an_answer_goes_back_as_json(ears: Ears, guard: SignatureGuard) -> None:
    ears.answering = Ack(payload={"text": "Go on in our messages, öfter"})
    body, kind = bodied("slash_commands", {"command": "/fix", "text": "", "user_id": "U1", "team_id": "T1"})
    said = await ask(guard, body, good(body, kind))
    assert json.loads(said.body) == ears.answering.payload
    assert said.headers[b"content-type"].startswith(b"application/json")
    assert said.headers[b"content-length"] == str(len(said.body)).encode()
    assert ears.heard[0][1]["text"] == ""


# ---------------------------------------------------------------- with the stand-in


@pytest.fixture
async def ana(slack: Slack, ears: Ears) -> AsyncIterator[Person]:
    """Somebody whose Slack speaks HTTP to the guard, on a real server."""
    ana = slack.person("U1", name="Ana")
    async with served(SignatureGuard(ears.app(), SECRET, time.time)) as address:
        slack.posts_to(f"{address}/slack/events")
        slack.post.retry_after = (0.0, 0.0, 0.0)
        yield ana


async def test_everything_a_person_does_is_heard_over_http(slack: Slack, ears: Ears, ana: Person) -> None:
    assert (await slack.verifies()).acked
    ts = await ana.writes("C1", "my lamp + plug ± dark 100 % + more")
    await slack.settled()
    assert (await ana.runs("/fix", "läuft nicht; a=b&c")).acked
    assert (await ana.uses_shortcut("start")).acked
    assert (await ana.uses_shortcut("troubleshoot", message=ts)).acked
    assert [kind for kind, _body in ears.heard] == ["event", "command", "shortcut", "shortcut"]
    assert ears.texts() == ["my lamp + plug ± dark 100 % + more"]
    assert ears.heard[1][1]["text"] == "läuft nicht; a=b&c"
    assert ears.heard[3][1]["message"]["ts"] == ts


async def test_over_http_an_event_comes_again_until_it_is_recorded(
    slack: Slack, ears: Ears, ana: Person
) -> None:
    ears.failing = StoreDown("nobody answers")
    await ana.writes("C1", "hello")
    await slack.until(lambda: slack.deliveries[0].answers)
    ears.failing = None
    await slack.settled()
    assert slack.deliveries[0].acked
    assert ears.texts() == ["hello"]


async def test_with_another_secret_slack_cannot_get_in(slack: Slack, ears: Ears, ana: Person) -> None:
    slack.http.secret = "another"
    assert not (await slack.verifies()).acked
    assert (await ana.runs("/fix")).status == 401
    assert ears.begun == []
