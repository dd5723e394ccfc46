"""Shows errors that nothing caught with their secrets masked: of a command, of its threads, of finalizers."""

import sys
import threading
from typing import Any


def report_crashes() -> None:
    """Show what fails in threads and finalizers from now on, and what ends the process."""
    sys.excepthook = lambda kind, error, trace: _show("the process failed", (kind, error, trace))
    threading.excepthook = lambda crash: _show(
        "a thread failed", (crash.exc_type, crash.exc_value, crash.exc_traceback)
    )
    sys.unraisablehook = lambda crash: _show(
        "an error was ignored", (crash.exc_type, crash.exc_value, crash.exc_traceback)
    )


def show_crash(error: BaseException) -> None:
    """Show the error that ended a command."""
    _show("the command failed", (type(error), error, error.__traceback__))


def _show(event: str, failure: Any) -> None:
    """Log the error once the log is configured; before that, print its traceback."""
    import structlog

    from bot.logs.masking import LogMask
    from bot.telemetry import log

    if failure[1] is None or issubclass(failure[0], KeyboardInterrupt | SystemExit):
        return
    if structlog.is_configured():
        log("app").error(event, exc_info=failure)
    else:
        sys.stderr.write(LogMask().traceback(failure) + "\n")
