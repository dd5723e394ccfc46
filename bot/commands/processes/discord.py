"""`discord`: listens to Discord over its gateway."""

from bot.commands.failures import WRONG, stop
from bot.commands.processes.lifetime import serving


def discord() -> None:
    """Run only the Discord listener. It opens its own connection.

    For setups with several processes: run a worker as well, on the same store. Several listeners can run at the
    same time, even on the same shards; an event that Discord delivers twice counts once. To spread a large bot
    over processes, set DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT.

    Exit codes: 0 after a normal stop, 1 if the store cannot be reached, 2 if Discord refuses the token.
    """
    from bot.commands.startup import opened

    settings = opened(quiet=True)
    if not settings.discord_token.get_secret_value():
        raise stop("DISCORD_TOKEN is not set. See docs/discord.md for where to find it.", WRONG)
    serving("discord")
