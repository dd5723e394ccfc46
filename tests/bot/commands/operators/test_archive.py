"""Tests the commands that write a store to a file and take such a file into another store."""

import asyncio
import gzip
import hashlib
import json
from pathlib import Path

import pytest

from adapters.storage.archive import archive_file
from adapters.storage.archive.store_archive import StoreArchive
from adapters.storage.store import open_store
from bot.ports import LiveProcess
from tests.bot.commands.operators.test_outbox import buried
from tests.bot.commands.support.shell import Shell


@pytest.mark.row("security", "Another user of the machine reads a backup")
def test_a_backup_is_restored_into_another_folder(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_file, "WORK", 4)  # trying a passphrase takes a second otherwise
    effect = asyncio.run(buried(shell.here / "data"))
    exported = shell.run("export", "backup.tt", "--encrypt", ARCHIVE_PASSPHRASE="correct horse")
    assert exported.exit_code == 0, exported.output
    assert exported.stderr.startswith("Exported 1 conversation and "), exported.stderr
    backup = shell.here / "backup.tt"
    assert backup.stat().st_mode & 0o077 == 0
    assert backup.read_bytes().startswith(b"age-encryption.org/v1\n")

    wrong = shell.run("import", "backup.tt", ARCHIVE_PASSPHRASE="horse", DATA_DIR="other")
    assert wrong.exit_code == 1
    assert "Cannot import backup.tt: the passphrase is wrong" in wrong.stderr

    imported = shell.run("import", "backup.tt", ARCHIVE_PASSPHRASE="correct horse", DATA_DIR="other")
    assert imported.exit_code == 0, imported.output
    assert "Imported 1 conversation and " in imported.stderr
    assert [letter["effect"]["id"] for letter in shell.json("outbox", DATA_DIR="other")["buried"]] == [effect]

    again = shell.run("import", "backup.tt", ARCHIVE_PASSPHRASE="correct horse", DATA_DIR="other")
    assert again.exit_code == 0
    assert "Imported 0 conversations and 0 other entries; the store had" in again.stderr


def test_a_store_that_is_not_empty_is_refused_unless_merged(shell: Shell) -> None:
    asyncio.run(buried(shell.here / "data"))
    assert shell.run("export", "backup.tt").exit_code == 0
    assert shell.run("export", "backup.tt").exit_code == 1  # a backup is never overwritten
    asyncio.run(_sign_in_once(shell.here / "other"))
    refused = shell.run("import", "backup.tt", DATA_DIR="other")
    assert refused.exit_code == 1
    assert "the store is not empty" in refused.stderr
    assert "--merge" in refused.stderr
    assert shell.run("import", "backup.tt", "--merge", DATA_DIR="other").exit_code == 0


def test_a_newer_or_damaged_archive_is_refused_before_anything_is_written(shell: Shell) -> None:
    asyncio.run(buried(shell.here / "data"))
    assert shell.run("export", "backup.tt").exit_code == 0
    lines = gzip.decompress((shell.here / "backup.tt").read_bytes()).splitlines(keepends=True)
    (shell.here / "cut.tt").write_bytes(gzip.compress(b"".join(lines[:-1])))
    newer = json.dumps({**json.loads(lines[0]), "format": 99}).encode() + b"\n" + b"".join(lines[1:-1])
    end = {**json.loads(lines[-1]), "sha256": hashlib.sha256(newer).hexdigest()}
    (shell.here / "newer.tt").write_bytes(gzip.compress(newer + json.dumps(end).encode() + b"\n"))
    for file, reason in (
        ("cut.tt", "cut short"),
        ("newer.tt", "it is of format 99, but this release reads up to format "),
    ):
        refused = shell.run("import", file, DATA_DIR="other")
        assert refused.exit_code == 1
        assert reason in refused.stderr, refused.stderr
    assert shell.run("import", "backup.tt", DATA_DIR="other").exit_code == 0


def test_processes_stay_away_until_an_import_has_finished(shell: Shell) -> None:
    asyncio.run(buried(shell.here / "data"))
    assert shell.run("export", "backup.tt").exit_code == 0
    asyncio.run(_begin_import(shell.here / "backup.tt", shell.here / "other"))
    refused = shell.run("outbox", DATA_DIR="other")
    assert refused.exit_code == 1
    assert "an import into this store has not finished" in refused.stderr
    assert shell.run("import", "backup.tt", DATA_DIR="other").exit_code == 0
    assert shell.run("outbox", DATA_DIR="other").exit_code == 0


def test_nothing_is_imported_into_a_store_that_serves_customers(shell: Shell) -> None:
    asyncio.run(buried(shell.here / "data"))
    assert shell.run("export", "backup.tt").exit_code == 0
    asyncio.run(_announce(shell.here / "other"))
    refused = shell.run("import", "backup.tt", "--merge", DATA_DIR="other")
    assert refused.exit_code == 1
    assert "processes are using the store (web and worker on here)" in refused.stderr


def test_a_damaged_conversation_does_not_stop_a_backup(shell: Shell) -> None:
    asyncio.run(buried(shell.here / "data"))
    asyncio.run(_damage(shell.here / "data"))
    exported = shell.run("export", "backup.tt")
    assert exported.exit_code == 1
    assert "Left out, because they are damaged: 07bbbbbbbbbbbbbbbb (" in exported.stderr
    assert shell.run("import", "backup.tt", DATA_DIR="other").exit_code == 0
    assert len(shell.json("outbox", DATA_DIR="other")["buried"]) == 1


async def _begin_import(file: Path, data: Path) -> None:
    store = await open_store(None, data)
    with file.open("rb") as source:
        await StoreArchive(store.wire).begin(archive_file.unpacked(source, "")[0], merge=False)
    await store.close()


async def _announce(data: Path) -> None:
    store = await open_store(None, data)
    await store.processes.announce(
        LiveProcess(id="a", roles=("web", "worker"), release="1", reads=9, host="here")
    )
    await store.close()


async def _damage(data: Path) -> None:
    store = await open_store(None, data)
    await store.wire.ask("SET", store.wire.keys.shards[7].records + "07bbbbbbbbbbbbbbbb", "no record")
    await store.close()


async def _sign_in_once(data: Path) -> None:
    store = await open_store(None, data)
    await store.vault.secret("web")
    await store.close()
