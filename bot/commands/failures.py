"""Explains why a command cannot continue: what it prints, and its exit code."""

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from bot.commands.program_name import typed

BROKEN = 1
"""A needed part is broken or cannot be reached; the command may work later."""

WRONG = 2
"""Invalid usage, or a wrong setting; the same command will never work."""


class ExplainingGroup(TyperGroup):
    """Explains foreseen failures of its commands in one line each, never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; print the explanation of a failure that has one."""
        try:
            return super().invoke(ctx)
        except Exception as failure:
            explanation = None if isinstance(failure, typer.Exit) else explained(failure)
            if explanation is None:
                raise
            text, code = explanation
            complain(text)
            raise typer.Exit(code) from None


def explained(failure: BaseException) -> tuple[str, int] | None:
    """Return what to print and the exit code, or None for a failure that was not foreseen."""
    from adapters.storage.health import StoreUnusable
    from bot.ports import Damaged, StoreDown, TooOld, Unreadable
    from bot.wiring.chats import PlatformRefused
    from bot.wiring.settings import SettingsError

    for one in _leaves(failure):
        if isinstance(one, SettingsError):
            return f"Invalid settings. See .env.example for what each setting means.\n{one}", WRONG
        if isinstance(one, PlatformRefused):
            return str(one), WRONG
        if isinstance(one, StoreDown):
            return f"Cannot reach the store: {one}", BROKEN
        if isinstance(one, StoreUnusable | TooOld):
            return f"Cannot use the store: {one}", BROKEN
        if isinstance(one, Damaged):
            return f"{one}. To list what is damaged: {typed('outbox')}", BROKEN
        if isinstance(one, Unreadable):
            return f"A newer version of this program wrote this data; update to read it: {one}", BROKEN
    return None


def _leaves(failure: BaseException) -> Iterator[BaseException]:
    if isinstance(failure, BaseExceptionGroup):
        for inner in failure.exceptions:
            yield from _leaves(inner)
    else:
        yield failure


def complain(text: str) -> None:
    """Print to stderr, to keep stdout clean for pipes."""
    sys.stdout.flush()
    typer.echo(text, err=True)


def stop(text: str, code: int) -> typer.Exit:
    """Print the text to stderr, and return the exit to raise."""
    complain(text)
    return typer.Exit(code)
