"""Tests an agent's own text: the subset of Markdown is formatted, all else stays as it was typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.page.markup import html
from flows.text.markup.agent_markdown import formatted
from flows.text.markup.words import plain, variables

OUTSIDE = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Press **Yes**", "<p>Press <strong>Yes</strong></p>"),
        ("*now* or _later_", "<p><em>now</em> or <em>later</em></p>"),
        ("Run `a_b {c} \\d`", "<p>Run <code>a_b {c} \\d</code></p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("Do this:\n1. a\n2. b", "<p>Do this:</p><ol><li>a</li><li>b</li></ol>"),
        (
            "so:\n> it *hums*\n> twice\nyes",
            "<p>so:</p><blockquote><p>it <em>hums</em><br>twice</p></blockquote><p>yes</p>",
        ),
        ("run\n```\na *b*\n\n  c\n```\nthen", "<p>run</p><pre><code>a *b*\n\n  c</code></pre><p>then</p>"),
        ("```json\n{}\n```", "<pre><code>{}</code></pre>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "[the manual](https://x.example/a_b?c=1&d=2)",
            f'<p><a href="https://x.example/a_b?c=1&amp;d=2" {OUTSIDE}>the manual</a></p>',
        ),
        (
            "See https://x.example/a_b.",
            f'<p>See <a href="https://x.example/a_b" {OUTSIDE}>https://x.example/a_b</a>.</p>',
        ),
    ],
)
def test_the_subset_is_formatted(text: str, markup: str) -> None:
    assert str(html(formatted(text))) == markup


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2",
        "file_name_x and __init__",
        "C:\\_temp\\*",
        "&nbsp; &amp;",
        "# a heading",
        "> a quote",
        "<b>x</b>",
        "![a picture](https://x.example/a.png)",
        "[click](javascript:alert(1))",
        "[click](http://x.example)",
        "[click]({password})",
        "{ticket} {{x}} }{",
        "    indented",
        "a\n---",
        "| a | b |\n|---|---|",
        "~~gone~~",
        "x" * 30_000,
    ],
)
def test_all_else_stays_as_it_was_typed(text: str) -> None:
    assert plain(formatted(text)) == text


def test_one_odd_block_does_not_take_the_others_formatting() -> None:
    markup = str(html(formatted("Press **Yes**.\n\n<b>x</b>\n\n- a")))
    assert markup == "<p>Press <strong>Yes</strong>.</p><p>&lt;b&gt;x&lt;/b&gt;</p><ul><li>a</li></ul>"


@given(st.text(st.sampled_from("ab *_`[]()<>{}\\&#-1.>\n\t~|!:/") | st.characters(), max_size=60))
def test_no_text_fails_names_a_variable_or_loses_a_letter(text: str) -> None:
    words = formatted(text)
    assert not variables(words)
    kept = plain(words)
    assert sorted(filter(str.isalpha, kept)) == sorted(filter(str.isalpha, text))
    assert (
        re.sub(r"</?(p|br|ol|ul|li|strong|em|code|a|pre|blockquote)\b[^>]*>", "", str(html(words))).count("<")
        == 0
    )
