"""Configures the operator's structured logs, for people or as JSON, and masks whatever is logged (law L9)."""

import logging
import sys
import traceback
from collections.abc import Iterable
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.logs.masking import LogMask, MaskedHandler, failure_of

LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}

_PLAIN: Final = frozenset({"level", "timestamp", "_record", "_from_structlog"})
"""What logging itself adds to a line."""


def configure(style: str, level: str, hidden: Iterable[str] = ()) -> None:
    """Send all logs to stderr, ours and those of libraries. `style` is "human" or "json".

    `hidden` are the operator's credentials, which no line shows. Every line of either style has the traceback of its
    error as the text `exception`.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Masked(LogMask(hidden)),
    ]
    last: Any = structlog.processors.JSONRenderer() if style == "json" else _human()
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = MaskedHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_own_keys, last])
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))
    logging.captureWarnings(True)


def log(name: str) -> Any:
    """Return a logger that names its part of the product."""
    return structlog.get_logger().bind(room=name)


def _human() -> Any:
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _own_keys(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)


class _Masked:
    """Masks a line: its message, all its values, and its traceback, which becomes text."""

    def __init__(self, mask: LogMask) -> None:
        self._mask = mask

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the line to render."""
        failure = failure_of(event.pop("exc_info", None))
        stack = event.pop("stack_info", None)
        source = getattr(event.get("_record"), "name", "")
        line: EventDict = {}
        for name, value in event.items():
            if name in _PLAIN:
                line[name] = value
            elif isinstance(value, str) and name in ("event", "exception", "traceback"):
                line[name] = self._mask.line(source, value)
            else:
                line[name] = self._mask.value(value, name)
        if failure is not None:
            line["exception"] = self._mask.traceback(failure)
        if stack:
            shown = stack if isinstance(stack, str) else "".join(traceback.format_stack()[:-1])
            line["stack"] = self._mask.text(shown)
        return line
