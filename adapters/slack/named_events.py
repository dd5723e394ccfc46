"""Reads an event with the names of those it mentions, which are looked up only if a conversation may need its words."""

from typing import Protocol

from adapters.slack.agents.messages import AgentMessages
from adapters.slack.api.addresses import Place
from adapters.slack.api.payload import Json
from adapters.slack.customers.messages import CustomerMessages
from adapters.slack.inbound import parse
from adapters.slack.inbound.events import HomeOpened, MessageEdited, MessagesOpened, Written
from adapters.slack.inbound.reactions import Reaction
from adapters.slack.mention_names import MentionNames


class Listeners(Protocol):
    """Those for whom messages are read."""

    names: MentionNames
    messages: CustomerMessages

    def among_agents(self, place: Place | None) -> AgentMessages | None:
        """Return the handler of agents' messages if the place is a team's channel, else None."""


async def named_event(
    on: Listeners, body: Json, bot_user: str, workspace: str
) -> Written | MessageEdited | Reaction | HomeOpened | MessagesOpened | None:
    """Parse an event. In a busy channel, most messages mention people without concerning the bot.

    Raises StoreDown.
    """
    happened = parse.event(body, bot_user, workspace)
    if not isinstance(happened, Written | MessageEdited) or not on.names.wanted(body.get("event"), bot_user):
        return happened
    if on.among_agents(happened.place) is None and not await on.messages.concerned(happened):
        return happened
    names = await on.names.of(body.get("event"), workspace, bot_user)
    return parse.event(body, bot_user, workspace, names)
