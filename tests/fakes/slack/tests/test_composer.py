"""Tests the rich text that the stand-in makes of what a person types, in the shapes that Slack documents."""

from tests.fakes.slack.composer import rich
from tests.fakes.slack.surfaces import faults_of_a_message

TYPED = """hi <@U1> :wave:
• *one*
    1. two
• three
> a ~b~
```c
d```<!date^1^{date}|soon> <https://a.example|x>"""


def test_what_is_typed_becomes_the_elements_of_rich_text() -> None:
    (block,) = rich(TYPED)
    assert faults_of_a_message([block]) == []
    kinds = [(part["type"], part.get("style"), part.get("indent")) for part in block["elements"]]
    assert kinds == [
        ("rich_text_section", None, None),
        ("rich_text_list", "bullet", 0),
        ("rich_text_list", "ordered", 1),
        ("rich_text_list", "bullet", 0),
        ("rich_text_quote", None, None),
        ("rich_text_preformatted", None, None),
        ("rich_text_section", None, None),
    ]
    first, *_, last = [part["elements"] for part in block["elements"]]
    assert [element["type"] for element in first] == ["text", "user", "text", "emoji"]
    assert first[-1] == {"type": "emoji", "name": "wave", "unicode": "1f44b"}
    assert [element["type"] for element in last] == ["date", "text", "link"]


def test_a_numbered_list_goes_on_after_a_deeper_one() -> None:
    (block,) = rich("1. a\n    • b\n2. c")
    assert [part.get("offset", 0) for part in block["elements"]] == [0, 0, 1]


def test_nothing_typed_makes_no_blocks() -> None:
    assert rich("") == []
