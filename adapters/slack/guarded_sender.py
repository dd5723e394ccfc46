"""Holds back everything that the outbox sends while Slack refuses the bot's token."""

from adapters.slack.api.addresses import SLACK
from adapters.slack.api.token_state import TokenState
from bot.ports import Busy, Channel, Delivery


class GuardedSender:
    """Implements `bot.ports.Channel`: sends nothing with a refused token, and loses nothing."""

    name = SLACK
    idempotent = False

    def __init__(self, sender: Channel, token: TokenState) -> None:
        self._sender = sender
        self._token = token

    async def send(self, delivery: Delivery) -> str:
        """Send an effect. Raises Busy until Slack takes the token, and whatever the sender raises."""
        await self._token.admit()
        try:
            return await self._sender.send(delivery)
        except Busy as busy:
            raise self._sooner(busy) from busy

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for an earlier attempt. Raises Busy until Slack takes the token, and whatever the sender raises."""
        await self._token.admit()
        try:
            return await self._sender.settle(delivery)
        except Busy as busy:
            raise self._sooner(busy) from busy

    def _sooner(self, busy: Busy) -> Busy:
        """Return how long a lane waits: only until the token's next attempt, if the token is the reason."""
        return Busy(self._token.wait) if self._token.refusal else busy
