"""Says who may act as an agent in Discord: the users and the roles that the operator named."""

from collections.abc import Iterable

from adapters.discord.api.addresses import Person, listed


class Directory:
    """Compares users and roles with the operator's list, without a lookup: Discord sends a member's roles along."""

    def __init__(self, agents: Iterable[str] = ()) -> None:
        """`agents` are ids of users and of roles; a role's id is unique among all servers."""
        self._agents = listed(agents)

    def is_agent(self, person: Person) -> bool:
        """Whether the user is one of the operator's agents (law L11)."""
        return person.user in self._agents or not self._agents.isdisjoint(person.roles)
