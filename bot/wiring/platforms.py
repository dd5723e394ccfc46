"""Opens the chat platforms whose tokens are set; a third platform is one more entry."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from bot.wiring.discord import open_discord
from bot.wiring.product import Platform, Platforms
from bot.wiring.settings import Settings
from bot.wiring.slack import open_slack

OPENED: Final[tuple[Callable[[Settings], Platform | None], ...]] = (open_slack, open_discord)
"""What opens each platform, or returns None without its token."""


@asynccontextmanager
async def open_platforms(settings: Settings) -> AsyncIterator[Platforms]:
    """Open the platforms whose tokens are set. Nothing is sent or asked before somebody needs it."""
    async with AsyncExitStack() as stack:
        found = tuple(platform for opened in OPENED if (platform := opened(settings)) is not None)
        for platform in found:
            stack.push_async_callback(platform.close)
        yield Platforms(found)
