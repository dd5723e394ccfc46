"""Tests the REST API with repeated, late, concurrent and unauthorized requests."""

import asyncio

import httpx
import pytest

from tests.adapters.web.support.embedder import begin, problem
from tests.adapters.web.support.site import Place

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


@pytest.mark.row("security", "A token opens another conversation")
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
