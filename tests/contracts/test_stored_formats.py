"""Tests that nothing about what is stored changes without a number, and that older formats stay readable.

`formats/N.json` says what releases of format N store, and `dumps/format-N.json` is a store that one of them filled.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.storage.formats import FORMATS, NEWEST, readable
from bot.ports import Commit, Queued
from flows.conversation import Conversation
from flows.effects import Brief, Change, Packet, Recap
from flows.events import Escalated
from tests.contracts.support.stored_schema import differences, stored_schema

HERE: Final = Path(__file__).parent

ADDED: Final = {
    2: {
        "/journal/brief",
        "/models/effect/$defs/Brief",
        "/models/effect/$defs/Packet/properties/briefed",
        "/models/effect/discriminator/mapping/brief",
        '/models/effect/oneOf: {"$ref": "#/$defs/Brief"}',
    },
}
"""What each format added. `adapters.storage.formats.readable` keeps it from stores that releases before may read."""

WHAT_TO_DO: Final = """\
What is stored has changed, and releases of format {newest} may be running.
1. In adapters/storage/formats.py, add a number to FORMATS with what it adds, and let `readable` write a store of an
   older number without it. If no release has format {newest} yet, add the change to that number instead.
2. In tests/contracts/test_stored_formats.py, list the additions under ADDED.
3. python -m tests.contracts.support.stored_schema tests/contracts/formats/NUMBER.json
4. python -m tests.contracts.support.dump tests/contracts/dumps/format-NUMBER.json
Never change the files of a format that a release has."""


def kept(number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "formats" / f"{number}.json").read_text(encoding="utf-8"))
    return found


def test_what_is_stored_is_what_the_newest_format_says() -> None:
    new, gone = differences(kept(NEWEST), stored_schema())
    found = f"new: {sorted(new)}\ngone: {sorted(gone)}"
    assert not new | gone, f"{WHAT_TO_DO.format(newest=NEWEST)}\n\n{found}"


@pytest.mark.parametrize("number", sorted(FORMATS)[1:])
def test_each_format_adds_only_what_is_known_and_takes_nothing_away(number: int) -> None:
    new, gone = differences(kept(number - 1), kept(number))
    assert new == ADDED[number]
    assert not gone, "a release must read what older formats stored"


def test_each_format_has_a_dump_that_a_release_made() -> None:
    for number in FORMATS:
        dump = json.loads((HERE / "dumps" / f"format-{number}.json").read_text(encoding="utf-8"))
        assert dump["keys"]["tt:meta"]["value"]["format"] == str(number)


def test_a_store_of_format_1_gets_one_packet_in_place_of_two_effects() -> None:
    packet, brief, recap = (
        Packet(id="a.1", briefed=True),
        Brief(id="a.2", of="a.1"),
        Recap(id="a.3", of="a.1"),
    )
    change = Change(event=Escalated(), effects=(packet, brief, recap))
    queued = tuple(Queued(lane="l", channel="slack", effect=effect) for effect in change.effects)
    commit = Commit(before=Conversation(id="02gcktx47b4lhrrnkh"), change=change, key="k", queued=queued)
    assert readable(commit, 2) == commit
    old = readable(commit, 1)
    assert old.change.effects == (Packet(id="a.1"), recap)
    assert [each.effect for each in old.queued] == [Packet(id="a.1"), recap]


def test_a_change_of_a_field_is_noticed() -> None:
    changed = stored_schema()
    packet = changed["models"]["effect"]["$defs"]["Packet"]["properties"]
    packet["mood"] = packet.pop("briefed")
    place = "/models/effect/$defs/Packet/properties"
    assert differences(stored_schema(), changed) == ({f"{place}/mood"}, {f"{place}/briefed"})
