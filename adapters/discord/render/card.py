"""Draws a delivery as a Discord message, in plain dicts within Discord's limits. Pure: nothing here sends.

Components V2 only: a message can never lose that flag, so each has it from the start.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from adapters.discord.api.limits import ELLIPSIS, LABEL, NONCE, ROW, TEXT, cut, size
from adapters.discord.render.card_buttons import button_rows, ticket_buttons
from adapters.discord.render.components import (
    Part,
    button,
    can_be_button,
    container,
    gallery,
    link_button,
    named,
    row,
    separator,
    text,
)
from adapters.discord.render.markdown import clean, escape, fenced, fitted, markdown, quoted, small
from adapters.discord.render.texts import said as sentence
from adapters.discord.render.tokens import StartForMe
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Conversation, Status
from flows.effects import Retire, Tell
from flows.prompts import Href, Prompt
from flows.text.markup.words import Link, Paragraph, Text, Words, fill, is_address, parse, plain
from flows.text.phrases import PHRASES
from flows.values import Frozen
from flows.views.answered_steps import AnsweredStep
from flows.views.screen import Screen, TicketCard

EPHEMERAL: Final = 1 << 6
"""The flag of a message that only the person who pressed sees."""

V2: Final = 1 << 15
"""The flag of a message of components only: no content, no embeds."""

BLUE: Final = 0x3B82F6
AMBER: Final = 0xF0A020
GREEN: Final = 0x23A55A
RED: Final = 0xDA373C
GREY: Final = 0x80848E
"""The color of the edge shows the state: a step, a warning, fixed, an open ticket, closed."""

TITLE: Final = 256
TRIED: Final = 300
"""Characters of the title, and of the line of what was tried."""

SHARES: Final = (TEXT, 600, 300, 100)
"""Characters for each text beside the instructions; the next number applies if all together are too long."""

MARKS: Final = {"before_you_continue": "👋", "please_note": "⚠️"}

BAR: Final = 12
"""Steps up to which each has its own mark in the bar."""


class Message(Frozen):
    """A message as Discord takes it: its components, and its flags."""

    components: tuple[dict[str, Any], ...]
    flags: int = V2


class Manner(Frozen):
    """Says what differs between places: the label for asking for a person, and whether the bot can read messages.

    If it cannot (a server without the message content intent), a button opens a form to write in.
    """

    person: str = PHRASES["person"]
    typed: bool = True


USUAL: Final = Manner()


def payload(message: Message, *, nonce: str = "", reference: str | int = "") -> dict[str, Any]:
    """Build a request's body, which pings no one. A nonce makes Discord drop a repeat for some minutes."""
    body: dict[str, Any] = {
        "components": list(message.components),
        "flags": message.flags,
        "allowed_mentions": {"parse": []},
    }
    if nonce:
        body |= {"nonce": nonce[:NONCE], "enforce_nonce": True}
    if reference:
        body["message_reference"] = {"message_id": str(reference), "fail_if_not_exists": False}
    return body


def message(delivery: Delivery, tried: str = "", manner: Manner = USUAL) -> Message | None:
    """Draw an Ask, a Suggest or a Tell; None if there is nothing to send."""
    at = delivery.conversation
    if delivery.prompt is not None:
        return card(delivery.prompt, at, tried, manner=manner)
    if delivery.suggestion is not None:
        buttons = delivery.suggestion.buttons(at.id, at.turn)
        return note(delivery.suggestion.question, buttons=buttons).model_copy(update={"flags": V2})
    if not delivery.words or isinstance(delivery.effect, Retire):
        return None
    content = fitted(delivery.words, TEXT)
    if not content.strip():
        return None
    if isinstance(delivery.effect, Tell) and delivery.effect.words == "escalated":
        return _boxed([text(content), row(*ticket_buttons(at.id, at.turn)[:2])], RED)
    return Message(components=(text(content),))


def card(
    prompt: Prompt, conversation: Conversation, tried: str = "", again: bool = False, manner: Manner = USUAL
) -> Message:
    """Draw the live prompt with all its buttons and menus.

    `tried` is one line of what was tried so far (see `so_far`); `again` adds how to get back to this step's place,
    for a customer who was away.
    """
    read = [*_read(prompt, tried, again)]
    if conversation.ticket_open and not manner.typed:
        read += _how_to_write(TEXT - sum(size(part.get("content", "")) for part in read))
    pressed = button_rows(prompt, conversation, manner.person, manner.typed)
    return _boxed([*read, separator(), *pressed] if pressed else read, colour(prompt, conversation))


def colour(prompt: Prompt, conversation: Conversation) -> int:
    """Return the color of the state: an open ticket overrides a warning, and an end overrides both."""
    if conversation.status is Status.RESOLVED:
        return GREEN
    if conversation.status is Status.CLOSED:
        return GREY
    if conversation.ticket_open:
        return RED
    return AMBER if prompt.warning else BLUE


def collapsed(delivery: Delivery) -> Message:
    """Draw what remains of an answered message: a line without buttons."""
    line = " ".join(fitted(delivery.words, TRIED).split())
    return Message(components=(text(small(line or PHRASES["step_answered"])),))


def note(
    said: str | Words, link: str = "", buttons: Sequence[tuple[str, Button | StartForMe]] = ()
) -> Message:
    """Draw an ephemeral line, with a link to the conversation, and buttons.

    A str is plain text and is escaped; words are drawn.
    """
    content = cut(escape(said), TEXT) if isinstance(said, str) else fitted(said, TEXT)
    pressed = [button(label, str(which)) for label, which in buttons]
    opened = [link_button(PHRASES["current_step"], link)] if can_be_button(link) else []
    rows = [row(*(opened + pressed)[:ROW])] if opened or pressed else []
    return Message(
        components=(text(content.strip() or PHRASES["step_answered"]), *rows), flags=EPHEMERAL | V2
    )


def summary(ticket: TicketCard) -> Message:
    """Draw a ticket for the person who pressed: its team, how to reach it, and a summary to copy."""
    state = PHRASES.say("ticket_number" if ticket.open else "ticket_closed", ticket=ticket.number)
    team = PHRASES.say("ticket_team", team=escape(ticket.name))
    asks = parse(PHRASES["summary_to" if ticket.write_to else "summary_lead"])
    lead = markdown(fill(asks, {"reach": ticket.write_to, "address": f"mailto:{ticket.write_to}"}))
    head = cut(f"**{state}** · {team}\n{lead}", TEXT // 4)
    room = TEXT - size(head) - size(fenced("")) - 1
    return Message(components=(text(f"{head}\n{fenced(cut(ticket.summary, room))}"),), flags=EPHEMERAL | V2)


def so_far(screen: Screen) -> str:
    """Write in one line what was tried, oldest first: each step and its answer. '' if nothing was."""
    title, found = "", []
    for said in screen.messages:
        if said.kind == "step":
            title = plain(said.words)
        elif said.answers_step:
            found.append(AnsweredStep(title=title, answer=plain(said.words)))
    return tried_line(found)


def tried_line(steps: Iterable[AnsweredStep]) -> str:
    """Write answered steps in one line. '' if there is none."""
    lines = ((" ".join(step.title.split()), " ".join(step.answer.split())) for step in steps)
    return " · ".join(f"{title} ({answer})" for title, answer in lines if title)


# ---------------------------------------------------------------- texts, picture and links


def _read(prompt: Prompt, tried: str, again: bool) -> Iterator[Part]:
    """Draw the texts, the picture and the links, in the order in which they help."""
    for name, content in _within_limits(prompt, tried, again).items():
        if content.strip():
            yield text(content)
        if name == "text":
            yield from _picture(prompt)
        if name == "links" and (links := _as_buttons(prompt)):
            yield row(*(link_button(link.label, link.url) for link in links))


def _how_to_write(room: int) -> Iterator[Part]:
    """Say how to write in a place where the bot can't read messages, if there is room for it."""
    line = small(markdown(parse(sentence("write_with", button=PHRASES["send_message"]))))
    if size(line) <= room:
        yield text(line)


def _picture(prompt: Prompt) -> Iterator[Part]:
    picture = gallery(prompt.image.src, prompt.image.alt) if prompt.image else None
    if picture is not None:
        yield picture


def _within_limits(prompt: Prompt, tried: str, again: bool) -> dict[str, str]:
    """Return the texts by name; those beside the instructions are shortened first, then the instructions."""
    shown: dict[str, str] = {}
    taken = 0
    for share in SHARES:
        shown = _texts(prompt, tried, again, share)
        taken = sum(size(content) for name, content in shown.items() if name != "text")
        if taken + size(shown["text"]) <= TEXT:
            return shown
    return shown | {"text": fitted(prompt.text, TEXT - taken)}


def _texts(prompt: Prompt, tried: str, again: bool, share: int) -> dict[str, str]:
    return {
        "head": "\n".join(_head(prompt, tried)),
        "again": _set_apart("before_you_continue", fitted(prompt.again, share)) if again else "",
        "text": markdown(prompt.text),
        "picture": _picture_in_words(prompt),
        "links": _as_words(prompt) if share == TEXT else "",
        "warning": _set_apart("please_note", fitted(prompt.warning, share)),
        "why": small(f"**{PHRASES['why']}** {fitted(prompt.why, share)}") if prompt.why else "",
        "test": fitted(prompt.test, share),
        "secret": small(PHRASES.say("secret", secret=escape(cut(prompt.secret, LABEL))))
        if prompt.secret
        else "",
    }


def _head(prompt: Prompt, tried: str) -> Iterator[str]:
    if prompt.progress is not None:
        at, of = prompt.progress.at, prompt.progress.of
        marks = min(of, BAR)
        done = max(1, at * marks // of)
        yield small(f"{PHRASES.say('progress', at=at, of=of)} · {'▰' * done}{'▱' * (marks - done)}")
    if line := " ".join(clean(tried).split()):
        kept = line if size(line) <= TRIED else ELLIPSIS + line[-(TRIED // 2) :]
        yield small(PHRASES.say("tried_so_far", tried=escape(kept)))
    yield f"## {escape(named(prompt.title, TITLE))}"


def _set_apart(name: str, content: str) -> str:
    return quoted(f"{MARKS[name]} **{PHRASES[name]}**\n{content}") if content.strip() else ""


def _picture_in_words(prompt: Prompt) -> str:
    """Describe a picture that Discord cannot load: a picture stored beside the flow has no URL."""
    image = prompt.image
    if image is None or not image.alt or gallery(image.src, image.alt) is not None:
        return ""
    return small(PHRASES.say("picture_of", alt=escape(named(image.alt, TITLE))))


def _as_buttons(prompt: Prompt) -> tuple[Href, ...]:
    return tuple(link for link in prompt.links if can_be_button(link.url))[:ROW]


def _as_words(prompt: Prompt) -> str:
    """Draw the links that no button can hold."""
    buttons = _as_buttons(prompt)
    rest = (link for link in prompt.links if link not in buttons)
    shown = (
        Paragraph(inlines=(Link(label=(Text(text=link.label),), url=link.url),))
        for link in rest
        if is_address(link.url)
    )
    return "\n".join(markdown((line,)) for line in shown)


def _boxed(parts: Sequence[Part], edge: int) -> Message:
    return Message(components=(container(parts, edge),))
