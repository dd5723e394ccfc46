"""Stores in Redis which email addresses a contact has confirmed: one set per contact, of what names each address."""

from adapters.storage.wire import Wire
from bot.ports import named


class RedisConfirmedAddresses:
    """Implements the port ConfirmedAddresses."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def confirm(self, contact: str, address: str) -> None:
        """Record that the contact's address was confirmed."""
        key = self._wire.keys.confirmed(contact)
        await self._wire.ask_all([("SADD", key, named(address)), ("EXPIRE", key, self._wire.keep)])

    async def confirmed(self, contact: str, address: str) -> bool:
        """Return whether the contact's address was confirmed; each question keeps the answer for as long again."""
        key = self._wire.keys.confirmed(contact)
        found, _ = await self._wire.ask_all(
            [("SISMEMBER", key, named(address)), ("EXPIRE", key, self._wire.keep)]
        )
        return bool(found)
