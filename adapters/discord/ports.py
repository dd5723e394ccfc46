"""What Discord's receiver is given."""

import asyncio
from dataclasses import dataclass

from adapters.discord.api.addresses import Place, receipt
from bot.ports import ChatPorts
from flows.conversation import Conversation


@dataclass(frozen=True, kw_only=True)
class Ports(ChatPorts):
    """Discord tells of a message its thread alone, so a ticket is looked for in every room of a team."""

    def in_team_room(self, place: Place) -> bool:
        """Whether that is a room of a team's, or a thread of which Discord told that it hangs on one."""
        return self.teams is not None and place.channel in self.teams.rooms

    async def ticket_in(self, thread: str) -> Conversation | None:
        """The conversation that an agents' thread is about."""
        teams = self.teams
        if teams is None or not teams.rooms:
            return None
        found = await asyncio.gather(*(teams.thread(receipt(room, thread)) for room in sorted(teams.rooms)))
        return next((at for at in found if at is not None), None)
