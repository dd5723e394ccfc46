"""Tests who can set or remove a notice and pause or resume a flow, the history, and what is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.notices import KEPT, LONGEST, NOTICES, Notices
from tests.fakes.world import World


class Times:
    """Milliseconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


def board(world: World, times: Times | None = None) -> Notices:
    return Notices(world.store.bookmarks, lambda: world.app.catalogue, times or Times())


async def lines(notices: Notices) -> list[tuple[str, str, str]]:
    return [(one.by, one.deed, one.flow) for one in (await notices.look()).done]


async def test_what_is_done_stands_with_who_did_it_and_when(world: World) -> None:
    times = Times()
    notices = board(world, times)
    await notices.say("lamp", "The grid\n is  down.", "Ana", "desk:ana")
    times.now += 5
    await notices.pause("lamp", "Ben", "desk:ben")
    found = {outage.flow: outage for outage in (await notices.look()).outages}
    lamp = found["lamp"]
    assert (lamp.notice, lamp.paused, lamp.offered) == ("The grid is down.", True, True)
    assert lamp.said is not None
    assert lamp.paused_by is not None
    assert (lamp.said.by, lamp.said.actor, lamp.said.at, lamp.said.text) == (
        "Ana",
        "desk:ana",
        1000,
        lamp.notice,
    )
    assert (lamp.paused_by.by, lamp.paused_by.at) == ("Ben", 1005)
    assert (found["fire"].notice, found["fire"].paused, found["fire"].said) == ("", False, None)
    await notices.unsay("lamp", "Ben")
    await notices.resume("lamp", "Ana")
    assert await lines(notices) == [
        ("Ana", "resumed", "lamp"),
        ("Ben", "unsaid", "lamp"),
        ("Ben", "paused", "lamp"),
        ("Ana", "said", "lamp"),
    ]
    assert not any(outage.notice or outage.paused for outage in (await notices.look()).outages)


async def test_what_stands_already_is_not_done_again(world: World) -> None:
    notices = board(world)
    for _ in range(2):
        await notices.say("lamp", "Down.", "Ana")
        await notices.pause("lamp", "Ana")
    for _ in range(2):
        await notices.unsay("lamp", "Ana")
        await notices.resume("lamp", "Ana")
    assert [deed for _by, deed, _flow in await lines(notices)] == ["resumed", "unsaid", "paused", "said"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST + 1)])
async def test_a_text_of_no_use_is_refused(world: World, text: str) -> None:
    notices = board(world)
    with pytest.raises(ValueError, match=f"A notice must have 1 to {LONGEST} characters"):
        await notices.say("lamp", text, "Ana")
    assert await lines(notices) == []


async def test_a_flow_that_there_is_not_can_only_be_cleared(world: World) -> None:
    notices = board(world)
    with pytest.raises(ValueError, match=r"There is no flow 'moon'\. Choose one of: "):
        await notices.say("moon", "Down.", "Ana")
    with pytest.raises(ValueError, match="There is no flow 'moon'"):
        await notices.pause("moon", "Ana")
    await world.store.bookmarks.put(NOTICES, "moon", "Down.")
    last = (await notices.look()).outages[-1]
    assert (last.flow, last.notice, last.offered) == ("moon", "Down.", False)
    await notices.unsay("moon", "Ana")
    assert (await notices.look()).outages[-1].flow != "moon"


async def test_only_the_newest_lines_are_kept(world: World) -> None:
    notices = board(world)
    for number in range(KEPT + 3):
        await notices.say("lamp", f"{number}", "Ana")
    done = (await notices.look()).done
    assert len(done) == KEPT
    assert (done[0].text, done[-1].text) == (str(KEPT + 2), "3")


async def test_two_at_once_leave_one_of_them_standing_and_both_in_the_lines(world: World) -> None:
    one, other = board(world), board(world)
    await asyncio.gather(one.say("lamp", "Red.", "Ana"), other.say("lamp", "Green.", "Ben"))
    found = await one.look()
    assert {done.text for done in found.done} == {"Red.", "Green."}
    assert next(each.notice for each in found.outages if each.flow == "lamp") in ("Red.", "Green.")
