"""Adds to the available flows what the operator has set: agents' channels, the fallback team, other ticket systems."""

from collections.abc import Mapping
from typing import Final

from bot.wiring.rooms import apart, rooms
from bot.wiring.settings import Settings, SettingsError
from flows.catalogue import Catalogue

FOLLOWED: Final = frozenset({"slack", "discord"})
"""Channels where the bot asks, the day after a fix, if it still works: messages reach the customer there."""


def equipped(
    settings: Settings, catalogue: Catalogue, outside: Mapping[str, str], backends: tuple[str, ...]
) -> Catalogue:
    """Return the catalogue with what is set. `outside` are the settings that flows name, `backends` the ticket systems.

    Raises SettingsError for a channel or a team that cannot be right.
    """
    return catalogue.model_copy(
        update={
            "rooms": _rooms(settings, catalogue, outside),
            "fallback": _fallback(settings, catalogue),
            "backends": backends,
            "followed": FOLLOWED if settings.follow_up else frozenset(),
        }
    )


def _rooms(settings: Settings, catalogue: Catalogue, outside: Mapping[str, str]) -> dict[str, str]:
    """Return the agents' channels, and refuse customers' channels; a set channel wins over the catalogue's own."""
    found = rooms(settings.desk_room, outside, teams_of(catalogue))
    apart(found, {"SLACK_OFFER_IN": settings.slack_offer_in, "DISCORD_FORUMS": settings.discord_forums})
    return {**catalogue.rooms, **found}


def _fallback(settings: Settings, catalogue: Catalogue) -> str:
    """Return the team to alert if no agent of another team comes. Raises SettingsError for a team that no flow has."""
    team = settings.fallback_team.strip()
    if team and team not in teams_of(catalogue):
        known = ", ".join(sorted(teams_of(catalogue)))
        raise SettingsError(f"FALLBACK_TEAM: no flow has this team. Known teams: {known} (got {team!r})")
    return team


def teams_of(catalogue: Catalogue) -> frozenset[str]:
    """Return the teams of all flows, by id."""
    return frozenset(team.id for flow in catalogue.by_id.values() for team in flow.teams)
