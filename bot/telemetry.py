"""Configures the operator's structured logs, for people or as JSON, and masks what looks like a secret."""

import logging
import sys
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from flows.text.secrets.masking import mask

LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(style: str, level: str) -> None:
    """Send all logs to stderr, ours and those of libraries. `style` is "human" or "json"."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
    ]
    last: Any = structlog.processors.JSONRenderer() if style == "json" else _human()
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, last]
        if style == "json"
        else [*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_own_keys, last])
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))


def log(name: str) -> Any:
    """Return a logger that names its part of the product."""
    return structlog.get_logger().bind(room=name)


def _human() -> Any:
    # The default traceback prints local values: people's words, and tokens.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _own_keys(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)


def _masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: mask(value) if isinstance(value, str) else value for name, value in event.items()}
