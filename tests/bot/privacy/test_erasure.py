"""Tests that a worker finishes an erasure whose process was killed."""

from adapters.storage.erasure.people import RedisPeople
from bot.ports import Clue
from bot.privacy.erasure import InterruptedErasures
from tests.fakes.world import World


async def test_a_worker_finishes_an_erasure_that_does_not_end() -> None:
    world = World()
    at = await world.start()
    people = RedisPeople(world.store.wire)
    person = await people.find(Clue(kind="conversation", text=at.id))
    assert person is not None
    interrupted = InterruptedErasures(world.app.erasure, people, world.store.marks)
    await people.begin(person)  # and here the process is killed
    await interrupted.look()
    assert await world.store.conversations.load(at.id) is not None  # it may still be running
    await interrupted.look()
    assert await world.store.conversations.load(at.id) is None
    assert await people.begun() == ()
    await world.close()
