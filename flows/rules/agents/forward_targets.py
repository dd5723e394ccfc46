"""Lists the teams that a ticket can be forwarded to: teams of its flow with an address, such as the vendor."""

from flows.flow import Flow, Team
from flows.prompts import Settings, owner
from flows.values import Frozen


class Recipient(Frozen):
    """A team with an address: its id, name and email address."""

    team: str
    name: str
    address: str


def recipients(flow: Flow, settings: Settings) -> tuple[Recipient, ...]:
    """Return the teams with an own address, external teams first; the operator's general address does not count."""
    reached = [team for team in flow.teams if _has_own_address(team, settings)]
    reached.sort(key=lambda team: not team.external)
    return tuple(
        Recipient(
            team=team.id, name=owner(flow, team.id, settings)[0], address=owner(flow, team.id, settings)[1]
        )
        for team in reached
    )


def _has_own_address(team: Team, settings: Settings) -> bool:
    return bool(team.email or settings.get(f"TEAM_{team.id.upper().replace('-', '_')}_EMAIL"))
