"""Tests the suggestion in the REST API: the bot asks about likely meanings, and words answer no unread step."""

from collections.abc import AsyncIterator

import httpx
import pytest

from flows.text.phrases import PHRASES
from tests.adapters.web.support.embedder import Walk, begin, problem
from tests.adapters.web.support.site import Place, open_place
from tests.fakes.clockwork import prompt_read
from tests.fakes.encoder import WordEncoder

FIXED = {"choice": "fixed", "label": "Yes, fixed"}


@pytest.fixture
def encoder() -> WordEncoder:
    """Make the encoder of the site."""
    return WordEncoder()


@pytest.fixture
async def client(encoder: WordEncoder) -> AsyncIterator[httpx.AsyncClient]:
    """Make a client of a site that measures what words likely mean."""
    async with open_place(encoder=encoder) as place, place.client() as opened:
        yield opened


async def asked(client: httpx.AsyncClient, text: str = "we are sailing again") -> Walk:
    """Start the guide and write something that likely means an answer."""
    walk = await begin(client)
    assert (await walk.send("said", turn=1, text=text)).status_code == 200
    return walk


async def test_words_that_likely_mean_an_answer_are_asked_about(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    assert walk.state["suggestion"] == FIXED | {
        "question": "Sounds like it's working now. Is it fixed?",
        "choices": [FIXED],
        "dismiss": "No",
    }
    assert walk.state["status"] == "guiding"
    assert walk.state["turn"] == 1


async def test_a_yes_is_an_ordinary_answer_of_that_turn(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    answer = await walk.send("answered", turn=1, choice="fixed", key="yes")
    assert answer.json()["status"] == "resolved"
    assert answer.json()["suggestion"] is None
    assert (await walk.send("answered", turn=1, choice="fixed", key="yes")).json() == answer.json()


async def test_a_dismissed_suggestion_is_gone_and_the_words_stay(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    await walk.send("dismissed", turn=1, key="no")
    assert walk.state["suggestion"] is None
    assert walk.state["turn"] == 1
    assert [row["text"] for row in walk.state["messages"]][-4:] == [
        "we are sailing again",
        "Sounds like it's working now. Is it fixed?",
        "No",
        PHRASES["dismissed"],
    ]


async def test_the_open_question_stands_in_the_suggestion_alone(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    assert walk.state["messages"][-1]["text"] == "we are sailing again"


async def test_a_dismissal_of_an_earlier_turn_is_a_conflict(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    await walk.answer("still-failing")
    problem(await walk.send("dismissed", turn=1), 409, "past_turn")


async def test_a_suggested_person_is_called_by_the_same_event(client: httpx.AsyncClient) -> None:
    walk = await asked(client, "a human being would be nice")
    assert walk.state["suggestion"]["choice"] == "person"
    await walk.answer("person")
    assert walk.state["ticket"]["reasons"] == ["asked"]
    assert walk.state["suggestion"] is None


async def test_a_suggested_return_reopens_a_solved_conversation(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    await walk.answer("fixed")
    await walk.send("said", turn=walk.state["turn"], text="it came back to haunt me")
    assert walk.state["suggestion"]["choice"] == "reopen"
    await walk.answer("reopen")
    assert walk.state["status"] == "guiding"


async def test_a_built_in_choice_that_nobody_suggested_is_refused(client: httpx.AsyncClient) -> None:
    walk = await asked(client)
    problem(await walk.answer("person"), 422, "not_offered")


async def test_a_description_that_fits_a_guide_is_asked_about_at_the_start(client: httpx.AsyncClient) -> None:
    walk = await begin(client, text="quickbooks desktop connection inactive since monday")
    assert (
        walk.state["suggestion"]["question"] == "Is this about “QuickBooks Desktop connection is not active”?"
    )
    await walk.answer(walk.state["suggestion"]["choice"])
    assert walk.state["prompt"]["step"] == "computer-on"


async def test_while_the_encoder_is_cold_phrases_alone_are_understood(
    client: httpx.AsyncClient, encoder: WordEncoder
) -> None:
    encoder.cold = True
    walk = await asked(client)
    assert walk.state["suggestion"] is None
    await walk.send("said", turn=1, text="it works now")
    assert walk.state["status"] == "resolved"


# ---------------------------------------------------------------- which prompt the words are about


async def test_words_for_a_turn_that_has_passed_are_kept_and_answer_nothing(
    client: httpx.AsyncClient,
) -> None:
    walk = await begin(client)
    await walk.answer("still-failing")
    answer = await walk.send("said", turn=1, text="still not working")
    assert answer.status_code == 200
    assert walk.state["prompt"]["step"] == "web-connector"
    assert walk.state["messages"][-1]["text"] == "still not working"


async def test_words_for_a_turn_to_come_are_a_conflict(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    problem(await walk.send("said", turn=2, text="still failing"), 409, "future_turn")


async def test_a_past_turns_likely_fix_is_asked_about(client: httpx.AsyncClient) -> None:
    walk = await begin(client)
    await walk.answer("still-failing")
    await walk.send("said", turn=1, text="it works now")
    assert walk.state["status"] == "guiding"
    assert walk.state["suggestion"]["choice"] == "fixed"


async def test_words_without_a_turn_answer_no_step_that_could_not_be_read_yet(
    client: httpx.AsyncClient,
) -> None:
    walk = await begin(client)
    await walk.send("said", turn=1, text="nope, still failing")
    await walk.send("said", text="still not working")
    assert walk.state["prompt"]["step"] == "web-connector"
    assert walk.state["messages"][-1]["text"] == "still not working"


async def test_words_without_a_turn_answer_a_step_that_was_read(place: Place) -> None:
    async with place.client() as client:
        walk = await begin(client)
        await walk.answer("still-failing")
        await prompt_read(place.app.store, walk.state["id"])
        await walk.send("said", text="still not working")
        assert walk.state["turn"] == 3
