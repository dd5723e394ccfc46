"""Handles reactions to the live step: the bot asks whether they mean an answer."""

from adapters.discord.api.addresses import sent
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.reactions import Reaction
from flows.events import Reacted


class Reactions:
    """Records reactions to the message that shows the live step, of people who may answer it; ignores all others."""

    def __init__(self, conversations: DiscordConversations) -> None:
        self._ports = conversations.ports

    async def heard(self, reaction: Reaction) -> None:
        """Record a reaction. Raises StoreDown and Contended."""
        actor = reaction.person.actor
        at = await self._ports.finder.at(reaction.place.door)
        if at is None or not at.may_answer(actor):
            return
        if sent(await self._ports.finder.asked(at)) != (reaction.place.room, reaction.message):
            return
        # Discord gives a reaction no id: the same one may come again, on purpose or after a lost connection.
        what = f"{reaction.message}/{reaction.sign}/{'gone' if reaction.taken_back else 'given'}"
        event = Reacted(
            conversation=at.id,
            turn=at.turn,
            sign=reaction.sign,
            taken_back=reaction.taken_back,
            actor=actor,
            key=f"{what}/{at.version}",
        )
        await self._ports.receive(event)
