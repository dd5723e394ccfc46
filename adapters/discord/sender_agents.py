"""What the sender does where agents talk: opens a thread with the packet, keeps its head current, carries lines."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from adapters.discord.api.addresses import receipt, sent
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.api.limits import NONCE
from adapters.discord.customers.conversations import ALREADY
from adapters.discord.render.agent_thread import heading, line_of, mention, root
from adapters.discord.render.card import Message, payload
from adapters.discord.render.effect_tag import marked
from adapters.discord.render.packet import packet
from adapters.discord.updates import Updates
from adapters.discord.uploads import Attachment, showing, uploads, with_files
from bot.ports import Busy, Delivery, Files, Undeliverable
from flows.effects import Amend, Packet, Recap, Relay

STAYS: Final = 10080
"""Minutes of silence after which Discord archives an agents' thread: a week; what is said in it brings it back."""

Found = Callable[[str, str, int], Awaitable[str | None]]
"""Looks in a channel for what carried out that effect; the last is the conversation's last change, in ms."""


class HalfOpened(Exception):
    """The head of an agents' thread stands, its packet does not yet: to be looked at, and then finished."""


class AgentSender:
    """Carries effects to the agents' end. A packet's receipt is that of the head; the thread bears the head's id."""

    def __init__(
        self,
        client: DiscordClient,
        allowed: Callable[[], Awaitable[None]],
        found: Found,
        judged: Callable[[BaseException, str], BaseException],
        content: bool,
        files: Files | None = None,
    ) -> None:
        """`allowed` raises Busy while there were too many calls, `judged` says what a failure in a room means for the
        outbox, `content` is whether the operator lets the bot read what is typed, `files` fetches what is carried over.
        """
        self._files = files
        self._client = client
        self._allowed = allowed
        self._found = found
        self._judged = judged
        self._content = content
        self._updates = Updates(client, allowed)

    async def send(self, delivery: Delivery) -> str:
        """Carry it out. Raises Busy, Undeliverable, and whatever leaves it unknown."""
        known, effect = delivery.dossier, delivery.effect
        assert known is not None, "deliveries to agents bring it"
        room, head = sent(delivery.of) if delivery.of else (delivery.address.room, "")
        try:
            match effect:
                case Packet():
                    return await self._open(delivery)
                case Recap(of=of):
                    return await self._updates.edit(delivery.of, root(known, of))
                case Relay() if delivery.line is not None:
                    delivery, hung = await with_files(self._files, delivery)
                    assert delivery.line is not None, "it had one"
                    drawn = line_of(delivery.line, delivery.conversation, delivery.ping)
                    return await self.post(head, drawn, effect.id, delivery.ping, hung)
                case Amend():
                    return await self._amend(delivery, head)
                case _:
                    return ""
        except FAILURES as failure:
            raise self._judged(failure, room) from failure

    async def settle(self, delivery: Delivery) -> str | None:
        """Whether an earlier try arrived; what it left half done is finished."""
        if isinstance(delivery.effect, Recap):
            return None  # an edit may be made twice
        changed, effect = delivery.conversation.changed_at, delivery.effect.id
        if not isinstance(delivery.effect, Packet):
            return await self._found(sent(delivery.of)[1], effect, changed)
        head = await self._found(delivery.address.room, effect, changed)
        if head is not None:
            try:
                await self._unpack(delivery, sent(head)[1], again=True)
            except FAILURES as failure:
                raise self._judged(failure, delivery.address.room) from failure
        return head

    async def _amend(self, delivery: Delivery, thread: str) -> str:
        """Words as they are now; where their line is none or cannot be changed, in a line of its own."""
        changed = await self._updates.line(delivery)
        if changed or delivery.news is None:
            return changed
        return await self.post(thread, line_of(delivery.news, delivery.conversation), delivery.effect.id)

    async def post(
        self, room: str, drawn: Message, effect: str, ping: str = "", hung: Sequence[Attachment] = ()
    ) -> str:
        """Post it there; it pings that role and nobody else. Raises FAILURES."""
        await self._allowed()
        body = payload(marked(showing(drawn, hung), effect), nonce=effect)
        if mention(ping):
            body["allowed_mentions"] = {"parse": [], "roles": [ping]}
        answer = await self._client.post(
            "/channels/{channel_id}/messages", body, uploads(hung), channel_id=room
        )
        return receipt(room, str(answer["id"]))

    async def _open(self, delivery: Delivery) -> str:
        """A head in the room that alerts the team, and the packet in the thread on it."""
        known, ping = delivery.dossier, delivery.ping
        assert known is not None, "asked before"
        effect = delivery.effect.id
        head = await self.post(delivery.address.room, root(known, effect, ping), effect, ping)
        try:
            await self._unpack(delivery, sent(head)[1])
        except Busy as busy:
            raise HalfOpened("too many calls") from busy
        except FAILURES as failure:
            verdict = self._judged(failure, delivery.address.room)
            if isinstance(verdict, Undeliverable):
                raise verdict from failure
            raise HalfOpened(type(failure).__name__) from failure
        return head

    async def _unpack(self, delivery: Delivery, head: str, again: bool = False) -> None:
        """The thread on the head, and the packet in it unless it is there. Raises FAILURES."""
        known = delivery.dossier
        assert known is not None, "asked before"
        room, inner = delivery.address.room, f"{delivery.effect.id}p"[-NONCE:]
        await self._allowed()
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        body: dict[str, Any] = {"name": heading(known), "auto_archive_duration": STAYS}
        try:
            await self._client.ask("POST", path, body, channel_id=room, message_id=head)
        except FAILURES as failure:
            if code_of(failure) != ALREADY:
                raise
        if again and await self._found(head, inner, delivery.conversation.changed_at) is not None:
            return
        typed = self._content and (await self._client.identity()).content
        await self.post(head, packet(known, typed, delivery.path), inner)
