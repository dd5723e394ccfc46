"""Posts the outbox's messages to Discord or responds to the click with them, and looks before it posts twice."""

from collections.abc import Callable, Sequence
from typing import Final

from adapters.discord.answered_steps import AnsweredSteps
from adapters.discord.api.addresses import DISCORD, Place, changed_ms, made, receipt, sent
from adapters.discord.api.client import FAILURES, TOO_LARGE, UNREADABLE, DiscordClient, code_of, judged, lost
from adapters.discord.api.users import Directory
from adapters.discord.customers.closed_posts import unlocked
from adapters.discord.customers.forum_posts import Forums, Tags, with_mine_too
from adapters.discord.presence import NOT_A_MEMBER, Presence
from adapters.discord.rates import Calls
from adapters.discord.render.card import Message, message, payload, tried_line
from adapters.discord.render.components import without_pictures
from adapters.discord.render.effect_tag import marked
from adapters.discord.replies import ReplySender
from adapters.discord.responses import PendingResponses, Response
from adapters.discord.sender_agents import AgentSender
from adapters.discord.sent_messages import SentMessages
from adapters.discord.updates import Updates
from adapters.discord.uploads import Attachment, partly, showing, unattached, uploads, with_files
from adapters.discord.write_buttons import WriteButtons
from bot.ports import (
    Delivery,
    Files,
    Limiter,
    PartialReceipt,
    PlaceGone,
    Retrace,
    StoreDown,
    Undeliverable,
    Unreadable,
)
from bot.telemetry import log
from flows.conversation import Status
from flows.effects import Amend, Ask, Retire, Tell

EDITABLE_MS: Final = 55 * 60_000
"""Milliseconds in which a message may be edited without limit; after an hour Discord limits edits (30046)."""

REOPENED: Final = frozenset(["reopened", "reopened_advice", "reopened_held", "reopened_waiting", "came_back"])
"""Sentences with which a solved problem is open again."""


class DiscordSender:
    """Implements `bot.ports.Channel`; works in any process and keeps no conversation in memory.

    A message has the effect's id as its nonce, so that Discord itself drops a repeat for some minutes; its first
    component has a number made of that id, by which `settle` finds the message as long as it exists.
    """

    name = DISCORD
    idempotent = False

    def __init__(
        self,
        client: DiscordClient,
        limiter: Limiter,
        pending: PendingResponses,
        forums: Forums,
        now: Callable[[], float],
        content: bool = True,
        files: Files | None = None,
        retrace: Retrace | None = None,
        directory: Directory | None = None,
    ) -> None:
        """`now` is in seconds since 1970; `content` is whether the operator lets the bot read messages everywhere.
        `files` downloads files to copy; without it messages only name them. `retrace` reads what the customer has
        tried; without it steps do not show that. `directory` says who is an agent.
        """
        self._files = files
        self._retrace = retrace
        self._client = client
        self._calls = Calls(limiter)
        self._pending = pending
        self._forums = forums
        self._tags = Tags(client, forums)
        self._now = now
        self._content = content
        self._log = log("discord")
        self._updates = Updates(client, self._calls.allowed)
        self._sent = SentMessages(client, self._calls.allowed, now)
        self._agent_sender = AgentSender(
            client,
            self._calls.allowed,
            self._sent.find,
            self._judge,
            content,
            files,
            directory,
        )
        self._buttons = WriteButtons(client, content)
        self._answered = AnsweredSteps(client, self._updates, pending, self._judge, now)
        self._presence = Presence(client, now)
        self._replies = ReplySender(
            self._post, self._agent_sender.post, self._sent.find, self._updates, self._buttons
        )

    async def send(self, delivery: Delivery) -> str:
        """Post a message, respond to the click with it, or edit an earlier message.

        Raises Busy, Undeliverable, or whatever leaves the outcome unknown.
        """
        effect, place = delivery.effect, Place.of(delivery.address)
        await self._calls.begin(delivery)
        if effect.end == "agents":
            return await self._agent_sender.send(delivery)
        if isinstance(effect, Retire):
            return await self._answered.retire(delivery)
        try:
            if isinstance(effect, Amend):
                return await self._replies.amend(delivery, place)
            if delivery.reply is not None:
                return await self._reply(delivery, place)
            drawn = await self._drawn(delivery, place)
            if drawn is None:
                return ""
            if isinstance(effect, Ask):
                return await self._ask(delivery, effect, drawn, place)
            self._pending.pass_by(delivery.conversation.id)
            posted = await self._tell(delivery, drawn, place)
        except FAILURES as failure:
            raise self._judge(failure, place) from failure
        if isinstance(effect, Tell) and effect.words in REOPENED and self._forums.holds(place):
            await self._tags.put(place, solved=False)
        return posted

    async def _reply(self, delivery: Delivery, place: Place) -> str:
        """Post a reply with its files; without them if Discord takes less than usual. Return its receipt.

        A post of a customer who left has other readers; in a thread of their own no one would read the reply.
        """
        left = NOT_A_MEMBER if await self._presence.gone(place, delivery.address.person) else ""
        if left and not self._forums.holds(place):
            raise PlaceGone(left, "left")
        return PartialReceipt.of(await self._post_reply(delivery, place), left)

    async def _post_reply(self, delivery: Delivery, place: Place) -> str:
        named, attached = await with_files(self._files, delivery)
        self._pending.pass_by(delivery.conversation.id)
        try:
            return partly(await self._replies.send(named, place, attached), named.files)
        except FAILURES as failure:
            if code_of(failure) != TOO_LARGE or not attached:
                raise
        alone = delivery.with_files_left(delivery.files)
        return partly(await self._replies.send(alone, place, ()), alone.files)

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for the effect among the last messages of its place. Raises Unsure if they cannot be read."""
        self._calls.settle(delivery)
        if delivery.effect.end == "agents":
            return await self._agent_sender.settle(delivery)
        if isinstance(delivery.effect, Retire | Amend):
            return None  # an edit may be made twice
        place = Place.of(delivery.address)
        row = await self._sent.row(place.room, delivery.effect.id, delivery.conversation.changed_at)
        if row is None:
            return None
        first = receipt(place.room, str(row["id"]), changed_ms(row))
        if delivery.reply is None:
            return first
        named = delivery.with_files_left(unattached(delivery, row))
        try:
            return partly(await self._replies.finish(named, place, first), named.files)
        except FAILURES as failure:
            raise self._judge(failure, place) from failure

    async def _tell(self, delivery: Delivery, drawn: Message, place: Place) -> str:
        """Post a sentence; below it stands the button to write to the agent, if the customer needs it."""
        at = delivery.conversation
        (shown,) = await self._buttons.below((drawn,), at, place, at.holder_name)
        posted = await self._post(delivery, shown, place)
        if shown is not drawn:
            await self._buttons.leave_newest(place, sent(posted)[1])
        return posted

    # ------------------------------------------------------------ steps

    async def _ask(self, delivery: Delivery, effect: Ask, drawn: Message, place: Place) -> str:
        at = delivery.conversation
        solved = at.status is Status.RESOLVED and self._forums.holds(place)
        answer = self._pending.take(at.id, effect.turn)
        if answer is not None and not solved and self._young(answer):
            if await answer.update(marked(drawn, effect.id)):
                self._pending.note(at.id, effect.turn, answer.message)
                return receipt(place.room, answer.message, made(answer.acted.id))
        elif answer is not None:
            answer.passed()
        posted = await self._post(delivery, drawn, place)
        self._pending.note(at.id, effect.turn, sent(posted)[1])
        if at.ticket_open:
            await self._buttons.leave_newest(place, sent(posted)[1])
        if solved:
            await self._tags.put(place, solved=True)
        return posted

    def _young(self, answer: Response) -> bool:
        return self._now() * 1000 - made(answer.message) < EDITABLE_MS

    async def _drawn(self, delivery: Delivery, place: Place) -> Message | None:
        content = await self._buttons.typed(place)
        tried = await self._tried(delivery) if isinstance(delivery.effect, Ask) else ""
        drawn = message(delivery, tried, self._forums.manner(place, typed=content))
        at = delivery.conversation
        if drawn is not None and at.status is Status.RESOLVED and isinstance(delivery.effect, Ask):
            return with_mine_too(drawn, at) if self._forums.holds(place) else drawn
        return drawn

    async def _tried(self, delivery: Delivery) -> str:
        """Write in one line what was tried, for other readers; a card without this line is better than none."""
        if self._retrace is None:
            return ""
        try:
            return tried_line(await self._retrace(delivery.conversation))
        except (StoreDown, Unreadable):
            return ""

    async def _post(
        self, delivery: Delivery, drawn: Message, place: Place, attached: Sequence[Attachment] = ()
    ) -> str:
        await self._calls.allowed()
        effect = delivery.effect.id
        path = "/channels/{channel_id}/messages"
        body = payload(marked(showing(drawn, attached), effect), nonce=effect)
        try:
            answer = await self._client.post(path, body, uploads(attached), channel_id=place.room)
        except FAILURES as failure:
            meant = delivery.reply is not None or delivery.conversation.place_closed
            if meant and await unlocked(self._client, place, failure):
                answer = await self._client.post(path, body, uploads(attached), channel_id=place.room)
                return receipt(place.room, str(answer["id"]))
            if code_of(failure) != UNREADABLE:
                raise
            self._log.warning("Discord refused a message; trying again without pictures", effect=effect)
            body["components"] = without_pictures(body["components"])
            answer = await self._client.ask("POST", path, body, channel_id=place.room)
        return receipt(place.room, str(answer["id"]))

    # ------------------------------------------------------------ rates and failures

    def _judge(self, failure: BaseException, place: Place) -> BaseException:
        """Say what a failure means for the outbox; log for the operator what only a person can fix."""
        verdict = lost(failure, bool(place.thread)) or judged(failure)
        deleted = isinstance(verdict, PlaceGone) and verdict.part != "channel"
        if isinstance(verdict, Undeliverable) and not deleted:
            self._log.error(
                "Discord refused a message", error=str(verdict), guild=place.guild, room=place.room
            )
        return verdict
