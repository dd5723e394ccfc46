"""Tests what a customer reads and can press in Discord: every card, within the limits, with any text."""

from typing import Any

import pytest

from adapters.discord.render import card as discord_card
from adapters.discord.render.offers import collapsed_offer, help_offer
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Address, Status
from flows.effects import Ask, Retire, Tell
from flows.flow import Flow, HelpLink, Image, Step
from flows.prompts import prompt, tell_words
from flows.text.markup.words import parse
from flows.views.quotes import verbatim
from flows.views.screen import Screen, ScreenMessage, TicketCard
from tests.adapters.discord.support.schema_check import (
    HERE,
    asked,
    conversation,
    drawn,
    edge,
    faults,
    parts,
    pressed,
    shown,
    texts,
)
from tests.fakes.flows import FIXED_IT, catalogue, failing, lamp

EVERYTHING = Step(
    id="plug",
    title="Plug it in",
    text="Take the **plug** and:\n\n1. Push it in, *gently*, until it clicks.\n2. Type `on`.\n\n- that\n- is all",
    warn="Never with wet hands.",
    why="Without power it stays dark.",
    test="**Fixed it** means that it shines.",
    image=Image(src="https://lamps.example/plug.png", alt="A plug in a socket"),
    links=(HelpLink(label="The manual", url="https://lamps.example/manual"),),
    part=1,
    choices=(FIXED_IT, failing()),
)
PLACE = Address(channel="discord", room="1")


def flow(step: Step = EVERYTHING) -> Flow:
    """A lamp of one step."""
    return lamp().model_copy(update={"steps": (step,), "again": "The lamp stands on the **desk**."})


def card(of: Flow, tried: str = "", again: bool = False, **fields: Any) -> discord_card.Message:
    """The card of a conversation at the first step of that flow."""
    at = conversation(of, **fields)
    return discord_card.card(prompt(of, at, {}), at, tried, again)


def test_a_step_shows_progress_what_was_tried_the_instructions_and_the_rest_in_order() -> None:
    read = texts(card(flow(), "Look at the bulb (Whole)", again=True))
    assert read == [
        "-# Step 1 of 1 · ▰\n-# Tried so far: Look at the bulb (Whole)\n## Plug it in",
        "> 👋 **Before you continue**\n> The lamp stands on the **desk**.",
        "Take the **plug** and:\n\n1. Push it in, *gently*, until it clicks.\n2. Type `on`.\n\n- that\n- is all",
        "> ⚠️ **Please note**\n> Never with wet hands.",
        "-# **Why?** Without power it stays dark.",
        "**Fixed it** means that it shines.",
    ]


def test_a_step_has_its_picture_after_the_words_then_the_links_and_the_buttons_last() -> None:
    kinds = [part["type"] for part in card(flow()).components[0]["components"]]
    assert kinds == [10, 10, 12, 1, 10, 10, 10, 14, 1, 1]
    gallery = next(part for part in parts(card(flow()).components) if part["type"] == 12)
    assert gallery["items"] == [
        {"media": {"url": "https://lamps.example/plug.png"}, "description": "A plug in a socket"}
    ]


def test_a_step_offers_its_answers_a_person_and_how_much_later() -> None:
    assert pressed(card(flow())) == {
        "The manual": "https://lamps.example/manual",
        "Fixed it": "fixed",
        "Still failing": "still-failing",
        "Talk to a person": "=person",
        "Remind me in an hour": "=hour",
        "Remind me tomorrow": "=tomorrow",
        "Wait until I'm back at that computer": "=computer",
    }


def test_back_and_start_over_are_offered_where_they_lead_anywhere() -> None:
    offered = pressed(card(flow(), path=("bulb",)))
    assert offered["Back"] == "=back"
    assert offered["Start over"] == "=restart"
    assert "Start over" not in pressed(card(catalogue().picker, path=("lamp/x/plug",)))


def test_the_edge_tells_the_state() -> None:
    calm = flow(EVERYTHING.model_copy(update={"warn": None}))
    assert edge(card(calm)) == discord_card.BLUE
    assert edge(card(flow())) == discord_card.AMBER
    assert edge(card(flow(), status=Status.WAITING, ticket=71)) == discord_card.RED
    assert edge(card(flow(), status=Status.WITH_AGENT, ticket=71)) == discord_card.RED
    assert edge(card(flow(), status=Status.RESOLVED, ticket=71)) == discord_card.GREEN
    assert edge(card(flow(), status=Status.CLOSED)) == discord_card.GREY


def test_with_an_open_ticket_the_step_stays_usable_and_offers_the_ticket_instead_of_a_person() -> None:
    offered = pressed(card(flow(), status=Status.WAITING, ticket=71, team="maker"))
    assert offered["Fixed it"] == "fixed"
    assert offered["Add details"] == "=details"
    assert offered["Summary"] == "=summary"
    assert offered["Cancel ticket"] == "=withdraw"
    assert "Talk to a person" not in offered


def test_at_an_exit_the_waiting_card_names_the_ticket_and_the_address() -> None:
    message = card(flow(), status=Status.WAITING, exited=True, ticket=71, team="maker")
    assert "## Email the lamp maker" in shown(message)
    said = (
        "Ticket **#71** is for the lamp maker. They can't see this conversation, so email help@lamps.example"
    )
    assert said in shown(message)
    assert pressed(message)["It works now"] == "fixed"
    assert pressed(message)["Back"] == "=back"


def test_a_closed_one_keeps_one_button_it_is_back() -> None:
    assert pressed(card(flow(), status=Status.CLOSED)) == {"It's happening again": "=reopen"}


def test_a_solved_one_asks_how_it_went_until_that_is_said() -> None:
    asked = pressed(card(flow(), status=Status.RESOLVED))
    assert asked.pop("It's happening again") == "=reopen"
    assert list(asked.values()) == [f"=rate-{score}" for score in range(1, 6)]
    assert pressed(card(flow(), status=Status.RESOLVED, rated=2)) == {
        "It's happening again": "=reopen",
        "Add a comment": "=rate-more",
    }
    said_why = card(flow(), status=Status.RESOLVED, rated=2, rating_has_words=True)
    assert pressed(said_why) == {"It's happening again": "=reopen"}


def test_an_agent_may_let_them_go_on_with_the_guide() -> None:
    let = card(flow(), status=Status.WITH_AGENT, ticket=71, turn=3, may_continue_turn=3)
    assert pressed(let)["Continue the guide"].endswith("=withdraw")


def test_with_a_person_there_is_nothing_to_press_but_the_ticket() -> None:
    offered = pressed(card(flow(), status=Status.WITH_AGENT, ticket=71))
    assert offered == {"Add details": "=details", "Summary": "=summary"}


def test_where_typed_text_does_not_arrive_an_open_ticket_has_a_button_to_write_with() -> None:
    at = conversation(flow(), status=Status.WITH_AGENT, ticket=71)
    message = discord_card.card(prompt(flow(), at, {}), at, manner=discord_card.Manner(typed=False))
    assert pressed(message)["Send a message"] == f"say:{HERE}:1:=step"


def test_a_place_may_call_a_person_otherwise() -> None:
    at = conversation(flow())
    message = discord_card.card(
        prompt(flow(), at, {}), at, manner=discord_card.Manner(person="Ask the helpers")
    )
    assert pressed(message)["Ask the helpers"] == "=person"


def test_a_picture_without_an_address_is_said_in_words() -> None:
    message = drawn(asked(image=Image(src="plug.png", alt="A plug")))
    assert "-# Picture: A plug" in shown(message)
    assert 12 not in [part["type"] for part in parts(message.components)]


def test_what_must_never_be_typed_is_said() -> None:
    assert "-# Never share your password here." in shown(drawn(asked(secret="password")))


def test_the_news_of_a_ticket_brings_the_buttons_to_add_details_and_to_copy_the_summary() -> None:
    at = conversation(flow(), status=Status.WAITING, ticket=71, team="maker")
    tell = Delivery(
        effect=Tell(words="escalated"),
        conversation=at,
        address=PLACE,
        words=tell_words("escalated", flow(), at, {}),
    )
    message = discord_card.message(tell)
    assert message is not None
    assert faults(message) == []
    assert "I opened ticket **#71**" in shown(message)
    assert pressed(message) == {"Add details": "=details", "Summary": "=summary"}


def test_a_delivery_is_drawn_by_what_it_holds() -> None:
    at = conversation(flow())
    blank = Delivery(effect=Ask(turn=1), conversation=at, address=PLACE)
    prompted = discord_card.message(
        blank.model_copy(update={"prompt": prompt(flow(), at, {})}), "Bulb (Whole)"
    )
    assert prompted is not None
    assert "Tried so far: Bulb (Whole)" in shown(prompted)
    nudge = blank.model_copy(update={"effect": Tell(words="nudge"), "words": parse("How is it *going*?")})
    assert discord_card.message(nudge) == discord_card.Message(
        components=({"type": 10, "content": "How is it *going*?"},)
    )
    assert discord_card.message(blank) is None
    assert discord_card.message(blank.model_copy(update={"words": verbatim("\x00 ")})) is None
    retired = blank.model_copy(update={"effect": Retire(), "words": parse("**Plug it in** · Still failing")})
    assert discord_card.message(retired) is None
    assert texts(discord_card.collapsed(retired)) == ["-# **Plug it in** · Still failing"]
    assert texts(discord_card.collapsed(blank)) == ["-# Answered"]


def test_a_note_is_seen_by_one_person_and_may_lead_somewhere() -> None:
    button = Button(conversation=HERE, turn=1, built_in="step")
    message = discord_card.note("*Not* yours.", "https://discord.com/channels/1/2", (("Show it", button),))
    assert message.flags == 64 | 32768
    assert shown(message) == "\\*Not\\* yours."
    assert pressed(message) == {"Go to current step": "https://discord.com/channels/1/2", "Show it": "=step"}
    assert faults(message) == []
    assert (
        shown(discord_card.note(parse("Press **It's happening again**.")))
        == "Press **It's happening again**."
    )


@pytest.mark.parametrize(
    ("away", "said"),
    [
        ("", "No one has replied yet. Our team can reply here if you open a ticket."),
        ("We're back on Monday.", "We're back on Monday. Our team will reply here if you open a ticket."),
    ],
)
def test_an_offer_of_help_says_when_the_team_is_back(away: str, said: str) -> None:
    message = help_offer(away, "4")
    assert pressed(message) == {"Open a ticket": "help:ticket:4", "Choose a problem": "help:problem:4"}
    assert shown(message) == said
    assert faults(message) == []
    assert shown(collapsed_offer("OK, let's start.")) == "-# OK, let's start."


@pytest.mark.parametrize("times", [1, 1000])
def test_a_summary_can_be_copied_and_is_seen_by_one_person(times: int) -> None:
    ticket = TicketCard(
        number=71,
        open=True,
        team="maker",
        name="the *lamp* maker",
        email="help_us@lamps.example",
        external=True,
        reasons=("asked",),
        opened=1,
        summary="Ticket #71\n\n> it is ```dark```\n" * times,
    )
    message = discord_card.summary(ticket)
    assert message.flags == 64 | 32768
    assert shown(message).startswith(
        "**Ticket #71** · Team: the \\*lamp\\* maker\n"
        "Email help\\_us@lamps.example and paste this summary:\n```\nTicket #71\n\n"
        "> it is \u02cb\u02cb\u02cbdark\u02cb\u02cb\u02cb\n"
    )
    assert shown(message).endswith("\n```")
    assert faults(message) == []


def test_a_body_pings_nobody_and_a_repeat_of_it_is_dropped() -> None:
    body = discord_card.payload(card(flow()), nonce="x" * 26, reference="5")
    assert body["allowed_mentions"] == {"parse": []}
    assert body["nonce"] == "x" * 25
    assert body["enforce_nonce"] is True
    assert body["message_reference"] == {"message_id": "5", "fail_if_not_exists": False}
    assert body["flags"] == 32768
    assert "nonce" not in discord_card.payload(card(flow()))


def test_what_was_tried_is_one_line_of_steps_and_answers() -> None:
    messages = []
    for number in (1, 2):
        messages += [
            ScreenMessage(id=f"{number}.1", who="bot", kind="step", words=verbatim(f"Step\n{number}")),
            ScreenMessage(id=f"{number}.2", who="contact", kind="said", words=verbatim("hm")),
            ScreenMessage(id=f"{number}.3", who="contact", kind="answer", words=verbatim("Back")),
            ScreenMessage(id=f"{number}.4", who="contact", kind="answer", words=verbatim("Still failing")),
        ]
    at = conversation(flow())
    screen = Screen(conversation=at, title="", prompt=prompt(flow(), at, {}), messages=tuple(messages))
    assert discord_card.so_far(screen) == "Step 1 (Still failing) · Step 2 (Still failing)"
    assert discord_card.so_far(screen.model_copy(update={"messages": ()})) == ""
