"""The five seconds that Discord wants between two new sessions of a bot, passed at once."""

from adapters.storage.store import Store
from tests.fakes.discord.whole import Discord


async def passed(discord: Discord, store: Store) -> None:
    """From now on the bot may open one more session, whenever it opened the last."""
    await store.marks.clear(f"discord/identify/{discord.bot.id}/at/0")
