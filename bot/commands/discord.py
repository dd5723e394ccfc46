"""`discord`: hears Discord over its gateway."""

from bot.commands.failing import WRONG, stop
from bot.commands.serving import serving


def discord() -> None:
    """Hear Discord alone, over a connection that this process opens.

    For setups with several processes: start a worker beside it, on the same store. Several of these may run at a
    time, on the same shards too; what Discord tells twice counts once. A large bot is spread over processes with
    DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT.

    Exit codes: 0 when it was stopped, 1 when the store cannot be reached, 2 when Discord refuses the token.
    """
    from bot.commands.opening import opened

    settings = opened(quiet=True)
    if not settings.discord_token.get_secret_value():
        raise stop("DISCORD_TOKEN is not set. docs/discord.md says where to find it.", WRONG)
    serving("discord")
