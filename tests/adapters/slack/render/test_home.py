"""Tests the Home tab: links to each conversation, the available guides, and how to ask."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.render.home import MINE, OPEN, OTHERS, AgentPart, HomeRow, home
from flows.button import Button
from tests.adapters.slack.support.schema_check import HERE, texts
from tests.fakes.slack.surfaces import elements_of, faults_of_a_view

NOON = 1_764_000_000_000
WAY = "https://lamps.slack.com/archives/C1/p1764000000000100"
REOPEN = Button(conversation=HERE, turn=3, built_in="reopen")
STEP = Button(conversation=HERE, turn=3, built_in="step")
HERE_IS = HomeRow(
    title="The lamp stays dark", state="Step 2 of 5", when=NOON, url=WAY, button=STEP, open=True
)
SOLVED = HomeRow(title="It smells of smoke", state="Solved", when=NOON, button=REOPEN, open=False)
OFFERS = [("lamp", "The lamp stays dark"), ("fire", "It smells of smoke")]


def tab(
    rows: list[HomeRow], offers: list[tuple[str, str]], product: str = "Lamps", support: str = ""
) -> dict[str, Any]:
    """The view, which Slack takes."""
    view = home(rows, offers, product, support)
    assert faults_of_a_view(view, "home") == []
    return view


def pressed(view: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be pressed: the label, and the address it leads to or the value it sends."""
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    options = [option for element in elements for option in element.get("options") or [element]]
    return [(option["text"]["text"], option.get("url") or option["value"]) for option in options]


def test_an_open_conversation_is_one_click_away() -> None:
    assert pressed(tab([HERE_IS], [])) == [("Continue", WAY)]
    elsewhere = HERE_IS.model_copy(update={"url": ""})
    assert pressed(tab([elsewhere], [])) == [("Continue", str(STEP))]
    assert pressed(tab([elsewhere.model_copy(update={"button": None})], [])) == []


def test_an_ended_conversation_can_be_brought_back() -> None:
    assert pressed(tab([SOLVED], [])) == [("It's happening again", str(REOPEN))]


def test_open_ones_come_before_those_that_ended() -> None:
    parts = [block for block in tab([SOLVED, HERE_IS], OFFERS)["blocks"] if block["type"] == "rich_text"]
    assert list(texts(parts)) == [
        "Open conversations",
        "Recent conversations",
        "I can help with",
        "How to get help",
    ]


def test_the_time_is_told_in_the_readers_own_zone() -> None:
    row = tab([HERE_IS], [])["blocks"][3]["text"]
    assert row["verbatim"] is True
    assert row["text"] == (
        "*The lamp stays dark*\nStep 2 of 5 · <!date^1764000000^{date_short_pretty}, {time}|2025-11-24 16:00 UTC>"
    )
    never = HERE_IS.model_copy(update={"when": 0})
    assert "<!date" not in tab([never], [])["blocks"][3]["text"]["text"]


def test_what_the_bot_can_help_with_begins_with_a_click() -> None:
    assert pressed(tab([], OFFERS)) == [
        ("The lamp stays dark", "start:lamp"),
        ("It smells of smoke", "start:fire"),
    ]
    many = [(f"flow-{number}", f"Flow {number}") for number in range(230)]
    found = tab([], many)
    assert len(pressed(found)) == 230
    assert {element["type"] for block in found["blocks"] for element in elements_of(block)} == {
        "static_select"
    }


def test_a_person_without_conversations_reads_how_to_ask() -> None:
    shown = "\n".join(texts(tab([], [], support="help@lamps.example")["blocks"]))
    assert "Lamps support" in shown
    assert "You don't have any conversations yet." in shown
    assert "mention me in a channel" in shown
    assert "help@lamps.example" in shown


def test_a_title_is_never_read_as_markup() -> None:
    bad = HERE_IS.model_copy(update={"title": "<!channel> & <https://evil.example|here>", "state": "<@U1>"})
    row = tab([bad], [])["blocks"][3]["text"]["text"].split("\n")
    assert row[0] == "*&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;*"
    assert row[1].startswith("&lt;@U1&gt; · <!date")


def test_a_title_with_a_sign_of_markup_in_it_is_not_made_bold() -> None:
    odd = HERE_IS.model_copy(update={"title": "Dial *21# on the phone"})
    assert tab([odd], [])["blocks"][3]["text"]["text"].startswith("Dial *21# on the phone\n")


def test_more_conversations_than_fit_are_counted() -> None:
    view = tab(
        [HERE_IS] * 200 + [SOLVED] * 200, [(f"f{n}", "x" * 200) for n in range(2000)], "x" * 900, "y" * 9000
    )
    assert f"and {200 - OPEN} more" in list(texts(view["blocks"]))
    assert len(view["blocks"]) <= 100


@pytest.mark.row("slack", "An agent has more tickets than fit on the *Home* tab")
def test_an_agents_own_tickets_stand_before_all_others_and_the_rest_is_counted() -> None:
    ticket = HERE_IS.model_copy(update={"label": "Open"})
    part = AgentPart(mine=(ticket,) * MINE, mine_total=27, others=(ticket,) * OTHERS, others_total=11)
    view = home([HERE_IS] * 40 + [SOLVED] * 40, OFFERS, "Lamps", "help@lamps.example", part)
    assert faults_of_a_view(view, "home") == []
    shown = [
        one
        for one in texts(view["blocks"])
        if one in ("My tickets", "Other open tickets", "Open conversations")
    ]
    assert shown == ["My tickets", "Other open tickets", "Open conversations"]
    assert [one for one in texts(view["blocks"]) if one.startswith("and ")][:2] == [
        "and 7 more",
        "and 1 more",
    ]
    assert ("Also notify me by direct message", "direct:on") in pressed(view)
    assert "How to get help" in list(texts(view["blocks"])), "an agent's tickets leave room for everything"
    chosen = home([], [], "Lamps", "", AgentPart(direct=True))
    assert pressed(chosen) == [("Stop direct messages", "direct:off")]
    assert "No open ticket is assigned to you." in list(texts(chosen["blocks"]))


ODD = st.text(max_size=80) | st.just("&" * 3000) | st.just("\u200b") | st.just("*" * 400)
ROWS = st.builds(
    HomeRow,
    title=ODD,
    state=ODD,
    when=st.integers(-(10**20), 10**20),
    url=st.sampled_from(("", WAY, "http://x", "https://[x")) | st.text(max_size=40),
    button=st.none() | st.just(REOPEN),
    open=st.booleans(),
)


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=20), st.lists(ODD, max_size=14), ODD, ODD)
def test_slack_takes_the_tab_whatever_is_on_it(
    rows: list[HomeRow], titles: list[str], product: str, support: str
) -> None:
    tab(rows, [(f"flow-{number}", title) for number, title in enumerate(titles)], product, support)
