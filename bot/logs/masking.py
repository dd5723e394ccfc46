"""Masks whatever is logged: texts, values however deep, and tracebacks with their causes, without local values."""

import logging
import re
import traceback
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Final

from flows.text.secrets.masking import HIDDEN, mask
from flows.text.secrets.names import is_secret_name

DEEPEST: Final = 8
"""Levels of a bound value that are shown."""

MOST_ITEMS: Final = 100
"""Items of a list or mapping that are shown."""

LONGEST: Final = 40_000
"""Characters of a text that are logged. A longer text is cut in the middle: the end says what failed."""

SHORTEST: Final = 4
"""Characters of an operator's credential that is hidden wherever it stands."""

_CARD: Final = 10**12
"""The smallest number that is masked like a text."""

_MARGIN: Final = 400
"""Characters around a cut that are masked with what is shown, so that no part of a secret stands at the cut."""

_INPUT: Final = re.compile(r"input_value=.{0,1000}?(?=, input_type=)", re.DOTALL)
"""What pydantic repeats in its errors, shortened: the words of a person."""

_OF_TASK: Final = re.compile(r"exception=(?P<name>[\w.]+)\(.*\)", re.DOTALL)
"""An error as asyncio shows it in the line about a task. Its `repr` may hold all that a codec or parser was given."""

Failure = tuple[type[BaseException], BaseException, TracebackType | None]


class LogMask:
    """Masks what looks like a secret, and the operator's own credentials wherever they stand."""

    def __init__(self, hidden: Iterable[str] = ()) -> None:
        """`hidden` are the operator's credentials."""
        longest_first = sorted({each for each in hidden if len(each) >= SHORTEST}, key=len, reverse=True)
        self._hidden = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """Return the text with secrets masked."""
        if len(text) <= LONGEST:
            return self._masked(text)
        half = LONGEST // 2
        begins, ends = self._masked(text[: half + _MARGIN]), self._masked(text[-half - _MARGIN :])
        return f"{begins[:half]}\n… {len(text) - LONGEST} characters left out …\n{ends[-half:]}"

    def _masked(self, text: str) -> str:
        if self._hidden is not None:
            text = self._hidden.sub(HIDDEN, text)
        return mask(_INPUT.sub("input_value=…", text))

    def line(self, logger: str, text: str) -> str:
        """Return a library's line with secrets masked."""
        return self.text(_OF_TASK.sub(r"exception=\g<name>(…)", text) if logger == "asyncio" else text)

    def value(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """Return a bound value with secrets masked, as plain data. `name` is what the value is called."""
        if value is None or isinstance(value, bool | float):
            return value
        if name and is_secret_name(name) and value:
            return HIDDEN
        if isinstance(value, int):
            return value if abs(value) < _CARD or self.text(str(value)) == str(value) else HIDDEN
        if isinstance(value, str):
            return self.text(value)
        if depth >= DEEPEST:
            return "…"
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            return self._items(list(value), name, depth)
        return self.text(_shown(value))

    def _items(self, items: list[Any], name: str, depth: int) -> list[Any]:
        """Mask the items of a list; of a pair such as a header's, the first may name the second."""
        if len(items) == 2 and isinstance(items[0], str | bytes) and isinstance(items[1], str | bytes):
            return [
                self.value(items[0], name, depth + 1),
                self.value(items[1], _shown_name(items[0]), depth + 1),
            ]
        return [self.value(each, name, depth + 1) for each in items[:MOST_ITEMS]]

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        """Mask a mapping; one item may name the value of another, as in {"name": "password", "value": …}."""
        named = value.get("name") or value.get("key")
        called = {"value": named} if isinstance(named, str) else {}
        return {
            self.text(str(key)): self.value(each, called.get(key, _shown_name(key)), depth + 1)
            for key, each in list(value.items())[:MOST_ITEMS]
        }

    def traceback(self, failure: Failure) -> str:
        """Return the traceback with its causes and notes, secrets masked. It never shows local values."""
        try:
            lines = traceback.TracebackException(*failure, capture_locals=False).format()
            return self.text("".join(lines).rstrip("\n"))
        except Exception as broken:  # noqa: BLE001  # an error may fail to describe itself, and is logged all the same
            return f"{failure[0].__name__} (its traceback cannot be shown: {type(broken).__name__})"


def failure_of(exc_info: Any) -> Failure | None:
    """Return the error that a log line carries, in any of the forms that `exc_info` takes; None if there is none."""
    import sys

    if isinstance(exc_info, BaseException):
        return type(exc_info), exc_info, exc_info.__traceback__
    if isinstance(exc_info, tuple) and len(exc_info) == 3 and exc_info[1] is not None:
        return exc_info
    kind, error, trace = sys.exc_info() if exc_info else (None, None, None)
    return (kind, error, trace) if kind is not None and error is not None else None


def _shown_name(name: Any) -> str:
    return _shown(name) if isinstance(name, bytes) else str(name)


def _shown(value: Any) -> str:
    """Describe a value that is neither text nor a collection. Never raises."""
    try:
        if isinstance(value, bytes | bytearray):
            return bytes(value).decode("utf-8", "backslashreplace")
        if isinstance(value, BaseException):
            return "".join(traceback.format_exception_only(value)).rstrip("\n")
        return repr(value)
    except Exception as broken:  # noqa: BLE001  # a log line must not fail with the value that it shows
        return f"<{type(value).__name__} that cannot be shown: {type(broken).__name__}>"


class MaskedHandler(logging.StreamHandler[Any]):
    """Writes lines to a stream. A line that cannot be formatted is named by its logger, without its values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the name that logging calls
        """Say which line failed; logging itself would print the values."""
        self.stream.write(f"a line of {record.name} cannot be logged: {record.pathname}:{record.lineno}\n")
