"""`export` and `import`: write everything that the store holds to a file, and take such a file into another store."""

import asyncio
import json
import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final

import typer

from bot.commands.failures import BROKEN, WRONG, stop
from bot.commands.operators.privacy import found, summary, unconfirmed
from bot.commands.program_name import typed
from bot.commands.startup import opened, opened_store

if TYPE_CHECKING:
    from bot.ports import ArchiveHead, ArchiveUnit

VARIABLE: Final = "ARCHIVE_PASSPHRASE"
"""The environment variable with the passphrase, for scheduled backups; else it is asked for."""

AT_A_TIME: Final = 16
"""Parts of an archive that are written at once, each on its own connection."""

STREAM: Final = "-"


def export(
    file: Annotated[str, typer.Argument(help="The file to write; - for standard output.")],
    encrypt: Annotated[
        bool,
        typer.Option(help=f"Encrypt the file by a passphrase, from {VARIABLE} or asked for (format: age)."),
    ] = False,
    contact: Annotated[
        str,
        typer.Option(
            help="One person only: a ticket's number, an email address, a user id or a link, as in `forget`."
        ),
    ] = "",
) -> None:
    """Write everything that the store holds to a file: a backup, or the first half of a move.

    With --contact, write only what is kept of one person, as a ZIP file with readable JSON and their files, to be
    given to them.

    The bot may go on running meanwhile. The file holds what customers wrote and the server's secrets: keep it as
    safe as the store.

    Exit codes: 0 on success, 1 if the store cannot be reached, the file cannot be written, or something is damaged.
    """
    if file != STREAM and Path(file).exists():
        raise stop(f"{file} exists. Choose another name.", BROKEN)
    if contact and (encrypt or file == STREAM):
        raise stop("--contact writes a plain ZIP file. Leave out --encrypt, and name a file.", WRONG)
    if contact:
        with _written(file) as out:
            damaged = asyncio.run(_export_person(out, contact))
        _stop_if(damaged)
        return
    passphrase = _new_passphrase() if encrypt else ""
    with _written(file) as out:
        counted, damaged = asyncio.run(_export(out, passphrase))
    typer.echo(f"Exported {_summary(counted)}.", err=True)
    _stop_if(damaged)


def _stop_if(damaged: list[str]) -> None:
    if damaged:
        raise stop(f"Left out, because they are damaged: {', '.join(damaged)}.", BROKEN)


def import_(
    file: Annotated[str, typer.Argument(help="The file that `export` wrote; - for standard input.")],
    merge: Annotated[
        bool,
        typer.Option(
            "--merge",
            help="Allow a store that is not empty. What it lacks is added; of a conversation that both have, the "
            "one with more events stays.",
        ),
    ] = False,
) -> None:
    """Take a file that `export` wrote into an empty store: a restore, or the second half of a move.

    If it stops half-way, run it again. Ticket numbers continue with a gap, so that none is given twice.

    Exit codes: 0 on success, 1 if the file or the store does not allow it, 2 for invalid usage.
    """
    if file != STREAM and not Path(file).is_file():
        raise stop(f"There is no file {file}.", WRONG)
    with _read(file) as source:
        passphrase = _passphrase() if _encrypted(source) else ""
        counted = _imported(file, source, passphrase, merge=merge)
    typer.echo(f"Imported {_summary(counted)}.", err=True)


async def _export(out: IO[bytes], passphrase: str) -> tuple[Counter[str], list[str]]:
    from adapters.storage.archive.archive_file import ArchiveWriter
    from adapters.storage.archive.store_archive import StoreArchive
    from bot.ports import FormatSwitched

    counted: Counter[str] = Counter()
    async with opened_store(opened(quiet=True)) as store:
        archive = StoreArchive(store.wire)
        head = await archive.head()
        writer = ArchiveWriter(head, passphrase)
        out.write(writer.begin())
        try:
            async for unit in archive.units(head):
                counted["conversations" if "conversation" in unit else "entries"] += 1
                out.write(writer.add(unit))
        except FormatSwitched:
            raise stop(
                "The store's format changed during the export. Run the command again.", BROKEN
            ) from None
        out.write(writer.end())
        return counted, archive.damaged


async def _export_person(out: IO[bytes], contact: str) -> list[str]:
    """Write what is kept of a person. Return the conversations that are damaged."""
    from bot.privacy.contact_export import ContactExport
    from bot.wiring.app import open_app

    async with open_app(opened(quiet=True)) as app:
        person = await found(app, contact)
        export = ContactExport(app.reader.dossier, app.platforms.files_for_people(app.store.kept))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            text = json.dumps(await export.of(person), ensure_ascii=False, indent=2)
            packed.writestr("data.json", text.encode())
            async for name, content in export.files(person):
                if content is None:
                    typer.echo(f"Not exported, because it is gone or its platform fails: {name}.", err=True)
                else:
                    packed.writestr(name, content)
        typer.echo(f"Exported {summary(person)}.", err=True)
        doubtful = await unconfirmed(app, contact, person)
        if doubtful:
            typer.echo(
                f"{doubtful} of {len(person.actors)} who gave this address did not confirm it. Make sure that the "
                "file is about one person before you give it to them.",
                err=True,
            )
        return export.damaged


def _imported(file: str, source: IO[bytes], passphrase: str, *, merge: bool) -> Counter[str]:
    """Import a file. One that can be read twice is read to its end before the first write."""
    from adapters.storage.archive.archive_file import unpacked
    from bot.ports import ArchiveUnreadable, ImportRefused

    try:
        if file != STREAM:
            for _ in unpacked(source, passphrase)[1]:
                pass
            source.seek(0)
        return asyncio.run(_import(*unpacked(source, passphrase), merge=merge))
    except (ArchiveUnreadable, ImportRefused) as refused:
        raise stop(f"Cannot import {file}: {refused}.", BROKEN) from refused


async def _import(head: "ArchiveHead", units: "Iterator[ArchiveUnit]", *, merge: bool) -> Counter[str]:
    from adapters.storage.archive.store_archive import StoreArchive

    counted: Counter[str] = Counter()
    async with opened_store(opened(quiet=True), known=False) as store:
        archive = StoreArchive(store.wire)
        await archive.begin(head, merge=merge)
        while some := list(islice(units, AT_A_TIME)):
            outcomes = await asyncio.gather(*(archive.restore(unit) for unit in some))
            for unit, outcome in zip(some, outcomes, strict=True):
                part = "conversations" if "conversation" in unit else "entries"
                counted[part if outcome == "restored" else outcome] += 1
        await archive.finish(head)
        await store.health.accept()  # processes that know the exported store accept this one, too
    return counted


def _summary(counted: Counter[str]) -> str:
    """Say how much was written, and what was left out with its reason."""
    text = f"{_number(counted['conversations'], 'conversation')} and "
    text += _number(counted["entries"], "other entry", "other entries")
    if counted["kept"]:
        text += f"; the store had {counted['kept']} already"
    if counted["expired"]:
        text += f"; {counted['expired']} expired since the export"
    return text


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


@contextmanager
def _written(file: str) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when it is whole, readable for this user alone."""
    if file == STREAM:
        yield sys.stdout.buffer
        return
    part = Path(f"{file}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            yield out
        part.rename(file)
    except OSError as error:
        raise stop(f"Cannot write {file}: {error.strerror}.", BROKEN) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _read(file: str) -> Iterator[IO[bytes]]:
    if file == STREAM:
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as source:
            yield source
    except OSError as error:
        raise stop(f"Cannot read {file}: {error.strerror}.", BROKEN) from error


def _encrypted(source: IO[bytes]) -> bool:
    from adapters.storage.archive.archive_file import needs_passphrase

    return needs_passphrase(source.peek(64))  # type: ignore[attr-defined] # both files are buffered


def _passphrase() -> str:
    from bot.wiring.app import outside

    return outside().get(VARIABLE, "") or str(typer.prompt("Passphrase", hide_input=True, err=True))


def _new_passphrase() -> str:
    from bot.wiring.app import outside

    known = outside().get(VARIABLE, "")
    if known or sys.stdin.isatty():
        return known or str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))
    raise stop(f"Set {VARIABLE}, or run {typed('export')} at a terminal.", WRONG)
