"""Looks for messages that the bot sent before, by the number of their effect, so that nothing is posted twice."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from adapters.discord.api.addresses import changed_ms, receipt, since
from adapters.discord.api.client import FAILURES, DiscordClient, judged
from adapters.discord.render.effect_tag import mark, mark_of
from bot.ports import Busy, Undeliverable, Unsure

CLOCK_SKEW_MS: Final = 300_000
"""Milliseconds before a conversation's last change from which an earlier attempt is looked for: clocks differ."""

LOOKED_AT: Final = 100
"""Messages in which an earlier attempt is looked for; Discord returns no more per request."""

NONCE_KEPT_MS: Final = 120_000
"""Milliseconds in which Discord surely drops a repeat by its nonce; its documents say "a few minutes"."""

UNSURE_RETRY_S: Final = 2.0
"""Seconds until Discord is asked again which messages arrived, after a failed call."""

Row = Mapping[str, Any]


class SentMessages:
    """Finds the bot's own messages among the last messages of a channel."""

    def __init__(
        self, client: DiscordClient, allowed: Callable[[], Awaitable[None]], now: Callable[[], float]
    ) -> None:
        """`allowed` raises Busy while the rate is used up; `now` is in seconds since 1970."""
        self._client = client
        self._allowed = allowed
        self._now = now

    async def find(self, room: str, effect: str, changed: int) -> str | None:
        """Return the receipt of the effect's message; `changed` is the conversation's last change, in ms.

        Raises Unsure if the messages cannot be read, and Busy.
        """
        row = await self.row(room, effect, changed)
        return receipt(room, str(row["id"]), changed_ms(row)) if row is not None else None

    async def row(self, room: str, effect: str, changed: int) -> Row | None:
        """Return the effect's message as Discord returns it; None if it is not there. Raises as `find` does."""
        await self._allowed()
        try:
            rows = await last_messages(self._client, room)
        except FAILURES as failure:
            raise _history_failure(failure) from failure
        for row in rows:
            if mark_of(row) == mark(effect):
                return row
        if not rows and self._now() * 1000 - changed > NONCE_KEPT_MS:
            raise Unsure  # without permission to read history Discord returns no messages, and it has dropped the nonce
        oldest = min((int(str(row["id"])) for row in rows), default=0)
        if len(rows) == LOOKED_AT and oldest > int(since(changed - CLOCK_SKEW_MS)):
            raise Unsure
        return None


async def last_messages(client: DiscordClient, room: str) -> list[Row]:
    """Return a channel's last messages, newest first. Raises FAILURES."""
    path = "/channels/{channel_id}/messages"
    answer = await client.ask("GET", path, channel_id=room, params={"limit": LOOKED_AT})
    return [row for row in answer or () if isinstance(row, Mapping)]


def _history_failure(failure: BaseException) -> BaseException:
    """Say what an unreadable history means. Reading sends nothing, so this attempt does not count."""
    verdict = judged(failure)
    if isinstance(verdict, Busy):
        return verdict
    return Unsure() if isinstance(verdict, Undeliverable) else Busy(UNSURE_RETRY_S)
