"""Tests the commands about waiting effects and dead letters, and that effects of a newer release are shown."""

import asyncio
from pathlib import Path

from adapters.storage.store import open_store
from bot.ports import Commit, Queued
from flows.conversation import Conversation
from flows.effects import Change, Tell
from flows.events import Started
from tests.bot.commands.support.shell import Shell


async def waiting(data: Path) -> str:
    """Records an effect for a channel that nobody carries; gives its id."""
    store = await open_store(None, data)
    change = Change(
        event=Started(actor="sent:ana"),
        set={"contact": "sent:ana", "customer": "sent||r"},
        stamp=("began_at",),
    )
    effect = Tell(id="effectone", words="nudge")
    queued = (Queued(lane="07aaaaaaaaaaaaaaaa/customer", channel="sent", effect=effect),)
    before = Conversation(id="07aaaaaaaaaaaaaaaa")
    commit = Commit(before=before, change=change, key="sent:ana/k1", door="d", queued=queued)
    (lease,) = (await store.conversations.commit(commit)).leases
    await store.outbox.give_back(lease, after=0, unsent=True)
    await store.close()
    return effect.id


async def buried(data: Path) -> str:
    """The same, given up."""
    effect = await waiting(data)
    store = await open_store(None, data)
    (lease,) = await store.outbox.take(["sent"], 30_000, 10)
    await store.outbox.bury(lease, "DMs [red]closed[/red]", 0)
    await store.close()
    return effect


def test_an_empty_outbox_says_so(shell: Shell) -> None:
    result = shell.run("outbox")
    assert result.exit_code == 0
    assert result.stdout == "Waiting: none.\nDead letters: none.\nDamaged: none.\n"
    assert shell.json("outbox") == {"waiting": [], "newer": [], "buried": [], "quarantined": []}


def test_what_waits_is_listed(shell: Shell) -> None:
    effect = asyncio.run(waiting(shell.here / "data"))
    result = shell.run("outbox")
    assert effect in result.stdout
    assert "sent" in result.stdout
    assert [letter["effect"]["id"] for letter in shell.json("outbox")["waiting"]] == [effect]


def test_a_dead_letter_says_why_and_can_be_put_back(shell: Shell) -> None:
    effect = asyncio.run(buried(shell.here / "data"))
    assert "DMs [red]closed[/red]" in shell.run("outbox").stdout
    result = shell.run("outbox", "retry", effect)
    assert result.exit_code == 0
    assert result.stdout == f"Queued {effect} again.\n"
    both = shell.json("outbox")
    assert both["buried"] == []
    assert [letter["effect"]["id"] for letter in both["waiting"]] == [effect]


async def of_a_newer_release(data: Path) -> str:
    """Let an effect of a kind that this release does not know wait. Return its id."""
    effect = await waiting(data)
    store = await open_store(None, data)
    lane = "07aaaaaaaaaaaaaaaa/customer"
    await store.wire.ask("LSET", store.wire.keys.shard(lane).lanes + lane, 0, f"{effect} sing sent {{}}")
    assert await store.outbox.take(["sent"], 30_000, 10) == ()
    await store.close()
    return effect


def test_what_only_a_newer_release_can_read_is_listed_and_doctor_says_so(shell: Shell) -> None:
    effect = asyncio.run(of_a_newer_release(shell.here / "data"))
    shown = shell.run("outbox").stdout
    assert "Waiting for a newer release" in shown
    assert effect in shown
    found = shell.json("outbox")
    assert [(each["id"], each["kind"]) for each in found["newer"]] == [(effect, "sing")]
    assert (found["waiting"], found["quarantined"]) == ([], [])
    assert "1 effect waits for a newer release: sing" in shell.run("doctor").output


def test_a_letter_that_is_not_there_cannot_be_put_back(shell: Shell) -> None:
    result = shell.run("outbox", "retry", "nothing")
    assert result.exit_code == 1
    assert "There is no dead letter 'nothing'." in result.stderr
