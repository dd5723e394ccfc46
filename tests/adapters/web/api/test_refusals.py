"""Tests what the REST API refuses: invalid bodies, too many requests, other origins, and a store that is down."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.adapters.web.support.embedder import STATE, begin, problem
from tests.adapters.web.support.site import GUIDE, Place, open_place

# ---------------------------------------------------------------- bodies that make no sense


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"[" * 30000,
        b'{"a":' * 10000,
        b"\xff\xfe",
        b'{"flow": "\xff"}',
        b'{"flow": 7}',
        b'{"flow": ["a"]}',
        b'{"flow": null}',
        b'{"flow": ""}',
        b'{"flow": "\\u0000"}',
        b'{"text": "\\u0000"}',
        b'{"text": "\\ud800"}',
        b'{"text": "   "}',
        b'{"flow": "../../etc/passwd"}',
        b'{"flow": "' + b"a" * 1000 + b'"}',
        b'{"text": "' + b"a" * 40_001 + b'"}',
        b'{"key": NaN, "flow": "a"}',
        b'{"key": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
async def test_a_start_that_makes_no_sense_is_a_clear_problem(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(
        "/api/conversations", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "explode"},
        {"type": "joined"},
        {"type": "timer", "kind": "close", "turn": 1, "status": "guiding"},
        {"type": "answered"},
        {"type": "answered", "turn": 1},
        {"type": "answered", "turn": "1", "choice": "fixed"},
        {"type": "answered", "turn": True, "choice": "fixed"},
        {"type": "answered", "turn": 1.5, "choice": "fixed"},
        {"type": "answered", "turn": -1, "choice": "fixed"},
        {"type": "answered", "turn": 10**30, "choice": "fixed"},
        {"type": "answered", "turn": 1, "choice": 7},
        {"type": "answered", "turn": 1, "choice": "fixed", "key": ""},
        {"type": "answered", "turn": 1, "choice": "fixed", "key": "k" * 65},
        {"type": "answered", "turn": 1, "choice": "fixed", "key": "with blanks"},
        {"type": "said", "text": ""},
        {"type": "said", "text": " \n\t "},
        {"type": "said", "text": "nul \x00 here"},
        {"type": "said", "text": ["no"]},
        {"type": "later"},
        {"type": "later", "until": "doomsday"},
        {"type": "details"},
        {"type": "details", "reason": "made up"},
        {"type": "escalate", "reason": "made up"},
    ],
    ids=str,
)
async def test_an_event_that_makes_no_sense_is_a_clear_problem(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    walk = await begin(client)
    answer = await client.post(f"{walk.path}/events", json=body, headers=walk.bearer)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    after = (await client.get(walk.path, headers=walk.bearer)).json()
    assert after == {name: walk.state[name] for name in STATE}, "nothing has changed"


@pytest.mark.row("security", "An error repeats what was sent, into logs and screens")
async def test_what_was_sent_is_not_repeated_in_the_problem(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/conversations", json={"flow": GUIDE, "key": "hunter2"})
    assert "hunter2" not in answer.text


async def test_a_body_that_is_not_json_is_another_media_type(client: httpx.AsyncClient) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
        "",
    ):
        answer = await client.post(
            "/api/conversations", content=b'{"flow":"a"}', headers={"Content-Type": kind}
        )
        problem(answer, 415, "media_type")


async def test_a_text_that_is_too_long_is_refused_with_the_limit(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/conversations", json={"text": "a" * 40_001})
    problem(answer, 422, "invalid")
    assert answer.json()["detail"] == "text has more than 40,000 characters."
    made = await client.post("/api/conversations", json={"text": "a" * 4_001})
    assert made.status_code == 201


async def test_a_body_over_the_limit_is_refused_announced_or_not(client: httpx.AsyncClient) -> None:
    large = b'{"text": "' + b"a" * 500_000 + b'"}'

    async def in_parts() -> AsyncIterator[bytes]:
        for at in range(0, len(large), 1000):
            yield large[at : at + 1000]

    headers = {"Content-Type": "application/json"}
    problem(await client.post("/api/conversations", content=large, headers=headers), 413, "too_large")
    problem(await client.post("/api/conversations", content=in_parts(), headers=headers), 413, "too_large")


async def test_addresses_and_methods_that_do_not_exist_are_problems(client: httpx.AsyncClient) -> None:
    problem(await client.get("/api/nothing"), 404, "not_found")
    problem(await client.delete("/api/flows"), 405, "method")


# ---------------------------------------------------------------- too often, and a store that is down


async def test_who_asks_too_often_is_told_when_to_come_again() -> None:
    async with open_place(events_per_minute="5") as place, place.client() as client:
        walk = await begin(client)
        answers = [await walk.send("later", until="hour") for _ in range(8)]
        assert answers[0].status_code == 200
        problem(answers[-1], 429, "too_many")
        assert int(answers[-1].headers["retry-after"]) >= 1
        other = await begin(client)
        assert (await other.send("escalate")).status_code == 200, "others are not held up"


async def test_new_conversations_of_one_network_are_limited() -> None:
    async with open_place(starts_per_minute="3") as place, place.client() as client:
        answers = [await client.post("/api/conversations", json={"flow": GUIDE}) for _ in range(6)]
        assert answers[0].status_code == 201
        problem(answers[-1], 429, "too_many")


async def test_with_the_store_down_the_support_address_is_told(
    client: httpx.AsyncClient, place: Place
) -> None:
    walk = await begin(client)
    place.power.on = False
    answers = [
        await client.post("/api/conversations", json={"flow": GUIDE}),
        await client.get(walk.path, headers=walk.bearer),
        await walk.send("escalate"),
    ]
    for answer in answers:
        assert problem(answer, 503, "store_down")["support"] == "help@acme.example"
        assert "retry-after" in answer.headers


async def test_something_broken_is_a_problem_too(place: Place) -> None:
    async def broken(event: object) -> None:
        raise ZeroDivisionError

    async with open_place(changes={"receive": broken}) as other, other.client() as client:
        answer = await client.post("/api/conversations", json={"flow": GUIDE})
        problem(answer, 500, "broken")
        assert "content-security-policy" in answer.headers


# ---------------------------------------------------------------- embedding


async def test_a_page_of_an_embedding_origin_may_call_the_api() -> None:
    async with open_place(embed_origins="https://app.example") as place, place.client() as client:
        ours = {"Origin": "https://app.example"}
        asked = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        preflight = await client.options("/api/conversations", headers=ours | asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "https://app.example"
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        answer = await client.post("/api/conversations", json={"flow": GUIDE}, headers=ours)
        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        assert "access-control-allow-credentials" not in answer.headers
        told = await client.post("/api/conversations", json={}, headers=ours)
        assert told.headers["access-control-allow-origin"] == "https://app.example", (
            "problems can be read as well"
        )


@pytest.mark.row("security", "A site that the operator didn't name reads the API in a browser")
async def test_no_other_origin_may_call_the_api() -> None:
    async with open_place(embed_origins="https://app.example") as place, place.client() as client:
        for origin in ("https://evil.example", "null", "https://app.example.evil.example"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = await client.options("/api/conversations", headers=headers)
            assert "access-control-allow-origin" not in answer.headers
        page = await client.get("/", headers={"Origin": "https://app.example"})
        assert "access-control-allow-origin" not in page.headers, "the page is for eyes, not for programs"
