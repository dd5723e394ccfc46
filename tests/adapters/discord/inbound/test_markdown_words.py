"""Tests how Discord's Markdown is read into words: styles, blocks, links, and names in the place of codes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.inbound.markdown_words import markdown_words
from adapters.discord.inbound.marks import without_codes
from adapters.web.page.markup import html
from flows.text.markup.words import plain

NAMES = {"1": "Ana", "2": "Agents", "3": "help"}


@pytest.mark.row("discord", "A message has headings, underlined or small text, or a spoiler")
@pytest.mark.row("discord", "A message has a time or an emoji of the server")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("**a** __b__ ||c|| ~~d~~", "<p><strong>a</strong> b c <s>d</s></p>"),
        ("*a* _b_ ***c***", "<p><em>a</em> <em>b</em> <strong><em>c</em></strong></p>"),
        ("snake_case_name and * star", "<p>snake_case_name and * star</p>"),
        (r"\*a\* \_b\_ \# \@x", "<p>*a* _b_ # @x</p>"),
        ("`a*b*` and ``c`d``", "<p><code>a*b*</code> and <code>c`d</code></p>"),
        ("# Head\n-# small\nrest", "<p><strong>Head</strong></p><p>small<br>rest</p>"),
        ("see\n```py\nx = 1\n```done", "<p>see</p><pre><code>x = 1</code></pre><p>done</p>"),
        ("```one line```", "<pre><code>one line</code></pre>"),
        ("> a\n> **b**\nc", "<blockquote><p>a<br><strong>b</strong></p></blockquote><p>c</p>"),
        ("a\n>>> b\nc", "<p>a</p><blockquote><p>b<br>c</p></blockquote>"),
        ("> ```\n> x\n> ```", "<blockquote><pre><code>x</code></pre></blockquote>"),
        ("> > a", "<blockquote><p>&gt; a</p></blockquote>"),
        ("- a\n  - b\n- c\n1. d", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol><li>d</li></ol>"),
        ("3. c\n4. d\n   more", '<ol start="3"><li>c</li><li>d<br>more</li></ol>'),
        ("<@1> <@!1> <@&2> <#3> <@9> <@&9> <#9>", "<p>@Ana @Ana @Agents #help @someone @role #channel</p>"),
        ("<:lamp:7> <a:wave:8> 👋 </fix:9> <id:browse>", "<p>:lamp: :wave: 👋 /fix #browse</p>"),
        (
            "<t:1618953630:t> <t:1618953630:d> <t:1618953630>",
            "<p>21:20 UTC April 20, 2021 April 20, 2021, 21:20 UTC</p>",
        ),
        ("<t:9999999999999:F>", "<p>an unknown time</p>"),
        ("@everyone @here", "<p>@everyone @here</p>"),
        ("", ""),
    ],
)
def test_markdown_is_read_as_discord_shows_it(typed: str, read: str) -> None:
    assert str(html(markdown_words(typed, NAMES))) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("[the page](https://a.example/x)", "the page (https://a.example/x)"),
        ("[the page](<https://a.example/x> 'title')", "the page (https://a.example/x)"),
        ("<https://a.example/x>, https://b.example/y.", "https://a.example/x, https://b.example/y."),
        ("[https://bank.example](https://evil.example)", "https://bank.example (https://evil.example)"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("<ana@acme.example>", "ana@acme.example"),
    ],
)
def test_a_link_is_read_with_where_it_leads(typed: str, read: str) -> None:
    assert plain(markdown_words(typed, NAMES)) == read


def test_a_command_has_names_in_the_place_of_codes_and_keeps_its_marks() -> None:
    assert without_codes("**ask** <@1> <:lamp:7> <t:0:d>", NAMES) == "**ask** @Ana :lamp: January 1, 1970"


@given(st.text(st.sampled_from("ab*_~`|\\<>@&#:!-+1. /[]()\nt"), max_size=60))
def test_whatever_is_typed_is_read(text: str) -> None:
    assert plain(markdown_words(text, {})) or not text.strip("*_~`|\\ \n->#+1.")


@pytest.mark.parametrize(
    "piece",
    [
        "> ",
        "- ",
        "**a",
        "__a_",
        "||",
        "`",
        "```",
        "[",
        "[a](",
        "*a ",
        "~~a",
        "\\",
        "<@",
        "> ```\n",
        "_",
        "***",
    ],
)
def test_the_longest_text_is_read_quickly(piece: str) -> None:
    deep = "\n".join(f"{'  ' * level}- a" for level in range(60))
    for text in ((piece * 4000)[:4000], deep):
        started = time.process_time()
        plain(markdown_words(text, {}))
        assert time.process_time() - started < 1
