"""Tests what only the desk's acts have: kept drafts, boxes for notes, forged forms and invalid input."""

import itertools
import re
from typing import Any

import pytest

from adapters.web.desk.inbound import ACTS
from flows.conversation import Status
from tests.adapters.web.support.agent import Agent, Customer, any_hidden
from tests.adapters.web.support.site import Place


async def test_of_two_agents_one_gets_it_and_the_other_is_told_who(
    ana: Agent, ben: Agent, maria: Customer
) -> None:
    at = await maria.at()
    await ben.open(f"/desk/c/{at.id}")
    await ana.do(at, "claim")
    await ben.post(at, "claim", 409)
    assert "This ticket is assigned to Ana, so nothing was sent or changed." in ben.text
    held = await maria.at()
    assert (held.status, held.holder, held.holder_name) == (Status.WITH_AGENT, ana.actor, "Ana")
    await ben.post(at, "reply", 409, text="Let me help")
    assert "Let me help" in ben.page
    assert "Let me help" not in await maria.reads()
    await ben.post(at, "transfer", to=f"agent:{ben.account.id}")
    assert (await maria.at()).holder == ben.actor


async def test_a_note_that_begins_as_a_reply_is_asked_about(ana: Agent, maria: Customer) -> None:
    at = await maria.at()
    await ana.do(at, "note", 409, text="!try it again")
    assert "Did you mean to send it to the customer?" in ana.text
    before = (await maria.at()).version
    assert before == at.version
    await ana.post(at, "note", text="!try it again", sure="yes")
    assert (await maria.at()).version == before + 1
    assert "try it again" not in await maria.reads()
    await ana.do(at, "note", 409, text="!and again")
    await ana.post(at, "reply", text="!and again")
    assert "and again" in await maria.reads()
    assert "!and" not in await maria.reads()


@pytest.mark.parametrize("text", ["!close", "!claim", "!r"])
async def test_a_word_that_looks_like_a_command_is_never_sent(ana: Agent, maria: Customer, text: str) -> None:
    at = await maria.at()
    await ana.do(at, "note", 409, text=text)
    assert "looks like a chat command" in ana.text
    assert f'/desk/c/{at.id}/reply" data-live data-clears' not in ana.page
    await ana.do(at, "reply", 422, text=text)
    assert await maria.at() == at


async def test_another_guide_is_started_with_the_steps_before_it_done(ana: Agent, maria: Customer) -> None:
    at = await maria.at()
    await ana.do(at, "claim")
    await ana.open(f"/desk/c/{at.id}")
    assert '<optgroup label="' in ana.page
    flow = next(flow for flow in maria.place.app.catalogue.flows if flow.id != at.flow)
    await ana.post(at, "hand-back", at=f"{flow.id}/{flow.steps[1].id}", before="yes")
    back = await maria.at()
    assert (back.flow, back.step) == (flow.id, flow.steps[1].id)
    assert "Done" in ana.text


SENSELESS: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("hand-back", {"at": "nowhere"}, 409),
    ("hand-back", {"at": "nothing/nowhere"}, 422),
    ("hand-back", {"at": "every-min", "done": ["<script>"]}, 422),
    ("step", {"step": "nowhere"}, 409),
    ("transfer", {"to": "agent:nobody"}, 422),
    ("transfer", {"to": "team:nobody"}, 422),
    ("transfer", {}, 422),
    ("snooze", {"until": "doomsday"}, 422),
    ("reply", {"text": " \r\n "}, 422),
    ("reply", {"text": "!"}, 422),
    ("note", {}, 422),
)


async def test_what_makes_no_sense_changes_nothing(ana: Agent, maria: Customer) -> None:
    await ana.do(await maria.at(), "claim")
    at = await maria.at()
    for act, fields, expected in SENSELESS:
        await ana.do(at, act, expected, **fields)
        assert await maria.at() == at, (act, fields)


@pytest.mark.row("security", "Someone acts as an agent without signing in")
async def test_nobody_acts_without_signing_in_or_with_a_forged_form(
    ana: Agent, place: Place, maria: Customer
) -> None:
    at = await maria.at()
    fields = {
        "text": "x",
        "key": "k",
        "to": "team:product",
        "at": "every-min",
        "step": "auto-run",
        "until": "hour",
    }
    good = fields | any_hidden((await ana.open(f"/desk/c/{at.id}")).page)
    async with place.client() as stranger:
        for path in (f"/desk/c/{at.id}/{act}" for act in ACTS):
            answer = await stranger.post(path, data=fields)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in"), path
            assert (await ana.client.post(path, data=fields)).status_code == 403, path
            for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
                assert (await ana.client.post(path, data=good, headers=headers)).status_code == 403, path
            assert (await ana.client.get(path)).status_code in (404, 405), path
    assert await maria.at() == at


async def test_a_conversation_that_is_not_there_is_not_found(ana: Agent, maria: Customer) -> None:
    await ana.open(f"/desk/c/{maria.id}")
    fields = any_hidden(ana.page) | {
        "text": "x",
        "to": "team:product",
        "at": "x",
        "step": "x",
        "until": "hour",
    }
    for act, unknown in itertools.product(ACTS, ("00aaaaaaaaaaaaaaaa", "x", "a" * 50)):
        answer = await ana.client.post(f"/desk/c/{unknown}/{act}", data=fields)
        assert answer.status_code == 404, (act, unknown)


async def test_the_proof_of_one_agent_is_no_proof_of_another(ana: Agent, ben: Agent, maria: Customer) -> None:
    await ana.open(f"/desk/c/{maria.id}")
    form = any_hidden(ana.page) | {"text": "x"}
    assert (await ben.client.post(f"/desk/c/{maria.id}/note", data=form)).status_code == 403


async def test_with_the_store_down_the_desk_says_so(ana: Agent, maria: Customer, place: Place) -> None:
    await ana.open(f"/desk/c/{maria.id}")
    place.power.on = False
    await ana.post(await maria.at(), "reply", 503, text="Hello")
    place.power.on = True
    assert "Hello" not in await maria.reads()


async def test_an_agent_changes_and_takes_back_their_own_lines(
    ana: Agent, ben: Agent, maria: Customer
) -> None:
    at = await maria.at()
    await ana.do(at, "reply", text="Is it pluged in?")
    version = (await maria.at()).version
    assert f"/desk/c/{at.id}/change" in ana.page
    await ana.post(at, "change", version=version, text="Is it <plugged> in?")
    assert "Edited" in ana.text
    assert "Ana edited a message" in ana.text
    assert "Is it <plugged> in?" in await maria.reads()
    assert "pluged" not in await maria.reads()
    await ben.open(f"/desk/c/{at.id}")
    assert "Change or take back" not in ben.page
    await ben.post(at, "change", 409, version=version, text="Ben was here")
    await ben.post(at, "take-back", 409, version=version)
    await ana.post(at, "take-back", version=version)
    assert "Ana deleted a message" in ana.text
    assert "plugged" not in await maria.reads()
    await ana.post(at, "change", 409, version=version, text="Once more")
    await ana.post(at, "change", 422, version="x", text="Once more")
    assert "Once more" not in await maria.reads()


async def test_an_internal_note_stands_apart_from_the_resolution(ana: Agent, maria: Customer) -> None:
    await ana.do(await maria.at(), "claim")
    await ana.do(await maria.at(), "resolve", reason="new bulb", text="She broke it")
    await ana.open(f"/desk/c/{maria.id}")
    assert re.search(r"resolved this: new bulb .{0,40}Internal note She broke it", ana.text)
    assert "resolved this: new bulb · Internal note: She broke it" in (
        (await ana.open(f"/desk/c/{maria.id}/path")).text
    )
