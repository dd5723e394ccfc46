"""Holds the command line's sentences with a count, in the plural form that the number needs."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

COUNTS: Final = Phrasebook(
    {
        "files": Plural("{count} file", "{count} files"),
        "errors": Plural("{count} error", "{count} errors"),
        "suggestions": Plural("{count} suggestion", "{count} suggestions"),
        "passed": Plural("{count} test passed.", "{count} tests passed."),
        "ran": Plural("Ran {count} test", "Ran {count} tests"),
        "problems": Plural("{count} problem found", "{count} problems found"),
        "left_out": Plural(
            "{count} ticket left out. To list what is damaged: {command}",
            "{count} tickets left out. To list what is damaged: {command}",
        ),
        "quarantined": Plural("{count} damaged entry", "{count} damaged entries"),
        "newer": Plural("{count} effect waits", "{count} effects wait"),
        "unavailable": Plural("not available: {count} error", "not available: {count} errors"),
        "saved": Plural("Saved {path} ({count} byte)", "Saved {path} ({count} bytes)"),
    }
)
