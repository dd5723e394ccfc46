"""Opens the chat platforms whose tokens are set; each further platform is one more entry."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from bot.wiring.discord import open_discord
from bot.wiring.product import Platform, Platforms
from bot.wiring.settings import Settings
from bot.wiring.slack import open_slack

OPENED: Final[tuple[Callable[[Settings], Platform | None], ...]] = (open_slack, open_discord)
"""Functions that open a platform, or return None without its token."""


@asynccontextmanager
async def open_platforms(settings: Settings) -> AsyncIterator[Platforms]:
    """Open the platforms whose tokens are set. Nothing is sent or requested until it is needed."""
    async with AsyncExitStack() as stack:
        found = tuple(platform for opened in OPENED if (platform := opened(settings)) is not None)
        for platform in found:
            stack.push_async_callback(platform.close)
        yield Platforms(found)
