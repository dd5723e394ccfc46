"""Tests the subset of Markdown: what it contains, what it refuses, and that a value never becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from flows.text.markup.words import (
    Bold,
    Break,
    Code,
    Italic,
    Items,
    Link,
    Paragraph,
    Text,
    Var,
    Words,
    WordsError,
    fill,
    parse,
    plain,
    variables,
)
from flows.text.phrases import PHRASES


def one(text: str) -> tuple[object, ...]:
    """The inlines of a text of one paragraph."""
    (paragraph,) = parse(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.inlines


def test_a_paragraph_holds_bold_italic_code_and_links() -> None:
    assert one("Tick **Auto-Run**, *then* type `go` at [home](https://a.example/x).") == (
        Text(text="Tick "),
        Bold(inlines=(Text(text="Auto-Run"),)),
        Text(text=", "),
        Italic(inlines=(Text(text="then"),)),
        Text(text=" type "),
        Code(inlines=(Text(text="go"),)),
        Text(text=" at "),
        Link(label=(Text(text="home"),), url="https://a.example/x"),
        Text(text="."),
    )


def test_a_list_keeps_its_order_its_first_number_and_what_is_nested_in_it() -> None:
    (items,) = parse("3. One\n4. Two\n   - a\n   - b\n")
    assert isinstance(items, Items)
    assert items.ordered
    assert items.start == 3
    first, second = items.items
    assert first == (Paragraph(inlines=(Text(text="One"),)),)
    assert isinstance(second[1], Items)
    assert not second[1].ordered


def test_lines_of_a_paragraph_run_together_and_two_blanks_break_one() -> None:
    assert one("a\nb  \nc") == (Text(text="a b"), Break(), Text(text="c"))


def test_an_address_in_angle_brackets_is_a_link() -> None:
    assert plain(parse("<https://a.example> and <help@a.example>")) == "https://a.example and help@a.example"


def test_a_name_in_braces_is_a_variable_everywhere_even_as_an_address() -> None:
    words = parse("Open **{product}** `{host}` [here]({autostart}).")
    assert variables(words) == {"product", "host", "autostart"}
    assert plain(fill(words, {"product": "P", "host": "h", "autostart": "https://a.example"})) == (
        "Open P h here (https://a.example)."
    )


def test_doubled_braces_are_braces() -> None:
    words = parse("{{product}} and `}}`")
    assert variables(words) == frozenset()
    assert plain(words) == "{product} and }"


@pytest.mark.parametrize("text", ["{Product}", "{ product }", "{}", "a { b", "a } b", "{1a}"])
def test_a_single_brace_is_an_error(text: str) -> None:
    with pytest.raises(WordsError, match="unmatched brace"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("# Title", "heading", 1),
        ("Title\n---", "heading", 1),
        ("a\n\n---", "ruled line", 3),
        ("> said", "quote", 1),
        ("a\n\n```\ncode\n```", "fenced", 3),
        ("a\n\n    code", "indented", 3),
        ("<div>a</div>", "HTML", 1),
        ("a\nb <b>c</b>", "HTML", 2),
        ("Press <Enter>", "HTML", 1),
        ("<!-- a -->", "HTML", 1),
        ("![a](https://a.example/b.png)", "image", 1),
        ("| a | b |\n|---|---|\n| c | d |", "table", 1),
        ("~~gone~~", "struck-out", 1),
        ("[a][b]\n\n[b]: https://a.example", "elsewhere", 1),
        ("- a\n  - b\n    - c\n      - d", "lists nested more than 3 deep", 4),
        ("- a\n-\n- b", "empty list item", 2),
        ("*" * 40 + "a" + "*" * 40, "too deep", 1),
        ("a" * 20_001, "longer than", 1),
    ],
)
def test_what_is_not_in_the_subset_is_an_error_with_its_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(WordsError, match=reason) as raised:
        parse(text)
    assert raised.value.line == line


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/path",
        "",
        "https://",
        "https://user@a.example",
        "https://a.example/{id}",
        "<https://a.example/a b>",
        "https://a.example/a|b",
        "mailto:nobody",
        "mailto:a@b.example?subject=x",
    ],
)
def test_a_link_leads_only_to_https_mailto_or_one_variable(url: str) -> None:
    with pytest.raises(WordsError, match="must lead to"):
        parse(f"[a]({url})")
    with pytest.raises(ValidationError):
        Link(label=(), url=url.strip("<>"))


def test_a_value_is_never_read_as_markup() -> None:
    value = "**b** [x](https://evil.example) <script> {other}\n# h"
    words = fill(parse("Hello {name}"), {"name": value, "other": "no"})
    assert words == (Paragraph(inlines=(Text(text="Hello "), Text(text=value))),)


def test_an_unknown_variable_is_nothing() -> None:
    assert plain(fill(parse("a{b}c"), {})) == "ac"


@pytest.mark.parametrize(
    "value", ["", "javascript:alert(1)", "http://a.example", "https://a b", "https://a.example/>x"]
)
def test_a_link_without_a_safe_address_becomes_its_label(value: str) -> None:
    words = fill(parse("See [**the** guide]({guide})."), {"guide": value})
    assert plain(words) == "See the guide."
    assert not any(isinstance(inline, Link) for inline in words[0].inlines)  # type: ignore[union-attr] # one paragraph


def test_plain_text_numbers_lists_indents_what_is_nested_and_parts_blocks() -> None:
    assert plain(parse("Do this:\n\n1. Tick **Auto-Run**\n2. Then\n   - a  \n     b\n\nDone.")) == (
        "Do this:\n\n1. Tick Auto-Run\n2. Then\n   - a\n     b\n\nDone."
    )


def test_no_text_is_no_words() -> None:
    assert parse("") == ()
    assert parse(" \n ") == ()
    assert plain(()) == ""


def test_two_texts_are_joined_by_a_sum() -> None:
    assert plain(parse("a") + parse("b")) == "a\n\nb"


def test_the_tree_survives_being_written_as_json() -> None:
    words = parse("1. **a** *b* `c` [d](https://a.example) {e}  \n   f\n\ng")
    form: TypeAdapter[Words] = TypeAdapter(Words)
    assert form.validate_json(form.dump_json(words)) == words


@pytest.mark.parametrize(("phrase", "form"), sorted(PHRASES.forms()))
def test_every_phrase_of_the_bot_is_in_the_subset(phrase: str, form: str) -> None:
    assert parse(form), phrase


@given(st.text(alphabet="aB 9.,:;'\"?/()-_*`[]{}<>!#&\\|~=+\nä\t"))
def test_any_text_is_read_or_refused_and_the_short_way_gives_the_same(text: str) -> None:
    try:
        words = parse(text)
    except WordsError:
        return
    spelled = parse(text + "\n\n*end*")
    assert spelled[: len(words)] == words or isinstance(words[-1], Items)


@given(st.text(), st.text())
def test_values_come_out_as_they_went_in(name: str, url: str) -> None:
    words = fill(parse("a {name} **{name}** `{name}` [b]({url})"), {"name": name, "url": url})
    assert plain(words).startswith(f"a {name} {name} {name} b")
    assert not variables(words)


def test_a_variable_stands_for_itself_until_it_is_filled() -> None:
    assert plain(parse("{a}")) == "{a}"
    assert one("{a}") == (Var(name="a"),)
