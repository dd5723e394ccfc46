"""Reads the settings and sets up the log, as every command does first."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.wiring.settings import Settings


def opened(*, quiet: bool = False) -> "Settings":
    """Return the settings, and configure the log by them; `quiet` logs only errors, for commands that people read.

    Raises SettingsError.
    """
    from bot.telemetry import configure
    from bot.wiring.settings import load_settings

    settings = load_settings()
    wanted = settings.log_level
    configure(settings.log_format, "error" if quiet and wanted != "debug" else wanted)
    return settings
