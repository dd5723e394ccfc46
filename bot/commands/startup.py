"""Reads the settings and sets up the log, as every command does first."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from adapters.storage.store import Store
    from bot.wiring.settings import Settings


_PASSWORD: Final = re.compile(r"://[^/?#\s@]*:([^/?#\s]+)@")
"""The password in an address."""


def opened(*, quiet: bool = False) -> "Settings":
    """Return the settings, and configure the log by them; `quiet` logs only errors, for commands that people read.

    Raises SettingsError.
    """
    from bot.telemetry import configure
    from bot.wiring.settings import load_settings

    settings = load_settings()
    _check_store_address(settings)
    wanted = settings.log_level
    configure(settings.log_format, "error" if quiet and wanted != "debug" else wanted, credentials(settings))
    return settings


def credentials(settings: "Settings") -> frozenset[str]:
    """Return every credential among the settings, and the passwords in addresses as they are and as URLs spell them."""
    from pydantic import SecretStr

    values = [value for _, value in settings]
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    addresses = [*secrets, *(value for value in values if isinstance(value, str))]
    written = [found for address in addresses for found in _PASSWORD.findall(address)]
    return frozenset(filter(None, (*secrets, *written, *map(unquote, written), *_store_passwords(settings))))


def _check_store_address(settings: "Settings") -> None:
    """Raise SettingsError if REDIS_URL cannot be read, with the reason and without the password."""
    from adapters.storage.connections.address import read_address
    from bot.wiring.settings import SettingsError

    try:
        if settings.redis_url:
            read_address(settings.redis_url)
    except ValueError as wrong:
        raise SettingsError(f"REDIS_URL: {wrong}") from None


def _store_passwords(settings: "Settings") -> frozenset[str]:
    """Return the passwords of REDIS_URL: a list of nodes has several places for them, Sentinels have options."""
    if not settings.redis_url:
        return frozenset()
    from adapters.storage.connections.address import passwords

    return passwords(settings.redis_url)


@asynccontextmanager
async def opened_store(settings: "Settings", *, known: bool = True) -> "AsyncIterator[Store]":
    """Attach to the store alone, without flows or platforms; with `known`, to the one that this machine used before.

    Raises StoreDown.
    """
    from adapters.storage.store import open_store

    store = await open_store(
        settings.redis_url,
        settings.data_dir,
        prefix=settings.redis_prefix,
        keep_days=settings.keep_days,
        memory_mb=settings.store_memory_mb,
        vouched=settings.store_vouched,
        known=known,
    )
    try:
        yield store
    finally:
        await store.close()
