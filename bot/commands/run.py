"""`run`: everything in one process."""

from bot.commands.serving import serving


def run() -> None:
    """Start everything: the store, the page, a worker, and the chat platforms whose tokens are set.

    All of it runs in this one process, and needs no settings. Without REDIS_URL it starts its own store in
    DATA_DIR, by default ./data, and the page answers at HOST:PORT, by default http://127.0.0.1:8000. Every setting
    is explained in .env.example.

    Ctrl-C or SIGTERM stops it: what is under way is finished, and nothing is lost.
    """
    serving()
