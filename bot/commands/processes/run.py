"""`run`: starts everything in one process."""

from bot.commands.processes.lifetime import serving


def run() -> None:
    """Start everything in one process.

    It starts the store, the page, a worker, and the chat platforms whose tokens are set. No setting is required.
    Without REDIS_URL it starts an embedded store in DATA_DIR (./data by default). The page is at HOST:PORT
    (http://127.0.0.1:8000 by default). .env.example explains every setting.

    Ctrl-C or SIGTERM stops it. Sends in progress are finished, and nothing is lost.
    """
    serving()
