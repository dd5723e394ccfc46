"""Tests which agents a note names with @."""

import pytest

from flows.text.agent_mentions import mentioned

NAMES = {"slack:T1:U1": "Max", "slack:T1:U2": "Max Power", "discord:7": "Ana (she)", "desk:1": "max"}


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("@Max can you look?", ("slack:T1:U1", "desk:1")),
        ("ask @max power.", ("slack:T1:U2",)),
        ("@Ana (she), please", ("discord:7",)),
        ("cc @Ana (she) @Max Power", ("discord:7", "slack:T1:U2")),
        ("Max knows", ()),
        ("@maxine or mail max@max.example", ()),
        ("@@max", ()),
        ("", ()),
    ],
)
def test_a_name_after_an_at_sign_means_its_agents(text: str, actors: tuple[str, ...]) -> None:
    assert mentioned(text, NAMES) == actors


def test_without_names_nobody_is_meant() -> None:
    assert mentioned("@ @Max", {"desk:1": " "}) == ()
