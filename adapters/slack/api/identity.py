"""Says who a person is: each person has one name, however a payload of Slack's names their team.

On Enterprise Grid a click names the presser's primary workspace, a command the one that it was typed in, and an event
a third one, or the organization. User ids are unique within an organization, whether they begin with U or with W.
"""

from typing import Final, TypeVar

from adapters.slack.api.addresses import Person
from adapters.slack.api.payload import Json, text, thing, things
from adapters.slack.api.preflight import Identity
from adapters.slack.api.users import Directory, IdentityUnknown, Known
from flows.values import Frozen

NAMING: Final = ("person", "author")
"""Fields of a parsed request that name people."""

Heard = TypeVar("Heard", bound=Frozen)


class People:
    """Names people by team and user id.

    Everyone of our organization is named with our workspace, as the agents are; everyone of another organization with
    that organization; everyone else with their own workspace. A team that Slack does not confirm stays as claimed, so
    that a like id of another company never passes for one of ours (law L11).
    """

    def __init__(self, directory: Directory, identity: Identity) -> None:
        self._directory = directory
        self._ours = identity

    async def named(self, claim: Person, surely: bool = False) -> Person:
        """Return the person's one name; `claim` is what a payload or an earlier record says, its team '' if nothing.

        If Slack does not say who that is, the claim stands; if it has to be known `surely`, IdentityUnknown is raised
        where the person may be one of our organization.
        """
        ours = self._ours
        if surely and (
            not claim.team or (ours.enterprise and claim.team not in (ours.team, ours.enterprise))
        ):
            await self._ask(claim)
        if not claim.team:
            known = await self._directory.known(claim, ours.team)
            claim = claim.model_copy(update={"team": known.company or ours.team})
        if claim.team in (ours.team, ours.enterprise):
            return claim.model_copy(update={"team": ours.team})
        known = await self._directory.known(claim, ours.team)
        stranger = known.team not in ("", ours.team) and not known.enterprise
        if stranger and claim.team.startswith("E"):
            return claim.model_copy(
                update={"team": known.team}
            )  # Slack names only a workspace of that organization
        if not _confirmed(claim.team, known):
            return claim
        if known.enterprise and known.enterprise == ours.enterprise:
            return claim.model_copy(update={"team": ours.team})
        return claim.model_copy(update={"team": known.company or claim.team})

    async def recognized(self, heard: Heard) -> Heard:
        """Return a parsed request with the names of its people. Raises IdentityUnknown."""
        claims = {name: getattr(heard, name, None) for name in NAMING}
        people = {name: claim for name, claim in claims.items() if isinstance(claim, Person)}
        names = {name: await self.named(claim, surely=True) for name, claim in people.items()}
        return heard.model_copy(update=names)

    async def _ask(self, claim: Person) -> None:
        if not (await self._directory.known(claim, self._ours.team)).answered:
            raise IdentityUnknown("Slack does not say who a person is")

    async def of_actor(self, actor: str) -> str:
        """Return the one name of an actor; an actor of another channel has only one."""
        claim = Person.of(actor)
        return actor if claim is None else (await self.named(claim)).actor

    async def all_names(self, actor: str) -> tuple[str, ...]:
        """Return the names under which the actor may be recorded, the one of today first."""
        person = Person.of(actor)
        if person is None or not (self._ours.enterprise or person.team.startswith("E")):
            return (actor,)
        known = await self._directory.known(person, self._ours.team)
        teams = [person.team, *known.teams, known.team, known.enterprise]
        if not _confirmed(person.team, known) and person.team != self._ours.team:
            return (actor,)
        return tuple(dict.fromkeys(person.model_copy(update={"team": team}).actor for team in teams if team))


def _confirmed(team: str, known: Known) -> bool:
    """Whether Slack says that the person belongs to that workspace or organization."""
    return bool(team) and team in (known.team, known.enterprise, *known.teams)


def workspace_of(body: Json, ours: Identity) -> str:
    """Return the workspace whose installation received an event: on Grid, an event may name a sibling of ours."""
    first = next(iter(things(body.get("authorizations"))), {})
    team = text(first.get("team_id")) or text(body.get("team_id"))
    enterprise = text(first.get("enterprise_id")) or text(thing(body.get("enterprise")).get("id"))
    siblings = bool(ours.enterprise) and enterprise == ours.enterprise
    return ours.team if siblings or team in ("", ours.enterprise) else team
