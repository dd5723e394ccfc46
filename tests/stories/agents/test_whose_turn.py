"""Tours whose turn it is, in Slack: the ticket's line says it."""

from tests.stories.agents.support.slack_room import Room


async def test_the_tickets_line_says_whose_turn_it_is(room: Room) -> None:
    thread = await room.asked()
    assert "Needs reply" in room.heads()[0]
    await room.write(room.max, "!Which bulb did you buy?")
    assert "Waiting on customer" in room.heads()[0]
    assert "💬" in room.heads()[0]
    assert "max" in room.heads()[0]
    await room.office.write(room.ana, "The big one", thread)
    assert "Needs reply" in room.heads()[0]
