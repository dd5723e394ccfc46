"""Tests that drawings of long conversations are remembered, within bounds, and are of what is stored now."""

from bot.ports import KnownPerson
from bot.views.reader import LONG, MOST, Read, RecentWalks
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Answered, Back, Said, Started
from flows.flow import Flow
from tests.fakes.flows import catalogue, lamp
from tests.fakes.world import World


def read(name: str, rows: int) -> Read:
    """Make a conversation of so many rows."""
    flow: Flow = lamp()
    first = Change(
        event=Started(), set={"flow": flow.id, "revision": flow.revision, "step": "plug"}, version=1
    )
    others = (Change(event=Answered(choice="whole"), version=version) for version in range(2, rows + 1))
    return Read(Conversation(id=name, version=rows), (first, *others), {}, {flow.revision: flow})


def test_a_long_walk_is_remembered_and_a_short_one_is_not() -> None:
    walks = RecentWalks()
    assert walks.of(read("long", LONG)) is walks.of(read("long", LONG))
    assert walks.of(read("short", LONG - 1)) is not walks.of(read("short", LONG - 1))


def test_no_more_events_are_remembered_than_there_is_room_for() -> None:
    walks = RecentWalks()
    first = walks.of(read("first", MOST // 2))
    for name in ("second", "third"):
        walks.of(read(name, MOST // 2))
    assert walks.of(read("first", MOST // 2)) is not first
    too_long = walks.of(read("too long", MOST + 1))
    assert walks.of(read("too long", MOST + 1)) is not too_long


async def test_a_screen_that_grew_is_the_one_of_a_new_process() -> None:
    world = World(shelf=catalogue())
    at = await world.start()
    for number in range(LONG):
        await world.send(Answered(conversation=at.id, choice="still-failing", turn=None))
        await world.send(Back(conversation=at.id))
        await world.send(Said(conversation=at.id, text=f"It hums, said the {number}th time"))
        await world.app.reader.dossier(at.id)
    anew = World(store=world.store, shelf=catalogue())
    assert await world.app.reader.screen(at.id) == await anew.app.reader.screen(at.id)
    assert await world.app.reader.dossier(at.id) == await anew.app.reader.dossier(at.id)
    await world.store.personal_data.erase(KnownPerson(actors=("sent:ana",), own=(at.id,)), at.id)
    assert await world.app.reader.screen(at.id) is None
    await world.close()
