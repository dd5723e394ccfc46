"""Reads the promises to customers from the settings: office hours, targets, and when to alert others."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from bot.wiring.settings import Settings, SettingsError
from flows.catalogue import SUPPORT
from flows.effects import Delay, Promise
from flows.expectation import away, seconds
from flows.hours import Hours
from flows.text.markup.words import plain

Read = TypeVar("Read")

SOON: Final = 0.75
"""The part of a target after which the bot warns agents."""

DAY_MS: Final = 24 * 3600 * 1000
"""Milliseconds between two reminders of a ticket that no one has answered."""

OF_A_TEAM: Final = re.compile(r"TEAM_([A-Z0-9_]+)_(HOURS|FIRST_REPLY|RESOLVE)")


class Promises:
    """Says when each promise comes due, by team; targets run only in a team's office hours."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        teams: Iterable[str],
        now: Callable[[], int],
    ) -> None:
        """Read the settings; `environment` holds those of teams, `now` returns ms. Raises SettingsError."""
        known = {team.upper().replace("-", "_"): team for team in teams}
        own: dict[str, dict[str, str]] = {"HOURS": {}, "FIRST_REPLY": {}, "RESOLVE": {}}
        for name, text in environment.items():
            named = OF_A_TEAM.fullmatch(name)
            if named is not None and text:
                if named[1] not in known:
                    raise SettingsError(
                        f"{name}: no flow has this team. Known teams: {', '.join(sorted(known))}"
                    )
                own[named[2]][known[named[1]]] = text
        defaults = {
            "HOURS": settings.desk_hours,
            "FIRST_REPLY": settings.desk_first_reply,
            "RESOLVE": settings.desk_resolve,
        }
        self._hours = _by_team("HOURS", own, defaults, Hours.parse)
        self._first = _by_team("FIRST_REPLY", own, defaults, seconds)
        self._solve = _by_team("RESOLVE", own, defaults, seconds)
        self._unclaimed = settings.unclaimed_after
        self._delays = settings.delays()
        self._back = settings.agent_back_within
        self._now = now

    def delay(self, promise: Promise, team: str) -> int | None:
        """Return the milliseconds until the promise is due for that team; None if the operator set no such promise."""
        if promise == "abandoned":
            return self._next_day(team)
        wanted = self._office_hours(promise, team)
        return None if wanted is None else self._worked(wanted, team)

    def away(self, moment: int) -> str:
        """Say when the operator's own team is back; '' while it works at that moment (ms)."""
        hours = self._hours.get(SUPPORT) or self._hours.get("")
        return plain(away(hours, moment)) if hours is not None else ""

    def timer(self, delay: Delay, team: str) -> int:
        """Return the milliseconds of a timer's delay; an agent's silence counts in the team's office hours."""
        wanted = self._delays[delay]
        return self._worked(wanted, team) if delay == "quiet" else wanted

    def _worked(self, wanted: int, team: str) -> int:
        """Return the milliseconds until the team will have worked that long."""
        hours = self._hours.get(team) or self._hours.get("")
        if hours is None:
            return wanted
        now = self._now()
        return hours.after(now, wanted) - now

    def _next_day(self, team: str) -> int:
        """Return the milliseconds until tomorrow's reminder, which waits until the team works."""
        hours = self._hours.get(team) or self._hours.get("")
        if hours is None:
            return DAY_MS
        now = self._now()
        return hours.opens(now + DAY_MS) - now

    def _office_hours(self, promise: Promise, team: str) -> int | None:
        """Return the office hours until the promise is due, in ms."""
        if promise in ("unclaimed", "fallback"):
            return self._unclaimed * 1000
        if promise == "parted":
            return self._back * 1000
        targets = self._first if promise.startswith("first") else self._solve
        target = targets.get(team) or targets.get("")
        if target is None:
            return None
        return int(target * 1000 * (SOON if promise.endswith("soon") else 1))


def _by_team(
    name: str, own: Mapping[str, Mapping[str, str]], defaults: Mapping[str, str], read: Callable[[str], Read]
) -> dict[str, Read]:
    """Return the settings of that name by team; '' is for teams without their own. Raises SettingsError."""
    found: dict[str, Read] = {}
    for team, text in {"": defaults[name], **own[name]}.items():
        setting = f"TEAM_{team.upper().replace('-', '_')}_{name}" if team else f"DESK_{name}"
        try:
            if text:
                found[team] = read(text)
        except ValueError as error:
            raise SettingsError(f"{setting}: {error}") from None
    return found
