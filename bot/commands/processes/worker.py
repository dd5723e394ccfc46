"""`worker`: sends what is waiting, and runs timers."""

from bot.commands.processes.lifetime import serving


def worker() -> None:
    """Run only a worker.

    A worker sends what a crash or a rate limit left unsent, and runs timers. Any number of workers can share one
    store; each message is sent by one of them.
    """
    serving("worker")
