"""Skips the five seconds that Discord requires between two new sessions of a bot."""

from adapters.storage.store import Store
from tests.fakes.discord.whole import Discord


async def passed(discord: Discord, store: Store) -> None:
    """Let the bot open another session now, whenever it opened the last one."""
    await store.marks.clear(f"discord/identify/{discord.bot.id}/at/0")
