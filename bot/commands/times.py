"""Formats times for the operator."""

from datetime import UTC, datetime


def moment(milliseconds: int) -> str:
    """Return local time to the minute; '' for never."""
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M")
