"""Tests law L12 on the wire: nothing sent to a customer's place contains an agent's note."""

import random

import pytest

from tests.stories.agents.support.slack_room import DESK, Room

NOTE = "zebra"
"""A word in every note and in nothing else."""


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_order_things_happen_in_no_note_reaches_the_customer(room: Room, seed: int) -> None:
    dice = random.Random(seed)
    thread = await room.asked()
    agents = (room.max, room.kim)
    for number in range(14):
        agent = dice.choice(agents)
        match dice.randrange(8):
            case 0 | 1 | 2:
                prefix = dice.choice(("", "", "!r ", "!close ", "!n "))
                await room.write(agent, f"{prefix}{NOTE}{number} said {dice.choice(('!', 'hello'))}")
            case 3:
                await room.write(agent, f"!reply{number} for you")
            case 4:
                await room.press(agent, dice.choice(("Claim", "Release")))
            case 5:
                await room.office.write(room.ana, f"words{number}", thread)
            case 6:
                await room.press(agent, "Resolve…")
                if room.slack.view_of(agent):
                    await room.fill(agent, {"text": f"{NOTE}{number} on record"})
            case _:
                ts = await room.write(agent, f"{NOTE}{number} draft")
                await agent.edits(ts, f"{NOTE}{number} changed")
                await room.office.quiet()
    for call in room.slack.calls():
        if call.args.get("channel") != DESK:
            assert NOTE not in str(call.args), call
    look = await room.office.app.look((await room.at(thread)).id)
    assert NOTE not in str(look)
