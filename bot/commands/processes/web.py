"""`web`: runs the page, the desk and the API."""

from bot.commands.processes.lifetime import serving


def web() -> None:
    """Run only the page, the desk and the API.

    For setups with several processes: run at least one worker as well, on the same store. With REDIS_URL they can be
    on different machines; with the embedded store they share DATA_DIR.
    """
    serving("web")
