"""Stores the accounts of the web desk in Redis: one hash with a field per account."""

from collections.abc import Mapping

from adapters.storage.wire import Wire
from bot.ports import Account


class RedisAccounts:
    """Implements the port Accounts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def put(self, account: Account) -> None:
        """Store an account. An account with the same id is replaced."""
        await self._wire.ask("HSET", self._wire.keys.accounts, account.id, account.model_dump_json())

    async def get(self, account_id: str) -> Account | None:
        """Return the account with that id, or None."""
        text: str | None = await self._wire.ask("HGET", self._wire.keys.accounts, account_id)
        return Account.model_validate_json(text) if text else None

    async def all(self) -> tuple[Account, ...]:
        """Return all accounts, sorted by name."""
        answer = await self._wire.ask("HGETALL", self._wire.keys.accounts)
        texts = answer.values() if isinstance(answer, Mapping) else answer[1::2]
        accounts = [Account.model_validate_json(text) for text in texts]
        return tuple(sorted(accounts, key=lambda account: (account.name.casefold(), account.id)))

    async def remove(self, account_id: str) -> bool:
        """Delete an account. Returns False if there was no account with that id."""
        return bool(await self._wire.ask("HDEL", self._wire.keys.accounts, account_id))
