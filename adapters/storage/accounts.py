"""Stores the accounts of the web desk in Redis: one hash with a field per account."""

from pydantic import ValidationError

from adapters.storage.records.damage import Damage, intact, is_newer, mapping
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.wire import Wire
from bot.ports import Account


class RedisAccounts:
    """Implements the port Accounts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)

    async def put(self, account: Account) -> None:
        """Store an account. An account with the same id is replaced."""
        await self._wire.ask("HSET", self._wire.keys.accounts, account.id, account.model_dump_json())

    async def get(self, account_id: str) -> Account | None:
        """Return the account with that id, or None."""
        text: str | None = await self._wire.ask("HGET", self._wire.keys.accounts, account_id)
        return await self._read(account_id, text) if text else None

    async def all(self) -> tuple[Account, ...]:
        """Return all accounts, sorted by name."""
        answer = await self._wire.ask("HGETALL", self._wire.keys.accounts)
        found = [await self._read(name, text) for name, text in mapping(answer).items()]
        accounts = [account for account in found if account is not None]
        return tuple(sorted(accounts, key=lambda account: (account.name.casefold(), account.id)))

    async def _read(self, account_id: str, text: str) -> Account | None:
        """Return an account. One that cannot be read is set aside, unless a newer version wrote it."""
        try:
            return Account.model_validate_json(intact(text))
        except (ValidationError, Damage) as why:
            if not (isinstance(why, ValidationError) and is_newer(why)):
                await self._quarantine.field(self._wire.keys.accounts, "account", account_id, text, why)
            return None

    async def remove(self, account_id: str) -> bool:
        """Delete an account. Returns False if there was no account with that id."""
        return bool(await self._wire.ask("HDEL", self._wire.keys.accounts, account_id))
