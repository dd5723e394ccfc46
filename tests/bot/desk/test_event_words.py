"""Tests that every word of every event is masked: texts, their formatting, names of people and of files."""

from typing import Any, Final, get_args

import pytest

from bot.desk.event_words import files_of, masked, styled_of, words_of
from flows.authoring.reader import read
from flows.conversation import Conversation
from flows.event_parts import File, Happening
from flows.events import Event, Said, Started
from flows.flow import Flow
from flows.text.markup.wordtree import Paragraph, Text

SECRET: Final = "Tr0ub4dor&3"
TEXT: Final = f"password: {SECRET}"
FILES: Final = tuple(
    File(id=str(number), name=name)
    for number, name in enumerate(
        [f"password {SECRET}.txt", f"my_password_is_{SECRET}.docx", f"pw-{SECRET}.png", f"{TEXT}"]
    )
)
GIVEN: Final[dict[str, Any]] = {
    "text": TEXT,
    "reach": TEXT,
    "name": TEXT,
    "to_name": TEXT,
    "files": FILES,
    "styled": (Paragraph(inlines=(Text(text=TEXT),)),),
}
EVENTS: Final = [
    kind
    for kind in get_args(get_args(Event)[0])
    if issubclass(kind, Happening) and set(kind.model_fields) & set(GIVEN)
]
WORDLESS: Final = [
    kind
    for kind in get_args(get_args(Event)[0])
    if issubclass(kind, Happening) and not set(kind.model_fields) & set(GIVEN)
]

FLOW: Final = """
flow: lamp
title: The lamp stays dark
teams: {maker: the lamp maker}
escalate: maker
steps:
  - id: code
    title: Look at the password
    secret: password
    ask: What is the password field like?
    answers:
      Gleaming brightly: next
      Gone: next
  - id: switch
    title: Press it
    say: Press it.
"""


@pytest.fixture(scope="module")
def flow() -> Flow:
    found = read(FLOW.encode(), "lamp.yaml").flow
    assert found is not None
    return found


def at_the_code(flow: Flow) -> Conversation:
    return Conversation(id="1", version=1, step="code")


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_nothing_that_a_person_wrote_or_named_keeps_a_secret(kind: type[Any], flow: Flow) -> None:
    fields = {name: value for name, value in GIVEN.items() if name in kind.model_fields}
    event = masked(kind(**fields), flow, at_the_code(flow))
    shown = event.model_dump_json()
    assert SECRET not in shown
    assert "Tr0ub" not in shown


@pytest.mark.parametrize("kind", WORDLESS, ids=lambda kind: kind.__name__)
def test_an_event_without_words_is_neither_copied_nor_kept_beside_the_journal(
    kind: type[Any], flow: Flow
) -> None:
    event = kind()
    assert masked(event, flow, at_the_code(flow)) is event
    assert (words_of(event), styled_of(event), files_of(event)) == ("", (), ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("QWCLog.txt", "QWCLog.txt"),
        ("Screenshot 2025-11-30 at 18.20.05.png", "Screenshot 2025-11-30 at 18.20.05.png"),
        ("IMG_20251130_182005.jpg", "IMG_20251130_182005.jpg"),
        ("passwords.xlsx", "passwords.xlsx"),
        ("reset-password-page.png", "reset-password-page.png"),
        ("Acme_Corp_Backup_(Nov 30 2025).qbb", "Acme_Corp_Backup_(Nov 30 2025).qbb"),
        ("the password is wrong.png", "the password is wrong.png"),
        ("company-file-password-error-QBWC1085.png", "company-file-password-error-QBWC1085.png"),
        ("AKIAIOSFODNN7EXAMPLE.csv", "••••••.csv"),
        ("rootkey_AKIAIOSFODNN7EXAMPLE.csv", "rootkey ••••••.csv"),
        ("pin 4711.png", "pin ••••••.png"),
        ("4111 1111 1111 1111.pdf", "••••••.pdf"),
        ("", ""),
    ],
)
def test_the_name_of_a_file_stays_unless_it_holds_a_secret(name: str, shown: str, flow: Flow) -> None:
    event = masked(Said(text="look", files=(File(id="1", name=name),)), flow, at_the_code(flow))
    assert isinstance(event, Said)
    assert event.files[0].name == shown


def test_an_answer_of_the_step_is_no_secret(flow: Flow) -> None:
    for text in ("Gleaming brightly", "gone", "Gone."):
        event = masked(Said(text=text), flow, at_the_code(flow))
        assert isinstance(event, Said)
        assert event.text == text


def test_a_start_with_files_is_masked_as_well(flow: Flow) -> None:
    event = masked(Started(text=TEXT, files=FILES), flow, Conversation(id="1"))
    assert SECRET not in event.model_dump_json()
