"""Holds what Discord's receiver needs from the bot."""

import asyncio
from dataclasses import dataclass

from adapters.discord.api.addresses import Place, receipt
from bot.ports import ChatPorts, Queue
from flows.conversation import Conversation


@dataclass(frozen=True, kw_only=True)
class Ports(ChatPorts):
    """Finds tickets in every channel of a team, because Discord names only the thread of a message.

    `queue` lists open tickets for agents; `desk` is the start of a ticket's address on the web desk, '' if agents
    cannot reach it.
    """

    queue: Queue | None = None
    desk: str = ""

    def in_team_room(self, place: Place) -> bool:
        """Whether the place is a team's channel, or a thread whose parent Discord named as one."""
        return self.teams is not None and place.channel in self.teams.rooms

    async def ticket_in(self, thread: str) -> Conversation | None:
        """Find the conversation that an agents' thread is about; None if there is none."""
        teams = self.teams
        if teams is None or not teams.rooms:
            return None
        tickets = await asyncio.gather(*(teams.thread(receipt(room, thread)) for room in sorted(teams.rooms)))
        return next((at for at in tickets if at is not None), None)
