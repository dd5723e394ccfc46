"""Tests that agents are known by name once they act, and that a note carries whom it names."""

from collections.abc import AsyncIterator

import pytest

from bot.agents.roster import Roster
from flows.events import Claimed, Event, Noted, Said
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    opened = World()
    yield opened
    await opened.close()


async def test_a_note_names_agents_of_other_platforms_who_have_acted(world: World) -> None:
    first, second = Roster(world.store.bookmarks), Roster(world.store.bookmarks)
    for actor, name in (("slack:T1:U1", "Max"), ("slack:T1:U2", "Kim"), ("desk:1", "Mia")):
        await first.met(Claimed(actor=actor, name=name))

    async def named(event: Event) -> tuple[str, ...]:
        met = await second.met(event)
        assert isinstance(met, Noted)
        return met.mentions

    at_the_desk = Noted(actor="desk:1", name="Mia", text="@max @kim @mia?")
    assert await named(at_the_desk) == ("slack:T1:U1", "slack:T1:U2")
    in_slack = at_the_desk.model_copy(update={"actor": "slack:T1:U1", "name": "Max"})
    assert await named(in_slack) == ("desk:1",), "Slack notifies those whom a note mentions there"


async def test_what_is_no_act_of_an_agent_stays_as_it_is(world: World) -> None:
    roster = Roster(world.store.bookmarks)
    said = Said(actor="web:ana", text="@max")
    assert await roster.met(said) is said
    assert await world.store.bookmarks.all("agents") == {}
