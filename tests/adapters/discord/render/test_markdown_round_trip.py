"""Tests that words drawn as Discord's Markdown are read back as they were, by us and by another project's reader."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from adapters.discord.api.limits import size
from adapters.discord.inbound.markdown_words import markdown_words
from adapters.discord.render.markdown import fitted, markdown
from flows.text.markup.words import Paragraph, Words
from tests.adapters.discord.support.schema_check import read_markdown
from tests.fakes.words import TREES, Letter, letters, letters_of, tree


def seen(words: Words) -> list[Letter]:
    """List the letters; code has no other style, because Discord can't always show both."""
    shown = letters(words)
    return [one._replace(styles=frozenset({"code"})) if "code" in one.styles else one for one in shown]


@settings(max_examples=100)
@given(TREES)
def test_words_come_back_from_markdown_as_they_were(words: Words) -> None:
    assert seen(markdown_words(markdown(words), {})) == seen(words), markdown(words)


KINDS = {"strong": "bold", "em": "italic", "strikethrough": "strike"}


PLAIN = Letter("")


def judged(nodes: list[Any], like: Letter = PLAIN) -> Iterator[Letter]:
    """Yield the letters that another project's reader sees."""
    for node in nodes:
        kind, content = node["type"], node.get("content", "")
        if kind in KINDS:
            yield from judged(content, like._replace(styles=like.styles | {KINDS[kind]}))
        elif kind in ("url", "autolink", "link"):
            inner = list(judged(content, like))
            bare = "".join(one.letter for one in inner) == node["target"]
            yield from (one._replace(url="" if bare else node["target"]) for one in inner)
        elif kind != "br":
            assert kind in ("text", "twemoji", "inlineCode"), f"{kind} in {nodes}"
            styles = frozenset({"code"}) if kind == "inlineCode" else like.styles
            shown = node["name"] if kind == "twemoji" else content
            yield from letters_of(shown, like._replace(styles=styles))


def test_another_projects_reader_sees_the_same_words() -> None:
    said = [block for seed in range(300) for block in tree(seed) if isinstance(block, Paragraph)]
    read = read_markdown([markdown((block,)) for block in said])
    for block, nodes in zip(said, read, strict=True):
        assert list(judged(nodes)) == seen((block,)), markdown((block,))


@settings(max_examples=40)
@given(TREES)
def test_cut_words_are_never_cut_within_a_mark(words: Words) -> None:
    for longest in (1, 9, 20):
        drawn = fitted(words, longest)
        assert size(drawn) <= longest
        seen = "".join(letter.letter for letter in letters(markdown_words(drawn, {}))).removesuffix("…")
        assert "".join(letter.letter for letter in letters(words)).startswith(seen), drawn
