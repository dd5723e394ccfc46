"""Acts on what happens to the app and its channels: revoked tokens, new channel ids, channels that the bot lost."""

from typing import Final

from adapters.slack.api.channel_ids import ChannelIds
from adapters.slack.api.rooms import Rooms
from adapters.slack.api.token_state import TokenState
from adapters.slack.inbound.changes import (
    AccessDoubted,
    Changed,
    ChannelLost,
    ChannelRenamed,
    ChannelRenumbered,
    ChannelShared,
    MemberLeft,
)
from adapters.slack.ports import Ports
from bot.telemetry import log
from flows.events import PlaceLost

DONE: Final = {"archived": "was archived", "deleted": "was deleted", "removed": "no longer has the bot in it"}


TOLD_ONCE_S: Final = 60
"""Seconds in which the same loss is logged once."""


class WorkspaceChanges:
    """Handles changes of the app and its channels."""

    def __init__(self, ports: Ports, token: TokenState, ids: ChannelIds, rooms: Rooms) -> None:
        self._ports = ports
        self._token = token
        self._ids = ids
        self._rooms = rooms
        self._log = log("slack")

    async def heard(self, changed: Changed) -> None:
        """Act on a change. Raises StoreDown, and whatever the desk raises."""
        self._rooms.forget()
        match changed:
            case AccessDoubted():
                self._token.doubt()
                await self._token.check()
            case ChannelRenumbered():
                await self._renumbered(changed)
            case ChannelRenamed():
                if self._is_room(changed.channel):
                    self._log.info("an agents' channel was renamed", room=changed.channel, name=changed.name)
            case ChannelShared():
                if self._is_room(changed.channel):
                    self._log.error(
                        "an agents' channel is now shared with another company, whose people can read the "
                        "tickets; use a channel of your own",
                        room=changed.channel,
                    )
            case ChannelLost():
                await self._lost(changed)
            case MemberLeft():
                await self._left(changed)

    async def _renumbered(self, changed: ChannelRenumbered) -> None:
        first = self._ids.first(changed.old)
        await self._ids.change(changed.old, changed.new)
        if self._is_room(first) or first in self._ids.firsts(self._ports.offer_in):
            self._log.warning(
                "a channel has a new id; everything continues there, but put the new id into the settings",
                old=first,
                new=changed.new,
            )

    async def _lost(self, lost: ChannelLost) -> None:
        """Tell the operator of an agents' channel, and the agents of a customer's."""
        # Slack tells the app's own removal in more than one event.
        if self._is_room(lost.channel) and await self._ports.marks.first(
            f"slack/lost/{lost.channel}/{lost.why}", TOLD_ONCE_S
        ):
            self._log.error(
                f"an agents' channel {DONE[lost.why]}; its tickets are only on the web desk",
                room=lost.channel,
            )
        for conversation, _ in await self._tickets_from(lost.channel):
            await self._ports.receive(PlaceLost.of_customer(conversation, "channel"))

    async def _left(self, left: MemberLeft) -> None:
        """Tell the agents of a customer: who left a channel sees no new messages in its threads."""
        for conversation, user in await self._tickets_from(left.channel):
            if user == left.user:
                event = PlaceLost.of_customer(conversation, "left_channel", change=left.ts)
                await self._ports.receive(event)

    async def _tickets_from(self, channel: str) -> list[tuple[str, str]]:
        """Return the conversations of the channel that have an open ticket, each with its customer's user id."""
        queue = self._ports.queue
        cases = () if queue is None else await queue.cases((await queue.look()).open)
        found = ((case.conversation.id, case.conversation.address("customer")) for case in cases)
        return [
            (conversation, address.person)
            for conversation, address in found
            if address is not None and (address.channel, address.room) == ("slack", channel)
        ]

    def _is_room(self, channel: str) -> bool:
        teams = self._ports.teams
        return teams is not None and channel.upper() in self._ids.firsts(teams.rooms)
