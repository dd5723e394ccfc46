"""Tests cards by Discord's published API description, and Markdown by another project's parser.

The first takes every payload, the second every escaped text.
"""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render.card import USUAL, Manner, card, note, payload, summary
from adapters.discord.render.forms import details_form, reply_form
from adapters.discord.render.markdown import clean, escape, markdown
from adapters.discord.render.offers import help_offer
from flows.button import Button
from flows.events import REASONS
from flows.flow import Image
from flows.prompts import Option
from flows.text.markup.words import fill, parse
from flows.views.quotes import verbatim
from flows.views.screen import TicketCard
from tests.adapters.discord.support.schema_check import (
    HERE,
    asked,
    drawn,
    every_prompt,
    faults_by_schema,
    read_markdown,
)

MESSAGE = "MessageCreateRequest"
BUTTON = Button(conversation=HERE, turn=1, built_in="details")

ODD = st.text(
    st.one_of(
        st.sampled_from("#-+>*_~`|\\[]()<>@:!&/.0123456789 \n\thttps://xeveryoneheretsmile"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
"""Texts made mostly of what means something to Discord."""

MEANT = st.sampled_from(
    [
        "# head",
        "-# small",
        "- one",
        "* one",
        "1. one",
        "> quote",
        ">>> quotes",
        "**b**",
        "_i_",
        "__u__",
        "~~s~~",
        "||spoiler||",
        "`c`",
        "```py\nc\n```",
        "[label](https://evil.example)",
        "[label](<https://evil.example>)",
        "<https://evil.example>",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "<:name:123456789012345678>",
        "<t:1700000000:R>",
        "</fix:123456789012345678>",
        "<id:browse>",
        "@everyone",
        "@here",
        ":smile:",
        "https://a.example/x_y*z*`q`|r|~s~",
        "\\",
        "\n",
        " ",
        "¯\\_(ツ)_/¯",
    ]
)
"""Each means something by itself; next to one another they may mean something else."""

HOSTILE = st.one_of(ODD, st.lists(MEANT, max_size=8).map("".join))


def letters(nodes: Any) -> str:
    """What a reader sees; a node that means anything but text, a line or a bare address stops it."""
    found = ""
    for node in nodes:
        match node["type"]:
            case "text":
                found += node["content"]
            case "br":
                found += "\n"
            case "twemoji":
                found += node["name"]
            case "url" | "autolink":
                found += letters(node["content"])
            case other:
                raise AssertionError(f"{other} in {nodes}")
    return found.encode("utf-16", "surrogatepass").decode("utf-16")


def as_read(text: str) -> str:
    """The text as it should come out, marks within addresses aside, which may stand there in percent form.

    An at sign that pings nobody has something invisible behind it.
    """
    return unquote(text.replace("\u200b", ""), errors="surrogatepass")


def gathered(many: int) -> list[str]:
    """That many hostile texts: one process judges them all."""
    said: list[str] = []

    @settings(max_examples=many, database=None)
    @given(HOSTILE)
    def gather(text: str) -> None:
        said.append(text)

    gather()
    return said


def test_no_text_means_anything_to_discord_but_its_characters() -> None:
    said = gathered(1500)
    for text, nodes in zip(said, read_markdown([escape(text) for text in said]), strict=True):
        assert as_read(letters(nodes)).split() == as_read(clean(text)).split(), (text, escape(text))


def test_a_value_stays_within_the_bold_it_stands_in() -> None:
    said = [text for text in gathered(500) if clean(text).strip()]
    drawn = [markdown(fill(parse("Say **{it}** now"), {"it": text})) for text in said]
    for text, nodes in zip(said, read_markdown(drawn), strict=True):
        assert {node["type"] for node in nodes} <= {"text", "strong", "br", "twemoji"}, (text, nodes)
        assert [node["type"] for node in nodes].count("strong") == 1, (text, nodes)
        assert nodes[-1]["content"].endswith(" now"), (text, nodes)


def test_every_prompt_is_what_discord_describes() -> None:
    names, bodies = [], []
    for name, shown, at in every_prompt():
        for manner in (USUAL, Manner(person="Ask the helpers", typed=False)):
            names.append(name)
            bodies.append(payload(card(shown, at, "Plug it in (Still failing)", True, manner), nonce="c1.4"))
    found = faults_by_schema(MESSAGE, bodies)
    assert [(name, against) for name, against in zip(names, found, strict=True) if against] == []
    assert len(found) > 100


def test_hostile_words_at_any_length_make_what_discord_describes() -> None:
    prompts = [
        asked(
            title=text,
            text=verbatim(text * 100),
            warning=verbatim(text * 20),
            why=verbatim(text),
            choices=tuple(Option(id=f"a{n}", label=text[:20]) for n in range(len(text))),
            image=Image(src=f"https://lamps.example/{text}", alt=text),
        )
        for text in gathered(300)
    ]
    bodies = [payload(drawn(prompt, prompt.title)) for prompt in prompts]
    found = faults_by_schema(MESSAGE, bodies)
    assert [(prompt, against) for prompt, against in zip(prompts, found, strict=True) if against] == []


def test_the_other_messages_are_what_discord_describes() -> None:
    ticket = TicketCard(
        number=71,
        open=True,
        team="maker",
        name="the lamp maker",
        email="help@lamps.example",
        external=True,
        reasons=("asked",),
        opened=1,
        summary="Tried:\n" + "it is ```dark```\n" * 500,
    )
    messages = [
        summary(ticket),
        note("Not yours.", "https://discord.com/channels/1/2/3", (("Show the step", BUTTON),)),
        help_offer("", "4"),
    ]
    bodies = [payload(message, reference=123) for message in messages]
    assert faults_by_schema(MESSAGE, bodies) == [[], [], []]


def test_every_form_is_what_discord_describes() -> None:
    forms = [details_form(BUTTON, 10**12, REASONS[:given]) for given in range(len(REASONS) + 1)]
    forms += [reply_form(BUTTON), details_form(BUTTON, 71, files=False)]
    assert faults_by_schema("ModalInteractionCallbackRequestData", forms) == [[]] * len(forms)


@pytest.mark.parametrize(
    "wrong",
    [
        {"custom_id": "x" * 101},
        {"label": "x" * 81},
        {"style": 9},
        {"colour": 1},
    ],
)
def test_the_judge_sees_what_is_wrong(wrong: dict[str, Any]) -> None:
    button = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
    row = {"type": 1, "components": [button | wrong]}
    right, faulty = faults_by_schema(
        MESSAGE, [{"components": [row | {"components": [button]}]}, {"components": [row]}]
    )
    assert right == []
    assert faulty
