"""Tours the product: a customer walks a guide to its end, on a platform to which the bot sends."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Conversation, Status
from flows.events import Answered, Escalated, Event, Reopened, Said
from tests.fakes.platform import Posted
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def press(world: World, at: Conversation, choice: str) -> Conversation:
    outcome = await world.send(Answered(conversation=at.id, turn=at.turn, choice=choice))
    assert outcome is not None
    assert outcome.refusal is None
    return outcome.conversation


async def send(world: World, at: Conversation, event: Event) -> Conversation:
    outcome = await world.send(event.model_copy(update={"conversation": at.id}))
    assert outcome is not None
    return outcome.conversation


def live(world: World) -> Posted:
    """The one message that still has buttons."""
    (posted,) = (posted for posted in world.platform.rooms["ana"] if posted.buttons)
    return posted


async def test_one_step_at_a_time_until_it_works(world: World) -> None:
    at = await world.start()
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]"]
    assert live(world).buttons == ("fixed", "still-failing")

    at = await press(world, at, "still-failing")
    assert live(world).text == "[Look at the bulb]"

    at = await press(world, at, "broken")
    at = await press(world, at, "fixed")
    collapsed = [posted.collapsed for posted in world.platform.rooms["ana"] if posted.collapsed]
    assert collapsed == [
        "Plug it in · Still failing",
        "Look at the bulb · Broken",
        "Put in a new bulb · Fixed it",
    ]
    assert at.status is Status.RESOLVED
    assert world.platform.texts("ana")[-1] == "[Solved]"


async def test_an_exhausted_guide_opens_a_ticket_with_everything_that_was_tried(world: World) -> None:
    at = await world.start(flow="", text="the lamp is dark since Monday")
    for choice in ("still-failing", "whole", "still-failing"):
        at = await press(world, at, choice)
    screen = await world.app.look(at.id)
    assert screen is not None
    assert screen.ticket is not None
    assert screen.ticket.open
    assert screen.ticket.email == "help@lamps.example"
    summary = screen.ticket.summary
    for part in (
        f"#{at.ticket}",
        "Plug it in · Still failing",
        "Look at the bulb · Whole",
        "since: Monday",
        "wire: whole",
    ):
        assert part in summary


async def test_a_person_is_asked_for_and_the_step_solves_it_meanwhile(world: World) -> None:
    at = await world.start()
    at = await send(world, at, Escalated())
    assert at.status is Status.WAITING
    assert f"#{at.ticket}" in world.platform.texts("ana")[-1]
    assert live(world).text == "[Plug it in]"
    at = await press(world, at, "fixed")
    screen = await world.app.look(at.id)
    assert screen is not None
    assert screen.ticket is not None
    assert not screen.ticket.open


async def test_words_do_what_the_buttons_do_and_other_words_are_kept(world: World) -> None:
    at = await world.start()
    at = await send(world, at, Said(text="still broken", turn=at.turn))
    assert at.step == "bulb"
    at = await send(world, at, Said(text="there is a tiny spider living in the shade of it", turn=at.turn))
    assert at.step == "bulb"
    kept = await world.store.conversations.words(at.id)
    texts = [said.text for said in kept.values()]
    assert texts == ["still broken", "there is a tiny spider living in the shade of it"]


async def test_it_comes_back_and_so_does_the_step_that_fixed_it(world: World) -> None:
    at = await world.start()
    at = await press(world, at, "fixed")
    at = await send(world, at, Reopened())
    assert (at.status, at.step) == (Status.GUIDING, "plug")
    assert live(world).text == "[Plug it in]"


async def test_coming_to_the_same_door_again_goes_on_at_the_same_place(world: World) -> None:
    at = await world.start()
    at = await press(world, at, "still-failing")
    again = await world.start()
    assert again == at
