"""Tests what a customer reads in a terminal, as plain text: every card, at several widths, with any text."""

from io import StringIO
from textwrap import dedent

import pytest
from rich.console import Console, RenderableType

from adapters.terminal import markup, render
from bot.ports import Delivery
from bot.wiring.flow_files import read_flow_files
from bot.wiring.settings import LIBRARY
from flows.conversation import Address, Conversation, Status
from flows.effects import Ask, Relay, Retire, Tell
from flows.flow import Flow, HelpLink, Image, Step
from flows.prompts import prompt
from flows.text.markup.words import fill, parse
from flows.views.dossier import CustomerReply
from flows.views.quotes import verbatim
from flows.views.screen import Screen, ScreenMessage, TicketCard
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


def flow(step: Step = EVERYTHING) -> Flow:
    """Make a lamp's flow of one step."""
    return lamp().model_copy(update={"steps": (step,), "again": "The lamp stands on the **desk**."})


def shown(drawn: RenderableType, width: int = 60, *, color: bool = False) -> str:
    """Return the text on a screen of that width, without spaces at the ends of lines."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, color_system="truecolor" if color else None
    )
    console.print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def card(of: Flow, width: int = 60, again: bool = False, **fields: object) -> str:
    """Return the card of a conversation at the flow's first step."""
    at = Conversation(id="07x", version=1, turn=1, flow=of.id, revision=of.revision, step=of.first.id)
    at = at.model_copy(update=fields)
    return shown(render.card(prompt(of, at, {}), at, again), width)


def test_a_step_shows_progress_instructions_warning_answers_and_the_letters() -> None:
    assert card(flow()) == dedent(
        """
        Step 1 of 1 ────────────────────────────────────────────────
        Plug it in

        Take the plug and:

         1. Push it in, gently, until it clicks.
         2. Type on.

         - that
         - is all

        Picture: A plug in a socket (https://lamps.example/plug.png)

        The manual: https://lamps.example/manual

        ╭─ Please note ────────────────────────────────────────────╮
        │ Never with wet hands.                                    │
        ╰──────────────────────────────────────────────────────────╯

        Why?
        Without power it stays dark.

        Fixed it means that it shines.

          [1] Fixed it
          [2] Still failing

        r Start over   l Later   p Talk to a person   q Quit"""
    )


def test_on_a_narrow_screen_lines_wrap_under_their_own_beginning() -> None:
    step = EVERYTHING.model_copy(
        update={"text": "1. Push it in, gently, until it clicks.", "image": None, "links": ()}
    )
    lines = card(flow(step), width=30).splitlines()
    at = lines.index(" 1. Push it in, gently, until")
    assert lines[at + 1] == "    it clicks."
    assert max(len(line) for line in lines) <= 30


@pytest.mark.parametrize("width", [32, 40, 80])
def test_every_step_that_comes_with_the_product_fits_and_keeps_its_answers(width: int) -> None:
    for shipped in read_flow_files((LIBRARY,)).catalogue.flows:
        for step in shipped.steps:
            text = card(shipped, width, again=True, step=step.id, path=("x",))
            assert max(len(line) for line in text.splitlines()) <= width
            for choice in step.choices:
                assert choice.label in " ".join(text.split())


def test_back_is_offered_only_where_it_leads_anywhere() -> None:
    assert "b Back" not in card(flow())
    assert "b Back" in card(flow(), path=("bulb",))


def test_whoever_comes_back_reads_how_to_get_there_again() -> None:
    assert "The lamp stands on the desk." not in card(flow())
    assert "The lamp stands on the desk." in card(flow(), again=True)


def test_with_an_open_ticket_the_step_stays_usable_and_offers_the_ticket_instead_of_a_person() -> None:
    text = card(flow(), width=88, status=Status.WAITING, ticket=71, team="maker", reasons=("asked",))
    assert "[1] Fixed it" in text
    assert "d Add details   t Show ticket" in text
    assert "w Cancel ticket" in text
    assert "Talk to a person" not in text


def test_at_an_exit_the_waiting_card_names_the_ticket_and_the_address() -> None:
    text = card(
        flow(), width=88, status=Status.WAITING, exited=True, ticket=71, team="maker", reasons=("asked",)
    )
    assert "Email the lamp maker" in text
    assert "Ticket #71 is for the lamp maker. They can't see this conversation, so email" in text
    assert "[1] It works now" in text
    assert "b Back" in text


def test_a_solved_one_keeps_one_answer_it_is_back_and_asks_how_it_went() -> None:
    assert card(flow(), status=Status.RESOLVED) == dedent(
        """
        Solved

        Glad it's working again.

          [1] It's happening again

        How did it go?

        r1 Poor   r2 Fair   r3 OK   r4 Good   r5 Great   q Quit"""
    )


def test_what_an_agent_says_stands_under_their_name() -> None:
    reply = CustomerReply(who="Max", actor="desk:max", words=verbatim("Hello [red]Ana[/red]"))
    delivery = Delivery(
        effect=Relay(end="customer", version=7),
        conversation=Conversation(id="07"),
        address=Address(channel="terminal", person="ana"),
        reply=reply,
    )
    drawn = render.draw(delivery)
    assert drawn is not None
    assert shown(drawn) == "\nMax\nHello [red]Ana[/red]"


def test_with_a_person_there_is_nothing_to_press_but_the_ticket() -> None:
    text = card(flow(), status=Status.WITH_AGENT, ticket=71)
    assert "You're talking to a person" in text
    assert "[1]" not in text
    assert "Later" not in text


def test_the_picker_has_no_progress_and_nothing_to_start_over() -> None:
    text = card(catalogue().picker)
    assert "What do you need help with?" in text
    assert "Step" not in text
    assert "Start over" not in text


@pytest.mark.row("security", "What a customer wrote controls the terminal of who reads it")
def test_words_are_never_read_as_markup_nor_as_control_sequences() -> None:
    words = fill(
        parse("Say {it}, in **{it}**."), {"it": "[bold]no[/bold] \x1b[31mred\x1b[0m\x9b2J\x07\u202e"}
    )
    text = shown(markup.blocks(words), 88)
    assert text == "Say [bold]no[/bold] [31mred[0m2J, in [bold]no[/bold] [31mred[0m2J."


def test_nobodys_words_steer_the_terminal_through_a_title_a_ticket_or_an_answer() -> None:
    evil = "x\x1b]0;owned\x07[red]y"
    ticket = TicketCard(
        number=71,
        open=True,
        team="maker",
        name=evil,
        email=evil,
        external=True,
        reasons=(evil,),
        opened=1,
        summary=f"Tried:\n1. {evil}",
    )
    message = ScreenMessage(id="1.1", who="bot", kind="step", words=verbatim(evil))
    answer = ScreenMessage(id="2.0", who="contact", kind="answer", words=verbatim(evil))
    at = Conversation(id="07x", version=1, step="plug", flow="lamp")
    seen = Screen(conversation=at, title=evil, prompt=prompt(flow(), at, {}), messages=(message, answer))
    for drawn in (
        render.ticket_card(ticket),
        render.recap(seen),
        render.echo(evil),
        render.heading(evil),
        render.note(evil),
    ):
        text = shown(drawn, 200)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "[red]y" in text


def test_a_ticket_shows_who_has_it_how_to_reach_them_and_a_summary_to_copy() -> None:
    ticket = TicketCard(
        number=71,
        open=True,
        team="maker",
        name="the lamp maker",
        email="help@lamps.example",
        external=True,
        reasons=("asked", "cannot_find"),
        opened=1,
        summary="Ticket #71: The lamp stays dark\n\nTried:\n1. Plug it in · Still failing",
    )
    assert shown(render.ticket_card(ticket)) == dedent(
        """
        ╭─ Ticket #71 ─────────────────────────────────────────────╮
        │ Team    the lamp maker                                   │
        │ Email   help@lamps.example                               │
        │ Reason  I'd rather talk to a person; I can't find what   │
        │         the step mentions                                │
        ╰──────────────────────────────────────────────────────────╯
        Copy this summary:
        Ticket #71: The lamp stays dark

        Tried:
        1. Plug it in · Still failing"""
    )


def test_colours_are_there_on_a_terminal_and_gone_with_no_color() -> None:
    drawn = render.echo("Fixed it")
    assert "\x1b[" in shown(drawn, color=True)
    out = StringIO()
    Console(file=out, force_terminal=True, no_color=True, color_system="truecolor").print(drawn)
    assert "\x1b[3" not in out.getvalue()


def test_a_terminal_without_unicode_gets_lines_it_can_draw() -> None:
    class Ascii(StringIO):
        encoding = "ascii"

    out = Ascii()
    Console(file=out, width=60, force_terminal=True, color_system=None).print(
        render.card(prompt(flow(), at := Conversation(id="07x", step="plug", flow="lamp"), {}), at)
    )
    assert out.getvalue().isascii()


def test_a_delivery_is_drawn_by_what_it_holds_and_a_retirement_not_at_all() -> None:
    at = Conversation(id="07x", version=1, turn=1, flow="lamp", step="plug")
    address = Address(channel="terminal", person="ana")
    retired = verbatim("Plug it in · Still failing")
    blank = Delivery(effect=Retire(), conversation=at, address=address, words=retired)
    asked = blank.model_copy(update={"effect": Ask(turn=1), "prompt": prompt(flow(), at, {})})
    told = blank.model_copy(update={"effect": Tell(words="nudge"), "words": parse("How is it *going*?")})
    assert render.draw(blank) is None
    assert "Plug it in" in shown(render.draw(asked) or "")
    assert shown(render.draw(told) or "") == "\nHow is it going?"


def test_coming_back_shows_the_last_answers_and_counts_the_rest() -> None:
    messages = []
    for number in range(7):
        messages += [
            ScreenMessage(id=f"{number}.1", who="bot", kind="step", words=verbatim(f"Step {number}")),
            ScreenMessage(id=f"{number}.2", who="contact", kind="answer", words=verbatim("Start over")),
            ScreenMessage(id=f"{number}.3", who="contact", kind="answer", words=verbatim("Still failing")),
        ]
    at = Conversation(id="07x", version=1, step="plug", flow="lamp")
    text = shown(
        render.recap(
            Screen(conversation=at, title="", prompt=prompt(flow(), at, {}), messages=tuple(messages))
        )
    )
    assert "(after 2 earlier answers):" in text
    assert "Step 1" not in text
    assert "  Step 6 · Still failing" in text
    assert "Start over" not in text
