"""Reads the agents' channels and whom a new ticket alerts, and refuses channels that customers can read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.wiring.settings import SettingsError
from flows.conversation import Address

ROOM: Final = re.compile(r"TEAM_([A-Z0-9_]+)_ROOM")
"""The setting of a team's channel; the team's id in capitals, with underscores for hyphens."""

PING: Final = re.compile(r"TEAM_([A-Z0-9_]+)_PING")
"""The setting of the group, role or person that a team's new tickets alert."""

PINGED: Final = re.compile(r"[SUW][A-Z0-9]{2,20}|[0-9]{15,20}")
"""A user group or a user in Slack, a role in Discord; always by id."""

WRITTEN: Final = re.compile(r"(slack):([CG][A-Z0-9]{2,20})|(discord):([0-9]{15,20})")
"""A channel as an operator writes it: the platform, and the channel's id there."""


def rooms(default: str, environment: Mapping[str, str], teams: Iterable[str]) -> dict[str, str]:
    """Return the channels by team id, as texts of addresses; '' has the default one. `environment` holds the settings.

    Raises SettingsError for a setting in another form, or one that names no team of any flow.
    """
    found = {"": room("DESK_ROOM", default)} if default else {}
    for team, setting, text in _by_team(ROOM, environment, teams):
        found[team] = room(setting, text)
    return found


def pings(default: str, environment: Mapping[str, str], teams: Iterable[str]) -> dict[str, str]:
    """Return whom a new ticket alerts, by team id; '' is for teams without a setting of their own.

    Raises SettingsError.
    """
    found = {"": ping("DESK_PING", default)} if default else {}
    for team, setting, text in _by_team(PING, environment, teams):
        found[team] = ping(setting, text)
    return found


def ping(setting: str, text: str) -> str:
    """Return the id that is alerted. Raises SettingsError."""
    if PINGED.fullmatch(text.strip()) is None:
        raise SettingsError(
            f"{setting}: expected an id, not a name: of a user group (S…) or user (U…) in Slack, or of a role in"
            f" Discord (got {text!r})"
        )
    return text.strip()


def _by_team(
    pattern: re.Pattern[str], environment: Mapping[str, str], teams: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield team, setting and text of every setting that is set. Raises SettingsError for a team that no flow has."""
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
    """Return a channel as the text of an address. Raises SettingsError."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        raise SettingsError(
            f"{setting}: expected slack:CHANNEL or discord:CHANNEL with the channel's id, not its name (got {text!r})"
        )
    platform, channel = (written[1], written[2]) if written[1] else (written[3], written[4])
    return str(Address(channel=platform, room=channel))


def apart(known: Mapping[str, str], places: Mapping[str, Iterable[str]]) -> None:
    """Refuse an agents' channel where customers are: they would read internal notes there (law L12).

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
