"""Tests the REST API as a product that embeds it uses it: starting and walking a conversation."""

from typing import Any

import httpx
import pytest

from tests.adapters.web.support.embedder import KEY, MESSAGE, STATE, begin, problem
from tests.adapters.web.support.site import GUIDE, LONGEST

# ---------------------------------------------------------------- starting


async def test_the_flows_on_offer_are_listed_with_what_they_are_about(client: httpx.AsyncClient) -> None:
    flows = (await client.get("/api/flows")).json()["flows"]
    guide = next(flow for flow in flows if flow["id"] == GUIDE)
    assert guide["title"] == "QuickBooks Desktop connection is not active"
    assert "including Acme Books" in guide["intro"]


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
    assert "Choose Fixed it once a sync goes through." in given["prompt"]["text"], (
        "what Fixed it means is said"
    )
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
    assert later["messages"][-1]["text"].startswith("OK")


async def test_plain_words_count_as_the_answer_they_mean(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    assert (await walk.send("said", text="still broken", turn=1)).json()["prompt"]["step"] == "web-connector"


async def test_the_state_can_be_asked_for_and_repeats_no_token(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    answer = await client.get(walk.path, headers=walk.bearer)
    assert set(answer.json()) == STATE
    assert answer.json() == {name: walk.state[name] for name in STATE}


async def test_further_texts_of_one_key_find_their_guide_and_none_is_lost(client: httpx.AsyncClient) -> None:
    async def start(text: str, **more: str) -> dict[str, Any]:
        answer = await client.post("/api/conversations", json={"text": text, "key": KEY, **more})
        assert answer.status_code == 201
        state: dict[str, Any] = answer.json()
        return state

    def words(state: dict[str, Any]) -> list[str]:
        return [message["text"] for message in state["messages"] if message["from"] == "you"]

    first = await start(MESSAGE)
    assert await start(MESSAGE) == first
    again = await start("connection is not active, I tell you")
    assert (again["id"], words(again)) == (first["id"], [MESSAGE, "connection is not active, I tell you"])
    printer = await start("The printer is offline")
    assert printer["id"] != first["id"]
    assert printer["prompt"]["step"] == "printer-awake"
    odd = await start("the cat sits on the keyboard")
    more = await start("and on the mouse")
    assert odd["id"] not in (first["id"], printer["id"])
    assert (more["id"], words(more)) == (odd["id"], ["the cat sits on the keyboard", "and on the mouse"])
    new = await start("now it is on the screen", flow="picker")
    assert new["id"] != odd["id"]
    assert words(new) == ["now it is on the screen"]
