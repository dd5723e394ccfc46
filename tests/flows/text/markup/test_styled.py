"""Tests that a text's formatting never shows what the text does not: masks, orders cut off, and long texts in parts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.event_words import masked
from flows.conversation import Conversation
from flows.events import Said
from flows.text.markup.runs import Run, paragraphs
from flows.text.markup.styled import ending, fitting, has_formatting, masked_words, worth_keeping
from flows.text.markup.typed_words import TypedWords, lines, linked, titled
from flows.text.markup.words import Bold, CodeBlock, Link, Paragraph, Quote, Text, Words, plain
from flows.text.secrets.masking import HIDDEN, mask
from flows.text.text_parts import split
from flows.text.understanding import understand
from tests.fakes.flows import lamp
from tests.fakes.words import TREES, letters

SECRET = "sk-0123456789abcdefABCDEF"


def run(*parts: tuple[str, str]) -> Words:
    """Make a paragraph of texts with one style each; '' for none."""
    return tuple(paragraphs(Run(text, frozenset({style} - {""})) for text, style in parts))


def hidden(words: Words) -> Words:
    text = plain(words)
    return masked_words(words, text, mask(text))


def test_a_secret_in_two_styles_is_masked_in_both() -> None:
    words = hidden(
        run(("my key is sk-0123456789", ""), ("abcdefABC", "bold"), ("DEF", "italic"), (" ok?", "bold"))
    )
    assert plain(words) == f"my key is {HIDDEN} ok?"
    assert has_formatting(words)
    assert "abc" not in str(words)


def test_a_secret_in_a_links_address_is_masked_with_its_link() -> None:
    link = Link(label=(Text(text="here"),), url=f"https://a.example/?token={SECRET}")
    words = hidden((Paragraph(inlines=(Bold(inlines=(Text(text="see"),)), Text(text=" "), link)),))
    assert plain(words) == f"see here (https://a.example/?token={HIDDEN}"
    assert SECRET not in str(words)
    assert has_formatting(words)


@pytest.mark.row("slack", "A masked password stands in formatted words")
def test_a_secret_over_several_blocks_leaves_the_plain_text_alone() -> None:
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n\n{SECRET}\n-----END RSA PRIVATE KEY-----"
    words = hidden((*lines(key), CodeBlock(text="x")))
    assert SECRET not in str(words)


@settings(max_examples=80)
@given(TREES, st.integers(0, 40))
def test_no_tree_shows_a_secret(words: Words, at: int) -> None:
    shown = plain(words)
    masked = shown[:at] + HIDDEN + shown[at + 3 :]
    kept = masked_words(words, shown, masked)
    assert kept == () or plain(kept) == masked
    assert masked_words(words, f"{shown}x", masked) == ()


def test_what_orders_a_reply_is_cut_off_with_its_style() -> None:
    assert ending(run(("!plug ", "bold"), ("it", "")), "plug it") == run(("plug ", "bold"), ("it", ""))
    assert ending((*lines("!"), CodeBlock(text="x")), "x") == (CodeBlock(text="x"),)
    assert ending(run(("! ", ""), ("it", "italic")), "other") == ()
    assert ending((), "it") == ()


def test_words_are_kept_with_their_formatting_only_where_it_says_more() -> None:
    assert worth_keeping(lines("plug it in")) == ()
    assert worth_keeping(run(("2*3*4 are 24", ""))) != (), "an agent's Markdown would be read otherwise"
    assert worth_keeping(run(("plug", "bold"))) == run(("plug", "bold"))
    assert worth_keeping(run(("plug" * 6000, "bold"))) == ()
    assert fitting(run(("a", "bold")), "b") == ()


@settings(max_examples=60)
@given(TREES)
def test_long_words_go_out_in_parts_and_none_is_lost(words: Words) -> None:
    parts = split(words, 25)
    left = iter("".join(map(plain, parts)))
    assert all(one.letter in left for one in letters(words)), "each letter follows the one before"
    assert all(len(plain(each)) <= 25 for each in parts)


def test_a_long_paragraph_keeps_its_styles_in_each_part() -> None:
    first, second = split(run(("press the button ", ""), ("and hold it for ten seconds", "bold")), 30)
    assert first == run(("press the button ", ""), ("and hold it", "bold"))
    assert second == run(("for ten seconds", "bold"))


@pytest.mark.parametrize(
    ("label", "url", "shown"),
    [
        ("the page", "https://a.example", ("the page", "https://a.example")),
        ("", "mailto:ana@acme.example", ("ana@acme.example", "mailto:ana@acme.example")),
        ("https://bank.example", "https://evil.example", ("https://bank.example (https://evil.example)", "")),
        ("bank.example", "https://evil.example", ("bank.example (https://evil.example)", "")),
        ("log in at bank.example", "https://a.example", ("log in at bank.example (https://a.example)", "")),
        ("ana@bank.example", "mailto:x@evil.example", ("ana@bank.example (x@evil.example)", "")),
        ("call", "tel:5550100", ("call (5550100)", "")),
        ("old page", "http://a.example", ("old page (http://a.example)", "")),
    ],
)
def test_a_link_says_where_it_leads(label: str, url: str, shown: tuple[str, str]) -> None:
    assert linked(label, url) == shown


def test_a_posts_title_stands_above_its_words() -> None:
    assert titled("Lamp", TypedWords("it is dark")) == TypedWords("Lamp\nit is dark")
    bold = run(("dark", "bold"))
    assert titled("Lamp", TypedWords("dark", bold)).text == "Lamp\ndark"
    quote = (Quote(blocks=lines("x")),)
    assert titled("Lamp", TypedWords("> x", quote)).text == "Lamp\n\n> x"
    assert titled("", TypedWords("dark", bold)) == TypedWords("dark", bold)


def test_struck_out_words_do_not_answer_and_hide_no_secret() -> None:
    choices = (("yes", "Yes"), ("no", "No"))
    assert understand(choices, plain(run(("yes", "strike")))) is None
    assert understand(choices, plain(run(("no", "bold")))) == "no"
    assert plain(run(("it's ", ""), ("not", "strike"), (" on", ""))) == "it's ~not~ on"
    words = run(("key sk-0123456789", ""), ("abcdef", "strike"), ("ABCDEF", ""))
    told = Said(conversation="c", actor="slack/T/U", key="k", text=plain(words), styled=words)
    heard = masked(told, lamp(), Conversation(id="c"))
    assert isinstance(heard, Said)
    assert heard.text == f"key {HIDDEN}"
    assert "abcdef" not in str(heard).lower()
