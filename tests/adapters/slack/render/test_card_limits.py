"""Tests that Slack accepts what is drawn of any text of any length."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.api import limits
from adapters.slack.render import card
from adapters.slack.render.rich_text import rich_text
from bot.ports import Delivery
from flows.conversation import Address, Status
from flows.effects import Retire, Tell
from flows.flow import Image
from flows.prompts import Href, Option, Progress, Prompt
from flows.text.markup.words import Bold, Break, Code, Italic, Items, Link, Paragraph, Text, Words
from tests.adapters.slack.support.schema_check import (
    HERE,
    conversation,
    every_prompt,
    faults,
    pressed,
    texts,
    units,
)
from tests.fakes.flows import lamp

ODD = (
    "<!channel>",
    "<!here> <@U012345> <#C012345|general>",
    "<https://evil.example|click here>",
    "&amp; &lt;b&gt; & < >",
    "*bold* _italic_ ~gone~ `code` ```block``` > quote",
    ":warning: :x:",
    "مرحبا بالعالم",
    "שלום \u202eolleh\u202c",
    "👩‍👩‍👧‍👦 🇩🇪 👍🏽",
    "\u200b\u200b\u200d\ufeff",
    "\x00\x07\x1b[31mred\x1b[0m",
    "\ud83d",
    "{{product}} {0} %s",
    "line\r\nline\u2028line\tline",
    "x" * 3200,
    "word " * 900,
    "😀" * 2000,
    "&" * 3000,
    '"\\' * 2000,
    "",
    " ",
)


def odd(number: int) -> str:
    """By number, since Hypothesis writes out what it samples from."""
    return ODD[number]


STRANGE = st.integers(0, len(ODD) - 1).map(odd)
ANYTHING = st.one_of(STRANGE, st.text(max_size=120), st.lists(STRANGE, max_size=4).map("".join))
URLS = st.sampled_from(
    (
        "https://lamps.example/manual",
        "https://lamps.example/?q=" + "a" * 1900,
        "https://[broken",
        "https://lamps.example/<b>",
        "http://lamps.example",
        "javascript:alert(1)",
        "",
    )
)
LONG_URL = "https://a.example/" + "b" * 1900
SAFE = st.sampled_from(("https://lamps.example/a?b=1&c=2", "mailto:help@lamps.example", LONG_URL))
LEAF = st.one_of(
    ANYTHING.map(lambda text: Text(text=text)),
    st.just(Break()),
    st.lists(ANYTHING.map(lambda text: Text(text=text)), max_size=2).map(
        lambda texts: Code(inlines=tuple(texts))
    ),
)
INLINES = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda found: Bold(inlines=tuple(found))),
        st.lists(inner, max_size=3).map(lambda found: Italic(inlines=tuple(found))),
        st.builds(lambda label, url: Link(label=tuple(label), url=url), st.lists(inner, max_size=2), SAFE),
    ),
    max_leaves=4,
)
PARAGRAPHS = st.lists(INLINES, max_size=3).map(lambda found: Paragraph(inlines=tuple(found)))
BLOCKS = st.recursive(
    PARAGRAPHS,
    lambda inner: st.builds(
        Items,
        ordered=st.booleans(),
        start=st.integers(0, 99),
        items=st.lists(st.lists(inner, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=4,
)
WORDS: st.SearchStrategy[Words] = st.lists(BLOCKS, max_size=3).map(tuple)
CHOICES = st.lists(
    st.builds(
        Option,
        id=st.from_regex(r"[a-z][a-z0-9-]{0,23}", fullmatch=True),
        label=ANYTHING,
        primary=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda option: option.id,
).map(tuple)
PROMPTS = st.builds(
    Prompt,
    kind=st.sampled_from(("step", "waiting", "held", "resolved", "closed")),
    turn=st.integers(0, 36**8 - 1),
    step=st.just("plug"),
    title=ANYTHING,
    text=WORDS,
    test=WORDS,
    why=WORDS,
    warning=WORDS,
    again=WORDS,
    secret=ANYTHING,
    progress=st.none() | st.builds(Progress, at=st.integers(1, 500), of=st.integers(1, 500)),
    image=st.none() | st.builds(Image, src=URLS, alt=ANYTHING),
    links=st.lists(st.builds(Href, label=ANYTHING, url=URLS), max_size=6).map(tuple),
    choices=CHOICES,
    back=st.booleans(),
)
STYLED = tuple(
    Paragraph(
        inlines=tuple(Bold(inlines=(Text(text="a"),)) if n % 2 else Text(text="b") for n in range(3000))
    )
    for _ in range(2)
)


@pytest.mark.parametrize("again", [False, True])
def test_slack_takes_every_step_of_every_flow_in_every_status(again: bool) -> None:
    found = {
        name: faults(card.card(prompt, at, "AbCdEfGhIjK.12", again)) for name, prompt, at in every_prompt()
    }
    assert len(found) > 100
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_answer_of_every_flow_can_be_pressed() -> None:
    for name, prompt, at in every_prompt():
        sent = set(pressed(card.card(prompt, at, "e.1")).values())
        assert sent >= {choice.id for choice in prompt.choices}, name


@settings(max_examples=50)
@given(PROMPTS, st.sampled_from(Status), st.booleans(), st.booleans())
def test_slack_takes_a_card_of_whatever_words(
    prompt: Prompt, status: Status, ticket: bool, again: bool
) -> None:
    at = conversation(lamp(), status=status, ticket=71 if ticket else 0)
    drawn = card.card(prompt, at, "AbCdEfGhIjK.12", again)
    assert faults(drawn) == []
    assert {choice.id for choice in prompt.choices} <= set(pressed_values(drawn))


def pressed_values(message: card.Message) -> list[str]:
    """What the answers send; labels may be alike."""
    values = [text for block in message.blocks if block["type"] == "actions" for text in values_in(block)]
    assert len(set(values)) == len(values)
    return [value.rpartition(":")[2] for value in values]


def values_in(value: object) -> list[str]:
    """Every value in there."""
    if isinstance(value, dict):
        own = [value["value"]] if isinstance(value.get("value"), str) else []
        return own + [found for inner in value.values() for found in values_in(inner)]
    return [found for inner in value for found in values_in(inner)] if isinstance(value, list) else []


@settings(max_examples=50)
@given(WORDS)
def test_slack_takes_whatever_is_told_and_whatever_collapses(words: Words) -> None:
    at = Delivery(effect=Tell(id="e.1"), conversation=conversation(lamp()), address=Address(channel="slack"))
    told = card.message(at.model_copy(update={"words": words, "effect": Tell(id="e.1", words="escalated")}))
    assert told is None or faults(told) == []
    line = card.collapsed(at.model_copy(update={"words": words, "effect": Retire(id="e.2")}))
    assert faults(line) == []
    assert len(line.blocks) == 1


def test_styles_that_weigh_more_than_their_words_are_left_out() -> None:
    at = Delivery(effect=Tell(id="e.1"), conversation=conversation(lamp()), address=Address(channel="slack"))
    told = card.message(at.model_copy(update={"words": STYLED}))
    assert told is not None
    assert faults(told) == []
    assert faults(card.collapsed(at.model_copy(update={"words": STYLED}))) == []


@given(ANYTHING, URLS, ANYTHING)
def test_slack_takes_whatever_is_noted_and_offered(text: str, url: str, title: str) -> None:
    for drawn in (card.note(text, url), card.offer(title, "a", "b", "c"), card.collapsed_offer(text)):
        assert faults(drawn) == []


@given(st.lists(ANYTHING.map(lambda text: Text(text=text)), max_size=4), st.integers(10, 3000))
def test_words_that_fit_are_shown_whole_and_others_end_with_an_ellipsis(said: list[Text], room: int) -> None:
    whole = limits.clean("".join(limits.clean(text.text) for text in said))
    drawn = "".join(texts(list(rich_text((Paragraph(inlines=tuple(said)),), room))))
    assert units(drawn) <= room
    if not limits.shows(whole):
        assert drawn == ""
    elif units(whole) < room:
        assert drawn == whole
    elif drawn != whole:
        assert drawn.endswith("…")
        assert whole.startswith(drawn[:-1].rstrip())


@given(ANYTHING, st.integers(1, 200))
def test_a_cut_text_fits_and_begins_as_it_did(text: str, room: int) -> None:
    text = limits.clean(text)
    short = limits.cut(text, room)
    assert units(short) <= room
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_text_is_cut_between_two_words_where_one_ends_near() -> None:
    assert limits.cut("Restart the Web Connector", 24) == "Restart the Web…"
    assert limits.cut("Restart the Web Connector", 25) == "Restart the Web Connector"
    assert limits.cut("Restart the computer", 12) == "Restart the…"
    assert limits.cut("Donaudampfschifffahrt", 10) == "Donaudamp…"
    assert limits.cut("😀😀😀", 4) == "😀…"


@given(ANYTHING, st.integers(10, 200))
def test_an_escaped_text_fits_and_holds_no_half_of_an_entity(text: str, room: int) -> None:
    written = limits.escaped(text, room)
    assert units(written) <= room
    assert "<" not in written
    assert ">" not in written
    rest = written.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest


def test_a_step_of_nothing_but_long_texts_stays_one_message_that_slack_takes() -> None:
    long = (Paragraph(inlines=(Text(text="word " * 4000),)),)
    prompt = Prompt(
        kind="step",
        turn=1,
        step="plug",
        title="word " * 99,
        text=STYLED,
        test=long,
        why=long,
        warning=STYLED,
        again=long,
        secret="s" * 9000,
        links=tuple(Href(label="l" * 3000, url="https://a.example/" + "b" * 1900) for _ in range(30)),
        image=Image(src="https://a.example/" + "b" * 1900, alt='"' * 5000),
        choices=tuple(Option(id=f"c{n}", label="l" * 500) for n in range(300)),
        back=True,
    )
    drawn = card.card(prompt, conversation(lamp(), status=Status.WAITING, ticket=71), "e.1", again=True)
    assert faults(drawn) == []
    assert drawn.blocks[1 - 1]["text"]["text"].endswith("word…")
    assert HERE in json.dumps(drawn.blocks)
