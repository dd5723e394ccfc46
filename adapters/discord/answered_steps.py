"""Shrinks answered steps and suggestions to a line, unless their message became the next step."""

from collections.abc import Callable
from typing import Final

from adapters.discord.api.addresses import Place, sent
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.render.card import collapsed
from adapters.discord.render.components import buttons_in
from adapters.discord.responses import PendingResponses
from adapters.discord.updates import GONE, Updates
from bot.ports import Busy, Delivery

CLICK_SETTLED_MS: Final = 5_000
"""Milliseconds after a click in which its message may still become the next step: Discord takes responses for 3 s."""

STEP_EXPECTED_S: Final = 1.5
"""Seconds in which this process should have shown the step that replaces another."""

STEP_RETRY_S: Final = 1.0
"""Seconds until another look at a message that may still become the next step."""


class AnsweredSteps:
    """Removes the buttons of messages that were answered."""

    def __init__(
        self,
        client: DiscordClient,
        updates: Updates,
        pending: PendingResponses,
        judged: Callable[[BaseException, Place], BaseException],
        now: Callable[[], float],
    ) -> None:
        """`judged` says what a failure in a place means for the outbox; `now` is in seconds since 1970."""
        self._client = client
        self._updates = updates
        self._pending = pending
        self._judged = judged
        self._now = now

    async def retire(self, delivery: Delivery) -> str:
        """Carry out a Retire. Return the message's receipt, or '' if it can no longer be edited. Raises Busy."""
        room, of = sent(delivery.of)
        if await self._lives_on(delivery, room, of):
            return delivery.of
        try:
            return await self._updates.edit(delivery.of, collapsed(delivery))
        except FAILURES as failure:
            raise self._judged(failure, Place.of(delivery.address)) from failure

    async def _lives_on(self, delivery: Delivery, room: str, of: str) -> bool:
        """Whether the message became the live step, so that its buttons must stay.

        Only the process that recorded a click can show a step as its response, and only for three seconds; afterwards
        the message itself says which step it shows. Raises Busy before.
        """
        at = delivery.conversation
        if not at.prompt_effect:
            return False
        live = await self._pending.shown(at.id, at.turn, STEP_EXPECTED_S)
        if live is not None:
            return live == of
        if self._now() * 1000 - at.changed_at < CLICK_SETTLED_MS:
            raise Busy(STEP_RETRY_S)
        path = "/channels/{channel_id}/messages/{message_id}"
        try:
            row = await self._client.ask("GET", path, channel_id=room, message_id=of)
        except FAILURES as failure:
            if code_of(failure) in GONE:
                return True
            raise self._judged(failure, Place.of(delivery.address)) from failure
        shown = [*buttons_in(row.get("components") or ())]
        asks = any(button.built_in == "dismiss" for button in shown)  # no prompt has that button
        return not asks and any(button.turn >= at.turn for button in shown)
