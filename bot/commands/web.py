"""`web`: the page and the API alone."""

from bot.commands.serving import serving


def web() -> None:
    """Start the page and the API alone.

    For setups with several processes: start at least one worker beside it, on the same store. With REDIS_URL they
    may stand on different machines; with the embedded store they share DATA_DIR.
    """
    serving("web")
