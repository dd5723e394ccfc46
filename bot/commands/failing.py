"""What a command says, and with which code it ends, when it cannot go on."""

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

BROKEN = 1
"""Something needed is broken or cannot be reached; it may work later."""

WRONG = 2
"""It was called wrongly, or a setting is wrong; it will never work like this."""


class Careful(TyperGroup):
    """A group of commands that explains what was foreseen in one line each, never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a failure that has an explanation becomes one."""
        try:
            return super().invoke(ctx)
        except Exception as failure:
            told = None if isinstance(failure, typer.Exit) else explained(failure)
            if told is None:
                raise
            text, code = told
            complain(text)
            raise typer.Exit(code) from None


def explained(failure: BaseException) -> tuple[str, int] | None:
    """What to say about it and the exit code, or None when nobody foresaw it."""
    from adapters.storage.health import StoreUnusable
    from bot.platforms import PlatformRefused
    from bot.ports import RevisionUnreadable, StoreDown
    from bot.settings import SettingsError

    for one in _leaves(failure):
        if isinstance(one, SettingsError):
            return f"A setting is wrong; see .env.example for what it means.\n{one}", WRONG
        if isinstance(one, PlatformRefused):
            return str(one), WRONG
        if isinstance(one, StoreDown):
            return f"The store cannot be reached: {one}", BROKEN
        if isinstance(one, StoreUnusable):
            return f"The store cannot be used like this: {one}", BROKEN
        if isinstance(one, RevisionUnreadable):
            return f"A newer version of this program wrote that: {one}", BROKEN
    return None


def _leaves(failure: BaseException) -> Iterator[BaseException]:
    if isinstance(failure, BaseExceptionGroup):
        for inner in failure.exceptions:
            yield from _leaves(inner)
    else:
        yield failure


def complain(text: str) -> None:
    """Say it on stderr, where it spoils nobody's pipe."""
    sys.stdout.flush()
    typer.echo(text, err=True)


def stop(text: str, code: int) -> typer.Exit:
    """Complain; what is returned is to be raised."""
    complain(text)
    return typer.Exit(code)
