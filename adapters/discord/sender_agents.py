"""Sends to agents' channels: opens a thread with the packet, updates its first message, and posts lines."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from adapters.discord.agents.notifier import Notifier
from adapters.discord.api.addresses import Person, Place, receipt, sent
from adapters.discord.api.client import FAILURES, TOO_LARGE, DiscordClient, code_of
from adapters.discord.api.limits import NONCE
from adapters.discord.api.users import Directory
from adapters.discord.customers.conversations import ALREADY
from adapters.discord.render.agent_thread import heading, line_of, lines_of, mention, root
from adapters.discord.render.card import Message, payload
from adapters.discord.render.effect_tag import marked
from adapters.discord.render.packet import further, packet
from adapters.discord.updates import Updates
from adapters.discord.uploads import Attachment, showing, uploads, with_files
from bot.ports import Busy, Delivery, Files
from flows.effects import Amend, Brief, Notify, Packet, Recap, Relay

STAYS: Final = 10080
"""Minutes of silence after which Discord archives an agents' thread: a week; a new message reopens it."""

Found = Callable[[str, str, int], Awaitable[str | None]]
"""Looks in a channel for the effect's message; the last argument is the conversation's last change, in ms."""


class HalfPosted(Exception):
    """Raised when only the first messages of an effect were posted: the next attempt posts the rest."""


class AgentSender:
    """Sends effects to agents. A packet's receipt is that of the first message, whose id is also the thread's."""

    def __init__(
        self,
        client: DiscordClient,
        allowed: Callable[[], Awaitable[None]],
        found: Found,
        judged: Callable[[BaseException, Place], BaseException],
        content: bool,
        files: Files | None = None,
        directory: Directory | None = None,
    ) -> None:
        """`allowed` raises Busy while the rate is used up, `judged` says what a failure in a place means for the
        outbox, `content` is whether the operator lets the bot read messages, `files` downloads files to copy.
        `directory` says who is an agent.
        """
        self._files = files
        self._client = client
        self._allowed = allowed
        self._find = found
        self._judged = judged
        self._content = content
        self._updates = Updates(client, allowed)
        self._notifier = Notifier(client, self.post, found, self._updates.edit, directory)

    async def send(self, delivery: Delivery) -> str:
        """Send an effect. Raises Busy, Undeliverable, or whatever leaves the outcome unknown."""
        if isinstance(delivery.effect, Notify):
            return await self._notifier.send(delivery)
        dossier, effect = delivery.dossier, delivery.effect
        assert dossier is not None, "deliveries to agents bring it"
        room, head = sent(delivery.of) if delivery.of else (delivery.address.room, "")
        try:
            match effect:
                case Packet():
                    first = root(dossier, effect.id, pings := _pings(delivery))
                    return await self.post(room, first, effect.id, pings)
                case Brief():
                    return await self._brief(delivery)
                case Recap(of=of):
                    renewed = not effect.room
                    return await self._updates.edit(delivery.of, root(dossier, of, renewed=renewed))
                case Relay() if delivery.line is not None:
                    return await self._relay(delivery, head)
                case Amend():
                    return await self._amend(delivery, head)
                case _:
                    return ""
        except FAILURES as failure:
            raise self._judged(failure, Place(channel=room, thread=head)) from failure

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for an earlier attempt, and finish one that is half done. Return its receipt, or None."""
        if isinstance(delivery.effect, Recap):
            return None  # an edit may be made twice
        if isinstance(delivery.effect, Notify):
            return await self._notifier.settle(delivery)
        changed, effect = delivery.conversation.changed_at, delivery.effect.id
        if isinstance(delivery.effect, Packet):
            return await self._find(delivery.address.room, effect, changed)
        if isinstance(delivery.effect, Brief):
            return await self._settle_brief(delivery)
        first = await self._find(sent(delivery.of)[1], effect, changed)
        if first is None or delivery.line is None or isinstance(delivery.effect, Amend):
            return first
        return await self._finish(delivery, sent(delivery.of)[1], first)

    async def _relay(self, delivery: Delivery, thread: str) -> str:
        """Post a line with its files; without them if Discord takes less than usual."""
        named, attached = await with_files(self._files, delivery)
        try:
            return await self._line(named, thread, attached)
        except FAILURES as failure:
            if code_of(failure) != TOO_LARGE or not attached:
                raise
        return await self._line(delivery.with_files_left(delivery.files), thread, ())

    async def _line(self, delivery: Delivery, thread: str, attached: Sequence[Attachment]) -> str:
        """Post a line of the thread, in several messages if it is long. Raises HalfPosted if only some were."""
        assert delivery.line is not None, "asked before"
        pings, effect = _pings(delivery), delivery.effect.id
        first, *others = lines_of(delivery.line, delivery.conversation, pings)
        receipts = [await self.post(thread, first, effect, pings, attached)]
        try:
            for number, drawn in enumerate(others, start=1):
                receipts.append(await self.post(thread, drawn, f"{effect}/{number}"))
        except (*FAILURES, Busy) as failure:
            raise HalfPosted(type(failure).__name__) from failure
        return " ".join(receipts)

    async def _finish(self, delivery: Delivery, thread: str, first: str) -> str:
        """Post the messages of a long line that are not there yet. Raises what the outbox knows."""
        assert delivery.line is not None, "asked before"
        receipts = [first]
        changed = delivery.conversation.changed_at
        for number, drawn in enumerate(lines_of(delivery.line, delivery.conversation)[1:], start=1):
            name = f"{delivery.effect.id}/{number}"
            try:
                found = await self._find(thread, name, changed)
                receipts.append(found or await self.post(thread, drawn, name))
            except FAILURES as failure:
                raise self._judged(failure, Place(channel=delivery.address.room, thread=thread)) from failure
        return " ".join(receipts)

    async def _amend(self, delivery: Delivery, thread: str) -> str:
        """Apply an edit. Agents whose line is missing or cannot be edited get a new line."""
        changed = await self._updates.line(delivery)
        if changed or delivery.news is None:
            return changed
        return await self.post(thread, line_of(delivery.news, delivery.conversation), delivery.effect.id)

    async def post(
        self,
        room: str,
        drawn: Message,
        effect: str,
        pings: Sequence[str] = (),
        attached: Sequence[Attachment] = (),
    ) -> str:
        """Post a message in a channel; it pings the roles and `@user`s in `pings`, no one else. Raises FAILURES."""
        await self._allowed()
        body = payload(marked(showing(drawn, attached), effect), nonce=effect)
        if named := [ping for ping in pings if mention(ping)]:
            users = [ping[1:] for ping in named if ping.startswith("@")]
            roles = [ping for ping in named if not ping.startswith("@")]
            found = {name: ids for name, ids in (("users", users), ("roles", roles)) if ids}
            body["allowed_mentions"] = {"parse": [], **found}
        answer = await self._client.post(
            "/channels/{channel_id}/messages", body, uploads(attached), channel_id=room
        )
        return receipt(room, str(answer["id"]))

    async def _brief(self, delivery: Delivery, again: bool = False) -> str:
        """Open the thread on its first message, and post the pages of a brief that are not there. Raises FAILURES."""
        dossier, (room, head) = delivery.dossier, sent(delivery.of)
        assert dossier is not None, "asked before"
        await self._open_thread(room, head, heading(dossier))
        typed = self._content and (await self._client.identity()).content
        pages = (packet(dossier, typed, delivery.path), *further(dossier, typed, delivery.path))
        receipt = ""
        for number, drawn in enumerate(pages):
            name = page_name(delivery.effect.id, number)
            found = await self._find(head, name, delivery.conversation.changed_at) if again else None
            try:
                posted = found or await self.post(head, drawn, name)
            except (*FAILURES, Busy) as failure:
                if again or not number:
                    raise
                raise HalfPosted(type(failure).__name__) from failure
            receipt = receipt or posted
        return receipt

    async def _open_thread(self, room: str, head: str, name: str) -> None:
        """Open the thread on a message, unless it is open. Raises FAILURES."""
        await self._allowed()
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        body: dict[str, Any] = {"name": name, "auto_archive_duration": STAYS}
        try:
            await self._client.ask("POST", path, body, channel_id=room, message_id=head)
        except FAILURES as failure:
            if code_of(failure) != ALREADY:
                raise

    async def _settle_brief(self, delivery: Delivery) -> str:
        """Post the pages of a brief that are not there yet. Return its receipt. Raises what the outbox knows."""
        room, head = sent(delivery.of)
        try:
            return await self._brief(delivery, again=True)
        except FAILURES as failure:
            raise self._judged(failure, Place(channel=room, thread=head)) from failure


def page_name(brief: str, number: int) -> str:
    """Name a page of a brief by the brief's effect, as earlier versions did by the packet's."""
    return f"{brief.removesuffix('/packet')}p{number or ''}"[-NONCE:]


def _pings(delivery: Delivery) -> tuple[str, ...]:
    """Return whom a message alerts: the team's role, and agents who are in Discord."""
    agents = filter(None, map(Person.of, delivery.mentions))
    return tuple(filter(None, dict.fromkeys((delivery.ping, *(f"@{agent.user}" for agent in agents)))))
