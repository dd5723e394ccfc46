"""Numbers the formats of stored data: what each number added, and which one this release reads."""

from collections.abc import Mapping
from typing import Final

FORMATS: Final[Mapping[int, str]] = {
    1: "everything that releases stored until 30 November 2026",
}
"""What each format added to the one before. A release reads every format up to its newest."""

NEWEST: Final = max(FORMATS)
"""The newest format that this release reads."""
