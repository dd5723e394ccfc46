"""Tunes the garbage collection of a process that serves for a long time."""

import gc
from typing import Final

COLLECT_EVERY: Final = 10_000
"""New objects until garbage is collected again, some fifty events' worth. Python's 700 cost each event a tenth."""


def collect_less() -> None:
    """Collect garbage less often, and never look again at what lasts as long as the process: modules and flows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 20)
