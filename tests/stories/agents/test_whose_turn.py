"""Tours whose turn it is, in Slack: the ticket's line and an agent's Home tab say it, and old buttons still work."""

from tests.adapters.slack.support.workspace import Json
from tests.fakes.slack import Person, labels
from tests.stories.agents.support.slack_room import Room


async def home(room: Room, person: Person) -> str:
    """The text of the tab as that person sees it on opening it."""
    await person.opens_home()
    await room.office.quiet()
    shown: Json | None = room.slack.home_of(person)
    assert shown is not None
    return str(shown)


async def test_the_tickets_line_says_whose_turn_it_is(room: Room) -> None:
    thread = await room.asked()
    assert "Needs reply" in room.heads()[0]
    await room.write(room.max, "!Which bulb did you buy?")
    assert "Waiting on customer" in room.heads()[0]
    assert "💬" in room.heads()[0]
    assert "max" in room.heads()[0]
    await room.office.write(room.ana, "The big one", thread)
    assert "Needs reply" in room.heads()[0]


async def test_an_agents_home_tab_lists_open_tickets_and_a_customers_does_not(room: Room) -> None:
    await room.asked()
    assert "Needs reply · Unassigned" in await home(room, room.max)
    await room.write(room.max, "!Which bulb did you buy?")
    assert "Waiting on customer · Assigned to You" in await home(room, room.max)
    assert "Waiting on customer · Assigned to max" in await home(room, room.kim)
    assert "Waiting on customer" not in await home(room, room.ana)
    assert "Open tickets" not in await home(room, room.ana)
    assert labels(room.slack.home_of(room.max) or {})[0] == "The lamp stays dark", (
        "without PUBLIC_URL no link"
    )
