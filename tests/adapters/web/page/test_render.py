"""Tests drawing: texts as HTML, the conversation so far, and small parts of the page."""

import xml.etree.ElementTree as ET

import pytest

from adapters.web.page.history import HistoryLine, past
from adapters.web.page.markup import html, qr
from adapters.web.page.render import ago, mailto
from flows.acts import Act
from flows.events import (
    Answered,
    Back,
    Claimed,
    Concluded,
    Escalated,
    Event,
    HandedBack,
    Napped,
    Released,
    Reopened,
    Replied,
    Said,
    Spoken,
    Started,
)
from flows.text.markup.words import CodeBlock, Quote, fill, parse
from flows.views.quotes import verbatim
from flows.views.screen import Screen, TicketCard, screen
from tests.fakes.agents import by
from tests.fakes.flows import Walk


def drawn(text: str, **values: str) -> str:
    return str(html(fill(parse(text), values)))


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Hello **you** and *me*", "<p>Hello <strong>you</strong> and <em>me</em></p>"),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        (
            "[here](https://x.example/?a=1&b=2)",
            '<p><a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">here</a></p>',
        ),
        ("[mail](mailto:a@x.example)", '<p><a href="mailto:a@x.example">mail</a></p>'),
    ],
)
def test_words_become_markup(text: str, markup: str) -> None:
    assert drawn(text) == markup


def test_a_block_of_code_and_a_quote_stay_text() -> None:
    blocks = (CodeBlock(text="<b>"), Quote(blocks=verbatim("<i>")))
    assert html(blocks) == "<pre><code>&lt;b&gt;</code></pre><blockquote><p>&lt;i&gt;</p></blockquote>"


@pytest.mark.row("security", "What people write runs as a script in someone's browser")
@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "**bold**", "](javascript:alert(1))", "\"'&<>", "{x}"]
)
def test_what_came_from_outside_stays_text(value: str) -> None:
    for markup in (drawn("**{x}** `{x}`", x=value), str(html(verbatim(value)))):
        inside = markup.replace("<p>", "").replace("</p>", "")
        for tag in ("<strong>", "</strong>", "<code>", "</code>"):
            inside = inside.replace(tag, "")
        assert "<" not in inside
        assert "href" not in inside or "href" in value


def test_a_link_whose_address_nobody_set_is_its_label() -> None:
    assert drawn("[Let it start]({url}) now", url="") == "<p>Let it start now</p>"
    assert drawn("[Let it start]({url}) now", url="javascript:alert(1)") == "<p>Let it start now</p>"


def test_a_code_is_a_drawing_without_styles() -> None:
    code = str(qr("https://help.example/go/abc"))
    ET.fromstring(code)
    assert "style" not in code


# ---------------------------------------------------------------- the conversation so far


def shown(walk: Walk, words: dict[int, str] | None = None) -> Screen:
    flows = {flow.revision: flow for flow in walk.shelf.by_id.values()}
    spoken = {version: Spoken(text=text) for version, text in (words or {}).items()}
    return screen(walk.at, walk.rows, spoken, flows, {})


def walked(*events: str | Back | Escalated | Napped | Reopened | Said) -> Walk:
    """Walk the lamp's flow with those answers and other events."""
    walk = Walk()
    walk.do(Started(flow="lamp", address="web||||ana"))
    for event in events:
        walk.do(Answered(turn=walk.at.turn, choice=event) if isinstance(event, str) else event)
    return walk


def test_the_first_step_has_its_introduction_before_it_and_nothing_behind() -> None:
    before = past(shown(walked()))
    assert [str(said.words) for said in before.lead] == ["<p>Two sentences on lamps.</p>"]
    assert (before.parts, before.last, before.since, before.tried) == ((), None, (), 0)


def test_the_last_answer_stands_apart_from_those_before() -> None:
    before = past(shown(walked("still-failing", "whole")))
    assert [part.title for part in before.parts] == ["", "Plug it in"]
    assert before.last
    assert before.last.title == "Look at the bulb"
    assert before.tried == 2
    assert before.lead == ()


def test_a_chosen_problem_is_no_step_that_was_tried() -> None:
    walk = Walk()
    walk.do(Started(address="web||||ana"))
    walk.do(Answered(turn=walk.at.turn, choice="lamp"))
    assert past(shown(walk)).tried == 0
    walk.do(Answered(turn=walk.at.turn, choice="still-failing"))
    assert past(shown(walk)).tried == 1


def test_what_is_said_under_a_step_stands_under_it() -> None:
    before = past(shown(walked("still-failing", Napped(until="hour"))))
    assert [(said.who, said.pressed) for said in before.since] == [("contact", True), ("bot", False)]
    assert before.last
    assert before.last.title == "Plug it in"


def test_an_introduction_of_another_flow_comes_before_its_first_step() -> None:
    walk = walked("still-failing", "smell")
    before = past(shown(walk))
    assert before.last
    assert before.last.title == "Look at the bulb"
    assert [part.title for part in before.parts] == ["", "Plug it in"]


def test_a_ticket_says_itself_what_came_with_it() -> None:
    before = past(shown(walked("still-failing", Escalated())))
    assert [(said.who, said.pressed) for said in before.since] == [("contact", True)]


def test_at_the_end_the_answer_that_led_there_is_the_last() -> None:
    before = past(shown(walked("still-failing", "whole", "fixed")))
    assert before.last
    assert (before.last.title, str(before.last.lines[0].words)) == ("Press the switch", "<p>Fixed it</p>")


def test_after_its_back_the_apology_comes_before_the_step() -> None:
    before = past(shown(walked("fixed", Reopened())))
    assert before.last is not None
    assert [str(said.words) for said in before.last.lines] == ["<p>It&#39;s happening again</p>"]
    assert [said.who for said in before.lead] == ["bot"]
    assert before.since == ()


# ---------------------------------------------------------------- small things


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-5, "just now"),
        (0, "just now"),
        (5, "5 minutes ago"),
        (60, "an hour ago"),
        (300, "5 hours ago"),
        (1500, "yesterday"),
        (4500, "3 days ago"),
    ],
)
def test_times_are_said_as_people_say_them(minutes: int, said: str) -> None:
    assert ago(minutes * 60_000) == said


def test_an_email_is_filled_in_as_far_as_mail_programs_allow() -> None:
    ticket = TicketCard(
        number=71, open=True, team="maker", name="the maker", email="help@x.example", external=True,
        reasons=("asked",), opened=1, summary="a & b\nc",
    )  # fmt: skip
    assert (
        mailto(ticket, "A?b")
        == "mailto:help@x.example?subject=Ticket%20%2371%3A%20A%3Fb&body=a%20%26%20b%0D%0Ac"
    )
    long = ticket.model_copy(update={"summary": "x" * 5000})
    assert mailto(long, "A") == "mailto:help@x.example?subject=Ticket%20%2371%3A%20A"


# ---------------------------------------------------------------- people talk


def said_in(lines: tuple[HistoryLine, ...]) -> list[str]:
    return [str(line.words).removeprefix("<p>").removesuffix("</p>") for line in lines]


def talked(*events: Event) -> Screen:
    """Walk the lamp's flow to a ticket with words before and after it, and then through those events of agents."""
    walk = walked("still-failing", Said(text="which wire?"), Escalated(), Said(text="please hurry"))
    for event in events:
        walk.do(by(event) if isinstance(event, Act) else event.model_copy(update={"turn": walk.at.turn}))
    words = {row.version: row.event.text for row in walk.rows if isinstance(row.event, Said | Replied)}
    return shown(walk, words)


def test_a_reply_of_an_agent_who_did_not_claim_comes_last_and_what_is_over_is_not_said() -> None:
    before = past(talked(Replied(text="Hello", name="Max")))
    assert said_in(before.talk) == ["which wire?"]
    assert said_in(before.since) == ["please hurry", "Hello"]
    assert before.last is None
    assert [part.title for part in before.parts] == ["", "Plug it in", "Look at the bulb"]


def test_what_people_said_stays_in_sight_when_the_guide_goes_on() -> None:
    back = talked(
        Claimed(name="Max"), Replied(text="Try this", name="Max"), HandedBack(step="switch", name="Max")
    )
    before = past(back)
    assert said_in(before.talk) == ["which wire?", "please hurry", "Try this"]
    assert said_in(before.lead) == [
        "Max handed this back to me. Let&#39;s continue at <strong>Press the switch</strong>."
    ]
    assert [part.title for part in before.parts] == ["", "Plug it in", "Look at the bulb"]


def test_a_ticket_that_is_released_says_who_left_and_what_comes_next() -> None:
    before = past(talked(Claimed(name="Max"), Replied(text="Try this", name="Max"), Released(name="Max")))
    assert said_in(before.talk) == ["which wire?", "please hurry", "Try this"]
    (told,) = said_in(before.lead)
    assert told.startswith("Max is no longer on ticket <strong>#")


def test_the_talk_stays_when_further_steps_and_the_end_come() -> None:
    back = (Replied(text="Try this", name="Max"), HandedBack(step="switch", name="Max"))
    later = past(talked(*back, Said(text="odd"), Answered(choice="fixed")))
    assert said_in(later.talk) == ["which wire?", "please hurry", "Try this"]
    assert later.last is not None
    ended = past(talked(Replied(text="Try this", name="Max"), Concluded(name="Max")))
    assert said_in(ended.talk) == ["which wire?", "please hurry", "Try this"]


def test_an_agents_formatting_is_shown_and_a_customers_own_words_are_not_touched() -> None:
    spoken = past(
        talked(Replied(text="Press **Yes** {ticket}", name="Max"), Said(text="**which** one?"))
    ).since
    assert said_in(spoken)[1:] == ["Press <strong>Yes</strong> {ticket}", "**which** one?"]
