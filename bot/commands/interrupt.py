"""Makes Ctrl-C stop the program, however it was started."""

import signal


def heed_ctrl_c() -> None:
    """Let Ctrl-C interrupt this program even if it was started with SIGINT ignored, as shells start background jobs.

    Python and asyncio keep SIGINT ignored, so that only SIGKILL or SIGTERM could end the program.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
