"""The REST API, as a product that embeds it meets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.adapters.web.place import GUIDE, LONGEST, Place, open_place

KEY = "a-key-of-22-characters"
MESSAGE = "Your QuickBooks Desktop connection is not active. It was last active 3 days ago."
STATE = {"id", "version", "turn", "status", "prompt", "messages", "ticket", "notice"}


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        yield opened


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.client() as opened:
        yield opened


class Walk:
    """One conversation, walked through the API."""

    def __init__(self, client: httpx.AsyncClient, given: dict[str, Any]) -> None:
        self.client = client
        self.state = given
        self.bearer = {"Authorization": f"Bearer {given['token']}"}
        self.path = f"/api/conversations/{given['id']}"

    async def send(self, kind: str, **fields: Any) -> httpx.Response:
        answer = await self.client.post(
            f"{self.path}/events", json={"type": kind, **fields}, headers=self.bearer
        )
        if answer.status_code == 200:
            self.state = answer.json()
        return answer

    async def answer(self, choice: str, **fields: Any) -> httpx.Response:
        return await self.send("answered", turn=self.state["turn"], choice=choice, **fields)


async def begin(client: httpx.AsyncClient, **body: str) -> Walk:
    answer = await client.post("/api/conversations", json=body or {"flow": GUIDE})
    assert answer.status_code == 201, answer.text
    return Walk(client, answer.json())


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["code"] == code
    assert told["title"]
    assert told["detail"]
    return told


# ---------------------------------------------------------------- starting


async def test_the_flows_on_offer_are_listed_with_what_they_are_about(client: httpx.AsyncClient) -> None:
    flows = (await client.get("/api/flows")).json()["flows"]
    guide = next(flow for flow in flows if flow["id"] == GUIDE)
    assert guide["title"] == "QuickBooks Desktop connection is not active"
    assert "Acme Books is one of them" in guide["intro"]


async def test_a_flow_that_was_picked_begins_at_its_first_step(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/conversations", json={"flow": GUIDE})
    given = answer.json()
    assert answer.status_code == 201
    assert set(given) == STATE | {"token"}
    assert answer.headers["location"] == f"/api/conversations/{given['id']}"
    assert given["status"] == "guiding"
    assert given["prompt"]["step"] == "computer-on"
    assert given["prompt"]["progress"] == {"at": 1, "of": 5}
    assert [choice["id"] for choice in given["prompt"]["choices"]] == ["fixed", "still-failing"]
    assert "the sync in Acme Books went through" in given["prompt"]["text"], "what Fixed it means is said"
    assert given["messages"][0]["from"] == "bot"
    assert given["ticket"] is None
    assert given["notice"] is None


async def test_a_pasted_message_begins_the_right_flow(client: httpx.AsyncClient) -> None:
    walk = await begin(client, text=MESSAGE)
    assert walk.state["prompt"]["step"] == "computer-on"
    assert walk.state["messages"][0] == walk.state["messages"][0] | {"from": "you", "text": MESSAGE}


async def test_a_text_nobody_knows_leads_to_the_question_which_problem_it_is(
    client: httpx.AsyncClient,
) -> None:
    walk = await begin(client, text="the cat sits on the keyboard")
    assert walk.state["prompt"]["step"] == "pick"
    assert walk.state["prompt"]["progress"] is None
    answer = await walk.answer(GUIDE)
    assert answer.json()["prompt"]["step"] == "computer-on"


async def test_a_start_sent_twice_gives_one_conversation_and_one_token(client: httpx.AsyncClient) -> None:
    body = {"flow": GUIDE, "key": KEY}
    first, second = [await client.post("/api/conversations", json=body) for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


async def test_two_keys_are_two_visitors(client: httpx.AsyncClient) -> None:
    assert (await begin(client, flow=GUIDE, key=KEY)).state["id"] != (
        await begin(client, flow=GUIDE, key=KEY[::-1])
    ).state["id"]


async def test_without_a_key_each_start_is_somebody_new(client: httpx.AsyncClient) -> None:
    assert (await begin(client)).state["id"] != (await begin(client)).state["id"]


async def test_words_for_a_conversation_that_is_open_already_are_said_in_it(
    client: httpx.AsyncClient,
) -> None:
    first = await begin(client, text="the cat sits on the keyboard", key=KEY)
    again = await client.post("/api/conversations", json={"text": MESSAGE, "key": KEY + "2"})
    assert again.json()["id"] != first.state["id"], "another key is another visitor"
    await client.get("/")
    cookie = await client.post("/api/conversations", json={"text": "the cat sits on the keyboard"})
    known = await client.post("/api/conversations", json={"text": MESSAGE})
    assert known.json()["id"] == cookie.json()["id"], "the browser's own cookie is one visitor"
    assert known.json()["prompt"]["step"] == "computer-on"


async def test_a_flow_that_does_not_exist_is_refused_with_those_that_do(client: httpx.AsyncClient) -> None:
    told = problem(await client.post("/api/conversations", json={"flow": "nothing"}), 422, "unknown_flow")
    assert GUIDE in told["flows"]


@pytest.mark.parametrize("key", ["short", "k" * 65, "with blanks and 22 chars", "ümläute-of-22-characters"])
async def test_a_key_that_is_no_secret_is_refused(client: httpx.AsyncClient, key: str) -> None:
    told = problem(await client.post("/api/conversations", json={"flow": GUIDE, "key": key}), 422, "invalid")
    assert told["errors"][0].startswith("key:")


# ---------------------------------------------------------------- walking


async def test_the_longest_way_ends_with_a_ticket_that_tells_it_all(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    for choice in LONGEST:
        assert (await walk.answer(choice)).status_code == 200
    assert walk.state["status"] == "waiting"
    assert [choice["id"] for choice in walk.state["prompt"]["choices"]] == ["fixed"]
    ticket = walk.state["ticket"]
    assert ticket["open"]
    assert ticket["team"] == "conductor"
    assert ticket["email"] == "support@conductor.is"
    assert ticket["reasons"] == ["guide_exhausted"]
    assert "First, find your setup guide" in ticket["summary"]


async def test_fixed_resolves_and_its_back_reopens_at_the_same_step(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    await walk.answer("still-failing")
    resolved = (await walk.answer("fixed")).json()
    assert resolved["status"] == "resolved"
    assert resolved["prompt"] is None
    reopened = (await walk.send("reopen")).json()
    assert reopened["prompt"]["step"] == "web-connector"


async def test_back_and_start_over_return_to_steps_that_lie_behind(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    await walk.answer("still-failing")
    await walk.answer("still-failing")
    assert (await walk.send("back")).json()["prompt"]["step"] == "web-connector"
    assert (await walk.send("restart", turn=walk.state["turn"])).json()["prompt"]["step"] == "computer-on"


async def test_a_person_comes_with_a_ticket_and_the_step_stays_usable(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    escalated = (await walk.send("escalate", reason="hosted")).json()
    assert escalated["status"] == "waiting"
    assert escalated["ticket"]["reasons"] == ["hosted"]
    assert escalated["prompt"]["step"] == "computer-on"
    added = (
        await walk.send("details", reason="different_error", text="It says 1604", reach="ana@shop.example")
    ).json()
    assert added["ticket"]["reasons"] == ["hosted", "different_error"]
    assert "It says 1604" in added["ticket"]["summary"]
    assert (await walk.send("withdraw")).json()["status"] == "guiding"


async def test_later_keeps_the_place(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    later = (await walk.send("later", until="tomorrow")).json()
    assert later["turn"] == 1
    assert later["messages"][-1]["text"].startswith("All right")


async def test_plain_words_count_as_the_answer_they_mean(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    assert (await walk.send("said", text="still broken", turn=1)).json()["prompt"]["step"] == "web-connector"


async def test_the_state_can_be_asked_for_and_repeats_no_token(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    answer = await client.get(walk.path, headers=walk.bearer)
    assert set(answer.json()) == STATE
    assert answer.json() == {name: walk.state[name] for name in STATE}


# ---------------------------------------------------------------- repeated, stale, racing


async def test_a_repeated_key_counts_once_and_shows_where_things_stand(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    first = await walk.send("answered", turn=1, choice="still-failing", key="click-1")
    again = await walk.send("answered", turn=1, choice="still-failing", key="click-1")
    assert first.json() == again.json()
    assert again.status_code == 200


async def test_an_answer_to_a_turn_that_has_passed_is_a_conflict_with_the_present_state(
    client: httpx.AsyncClient,
) -> None:
    walk = await begin(client)
    await walk.answer("still-failing")
    told = problem(await walk.send("answered", turn=1, choice="fixed"), 409, "past_turn")
    assert told["state"]["prompt"]["step"] == "web-connector"
    assert told["state"]["notice"] == told["detail"]
    problem(await walk.send("answered", turn=99, choice="fixed"), 409, "future_turn")


async def test_a_choice_that_is_not_offered_is_refused_with_the_present_state(
    client: httpx.AsyncClient,
) -> None:
    walk = await begin(client)
    told = problem(await walk.answer("dots"), 422, "not_offered")
    assert told["state"]["prompt"]["step"] == "computer-on"


async def test_what_cannot_be_done_now_is_a_conflict(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    for kind in ("back", "reopen", "withdraw"):
        problem(await walk.send(kind), 409, "not_now")


async def test_of_fifty_at_once_on_one_turn_one_wins(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    answers = await asyncio.gather(
        *(walk.send("answered", turn=1, choice="still-failing") for _ in range(50))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert (await client.get(walk.path, headers=walk.bearer)).json()["prompt"]["step"] == "web-connector"


# ---------------------------------------------------------------- who may enter


async def test_an_id_alone_opens_nothing(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    for path in (walk.path, f"{walk.path}/stream"):
        answer = await client.get(path)
        problem(answer, 401, "unauthorised")
        assert answer.headers["www-authenticate"] == "Bearer"
    problem(await client.post(f"{walk.path}/events", json={"type": "back"}), 401, "unauthorised")


async def test_a_token_opens_its_own_conversation_alone(client: httpx.AsyncClient) -> None:
    mine, other = await begin(client), await begin(client)
    problem(await client.get(mine.path, headers=other.bearer), 401, "unauthorised")
    for forged in ("x", mine.state["token"][:-1] + "_", mine.state["token"] + "a", "ü" * 48, "a" * 5000):
        headers = {b"Authorization": f"Bearer {forged}".encode()}
        problem(await client.get(mine.path, headers=headers), 401, "unauthorised")
    problem(await client.get(mine.path, headers={"Authorization": "Basic YTpi"}), 401, "unauthorised")


async def test_a_browser_with_another_cookie_finds_nothing(client: httpx.AsyncClient, place: Place) -> None:
    walk = await begin(client)
    async with place.client() as stranger:
        await stranger.get("/")
        problem(await stranger.get(walk.path), 404, "no_conversation")
        told = problem(
            await stranger.post(f"{walk.path}/events", json={"type": "escalate"}), 404, "no_conversation"
        )
        assert "state" not in told
    assert (await client.get(walk.path, headers=walk.bearer)).json()["ticket"] is None


async def test_the_pages_cookie_counts_on_the_own_origin_alone(client: httpx.AsyncClient) -> None:
    await client.get("/")
    walk = await begin(client)
    assert (await client.get(walk.path)).status_code == 200
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        problem(await client.get(walk.path, headers=headers), 401, "unauthorised")


async def test_ids_that_cannot_be_ids_are_unknown(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    for strange in ("%00", "a" * 300, "..%2f..", "%F0%9F%90%88", "{00}", "*"):
        answer = await client.get(f"/api/conversations/{strange}", headers=walk.bearer)
        assert answer.status_code == 404, strange


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
        b'{"text": "' + b"a" * 5000 + b'"}',
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


async def test_a_body_over_the_limit_is_refused_announced_or_not(client: httpx.AsyncClient) -> None:
    large = b'{"text": "' + b"a" * 70_000 + b'"}'

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


async def test_no_other_origin_may_call_the_api() -> None:
    async with open_place(embed_origins="https://app.example") as place, place.client() as client:
        for origin in ("https://evil.example", "null", "https://app.example.evil.example"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = await client.options("/api/conversations", headers=headers)
            assert "access-control-allow-origin" not in answer.headers
        page = await client.get("/", headers={"Origin": "https://app.example"})
        assert "access-control-allow-origin" not in page.headers, "the page is for eyes, not for programs"
