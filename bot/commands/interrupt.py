"""Keeps the promise of Ctrl-C, however the program was started."""

import signal


def heed_ctrl_c() -> None:
    """Let Ctrl-C interrupt this program even if it was started with SIGINT ignored, as shells start background jobs.

    Python and asyncio leave an ignored SIGINT ignored: without this the program could only be killed.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
