"""Tests how Slack's rich text, and mrkdwn where there is none, are read into words, with names in the place of ids."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.inbound import shares
from adapters.slack.inbound.mentioned import MOST, mentioned
from adapters.slack.inbound.mrkdwn_words import mrkdwn_words
from adapters.slack.inbound.rich_text import rich_text
from adapters.web.page.markup import html
from flows.text.markup.runs import MOST_PIECES
from flows.text.markup.words import CodeBlock, plain
from tests.fakes.slack.composer import rich

NAMES = {"U1": "Ana", "C1": "help", "S1": "agents"}


def read(typed: str) -> str:
    """Return what a person typed, through Slack's rich text, as HTML."""
    words = rich_text(rich(typed), NAMES, "UBOT")
    assert words is not None
    return str(html(words))


BOTH = [
    ("*a* _b_ ~c~ `d*e*`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d*e*</code></p>"),
    ("*a _b_*", "<p><strong>a </strong><strong><em>b</em></strong></p>"),
    ("snake_case and 2*3*4", "<p>snake_case and 2*3*4</p>"),
    ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
    ("<@U1> <#C1> <!subteam^S1> <!here>", "<p>@Ana #help @agents @here</p>"),
    ("<@U9> <#C9> <!subteam^S9>", "<p>@someone #channel @group</p>"),
    ("<!date^1392734382^{date}|18 Feb>", "<p>18 Feb</p>"),
    ("<tel:5550100|call>", "<p>call (5550100)</p>"),
]
"""Read alike with rich text and without it."""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *BOTH[:-1],
        ("see\n```x\n  y```\nz", "<p>see</p><pre><code>x\n  y</code></pre><p>z</p>"),
        ("> a\n> *b*\nc", "<blockquote><p>a<br><strong>b</strong></p></blockquote><p>c</p>"),
        ("• a\n    ◦ b\n• c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        (
            "1. a\n    • b\n        1. c\n2. d\n• e",
            "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol><ul><li>e</li></ul>",
        ),
        ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
        (":wave: :+1: :wave::skin-tone-2: :party:", "<p>👋 👍 👋🏻 :party:</p>"),
        ("<@UBOT>, it is *dark* <@UBOT>", "<p>it is <strong>dark</strong></p>"),
    ],
)
def test_rich_text_is_read_as_slack_shows_it(typed: str, shown: str) -> None:
    assert read(typed) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *BOTH,
        ("see\n```a &lt; b```", "<p>see</p><pre><code>a &lt; b</code></pre>"),
        ("&gt; *b*\nc", "<blockquote><p><strong>b</strong></p></blockquote><p>c</p>"),
        (":wave: :+1: :wave::skin-tone-3: :party:", "<p>👋 👍 👋🏼 :party:</p>"),
        (
            "at 10:30:45 a:b:c fe80::100:x `:wave:` :x",
            "<p>at 10:30:45 a:b:c fe80::100:x <code>:wave:</code> :x</p>",
        ),
    ],
)
def test_mrkdwn_without_rich_text_is_read_alike(text: str, shown: str) -> None:
    assert str(html(mrkdwn_words(text, NAMES))) == shown


@pytest.mark.row("slack", "A message comes without rich text, as some apps send it")
def test_a_message_is_read_from_its_rich_text_and_else_from_its_text() -> None:
    message = {"text": "*a* :wave:", "blocks": rich("*a* :wave:")}
    assert shares.words(message).text == "a 👋"
    assert shares.words(message | {"blocks": []}).text == "a 👋"
    app = [{"type": "section", "text": {"type": "mrkdwn", "text": "other"}}]
    assert shares.words(message | {"blocks": app}).text == "a 👋"


def test_a_forwarded_message_keeps_its_formatting() -> None:
    inside = {"message": {"blocks": rich("*it* hums\n> twice")}}
    share = {"is_share": True, "author_name": "Ben", "text": "_old_", "message_blocks": [inside]}
    said = shares.words({"text": "see", "blocks": rich("see"), "attachments": [share]})
    assert said.text == "see\n\n> Forwarded from Ben:\n> it hums\n>\n> > twice"
    assert "<strong>it</strong>" in str(html(said.styled))


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "date", "timestamp": 1618953630, "format": "{date}"}, "April 20, 2021, 21:20 UTC"),
        ({"type": "date", "timestamp": "soon"}, ""),
        ({"type": "emoji", "name": "x", "unicode": "zz"}, ":x:"),
        ({"type": "color", "value": "#FF0000"}, "#FF0000"),
        (
            {"type": "link", "url": "https://evil.example", "text": "bank.example"},
            "bank.example (https://evil.example)",
        ),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, "x (javascript:alert(1))"),
        ({"type": "workflow", "text": "later kinds"}, "later kinds"),
    ],
)
def test_a_rare_element_is_read_as_text(element: dict[str, Any], shown: str) -> None:
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}]
    assert plain(rich_text(blocks, {}) or ()) == shown


def test_a_list_that_begins_again_is_another_list() -> None:
    first, second = rich("1. a\n2. b")[0]["elements"], rich("1. c")[0]["elements"]
    words = rich_text([{"type": "rich_text", "elements": [*first, *second]}], {})
    assert plain(words or ()) == "1. a\n2. b\n\n1. c"


def test_the_names_to_look_up_are_found_wherever_a_message_has_ids() -> None:
    share = {"is_share": True, "message_blocks": [{"message": {"blocks": rich("• <@U2> <#C2>")}}]}
    message = {
        "text": "<@U1> <#C1|help> <@UBOT>",
        "blocks": rich("<@U1> <#C1> <@UBOT>"),
        "attachments": [share],
    }
    assert mentioned(message, "UBOT") == {"U1": "", "C1": "help", "U2": "", "C2": ""}
    assert len(mentioned({"text": "".join(f"<@U{number:03}>" for number in range(99))})) == MOST
    assert mentioned({"text": "<@not-an-id> <https://a.example>"}) == {}


JSON = st.recursive(
    st.none()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["rich_text", "rich_text_list", "emoji"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "type", "elements", "indent", "offset", "style", "url", "unicode"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3))
def test_no_blocks_break_the_reader(blocks: list[Any]) -> None:
    wrapped = [{"type": "rich_text", "elements": blocks}]
    for given_blocks in (blocks, wrapped):
        plain(rich_text(given_blocks, {}) or ())
        mentioned({"blocks": given_blocks})


@pytest.mark.row("slack", "A message has more than about a thousand lines or formatted parts")
def test_a_message_of_very_many_pieces_is_read_without_its_formatting() -> None:
    pieces = [
        {"type": "text", "text": "ab"[at % 2], "style": {"bold": bool(at % 2)}}
        for at in range(MOST_PIECES + 1)
    ]
    for elements, content in (
        ([{"type": "rich_text_section", "elements": pieces}], "ab"),
        (
            [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a\n" * 20_000}]}],
            "a\n" * 20_000,
        ),
        ([], "`a`\n" * 10_000),
    ):
        blocks = [{"type": "rich_text", "elements": elements}] if elements else []
        said = shares.words({"text": content, "blocks": blocks})
        assert said == (content.strip(), ())
    log = [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\n" * 2000}]}]
    kept = shares.words({"text": "log", "blocks": [{"type": "rich_text", "elements": log}]})
    assert kept.styled == (CodeBlock(text=("a\n" * 2000).strip()),)


def test_a_links_label_in_two_styles_is_no_other_address() -> None:
    link = {"type": "link", "url": "https://evil.example/x"}
    parts = [link | {"text": "paypal", "style": {"bold": True}}, link | {"text": ".com"}]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}]
    said = shares.words({"text": "paypal.com", "blocks": blocks})
    assert said.text == "paypal.com (https://evil.example/x)"
    assert "href" not in str(html(said.styled))
