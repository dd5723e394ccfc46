"""Who may act as an agent in Discord: the people and the roles that the operator named."""

from collections.abc import Iterable

from adapters.discord.api.addresses import Person, listed


class Directory:
    """Asks nobody: Discord tells a member's roles with everything they do."""

    def __init__(self, agents: Iterable[str] = ()) -> None:
        """`agents` are ids of users and of roles; those of roles are unique among all servers."""
        self._agents = listed(agents)

    def is_agent(self, person: Person) -> bool:
        """Whether they are one of those the operator named (law L11)."""
        return person.user in self._agents or not self._agents.isdisjoint(person.roles)
