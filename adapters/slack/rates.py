"""Takes messages, edits and reads from Slack's rates, so that what waits for a rate is sent in its order."""

from typing import Final

from adapters.slack.api.addresses import SLACK
from bot.ports import Busy, Limiter, Rate
from flows.conversation import Address

POSTS: Final = (60, 2.5)
"""Messages a minute in one channel, and in a burst: Slack allows one a second and short bursts.

The burst is below the three that Slack takes, because messages may reach Slack closer together than they left.
"""

POSTS_TOGETHER: Final = (240, 40)
"""Messages a minute in one workspace, and in a burst; Slack's limit is several hundred, unpublished."""

EDITS: Final = (50, 25)
"""Calls a minute in one workspace, and in a burst: `chat.update` and `chat.delete` are of tier 3."""

READS: Final = (50, 10)
"""Calls a minute, and in a burst: `conversations.history` and `.replies` are of tier 3 for a customer's own app."""

POST_PAUSE_S: Final = 60 / POSTS[0]
"""Seconds between the messages of one series beyond the burst."""

MOST_IN_SERIES: Final = 12
"""Messages that one claim takes: more could not be sent before the send is cut off."""


class Rates:
    """Shares Slack's rates among all processes. Each method raises Busy while its claim has to wait."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def post(self, address: Address, claim: str, amount: int = 1) -> None:
        """Take so many messages in a channel, all or none."""
        room = _rate(f"post/{address.room}", POSTS)
        await self._take(address, claim, (room, _rate("post", POSTS_TOGETHER)), amount)

    async def hold(self, address: Address, seconds: float) -> None:
        """Post nothing in a channel for so many seconds, because Slack refused a message there."""
        scope = f"{SLACK}/{address.workspace}"
        await self._limiter.hold(scope, _rate(f"post/{address.room}", POSTS), seconds)

    async def edit(self, address: Address, claim: str) -> None:
        """Take an edit or a deletion."""
        await self._take(address, claim, (_rate("edit", EDITS),))

    async def read(self, address: Address, claim: str) -> None:
        """Take a look at a channel's history."""
        await self._take(address, claim, (_rate("history", READS),))

    async def _take(self, address: Address, claim: str, rates: tuple[Rate, ...], amount: int = 1) -> None:
        scope = f"{SLACK}/{address.workspace}"
        wait = await self._limiter.reserve(scope, claim, rates, amount)
        if wait > 0:
            raise Busy(wait)


def _rate(name: str, rate: tuple[int, float]) -> Rate:
    return Rate(name=name, per_minute=rate[0], at_once=rate[1])
