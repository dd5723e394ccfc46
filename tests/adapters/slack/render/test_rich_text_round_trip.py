"""Tests that words drawn as Slack's rich text are read back as they were: nothing lost, and no one mentioned."""

from hypothesis import given, settings

from adapters.slack.inbound.rich_text import rich_text as read
from adapters.slack.render.rich_text import rich_text
from flows.text.markup.words import Words
from tests.fakes.slack.surfaces import faults_of_a_message
from tests.fakes.words import TREES, letters


@settings(max_examples=80)
@given(TREES)
def test_words_come_back_from_rich_text_as_they_were(words: Words) -> None:
    drawn = rich_text(words)
    assert faults_of_a_message(list(drawn)) == []
    again = read(list(drawn), {})
    assert again is not None
    assert letters(again) == letters(words)
    assert read(list(rich_text(again)), {}) == again


@settings(max_examples=40)
@given(TREES)
def test_no_words_mention_anyone_in_slack(words: Words) -> None:
    elements = [
        element for block in rich_text(words) for part in block["elements"] for element in _leaves(part)
    ]
    assert {element["type"] for element in elements} <= {"text", "link"}


def _leaves(part: dict[str, object]) -> list[dict[str, object]]:
    inner = part.get("elements")
    return [leaf for one in inner for leaf in _leaves(one)] if isinstance(inner, list) else [part]
