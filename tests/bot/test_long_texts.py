"""Tests long texts: read as a whole, kept with their beginning and end, and the customer is told."""

import pytest

from flows.events import Detailed, Edited, Escalated, Event, Noted, Replied, Said
from flows.text.kept_text import KEPT, shortened
from flows.text.phrases import PHRASES
from tests.fakes.world import World

LOG = "".join(f"{number:04} INFO the session waits for the company file\n" for number in range(140))


async def test_the_error_in_the_last_line_of_a_long_log_finds_its_guide() -> None:
    assert len(LOG) > 6000
    world = World()
    at = await world.start("", LOG + "lamp is dark since May")
    assert (at.flow, at.observations["since"]) == ("lamp", "May")
    (kept,) = (await world.store.conversations.words(at.id)).values()
    assert len(kept.text) <= KEPT
    assert kept.text.startswith("0000 INFO")
    assert kept.text.endswith("lamp is dark since May")
    assert "characters are left out here" in kept.text
    assert world.platform.texts("ana").count(PHRASES["kept_shortened"]) == 1
    await world.close()


async def test_the_error_in_the_middle_is_found_too() -> None:
    world = World()
    at = await world.start("", LOG + "lamp is dark since May\n" + LOG)
    assert at.flow == "lamp"
    await world.close()


@pytest.mark.parametrize("event", [Said(text=LOG), Detailed(text=LOG)])
async def test_every_long_message_is_shortened_aloud(event: Event) -> None:
    world = World()
    at = await world.start("lamp")
    await world.send(Escalated(conversation=at.id))
    await world.send(event.model_copy(update={"conversation": at.id, "key": "m1"}))
    kept = list((await world.store.conversations.words(at.id)).values())[-1]
    assert kept.text == shortened(LOG)
    assert world.platform.texts("ana").count(PHRASES["kept_shortened"]) == 1
    await world.send(Edited(conversation=at.id, of="m1", text=LOG + "again"))
    kept = list((await world.store.conversations.words(at.id)).values())[-1]
    assert (kept.edited or kept.text) == shortened(LOG + "again")
    edits = world.platform.texts("ana").count(PHRASES["kept_shortened"])
    assert edits == 2, "of the edit, too"
    await world.close()


@pytest.mark.parametrize("event", [Replied(text=LOG, name="Max"), Noted(text=LOG, name="Max")])
async def test_what_agents_write_is_kept_as_a_whole(event: Event) -> None:
    world = World()
    at = await world.start("lamp")
    await world.send(Escalated(conversation=at.id))
    await world.send(event.model_copy(update={"conversation": at.id}), "desk:max")
    kept = list((await world.store.conversations.words(at.id)).values())[-1]
    assert kept.text == LOG
    await world.close()


def test_a_text_at_the_limit_stays_as_it_is() -> None:
    assert shortened("x" * KEPT) == "x" * KEPT
    cut = shortened("a" * 3000 + "b" * 3000)
    assert len(cut) <= KEPT
    head, line, tail = cut.split("\n")
    missing = int("".join(character for character in line if character.isdecimal()))
    assert len(head) + len(tail) + missing == 6000
