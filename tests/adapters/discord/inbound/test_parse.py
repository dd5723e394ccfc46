"""Tests what each of Discord's events means, and that no event can break the parser."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.api.addresses import Person, Place
from adapters.discord.inbound import parse
from adapters.discord.inbound.events import (
    Autocomplete,
    CommandCalled,
    MemberLeft,
    MessageShortcut,
    Pressed,
    Submitted,
)
from flows.button import Button
from flows.events import File

BOT = "99"
ANA = {"id": "7", "username": "ana", "global_name": "Ana"}
BUTTON = Button(conversation="05n23tfww7gvg4s74o", turn=3, choice="fixed")


def message(**given: Any) -> dict[str, Any]:
    """A message of Ana's in a room."""
    said = {"id": "500", "channel_id": "20", "guild_id": "10", "type": 0, "content": "no light"}
    return said | {"author": ANA, "member": {"nick": "Ana B.", "roles": ["31"]}} | given


def interaction(**given: Any) -> dict[str, Any]:
    """A press by Ana in a thread."""
    channel = {"id": "21", "type": 12, "parent_id": "20"}
    data = {"component_type": 2, "custom_id": str(BUTTON)}
    known = {
        "id": "900",
        "token": "aW50ZXI",
        "application_id": BOT,
        "type": 3,
        "guild_id": "10",
        "data": data,
    }
    who = {"member": {"user": ANA, "nick": None, "roles": []}, "locale": "de", "app_permissions": "1024"}
    shown = {"message": {"id": "600", "flags": 1 << 15}, "channel": channel, "channel_id": "21"}
    return known | who | shown | given


def test_a_message_says_who_where_and_what() -> None:
    written = parse.written(message(), BOT)
    assert written is not None
    assert written.person == Person(user="7", name="Ana B.", roles=("31",))
    assert written.place == Place(guild="10", channel="20")
    assert (written.text, written.key, written.mention, written.blank) == ("no light", "20/500", False, False)


def test_a_mention_is_taken_out_of_the_text() -> None:
    for content in (f"<@{BOT}> no light", f"<@!{BOT}>, no light"):
        written = parse.written(message(content=content), BOT)
        assert written is not None
        assert (written.mention, written.text) == (True, "no light")
    told = parse.written(message(content="", mentions=[{"id": BOT}]), BOT)
    assert told is not None
    assert told.mention


def test_files_are_kept_by_id_name_type_and_size_without_their_address() -> None:
    attached = {"id": "1", "filename": "a.png", "content_type": "image/png", "size": 3, "url": "https://x/y"}
    written = parse.written(message(attachments=[attached, "x"], content=""), BOT)
    assert written is not None
    assert written.files == (File(id="1", name="a.png", kind="image/png", size=3, at="discord||20|500"),)
    assert not written.blank


def test_a_message_of_which_nothing_can_be_read_is_blank_and_a_sticker_is_not() -> None:
    blank, sticker = (
        parse.written(message(content=""), BOT),
        message(content="", sticker_items=[{"id": "1"}]),
    )
    seen = parse.written(sticker, BOT)
    assert blank is not None
    assert seen is not None
    assert (blank.blank, seen.blank) == (True, False)


def test_a_reply_to_somebody_else_is_said_aside_and_one_to_the_bot_is_not() -> None:
    for author, aside in (("8", True), (BOT, False), ("7", False)):
        written = parse.written(message(type=19, referenced_message={"author": {"id": author}}), BOT)
        assert written is not None
        assert written.aside is aside


@pytest.mark.parametrize(
    "given",
    [
        {"author": ANA | {"bot": True}},
        {"author": ANA | {"system": True}},
        {"webhook_id": "5"},
        {"type": 7},
        {"type": 21},
        {"author": None},
        {"id": "x"},
        {"channel_id": None},
    ],
)
def test_what_no_person_wrote_is_not_heard(given: dict[str, Any]) -> None:
    assert parse.written(message(**given), BOT) is None


def test_only_a_person_changes_a_message() -> None:
    assert parse.reworded(message(), BOT) is None
    changed = parse.reworded(message(edited_timestamp="2026-11-24T06:00:00+00:00"), BOT)
    assert changed is not None
    assert (changed.of, changed.text, changed.person) == (
        "20/500",
        "no light",
        Person(user="7", name="Ana B.", roles=("31",)),
    )
    assert changed.event != "500"
    gone = parse.deleted({"id": "500", "channel_id": "20", "guild_id": "10"})
    assert gone is not None
    assert (gone.of, gone.text, gone.person) == (changed.of, "", None)


def test_a_press_says_what_stood_on_the_button_and_where() -> None:
    pressed = parse.interaction(interaction())
    assert isinstance(pressed, Pressed)
    assert pressed.action == BUTTON
    assert pressed.place == Place(guild="10", channel="20", thread="21")
    assert (pressed.key, pressed.message, pressed.hidden, pressed.locale) == ("900", "600", False, "de")


def test_a_choice_says_what_was_chosen_and_in_which_select() -> None:
    data = {"component_type": 3, "custom_id": "more:3", "values": [str(BUTTON)]}
    chosen = parse.interaction(interaction(data=data, message={"id": "600", "flags": 64}))
    assert isinstance(chosen, Pressed)
    assert (chosen.action, chosen.hidden) == (BUTTON, True)


def test_direct_messages_and_channels_are_told_apart() -> None:
    direct = interaction(channel={"id": "30", "type": 1}, guild_id=None, member=None, user=ANA)
    at = parse.interaction(direct)
    assert at is not None
    assert at.place == Place(channel="30")
    room = parse.interaction(interaction(channel={"id": "20", "type": 0}))
    assert room is not None
    assert room.place == Place(guild="10", channel="20")
    assert parse.interaction(direct | {"context": 2}) is None


def test_commands_are_told_apart_by_name_and_kind() -> None:
    fix = parse.interaction(interaction(type=2, data={"name": "fix", "type": 1, "options": []}))
    assert isinstance(fix, CommandCalled)
    assert isinstance(parse.interaction(interaction(type=4, data={"name": "fix", "type": 1})), Autocomplete)
    assert parse.interaction(interaction(type=2, data={"name": "other", "type": 1})) is None
    said = message(content="it smokes")
    data = {
        "name": "Troubleshoot this",
        "type": 3,
        "target_id": "500",
        "resolved": {"messages": {"500": said}},
    }
    pointed = parse.interaction(interaction(type=2, data=data))
    assert isinstance(pointed, MessageShortcut)
    assert (pointed.of, pointed.text) == ("500", "it smokes")
    assert pointed.author == Person(user="7", name="Ana B.", roles=("31",))


def test_a_form_says_what_was_filled_in() -> None:
    fields = [
        {"component": {"custom_id": "reason", "value": "hosted"}},
        {"component": {"custom_id": "text", "value": " smoke "}},
        {"component": {"custom_id": "files", "values": ["1", "2"]}},
        {"components": [{"custom_id": "reach", "value": "a@b.example"}]},
    ]
    attachments = {"1": {"id": "1", "filename": "a.png", "size": 3}}
    data = {"custom_id": "x", "components": fields, "resolved": {"attachments": attachments}}
    sent = parse.interaction(interaction(type=5, data=data))
    assert isinstance(sent, Submitted)
    assert (sent.reason, sent.text, sent.reach) == ("hosted", "smoke", "a@b.example")
    assert [file.id for file in sent.files] == ["1"]
    forged = {**data, "components": [{"component": {"custom_id": "reason", "value": "forged"}}]}
    other = parse.interaction(interaction(type=5, data=forged))
    assert isinstance(other, Submitted)
    assert other.reason == ""


def test_the_token_is_not_shown_where_a_happening_is() -> None:
    assert "aW50ZXI" not in repr(parse.interaction(interaction()))


def test_who_leaves_is_known_by_guild_and_id() -> None:
    assert parse.left({"guild_id": "10", "user": ANA}) == MemberLeft(
        person=Person(user="7", name="Ana"), guild="10"
    )
    assert parse.left({"user": ANA}) is None


# ---------------------------------------------------------------- whatever Discord tells

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
BROKEN = st.one_of(JSON, st.sampled_from(["7", 7, {}, [], "", str(BUTTON)]))


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [at] if at else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*at, key))
    return found


def heard(data: Any) -> None:
    """Read it in every way."""
    for value in (
        parse.written(data, BOT),
        parse.reworded(data, BOT),
        parse.deleted(data),
        parse.left(data),
        parse.interaction(data),
    ):
        assert value is None or value.model_dump() is not None


WHOLE = [
    message(
        attachments=[{"id": "1"}], edited_timestamp="now", mentions=[ANA], referenced_message={"author": ANA}
    ),
    interaction(),
    interaction(type=2, data={"name": "fix", "type": 1, "options": [{"name": "problem", "value": "x"}]}),
    interaction(
        type=2,
        data={
            "name": "Troubleshoot this",
            "type": 3,
            "target_id": "5",
            "resolved": {"messages": {"5": message()}},
        },
    ),
    interaction(
        type=5,
        data={
            "custom_id": "x",
            "components": [{"component": {"custom_id": "files", "values": ["1"]}}],
            "resolved": {"attachments": {"1": {"id": "1"}}},
        },
    ),
]


@given(st.dictionaries(st.text(max_size=12), JSON, max_size=6))
def test_any_object_is_read_or_passed_over(data: dict[str, Any]) -> None:
    heard(data)


@given(st.sampled_from(WHOLE), st.data())
def test_a_payload_with_anything_in_the_place_of_anything_is_read_or_passed_over(
    whole: dict[str, Any], data: st.DataObject
) -> None:
    broken = json.loads(json.dumps(whole))
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.sampled_from(paths(broken) or [("id",)]))
        inner = broken
        for key in where[:-1]:
            inner = inner[key]
        inner[where[-1]] = data.draw(BROKEN)
    heard(broken)
