"""Tests how forwarded messages and previews in a Slack message are read, in the shapes that Slack sends."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.inbound import shares

LINK = "https://acme.slack.com/archives/C1/p1700000000000001"
SHARE = {"is_share": True, "is_msg_unfurl": True, "from_url": LINK, "author_name": "Ben", "text": "a &lt; b"}


def message(*attachments: dict[str, Any], text: str = "", **more: Any) -> dict[str, Any]:
    return {"text": text, "attachments": list(attachments), **more}


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (SHARE, "> Forwarded from Ben:\n> a < b"),
        (SHARE | {"text": "*x* <https://a.example|b>"}, "> Forwarded from Ben:\n> x b (https://a.example)"),
        (SHARE | {"author_name": ""}, "> Forwarded:\n> a < b"),
        (SHARE | {"text": ""}, f"> Forwarded from Ben:\n> {LINK}"),
        (
            SHARE | {"text": "", "fallback": "[May 2nd, 2026 4:04 AM] ben: it: hums"},
            "> Forwarded from Ben:\n> it: hums",
        ),
        (SHARE | {"text": "", "fallback": "[no preview available]"}, f"> Forwarded from Ben:\n> {LINK}"),
        (SHARE | {"text": "", "files": [{"id": "F1"}]}, "> Forwarded from Ben:"),
    ],
)
def test_a_share_is_read_from_whatever_it_holds(share: dict[str, Any], said: str) -> None:
    assert shares.words(message(share)).text == said


def test_a_forwarded_message_of_an_app_is_read_from_its_blocks() -> None:
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": one}]} for one in "ab"]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Plug it in"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "Push &amp; wait"}, "fields": []},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": items}]},
        {"type": "divider"},
    ]
    share = SHARE | {"text": "", "message_blocks": [{"message": {"blocks": blocks}}]}
    assert shares.words(message(share)).text == "> Forwarded from Ben:\n> Plug it in\n> Push & wait\n> a\n> b"


def test_previews_are_no_words_unless_there_are_no_others() -> None:
    page = {"from_url": "https://a.example", "title": "A page", "text": "It works now", "service_name": "A"}
    assert shares.words(message(page, text="see <https://a.example>")).text == "see https://a.example"
    assert shares.words(message(page)).text == "> Forwarded from A:\n> A page\n> It works now"
    linked = {"is_msg_unfurl": True, "from_url": LINK, "author_name": "Ben", "text": "it hums"}
    assert shares.words(message(linked, text="this")).text == "this\n\n> Forwarded from Ben:\n> it hums"


def test_a_forwarded_email_is_read_as_a_quotation() -> None:
    sender = {"address": "ben@lamps.example", "name": "Ben", "original": "Ben <ben@lamps.example>"}
    mail = {"id": "F1", "filetype": "email", "subject": "Help", "from": [sender], "plain_text": "it\r\nhums"}
    said = "look\n\n> Forwarded from Ben:\n> Help\n>\n> it\n> hums"
    assert shares.words(message(text="look", files=[mail])).text == said
    nameless = mail | {"from": [{"address": "ben@lamps.example"}]}
    assert shares.words(message(files=[nameless])).text.startswith("> Forwarded from ben@lamps.example:")
    assert shares.words(message(text="look", files=[mail | {"plain_text": " "}])).text == "look"


def test_what_slack_adds_later_is_no_edit() -> None:
    was, share = message(text="see"), message(SHARE, text="see")
    assert shares.same_words(message({"title": "A page", "from_url": "x"}, text="see"), was)
    assert shares.same_words(message(SHARE | {"is_share": False}, text="see"), was)
    assert not shares.same_words(message(text="look"), was)
    assert not shares.same_words(was, share)


def test_files_of_a_share_come_after_the_messages_own_and_once() -> None:
    given = message(SHARE | {"files": [{"id": "F1"}, {"id": "F2"}]}, text="x", files=[{"id": "F1"}])
    assert [row["id"] for row in shares.files(given)] == ["F1", "F2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "type", "elements", "message_blocks", "message", "blocks", "files", "is_share"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3))
def test_no_attachment_breaks_the_reader(attachments: list[Any]) -> None:
    given = {"text": "x", "attachments": attachments}
    assert shares.words(given).text.startswith("x")
    shares.files(given)
