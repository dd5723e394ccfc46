"""Tests how a person may be named."""

import pytest

from bot.ports import Clue
from bot.privacy.clues import clue_of


@pytest.mark.parametrize(
    ("typed", "clue"),
    [
        ("84", Clue(kind="ticket", text="84")),
        ("#84", Clue(kind="ticket", text="84")),
        (" Maria.Lopez@acme.example ", Clue(kind="mail", text="Maria.Lopez@acme.example")),
        ("<mailto:maria@acme.example>", Clue(kind="mail", text="maria@acme.example")),
        ("U012ABCDEF", Clue(kind="user", text="U012ABCDEF")),
        ("<@U012ABCDEF>", Clue(kind="user", text="U012ABCDEF")),
        ("<@!123456789012345678>", Clue(kind="user", text="123456789012345678")),
        ("slack:T1:U1", Clue(kind="actor", text="slack:T1:U1")),
        ("slack:T1/U1", Clue(kind="actor", text="slack:T1:U1")),
        ("web:abc", Clue(kind="actor", text="web:abc")),
        ("desk:Kim", Clue(kind="actor", text="desk:Kim")),
        ("05v3qjrl4xthzaspyg", Clue(kind="conversation", text="05v3qjrl4xthzaspyg")),
        (
            "https://help.example/desk/c/05v3qjrl4xthzaspyg?a=b",
            Clue(kind="conversation", text="05v3qjrl4xthzaspyg"),
        ),
        (
            "https://acme.slack.com/archives/C012AB/p1699999999000100",
            Clue(kind="thread", text="C012AB", also="1699999999.000100"),
        ),
        (
            "https://acme.slack.com/archives/C012AB/p1699999999000200?thread_ts=1699999999.000100&cid=C012AB",
            Clue(kind="thread", text="C012AB", also="1699999999.000100"),
        ),
        ("https://acme.slack.com/archives/C012AB", None),
        ("https://acme.slack.com/archives/C012AB/canvas", None),
        ("https://discord.com/channels/1/22/333", Clue(kind="thread", text="22", also="333")),
        ("Maria", None),
        ("", None),
        ("https://help.example/", None),
    ],
)
def test_a_person_is_named_in_many_ways(typed: str, clue: Clue | None) -> None:
    assert clue_of(typed) == clue
