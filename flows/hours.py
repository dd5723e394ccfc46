"""Defines a team's office hours in its own time zone. Moments are milliseconds since 1970, UTC."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Final
from zoneinfo import ZoneInfo

from flows.text.agent_phrases import phrase
from flows.values import Frozen

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
AHEAD: Final = 21
"""Days searched ahead: every week is the same, and no target is longer than two weeks."""

DAY: Final = 1440
"""Minutes of a day, the longer and shorter days of a clock change apart."""

CITIES: Final[Mapping[str, str]] = {
    "America/Chicago": "CDT CST CST6CDT +6",
    "America/Denver": "MDT MST MST7MDT +7",
    "America/Los_Angeles": "PDT PST PST8PDT +8",
    "America/New_York": "EDT EST EST5EDT +5",
    "America/Sao_Paulo": "BRT +3",
    "Asia/Kolkata": "IST",
    "Asia/Singapore": "SGT -8",
    "Asia/Tokyo": "JST -9",
    "Australia/Sydney": "AEDT AEST -10",
    "Europe/Berlin": "CEST CET MET MEZ -1",
    "Europe/Helsinki": "EEST EET -2",
    "Europe/Lisbon": "WEST WET",
    "Europe/London": "BST GMT GMT0 GMT+0 GMT-0 0 +0 -0",
    "Pacific/Auckland": "NZDT NZST -12",
    "Pacific/Honolulu": "HST +10",
}
"""Cities by the abbreviations that people usually mean them by, and by the number in `Etc/GMT+5`."""

MINUTE: Final = 60_000
_SPAN: Final = re.compile(r"([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? (\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class Span(Frozen):
    """A part of a weekday (0 is Monday), in minutes from its midnight."""

    day: int
    begins: int
    ends: int


class Hours(Frozen):
    """When a team works, in the zone of that IANA name."""

    spans: tuple[Span, ...]
    zone: str

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """Read `Mon-Thu 09:00-17:00, Fri 21:00-02:00 Europe/Berlin`. Raises ValueError that says what is wrong.

        A span that ends at an earlier time than it begins ends on the next day.
        """
        listed, _, name = text.strip().rpartition(" ")
        _check_zone(name)
        spans = (span for part in listed.split(",") for span in _spans(part.strip()))
        return cls(spans=tuple(sorted(spans, key=lambda span: (span.day, span.begins))), zone=name)

    def open_at(self, moment: int) -> bool:
        """Return whether the team works at that moment."""
        begins, ends = next(self._open_times(moment))
        return begins <= moment < ends

    def opens(self, moment: int) -> int:
        """Return that moment if the team works then, else the moment when it is back."""
        return max(moment, next(self._open_times(moment))[0])

    def after(self, moment: int, worked: int) -> int:
        """Return when the team will have worked that many ms after that moment; far ahead, all time counts as work."""
        for begins, ends in self._open_times(moment):
            start = max(begins, moment)
            if worked <= ends - start:
                return start + worked
            worked -= ends - start
            moment = ends
        return moment + worked

    def _open_times(self, moment: int) -> Iterator[tuple[int, int]]:
        """Yield begin and end of the working times that end after that moment."""
        zone = ZoneInfo(self.zone)
        first = datetime.fromtimestamp(moment / 1000, zone).date() - timedelta(days=1)
        for day in (first + timedelta(days=ahead) for ahead in range(AHEAD)):
            for span in self.spans:
                begins, ends = _moment(day, span.begins, zone), _moment(day, span.ends, zone)
                if span.day == day.weekday() and ends > moment:
                    yield begins, ends


def known(name: str) -> ZoneInfo | None:
    """Return the time zone of that IANA name; None if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def weekday_and_time(moment: int, zone: ZoneInfo) -> str:
    """Return the moment as people say it in that zone: `Monday at 9:00`."""
    local = datetime.fromtimestamp(moment / 1000, zone)
    return f"{local:%A} at {local.hour}:{local.minute:02d}"


def duration(ms: int) -> str:
    """Return a length of time in the largest unit that fits: `40 s`, `5 min`, `3 h`, `2 d`."""
    seconds = max(0, ms) // 1000
    for size, name in ((86_400, "span_days"), (3600, "span_hours"), (60, "span_minutes")):
        if seconds >= size:
            return phrase(name, count=seconds // size)
    return phrase("span_seconds", count=seconds)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return that minute of the day in ms; minute 1440 is midnight of the next day."""
    day, minutes = day + timedelta(days=minutes // DAY), minutes % DAY
    return int(datetime.combine(day, clock(minutes // 60, minutes % 60), zone).timestamp() * 1000)


def _check_zone(name: str) -> None:
    """Raise ValueError unless the name is that of a city's zone, or UTC.

    `EST` and `Etc/GMT+5` are IANA names, but they never change to summer time, and the sign in `Etc/GMT+5` means west.
    """
    short = name.upper().removeprefix("ETC/GMT")
    city = next((city for city, names in CITIES.items() if short in names.split()), "")
    if city or name.startswith("Etc/GMT"):
        instead = city or "America/New_York"
        raise ValueError(
            f"expected a city's time zone such as {instead}, because '{name}' ignores summer time"
        )
    if known(name) is None:
        raise ValueError(f"expected a time zone such as Europe/Berlin at the end (got '{name}')")


def _spans(part: str) -> Iterator[Span]:
    found = _SPAN.fullmatch(part)
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise ValueError(f"expected hours such as Mon-Fri 09:00-17:00 (got '{part}')")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    begins, ends = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if not (
        first <= last and begins != ends and max(begins, ends) <= DAY and _are_minutes(found[4], found[6])
    ):
        raise ValueError(f"expected the earlier day first, and times from 0:00 to 24:00 (got '{part}')")
    for day in range(first, last + 1):
        yield Span(day=day, begins=begins, ends=ends if begins < ends else DAY)
        if 0 < ends < begins:
            yield Span(day=(day + 1) % len(DAYS), begins=0, ends=ends)


def _are_minutes(*texts: str) -> bool:
    return all(int(text) < 60 for text in texts)
