"""Tests that Discord accepts every prompt's card: how texts are cut, and what happens to too many answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.api.limits import TEXT, size
from adapters.discord.render import card
from adapters.discord.render.markdown import fitted, markdown
from flows.flow import Image
from flows.prompts import Href, Option, Progress
from flows.text.markup.words import Words, fill, parse
from tests.adapters.discord.support.schema_check import (
    asked,
    drawn,
    every_prompt,
    faults,
    parts,
    pressed,
    shown,
)


def test_every_prompt_of_every_flow_in_every_status_is_within_the_limits_and_keeps_its_answers() -> None:
    for name, made, at in every_prompt():
        for manner in (card.USUAL, card.Manner(person="Ask the helpers", typed=False)):
            message = card.card(made, at, "Plug it in (Still failing)", True, manner)
            assert faults(message) == [], name
            assert {choice.label for choice in made.choices} <= set(pressed(message)), name
            assert "…" not in shown(message), name


def test_more_than_four_answers_and_answers_too_long_for_a_button_become_a_select() -> None:
    four = tuple(Option(id=f"a{n}", label=f"Answer {n}") for n in range(4))
    long = (Option(id="a", label="x" * 81), Option(id="b", label="y"))
    for choices, selects in ((four, 1), ((*four, Option(id="e", label="E")), 2), (long, 2)):
        message = drawn(asked(choices=choices))
        assert [part["type"] for part in parts(message.components)].count(3) == selects
        assert faults(message) == []
        assert {choice.id for choice in choices} <= set(pressed(message).values())


def test_the_bar_has_no_more_marks_than_fit_and_never_none() -> None:
    for at, of, bar in ((1, 6, "▰▱▱▱▱▱"), (6, 6, "▰▰▰▰▰▰"), (1, 100, "▰" + "▱" * 11), (100, 100, "▰" * 12)):
        assert f"Step {at} of {of} · {bar}\n" in shown(drawn(asked(progress=Progress(at=at, of=of))))


def test_of_a_long_way_the_last_steps_tried_are_shown() -> None:
    line = next(
        line for line in shown(drawn(asked(), "first " * 100 + "last")).split("\n") if "Tried" in line
    )
    assert line.endswith("last")
    assert "…" in line
    assert len(line) < 200


def test_a_link_too_long_for_a_button_stands_among_the_words() -> None:
    long = "https://lamps.example/" + "x" * 600
    message = drawn(asked(links=(Href(label="Here", url=long), Href(label="There", url="https://a.example"))))
    assert f"[Here]({long})" in shown(message)
    assert pressed(message)["There"] == "https://a.example"


MANY = st.text(st.sampled_from("a*_`#>-1.@\n 🙋<[]:/"), min_size=2000, max_size=6000)
SHORT = st.text(max_size=300)


def words(text: str) -> Words:
    """Somebody's text, in running text, in bold and in lists three deep."""
    return fill(parse("{x} **{x}**\n\n- {x}\n  1. {x}\n     - `{x}`"), {"x": text})


@settings(max_examples=30)
@given(MANY, SHORT, SHORT, st.integers(1, 1000))
def test_the_longest_and_oddest_prompt_is_still_one_discord_takes(
    text: str, title: str, label: str, of: int
) -> None:
    made = asked(
        title=title,
        text=words(text),
        warning=words(text),
        why=words(text),
        test=words(title),
        again=words(text),
        secret=title,
        progress=Progress(at=of, of=of),
        image=Image(src="https://lamps.example/plug.png", alt=text),
        links=tuple(Href(label=label, url=f"https://lamps.example/{n}" * 20) for n in range(9)),
        choices=tuple(Option(id=f"a{n}", label=label) for n in range(4 if of % 2 else 25)),
        back=True,
    )
    assert faults(drawn(made, text, card.Manner(person=label, typed=False))) == []


@settings(max_examples=30)
@given(MANY, st.integers(0, 4000))
def test_words_are_cut_to_any_length_and_every_mark_stays_closed(text: str, longest: int) -> None:
    cut = fitted(words(text), longest)
    assert size(cut) <= longest
    assert cut.replace("\\*", "").count("**") % 2 == 0


def test_words_that_fit_are_not_touched() -> None:
    said = parse("One **two** [three](https://a.example/x_(y)) `four`\\\nfive")
    assert fitted(said, TEXT) == "One **two** [three](https://a.example/x_%28y%29) `four`\nfive"


def test_a_mail_address_and_a_link_named_by_an_address_are_not_masked() -> None:
    said = parse("[us](mailto:a_b@lamps.example), [https://a.example](https://b.example)")
    assert markdown(said) == "us (a\\_b@lamps.example), <https://a.example> (<https://b.example>)"


@pytest.mark.parametrize(
    ("typed", "comes"),
    [
        ("a`b", "`` a`b ``"),
        ("``", "`` \u02cb\u02cb ``"),
        ("<@1> *x*", "`<@1> *x*`"),
        ("a\nb", "`a b`"),
        (" ", ""),
    ],
)
def test_code_is_shown_letter_by_letter(typed: str, comes: str) -> None:
    assert markdown(fill(parse("Type `{x}` now"), {"x": typed})) == f"Type {comes} now"
