"""Tests the commands that give out and erase what is kept of a person."""

import asyncio
import json
import zipfile
from pathlib import Path

from adapters.storage.store import open_store
from bot.wiring.app import read_flows
from bot.wiring.settings import load_settings
from flows.conversation import Address
from flows.events import Escalated, Started
from tests.bot.commands.support.shell import Shell
from tests.fakes.world import World

WORDS = "the xylophone of Zoraida is dark"


async def asked(data: Path) -> int:
    """Let a customer ask for a person. Return the ticket."""
    store = await open_store(None, data)
    world = World(store, read_flows(load_settings({})).catalogue)
    for flow in world.app.catalogue.flows:
        await store.revisions.keep(flow)
    address = str(Address(channel="web", person="zoraida"))
    start = Started(
        door="web/zoraida", address=address, flow="connection-not-active", text=WORDS, name="Zoraida"
    )
    outcome = await world.send(start, actor="web:zoraida")
    assert outcome is not None
    outcome = await world.send(Escalated(conversation=outcome.conversation.id), actor="web:zoraida")
    assert outcome is not None
    await world.close()
    return outcome.conversation.ticket


def test_a_person_gets_what_is_kept_of_them_and_is_erased(shell: Shell) -> None:
    ticket = asyncio.run(asked(shell.here / "data"))
    exported = shell.run("export", "zoraida.zip", "--contact", f"#{ticket}")
    assert exported.exit_code == 0, exported.output
    assert exported.stderr == f"Exported 1 conversation (#{ticket}).\n"
    with zipfile.ZipFile(shell.here / "zoraida.zip") as packed:
        data = json.loads(packed.read("data.json"))
    assert data["known as"] == ["web:zoraida"]
    assert WORDS in json.dumps(data["conversations"][0]["lines"])

    declined = shell.run("forget", str(ticket))
    assert declined.exit_code == 1
    assert f"This erases 1 conversation (#{ticket})." in declined.stdout
    assert len(shell.json("tickets")) == 1

    erased = shell.run("forget", str(ticket), "--yes", LOG_LEVEL="debug")
    assert erased.exit_code == 0, erased.output
    assert "Erased 1 conversation." in erased.stdout
    assert "Not reached: emails that were sent" in erased.stdout
    assert "zoraida" not in (erased.stdout + erased.stderr).casefold()
    assert shell.json("tickets") == []
    files = b"".join(path.read_bytes() for path in (shell.here / "data").rglob("*.aof")).lower()
    assert b"zoraida" not in files
    assert b"xylophone" not in files

    again = shell.run("forget", str(ticket), "--yes")
    assert again.exit_code == 1
    assert again.stderr == "Nothing is kept of this person.\n"


def test_a_name_names_no_one(shell: Shell) -> None:
    refused = shell.run("forget", "Zoraida Quill")
    assert refused.exit_code == 2
    assert "Give a ticket's number (84), an email address" in refused.stderr


async def _mailed(data: Path, ticket: int, **fields: str) -> None:
    """Let the ticket's customer give an email address, and put fields into the record."""
    store = await open_store(None, data)
    entry = await store.index.ticket(ticket)
    assert entry is not None
    record = store.wire.keys.shard(entry.conversation).records + entry.conversation
    for name, value in {"em": "zoraida@quill.example", **fields}.items():
        await store.wire.ask("HSET", record, name, value)
    await store.close()


def test_an_export_says_who_did_not_confirm_an_address_and_which_conversation_is_damaged(
    shell: Shell,
) -> None:
    ticket = asyncio.run(asked(shell.here / "data"))
    asyncio.run(_mailed(shell.here / "data", ticket))
    exported = shell.run("export", "sound.zip", "--contact", "zoraida@quill.example")
    assert exported.exit_code == 0, exported.output
    assert "1 of 1 who gave this address did not confirm it." in exported.stderr
    asyncio.run(_mailed(shell.here / "data", ticket, v="damaged"))
    exported = shell.run("export", "damaged.zip", "--contact", str(ticket))
    assert exported.exit_code == 1
    assert "Left out, because they are damaged: " in exported.stderr
    with zipfile.ZipFile(shell.here / "damaged.zip") as packed:
        assert json.loads(packed.read("data.json"))["known as"] == ["web:zoraida"]
