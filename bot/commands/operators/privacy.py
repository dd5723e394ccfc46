"""`forget`: erases what is kept of a person, and says what it could not reach."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failures import BROKEN, WRONG, stop
from bot.commands.startup import opened

if TYPE_CHECKING:
    from bot.ports import Erased, KnownPerson
    from bot.wiring.product import App


def forget(
    contact: Annotated[
        str,
        typer.Argument(
            help="A ticket's number, an email address, a Slack or Discord user id, the link of a conversation on "
            "the desk, or the link of a message in Slack or Discord."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before erasing.")] = False,
) -> None:
    """Erase what is kept of a person, everywhere. This cannot be undone.

    Conversations, words, files, tickets, names and addresses go, and so do the bot's messages in Slack and Discord,
    where those allow it. If it stops half-way, run it again.

    Exit codes: 0 on success, 1 if nothing is kept of them or a further run is needed, 2 for invalid usage.
    """
    asyncio.run(_forget(contact, yes))


async def found(app: "App", contact: str) -> "KnownPerson":
    """Return the person whom an operator means, or stop the command."""
    from bot.privacy.clues import EXAMPLES, clue_of

    clue = clue_of(contact)
    if clue is None:
        raise stop(f"{contact!r} names no one. Give {EXAMPLES}.", WRONG)
    person = await app.store.people.find(clue)
    if person is None:
        raise stop("Nothing is kept of this person.", BROKEN)
    return person


async def unconfirmed(app: "App", contact: str, person: "KnownPerson") -> int:
    """Return how many of those who gave an email address did not confirm it; 0 if the person is named otherwise."""
    from bot.privacy.clues import clue_of

    clue = clue_of(contact)
    if clue is None or clue.kind != "mail":
        return 0
    sure = [await app.store.addresses.confirmed(actor, clue.text) for actor in person.actors]
    return sure.count(False)


async def _forget(contact: str, yes: bool) -> None:
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        erasure = app.erasure
        resumed = await erasure.resume()
        if resumed.conversations or resumed.later:
            typer.echo("Finished an erasure that was interrupted.")
            _report(resumed)
        person = await found(app, contact)
        typer.echo(f"This erases {summary(person)}.")
        if not yes and not typer.confirm("Erase it? This cannot be undone."):
            raise typer.Exit(BROKEN)
        _report(await erasure.erase(person))


def summary(person: "KnownPerson") -> str:
    """Say what an erasure would erase, by number and not by name."""
    parts = [_count(len(person.own), "conversation")]
    if person.tickets:
        parts[0] += f" ({', '.join(f'#{number}' for number in person.tickets)})"
    if person.beside:
        parts.append(f"the person's part in {_count(len(person.beside), 'conversation')} of others")
    if any(actor.startswith("desk:") for actor in person.actors):
        parts.append("the account on the web desk")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _report(result: "Erased") -> None:
    typer.echo(f"Erased {_count(result.conversations, 'conversation')}.")
    for what in result.unreached:
        typer.echo(f"Not reached: {what}.")
    if result.later:
        raise stop(f"Not done yet: {'; '.join(dict.fromkeys(result.later))}. Run the command again.", BROKEN)
