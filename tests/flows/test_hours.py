"""Tests office hours: when agents are available, and what a waiting customer is told."""

from datetime import UTC, datetime

import pytest

from flows.conversation import Conversation
from flows.expectation import expected, seconds
from flows.hours import Hours, duration
from flows.text.markup.words import plain

BERLIN = "Mon-Thu 09:00-17:00, Fri 9:00-15:00 Europe/Berlin"
HOUR = 3_600_000


def at(text: str) -> int:
    """A moment in UTC, as `2026-03-27 13:59`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-01-05 07:59", False),
        ("2026-01-05 08:00", True),
        ("2026-01-05 15:59", True),
        ("2026-01-05 16:00", False),
        ("2026-01-09 14:00", False),
        ("2026-01-10 10:00", False),
        ("2026-07-06 07:00", True),
    ],
)
def test_people_are_there_by_their_own_clock_in_winter_and_summer(moment: str, there: bool) -> None:
    assert Hours.parse(BERLIN).open_at(at(moment)) is there


def test_after_hours_people_are_back_when_the_next_day_begins() -> None:
    hours = Hours.parse(BERLIN)
    assert hours.opens(at("2026-01-05 20:00")) == at("2026-01-06 08:00")
    assert hours.opens(at("2026-01-09 14:00")) == at("2026-01-12 08:00")
    assert hours.opens(at("2026-01-05 10:00")) == at("2026-01-05 10:00")


def test_over_a_weekend_in_which_the_clocks_go_forward() -> None:
    assert Hours.parse(BERLIN).opens(at("2026-03-27 20:00")) == at("2026-03-30 07:00")


def test_a_clock_runs_in_office_hours_only() -> None:
    hours = Hours.parse(BERLIN)
    assert hours.after(at("2026-01-05 10:00"), HOUR) == at("2026-01-05 11:00")
    assert hours.after(at("2026-01-05 15:00"), 2 * HOUR) == at("2026-01-06 09:00")
    assert hours.after(at("2026-01-09 13:30"), HOUR) == at("2026-01-12 08:30")
    assert hours.after(at("2026-01-10 00:00"), 30 * 24 * HOUR) > at("2026-01-31 00:00")


def test_a_day_that_ends_at_midnight_and_one_that_begins_there() -> None:
    hours = Hours.parse("Sat-Sun 0:00-24:00 Pacific/Auckland")
    assert hours.open_at(at("2026-01-09 11:00"))
    assert not hours.open_at(at("2026-01-09 10:59"))
    assert not hours.open_at(at("2026-01-11 11:00"))


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-01-05 20:59", False),
        ("2026-01-05 21:00", True),
        ("2026-01-05 23:59", True),
        ("2026-01-06 01:59", True),
        ("2026-01-06 02:00", False),
        ("2026-01-11 00:30", False),
        ("2026-01-11 23:00", True),
        ("2026-01-12 01:00", True),
    ],
)
def test_a_night_shift_ends_on_the_next_day(moment: str, there: bool) -> None:
    assert Hours.parse("Mon-Fri 21:00-02:00, Sun 22:00-4:00 UTC").open_at(at(moment)) is there


def test_a_night_shift_is_one_stretch_of_work() -> None:
    hours = Hours.parse("Mon-Fri 21:00-02:00 UTC")
    assert hours.after(at("2026-01-05 23:00"), 2 * HOUR) == at("2026-01-06 01:00")
    assert hours.after(at("2026-01-05 23:00"), 4 * HOUR) == at("2026-01-06 22:00")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mon-Fri 09:00-17:00 EST", "such as America/New_York"),
        ("Mon-Fri 09:00-17:00 PST", "such as America/Los_Angeles"),
        ("Mon-Fri 09:00-17:00 est", "such as America/New_York"),
        ("Mon-Fri 09:00-17:00 CEST", "such as Europe/Berlin"),
        ("Mon-Fri 09:00-17:00 Etc/GMT+8", "such as America/Los_Angeles"),
        ("Mon-Fri 09:00-17:00 Etc/GMT-1", "such as Europe/Berlin"),
        ("Mon-Fri 09:00-17:00 Etc/GMT+1", "expected a city's time zone"),
        ("Mon-Fri 09:00-17:00 MST", "such as America/Denver"),
        ("Mon-Fri 09:00-17:00 Etc/GMT+5", "ignores summer time"),
        ("Mon-Fri 9:00-9:00 Europe/Berlin", "the earlier day first"),
        ("Mon-Fri 09:00-17:00", "expected a time zone"),
        ("Mon-Fri 09:00-17:00 Europe/Atlantis", "expected a time zone"),
        ("Mon-Fri 09:00-17:00 ../etc", "expected a time zone"),
        ("Mo-Fr 09:00-17:00 Europe/Berlin", "expected hours such as"),
        ("Fri-Mon 09:00-17:00 Europe/Berlin", "expected the earlier day first"),
        ("Mon 09:00-25:00 Europe/Berlin", "expected the earlier day first"),
        ("Mon 09:00-10:75 Europe/Berlin", "expected the earlier day first"),
        ("", "expected a time zone"),
    ],
)
def test_what_cannot_be_read_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Hours.parse(text)


def test_targets_are_written_with_a_unit() -> None:
    assert [seconds(text) for text in ("30m", "4h", "2d")] == [1800, 14_400, 172_800]
    for wrong in ("", "4", "h", "0m", "1w", "-1h"):
        with pytest.raises(ValueError, match="30m"):
            seconds(wrong)


# ---------------------------------------------------------------- what is told


def told(moment: str, zone: str = "", **settings: str) -> str:
    conversation = Conversation(id="07", ticket_at=at(moment), zone=zone)
    return plain(expected(conversation, "lamp-makers", settings))


def test_in_office_hours_one_is_told_when_somebody_usually_answers() -> None:
    assert told("2026-01-05 10:00", DESK_HOURS=BERLIN, DESK_FIRST_REPLY="2h") == (
        "You'll usually hear back within 2 hours."
    )
    assert told("2026-01-05 10:00", DESK_FIRST_REPLY="1h") == "You'll usually hear back within an hour."
    assert told("2026-01-05 10:00", DESK_FIRST_REPLY="1d") == "You'll usually hear back within a day."
    assert told("2026-01-05 10:00", DESK_HOURS=BERLIN) == ""
    assert told("2026-01-05 10:00") == ""


def test_after_hours_one_is_told_when_people_are_back_in_ones_own_zone() -> None:
    back = "Our team is away right now and will be back on Monday at"
    assert told("2026-01-10 10:00", DESK_HOURS=BERLIN) == f"{back} 9:00 (Europe/Berlin)."
    assert told("2026-01-10 10:00", "America/New_York", DESK_HOURS=BERLIN) == f"{back} 3:00."
    assert told("2026-01-10 10:00", "Moon/Base", DESK_HOURS=BERLIN) == f"{back} 9:00 (Europe/Berlin)."


def test_a_teams_own_settings_win() -> None:
    own = {"TEAM_LAMP_MAKERS_FIRST_REPLY": "30m", "DESK_FIRST_REPLY": "2h"}
    assert "30 minutes" in told("2026-01-05 10:00", **own)


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (-5, "0 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (HOUR - 1, "59 min"),
        (HOUR, "1 h"),
        (25 * HOUR, "1 d"),
        (72 * HOUR, "3 d"),
    ],
)
def test_a_duration_is_said_in_the_largest_unit_that_fits(ms: int, said: str) -> None:
    assert duration(ms) == said
