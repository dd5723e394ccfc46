"""Says in plain words what a setting should have been, for each way in which its value can be wrong."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

from flows.text.secrets.masking import mask

_EXPECTED: Final[Mapping[str, str]] = {
    "bool_parsing": "expected yes or no",
    "float_parsing": "expected a number",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected {ge} or more",
    "int_parsing": "expected a whole number",
    "less_than_equal": "expected {le} or less",
    "literal_error": "expected {expected}",
    "string_pattern_mismatch": "expected text that matches {pattern}",
    "string_too_long": "expected at most {max_length} characters",
    "url_parsing": "expected an address such as https://help.example.com",
    "url_scheme": "expected an address that starts with http:// or https://",
}
"""By pydantic's name of the error, with its details as blanks. Our own validators word their errors themselves."""


def expected(error: ErrorDetails) -> str:
    """Return what was expected, as a clause to follow the setting's name."""
    known = _EXPECTED.get(error["type"])
    if known is not None:
        return known.format_map(error.get("ctx", {}))
    reason = error["msg"].removeprefix("Value error, ")
    return reason[0].lower() + reason[1:]


def given(error: ErrorDetails) -> str:
    """Return the wrong value in quotes, as an operator wrote it, with what looks like a secret masked (law L9)."""
    value = error["input"]
    return repr(mask(", ".join(map(str, value)) if isinstance(value, tuple) else str(value)))
