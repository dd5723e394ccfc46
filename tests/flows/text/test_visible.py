"""Tests that names and words from outside lose what cannot be seen, wherever they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.api.payload import files as discord_files
from adapters.mail.server import line
from adapters.slack.inbound.parse import shared as slack_files
from adapters.tickets.hook import HookCall
from adapters.tickets.webhook import _ticket_name
from adapters.web.inbound import clean
from flows.acts import Replied
from flows.events import File, Started
from flows.text.visible import one_line, visible

TURNED = "report\u202egpj.exe"
"""Shown as report_exe.jpg by programs that obey the character."""

NAMES = {
    TURNED: "reportgpj.exe",
    "a\u2066b\u2069c\u200ed\u061ce": "abcde",
    "a\x00b\x1b[31mc\x7f": "ab[31mc",
    "a\r\nBcc: evil@example.org": "a Bcc: evil@example.org",
    "a\u2028b\ud800c\ufeffd\ufffee": "a bcde",
    "  two   words\t": "two words",
    "Zoë 👩\u200d💻 مریم": "Zoë 👩\u200d💻 مریم",
    "\u202e\x00": "",
}


@pytest.mark.row("security", "A file's name hides what it is, or a name turns a line around")
@pytest.mark.parametrize(("given_name", "kept"), NAMES.items(), ids=map(ascii, NAMES))
def test_a_name_is_one_line_of_what_can_be_seen_at_every_border(given_name: str, kept: str) -> None:
    assert one_line(given_name) == kept
    assert File(id="1", name=given_name).name == kept
    assert Started(door="d", address="a", name=given_name).name == kept
    assert Replied(text="hello", name=given_name).name == kept
    assert line(given_name) == kept
    assert _ticket_name(b'{"id": "T\\u202e1\\u0000"}') == "T1"
    if "\ud800" not in given_name:  # JSON of platforms holds no lone surrogate
        row = {"id": "123456789012345678", "filename": given_name, "name": given_name, "title": given_name}
        assert [file.name for file in discord_files({"a": [row]}, "a")] == [kept]
        assert [file.name for file in slack_files([row])] == [kept]


def test_words_keep_their_lines_and_lose_what_turns_them() -> None:
    assert visible("a\r\nb\rc\u2028d\te\n") == "a\nb\nc\nd\te\n"
    assert visible("pay \u202eevil\u202c\x00 now\u2066") == "pay evil now"
    assert clean(" a\x00\u202eb ") == "ab"


@pytest.mark.row("security", "A call brings invisible characters into a conversation")
def test_a_call_of_the_ticket_system_is_cleaned_before_it_is_read() -> None:
    call = HookCall(
        id="1\x00", ticket=1, answer="New\x00 \u202ebulb\nsent", reason="so\u202eld", name="Lu\x00men"
    )
    assert (call.id, call.answer, call.reason, call.name) == ("1", "New bulb\nsent", "sold", "Lumen")
    with pytest.raises(ValueError, match="id"):
        HookCall(id="\x00\u202e", ticket=1)


@given(st.text(alphabet=st.characters(), max_size=30))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "\x00" not in visible(text)
