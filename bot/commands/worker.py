"""`worker`: what is left to send, and timers."""

from bot.commands.serving import serving


def worker() -> None:
    """Start a worker alone.

    It sends what a crash or a rate limit left, and rings timers. Any number of workers may run on one store; each
    effect is carried out by one of them.
    """
    serving("worker")
