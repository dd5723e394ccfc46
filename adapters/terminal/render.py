"""Draws a delivery for a terminal, with Rich. Pure: nothing here prints.

Texts become `Text`, never markup, and lose their control characters, so that no one's words can color the screen or
move its cursor.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.terminal.inbound import MenuItem, offers
from adapters.terminal.markup import BLANK, blocks, clean, one_line, spaced
from adapters.terminal.texts import TEXTS
from bot.ports import Delivery
from flows.conversation import Conversation
from flows.effects import Retire
from flows.events import Spoken
from flows.prompts import Prompt
from flows.suggestions import Suggestion
from flows.text.phrases import PHRASES, reason_label
from flows.views.quotes import beside
from flows.views.screen import Screen, ScreenMessage, TicketCard

WIDEST: Final = 88
"""Most characters per line, because longer lines are hard to read. A wider terminal has a margin."""

RECALLED: Final = 5
"""Number of answers that a customer who comes back sees again."""


def draw(delivery: Delivery) -> RenderableType | None:
    """Draw a delivery. None if nothing is shown, as for a retired message: printed text cannot be removed."""
    if delivery.prompt is not None:
        return card(delivery.prompt, delivery.conversation)
    if delivery.reply is not None:
        who = Text(clean(delivery.reply.who or PHRASES["an_agent"]), style="bold magenta")
        return Group(BLANK, who, blocks(delivery.reply.words))
    if delivery.suggestion is not None:
        return Group(BLANK, question(delivery.suggestion))
    if delivery.words and not isinstance(delivery.effect, Retire):
        return Group(BLANK, blocks(delivery.words))
    return None


def card(prompt: Prompt, conversation: Conversation, again: bool = False) -> RenderableType:
    """Draw the live prompt with the whole menu; `again` for a customer who comes back."""
    offered = offers(prompt, conversation)
    asks = [Text(PHRASES["how_was_it"])] if prompt.asks_how else []
    parts = [_heading(prompt), *_body(prompt, again), *_answers(offered), *asks]
    if prompt.suggestion is not None:
        parts += [Group(question(prompt.suggestion), *_suggested(offered))]
    return Group(BLANK, *spaced([*parts, keys(offered)]))


def question(suggestion: Suggestion) -> RenderableType:
    """Draw the question what the customer's words meant. Its answers are part of the menu."""
    return Text(clean(suggestion.question), style="bold")


def _heading(prompt: Prompt) -> RenderableType:
    title = Text(clean(prompt.title), style="bold")
    if prompt.progress is None:
        return title
    where = Text(PHRASES.say("progress", at=prompt.progress.at, of=prompt.progress.of), style="cyan")
    return Group(Rule(where, align="left", style="dim"), title)


def _body(prompt: Prompt, again: bool) -> Iterator[RenderableType]:
    if again and prompt.again:
        yield _panel(blocks(prompt.again), PHRASES["before_you_continue"], "cyan")
    if prompt.text:
        yield blocks(prompt.text)
    if prompt.image is not None:
        shown = PHRASES.say("picture_of", alt=prompt.image.alt) if prompt.image.alt else PHRASES["picture"]
        yield Text(clean(f"{shown} ({prompt.image.src})"), style="dim")
    if prompt.links:
        yield Group(*(Text(clean(f"{link.label}: {link.url}")) for link in prompt.links))
    if prompt.warning:
        yield _panel(blocks(prompt.warning), PHRASES["please_note"], "yellow")
    if prompt.why:
        yield Group(Text(PHRASES["why"], style="dim bold"), blocks(prompt.why, "dim"))
    if prompt.test:
        yield blocks(prompt.test)


def _panel(inside: RenderableType, title: str, style: str) -> Panel:
    return Panel(inside, title=Text(title, style=f"bold {style}"), title_align="left", border_style=style)


def _answers(offered: Sequence[MenuItem]) -> Iterator[RenderableType]:
    answers = [offer for offer in offered if offer.is_answer and not offer.suggested]
    if answers:
        yield numbered((offer.key, offer.label) for offer in answers)


def _suggested(offered: Sequence[MenuItem]) -> Iterator[RenderableType]:
    suggested = [offer for offer in offered if offer.suggested]
    if suggested:
        yield numbered((offer.key, offer.label) for offer in suggested)


def numbered(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Draw choices one below the other, each with the key to type."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=1)
    for key, label in rows:
        table.add_row(Text(f"  [{key}]", style="bold cyan"), Text(clean(label), style="bold"))
    return table


def keys(offered: Sequence[MenuItem]) -> RenderableType:
    """Draw the dim line of letters: go back, start over, talk to a person, quit."""
    letters = (offer for offer in offered if not offer.is_answer)
    drawn = [Text.assemble((offer.key, "bold"), " ", offer.label, style="dim") for offer in letters]
    return Columns(drawn, padding=(0, 3, 0, 0))


def hint(offered: Sequence[MenuItem]) -> RenderableType:
    """Draw the menu alone, for a prompt that is still visible a few lines up.

    The answers to a suggestion come first: its question is the last line above them.
    """
    own = [offer for offer in offered if offer.is_answer and not offer.suggested]
    answers = [Text.assemble(f"[{offer.key}] ", clean(offer.label)) for offer in own]
    columns = [Columns(answers, padding=(0, 3, 0, 0))] if answers else []
    parts = [*_suggested(offered), Group(*columns, keys(offered))]
    return Group(*(() if len(parts) > 1 else (BLANK,)), *spaced(parts))


def heading(title: str) -> RenderableType:
    """Draw the heading of a visit."""
    return Group(
        BLANK,
        Rule(Text(clean(title), style="bold"), style="cyan"),
        Text(TEXTS["how_to_answer"], style="dim", justify="center"),
    )


def echo(label: str) -> RenderableType:
    """Draw what the customer answered."""
    return Text.assemble((TEXTS["you"], "dim"), (clean(label), "bold green"))


def note(text: str) -> RenderableType:
    """Draw a sentence of the terminal itself."""
    return Group(BLANK, Text(clean(text), style="dim"))


def ticket_card(ticket: TicketCard) -> RenderableType:
    """Draw a ticket: its number, the team and its email address, the reasons, and a summary to copy."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(ratio=1)
    facts.add_row(TEXTS["team"], Text(clean(ticket.name)))
    if ticket.may_write_to:
        facts.add_row(TEXTS["email"], Text(clean(ticket.may_write_to)))
    facts.add_row(TEXTS["reason"], Text("; ".join(clean(reason_label(reason)) for reason in ticket.reasons)))
    title = PHRASES.say("ticket_number" if ticket.open else "ticket_closed", ticket=ticket.number)
    lead = Text(PHRASES["summary_lead"], style="dim")
    return Group(BLANK, _panel(facts, title, "green"), lead, whole(ticket.summary))


def whole(text: str) -> Text:
    """Draw a text to copy. Only the terminal itself may break its lines."""
    return Text(clean(text), no_wrap=True, overflow="ignore")


def parting(text: str, command: str) -> RenderableType:
    """Draw the farewell: the conversation's status, and the command that continues it."""
    return Group(BLANK, Text(clean(text), style="dim"), whole(f"  {command}"))


def recap(screen: Screen) -> RenderableType:
    """Draw what a customer who comes back has done so far."""
    parts: list[RenderableType] = [Text(TEXTS["welcome_back"], style="bold")]
    answers = tuple(_past_answers(screen))
    earlier = len(answers) - RECALLED
    if answers:
        lead = TEXTS.say("so_far_last", count=earlier) if earlier > 0 else TEXTS["so_far"]
        parts.append(Text(lead, style="dim"))
    parts += [Text(clean(f"  {step} · {answer}"), style="dim") for step, answer in answers[-RECALLED:]]
    return Group(BLANK, *parts)


def _past_answers(screen: Screen) -> Iterator[tuple[str, str]]:
    """Yield each answer with the title of its step."""
    title = ""
    for message in screen.messages:
        if message.kind == "step":
            title = one_line(message.words)
        elif message.answers_step and title:
            yield title, beside(one_line(message.words), _said(message))


def _said(message: ScreenMessage) -> Spoken:
    return Spoken(text=one_line(message.quote), edited=one_line(message.edited), files=message.files)


def plainly(text: str, style: str = "") -> Text:
    """Draw someone's text for a table or a line, without markup or control characters."""
    return Text(clean(text), style=style)
