"""The accounts of the web desk in Redis: one hash, an account a field."""

from collections.abc import Mapping

from adapters.storage.wire import Wire
from bot.ports import Account


class RedisAccounts:
    """The port Accounts."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def put(self, account: Account) -> None:
        """Keep it, in place of the one with that id if there is one."""
        await self._wire.ask("HSET", self._wire.keys.accounts, account.id, account.model_dump_json())

    async def get(self, account_id: str) -> Account | None:
        """The account with that id."""
        found: str | None = await self._wire.ask("HGET", self._wire.keys.accounts, account_id)
        return Account.model_validate_json(found) if found else None

    async def all(self) -> tuple[Account, ...]:
        """Everybody's, by name."""
        found = await self._wire.ask("HGETALL", self._wire.keys.accounts)
        texts = found.values() if isinstance(found, Mapping) else found[1::2]
        accounts = [Account.model_validate_json(text) for text in texts]
        return tuple(sorted(accounts, key=lambda account: (account.name.casefold(), account.id)))

    async def remove(self, account_id: str) -> bool:
        """It is no longer there; False when it was not."""
        return bool(await self._wire.ask("HDEL", self._wire.keys.accounts, account_id))
