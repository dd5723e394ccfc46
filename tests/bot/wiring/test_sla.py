"""Tests targets as an operator sets them, on the real desk: what is armed, what rings, and who is alerted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.wiring.settings import SettingsError, load_settings
from bot.wiring.sla import Promises
from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.events import Answered, Claimed, Escalated
from tests.fakes.clockwork import time_passes
from tests.fakes.flows import catalogue
from tests.fakes.world import World

HOUR = 3_600_000
SATURDAY = int(datetime(2026, 1, 10, 10, tzinfo=UTC).timestamp() * 1000)
BERLIN = "Mon-Fri 09:00-17:00 Europe/Berlin"


def promises(environment: dict[str, str] | None = None, **settings: str) -> Promises:
    return Promises(load_settings(settings), environment or {}, {"maker", "lamp-makers"}, lambda: SATURDAY)


def test_without_targets_only_that_somebody_comes_is_promised() -> None:
    known = promises()
    assert known.delay("unclaimed", "maker") == HOUR // 2
    assert known.delay("fallback", "maker") == HOUR // 2
    assert known.delay("abandoned", "maker") == 24 * HOUR
    assert [known.delay(kind, "maker") for kind in ("first_soon", "first_late", "solve_late")] == [None] * 3


def test_targets_are_warned_of_after_three_quarters_and_a_team_may_have_its_own() -> None:
    known = promises({"TEAM_LAMP_MAKERS_FIRST_REPLY": "30m"}, desk_first_reply="4h", desk_resolve="2d")
    assert known.delay("first_soon", "maker") == 3 * HOUR
    assert known.delay("first_late", "maker") == 4 * HOUR
    assert known.delay("first_late", "lamp-makers") == HOUR // 2
    assert known.delay("solve_late", "lamp-makers") == 48 * HOUR


def test_on_a_weekend_the_clock_begins_on_monday() -> None:
    known = promises(desk_hours=BERLIN)
    assert known.delay("unclaimed", "maker") == 46 * HOUR + HOUR // 2
    assert known.delay("abandoned", "maker") == 46 * HOUR, "a daily reminder waits until the team works"


def test_an_agents_silence_counts_in_office_hours_and_the_customers_does_not() -> None:
    known = promises(desk_hours=BERLIN)
    assert known.timer("quiet", "maker") == 46 * HOUR + 4 * HOUR
    assert known.timer("nudge", "maker") == 24 * HOUR
    assert promises().timer("quiet", "maker") == 4 * HOUR


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("TEAM_MOON_HOURS", BERLIN, "no flow has this team"),
        ("TEAM_MAKER_HOURS", "always", "TEAM_MAKER_HOURS: expected a time zone such as"),
        ("TEAM_MAKER_RESOLVE", "soon", "TEAM_MAKER_RESOLVE: expected a time such as 30m"),
    ],
)
def test_what_is_wrong_stops_the_start_with_its_name(name: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        promises({name: text})


def test_a_fallback_that_no_flow_has_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="FALLBACK_TEAM"):
        World(fallback_team="moon")


# ---------------------------------------------------------------- on the desk


@pytest.fixture
async def world() -> AsyncIterator[World]:
    rooms = {"": "sent||desk", "safety": "sent||smoke"}
    world = World(
        shelf=Catalogue(flows=catalogue().flows, rooms=rooms), fallback_team="safety", desk_first_reply="2h"
    )
    yield world
    await world.close()


async def test_nobody_comes_and_the_team_is_reminded_every_day(world: World) -> None:
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    assert "I opened ticket" in world.platform.texts("ana")[-1]
    await time_passes(world)
    assert any("No one from the lamp maker has claimed" in text for text in world.platform.texts("desk"))
    assert any("target for a first reply" in text for text in world.platform.texts("desk"))
    await time_passes(world)
    head, facts = world.platform.rooms["smoke"]
    assert (head.opens, facts.thread) == (True, head.effect)
    assert "is still unassigned, so I moved it to" in facts.text
    for day in range(3):
        assert await time_passes(world) > 0, day
        reminders = [text for text in world.platform.texts("smoke") if "I'll remind you every day" in text]
        assert len(reminders) == day + 1
    waits = await world.store.conversations.load(at.id)
    assert waits is not None
    assert waits.status is Status.WAITING
    assert "I closed it" not in "\n".join(world.platform.texts("ana"))


async def test_a_customer_who_goes_on_postpones_nothing(world: World) -> None:
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    await world.send(Answered(conversation=at.id, turn=1, choice="still-failing"))
    await time_passes(world)
    stored = await world.store.conversations.load(at.id)
    assert stored is not None
    assert stored.alert_level == "again"


async def test_once_claimed_only_the_reply_is_watched(world: World) -> None:
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    await world.send(Claimed(conversation=at.id, name="Max"), actor="desk:max")
    told = len(world.platform.rooms["desk"])
    await time_passes(world)
    fresh = world.platform.texts("desk")[told:]
    assert not any("has taken" in text for text in fresh)
    assert any("target for a first reply" in text for text in fresh)
