"""Tests how the snapshots of forwarded Discord messages are read, in the shapes that Discord sends."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.inbound import snapshots


def forward(**fields: Any) -> dict[str, Any]:
    nothing = {"content": "", "embeds": [], "attachments": [], "components": []}
    return {"content": "", "message_snapshots": [{"message": nothing | fields}]}


def test_a_snapshot_is_quoted_with_what_a_bot_wrote_in_it() -> None:
    assert snapshots.words(forward(content="it hums\nagain"), "").text == "> Forwarded:\n> it hums\n> again"
    fields = [{"name": "Host", "value": "web-1"}]
    embed = {"type": "rich", "title": "Alert", "description": "Disk is full", "fields": fields}
    assert (
        snapshots.words(forward(embeds=[embed]), "").text
        == "> Forwarded:\n> Alert\n> Disk is full\n> Host: web-1"
    )
    card = {"type": 17, "components": [{"type": 10, "content": "Plug it in"}, {"type": 1, "components": []}]}
    assert snapshots.words(forward(components=[card]), "").text == "> Forwarded:\n> Plug it in"


def test_the_preview_of_a_link_is_read_only_where_nothing_else_is() -> None:
    page = {"type": "link", "url": "https://a.example", "title": "It works now"}
    said = snapshots.words(forward(content="https://a.example", embeds=[page]), "").text
    assert said == "> Forwarded:\n> https://a.example"
    assert snapshots.words(forward(embeds=[page]), "").text == "> Forwarded:\n> It works now"


def test_what_discord_hides_is_blank_and_what_it_shows_is_not() -> None:
    assert snapshots.blank(forward())
    assert snapshots.words(forward(), "").text == ""
    for fields in ({"content": "x"}, {"attachments": [{"id": "1"}]}, {"sticker_items": [{"name": "Wave"}]}):
        assert not snapshots.blank(forward(**fields))
    assert not snapshots.blank({"content": "", "poll": {"question": {}}})


def test_files_of_a_snapshot_keep_the_address_of_the_message_that_forwards_them() -> None:
    (file,) = snapshots.attached(forward(attachments=[{"id": "7", "filename": "hum.png"}]), "here")
    assert (file.id, file.name, file.at) == ("7", "hum.png", "here")


NAMES = ["message", "content", "embeds", "components", "attachments", "type", "fields", "sticker_items"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_snapshot_breaks_the_reader(given: Any) -> None:
    data = {"content": "x", "message_snapshots": given}
    assert snapshots.words(data, "x").text.startswith("x")
    snapshots.attached(data, "")
    snapshots.blank(data)
