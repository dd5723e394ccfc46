"""Posts several messages that belong to one effect, and finishes a series that was interrupted."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import limited
from adapters.slack.rates import POST_PAUSE_S, POSTS
from adapters.slack.render.card import Message
from bot.ports import Busy, Delivery
from flows.conversation import Address
from flows.effects import Brief

LONGEST_PAUSE_S: Final = 5.0
"""Seconds that a series waits at most when Slack asks it to, before the rest is left to another attempt."""


class HalfSent(Exception):
    """Raised when only the first messages of a series were sent: the next attempt finishes it."""


class Part(NamedTuple):
    """A further message of an effect. `id` names it in the message's metadata."""

    id: str
    drawn: Message


class Series:
    """Posts the messages that follow an effect's first message."""

    def __init__(
        self,
        post: Callable[[Delivery, Message], Awaitable[str]],
        find: Callable[[Address, int, str], Awaitable[str | None]],
        may_post: Callable[[Address, str], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        """`find` looks in a place for the message with that id; the number is the conversation's last change, in ms.
        `may_post` raises Busy while the rate is used up; `pause` waits so many seconds.
        """
        self._post_message = post
        self._find = find
        self._may_post = may_post
        self._pause = pause

    async def begin(self, delivery: Delivery, place: Address, parts: Sequence[Part], paid: int) -> list[str]:
        """Post what follows the first message. The rate has granted the first `paid` parts, but not all at once.

        Raises HalfSent. Return the receipts of the parts.
        """
        receipts = []
        try:
            for number, part in enumerate(parts):
                if number >= paid:
                    await self._may_post(place, part.id)
                elif number + 2 > POSTS[1]:
                    await self._pause(POST_PAUSE_S)
                receipts.append(await self._post_patiently(delivery, place, part))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, Busy) as failure:
            raise HalfSent(type(failure).__name__) from failure
        return receipts

    async def finish(self, delivery: Delivery, place: Address, parts: Sequence[Part]) -> list[str]:
        """Post the parts that are not there yet. Raises SlackApiError, Busy and Unsure. Return the receipts of all."""
        receipts = []
        for part in parts:
            receipt = await self._find(place, delivery.conversation.changed_at, part.id)
            if receipt is None:
                await self._may_post(place, part.id)
                receipt = await self._post(delivery, place, part)
            receipts.append(receipt)
        return receipts

    async def _post_patiently(self, delivery: Delivery, place: Address, part: Part) -> str:
        """Post a part; once more if Slack asks to wait for a moment. Raises SlackApiError."""
        try:
            return await self._post(delivery, place, part)
        except SlackApiError as failure:
            seconds = limited(failure)
            if seconds is None or seconds > LONGEST_PAUSE_S:
                raise
        await self._pause(seconds)
        return await self._post(delivery, place, part)

    async def _post(self, delivery: Delivery, place: Address, part: Part) -> str:
        effect = delivery.effect.model_copy(update={"id": part.id})
        return await self._post_message(
            delivery.model_copy(update={"address": place, "effect": effect}), part.drawn
        )


def others_of(delivery: Delivery, drawn: Sequence[Message]) -> tuple[Part, ...]:
    """Return the messages after the first of a long reply or brief."""
    stem = delivery.effect.id + ("." if isinstance(delivery.effect, Brief) else "/")
    return tuple(Part(f"{stem}{number}", each) for number, each in enumerate(drawn) if number)
