"""Reads where teams talk and whom a new ticket alerts, and refuses rooms that customers can read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.wiring.settings import SettingsError
from flows.conversation import Address

ROOM: Final = re.compile(r"TEAM_([A-Z0-9_]+)_ROOM")
"""The setting of a team's room; the team's id in capitals, with underscores for hyphens."""

PING: Final = re.compile(r"TEAM_([A-Z0-9_]+)_PING")
"""The setting of whom a team's new tickets alert."""

PINGED: Final = re.compile(r"[SUW][A-Z0-9]{2,20}|[0-9]{15,20}")
"""A user group or a person in Slack, a role in Discord; always by id."""

WRITTEN: Final = re.compile(r"(slack):([CG][A-Z0-9]{2,20})|(discord):([0-9]{15,20})")
"""A room as it is written: the platform, and the channel's id there."""


def rooms(default: str, environment: Mapping[str, str], teams: Iterable[str]) -> dict[str, str]:
    """Rooms by team id, as texts of addresses; that of `` is the default room. `environment` has the settings by name.

    Raises SettingsError where one is written in another way, or names no team of any flow.
    """
    found = {"": room("DESK_ROOM", default)} if default else {}
    for team, setting, text in _by_team(ROOM, environment, teams):
        found[team] = room(setting, text)
    return found


def pings(default: str, environment: Mapping[str, str], teams: Iterable[str]) -> dict[str, str]:
    """Whom a new ticket alerts, by team id; that of `` is for teams without one of their own. Raises SettingsError."""
    found = {"": ping("DESK_PING", default)} if default else {}
    for team, setting, text in _by_team(PING, environment, teams):
        found[team] = ping(setting, text)
    return found


def ping(setting: str, text: str) -> str:
    """An id that can be alerted. Raises SettingsError."""
    if PINGED.fullmatch(text.strip()) is None:
        raise SettingsError(
            f"{setting}: expected an id, not a name: of a user group (S…) or user (U…) in Slack, or of a role in"
            f" Discord (got {text!r})"
        )
    return text.strip()


def _by_team(
    pattern: re.Pattern[str], environment: Mapping[str, str], teams: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Team, setting and text of those settings that are set. Raises SettingsError for a team that no flow has."""
    names = {team.upper().replace("-", "_"): team for team in teams}
    for setting, text in environment.items():
        named = pattern.fullmatch(setting)
        if named is None or not text:
            continue
        if named[1] not in names:
            known = ", ".join(sorted(names)) or "none"
            raise SettingsError(f"{setting}: no flow has this team. Known teams: {known}")
        yield names[named[1]], setting, text


def room(setting: str, text: str) -> str:
    """One room as the text of an address. Raises SettingsError."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        raise SettingsError(
            f"{setting}: expected slack:CHANNEL or discord:CHANNEL with the channel's id, not its name (got {text!r})"
        )
    platform, channel = (written[1], written[2]) if written[1] else (written[3], written[4])
    return str(Address(channel=platform, room=channel))


def apart(known: Mapping[str, str], places: Mapping[str, Iterable[str]]) -> None:
    """Refuse a room that is a place of customers: what agents say among themselves would be read there (law L12).

    `places` are ids of channels and forums by the setting that names them. Raises SettingsError.
    """
    taken = {Address.parse(text).room.upper(): team for team, text in known.items()}
    for setting, ids in places.items():
        for place in ids:
            if place.upper() in taken:
                whose = (
                    f"the room of team {taken[place.upper()]}" if taken[place.upper()] else "the default room"
                )
                raise SettingsError(
                    f"{setting}: {place} is {whose}. Use another channel: customers must not read what agents say"
                )
