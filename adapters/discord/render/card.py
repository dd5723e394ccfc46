"""From a delivery to the message that Discord shows, as plain dicts within its limits. Pure: nothing here sends.

Components V2 only: a message that once has the flag can never lose it, so each has it from the start.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.discord.api.limits import ELLIPSIS, LABEL, NONCE, OPTIONS, ROW, TEXT, cut, size
from adapters.discord.render.card_buttons import pressing, ticket_buttons
from adapters.discord.render.components import (
    Part,
    button,
    can_be_button,
    container,
    gallery,
    link_button,
    named,
    option,
    row,
    select,
    separator,
    text,
)
from adapters.discord.render.markdown import clean, escape, fenced, fitted, markdown, quoted, small
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Conversation, Status
from flows.effects import Retire, Tell
from flows.prompts import Href, Prompt
from flows.text.phrases import PHRASES
from flows.text.words import Link, Paragraph, Text, Words, fill, is_address, parse, plain
from flows.values import Frozen
from flows.views.screen import Screen, TicketCard

EPHEMERAL: Final = 1 << 6
"""Only the person who pressed sees it."""

V2: Final = 1 << 15
"""Components only: no content, no embeds."""

BLUE: Final = 0x3B82F6
AMBER: Final = 0xF0A020
GREEN: Final = 0x23A55A
RED: Final = 0xDA373C
GREY: Final = 0x80848E
"""The edge tells the state: walking, a warning, fixed, with a person, closed."""

TITLE: Final = 256
TRIED: Final = 300
"""Characters of the title and of the line of what was tried."""

SHARES: Final = (TEXT, 600, 300, 100)
"""Characters that a warning, a reason and the like may have; the next is tried where all together is too much."""

MARKS: Final = {"before_you_continue": "👋", "please_note": "⚠️"}

BAR: Final = 12
"""Steps up to which each has its own mark in the bar."""

START: Final = "start:"
"""What the value of a flow on offer begins with; its id follows."""


class Message(Frozen):
    """A message as Discord takes it: its components, and its flags."""

    components: tuple[dict[str, Any], ...]
    flags: int = V2


class Manner(Frozen):
    """What differs from place to place: what asking for a person is called, and whether typed text reaches the bot.

    Where it does not (a server without the intent for message content), a button opens a form to write in.
    """

    person: str = PHRASES["person"]
    typed: bool = True


USUAL: Final = Manner()


def payload(message: Message, *, nonce: str = "", reference: str | int = "") -> dict[str, Any]:
    """The body of a request: nobody is ever pinged. A nonce makes Discord drop a repeat for some minutes."""
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
    """What an Ask or a Tell looks like; None where there is nothing to send."""
    if delivery.prompt is not None:
        return card(delivery.prompt, delivery.conversation, tried, manner=manner)
    if not delivery.words or isinstance(delivery.effect, Retire):
        return None
    content = fitted(delivery.words, TEXT)
    if not content.strip():
        return None
    if isinstance(delivery.effect, Tell) and delivery.effect.words == "escalated":
        at = delivery.conversation
        return _boxed([text(content), row(*ticket_buttons(at.id, at.turn)[:2])], RED)
    return Message(components=(text(content),))


def card(
    prompt: Prompt, conversation: Conversation, tried: str = "", again: bool = False, manner: Manner = USUAL
) -> Message:
    """The live prompt with everything that can be pressed.

    `tried` is one line of what was tried so far (see `so_far`); `again` adds how to get back to where the flow
    happens, for somebody who was away.
    """
    read = [*_read(prompt, tried, again)]
    pressed = pressing(prompt, conversation, manner.person, manner.typed)
    return _boxed([*read, separator(), *pressed] if pressed else read, colour(prompt, conversation))


def colour(prompt: Prompt, conversation: Conversation) -> int:
    """The colour of the state: a ticket that is open counts more than a warning, and an end more than both."""
    if conversation.status is Status.RESOLVED:
        return GREEN
    if conversation.status is Status.CLOSED:
        return GREY
    if conversation.ticket_open:
        return RED
    return AMBER if prompt.warning else BLUE


def collapsed(delivery: Delivery) -> Message:
    """What is left of a message that was answered: a line without buttons."""
    line = " ".join(fitted(delivery.words, TRIED).split())
    return Message(components=(text(small(line or PHRASES["step_answered"])),))


def note(said: str | Words, link: str = "", buttons: Sequence[tuple[str, Button]] = ()) -> Message:
    """A line that only whoever pressed sees, with a link to where the conversation is, and buttons.

    A str is plain text and comes out as its characters; words are drawn.
    """
    content = cut(escape(said), TEXT) if isinstance(said, str) else fitted(said, TEXT)
    pressed = [button(label, str(which)) for label, which in buttons]
    opened = [link_button(PHRASES["current_step"], link)] if can_be_button(link) else []
    rows = [row(*(opened + pressed)[:ROW])] if opened or pressed else []
    return Message(
        components=(text(content.strip() or PHRASES["step_answered"]), *rows), flags=EPHEMERAL | V2
    )


def offer(flows: Sequence[tuple[str, str]], said: Words = (), custom_id: str = "offer") -> Message:
    """A choice of flows, each as id and title; what is chosen comes back as `start:FLOW`."""
    options = [option(title, f"{START}{flow}") for flow, title in flows[:OPTIONS]]
    lead = fitted(said, TEXT).strip() or f"**{PHRASES['choose_guide']}**"
    parts = [text(lead)]
    if options:
        parts.append(select(custom_id, PHRASES["choose_guide"], options))
    return _boxed(parts, BLUE)


def summary(ticket: TicketCard) -> Message:
    """A ticket for whoever pressed: who has it, how to reach them, and a summary to copy."""
    state = PHRASES.say("ticket_number" if ticket.open else "ticket_closed", ticket=ticket.number)
    team = PHRASES.say("ticket_team", team=escape(ticket.name))
    asks = parse(PHRASES["summary_to" if ticket.email else "summary_lead"])
    lead = markdown(fill(asks, {"reach": ticket.email, "address": f"mailto:{ticket.email}"}))
    head = cut(f"**{state}** · {team}\n{lead}", TEXT // 4)
    room = TEXT - size(head) - size(fenced("")) - 1
    return Message(components=(text(f"{head}\n{fenced(cut(ticket.summary, room))}"),), flags=EPHEMERAL | V2)


def so_far(screen: Screen) -> str:
    """What was tried in one line, oldest first: each step and what was answered. '' where nothing was."""
    title, lines = "", []
    for said in screen.messages:
        words = " ".join(plain(said.words).split())
        if said.kind == "step":
            title = words
        elif said.kind == "answer" and title:
            lines.append(f"{title} ({words})")
    return " · ".join(lines)


# ---------------------------------------------------------------- what is read


def _read(prompt: Prompt, tried: str, again: bool) -> Iterator[Part]:
    """The texts, the picture and the links, in the order in which they help."""
    for name, content in _within_limits(prompt, tried, again).items():
        if content.strip():
            yield text(content)
        if name == "text":
            yield from _picture(prompt)
        if name == "links" and (links := _as_buttons(prompt)):
            yield row(*(link_button(link.label, link.url) for link in links))


def _picture(prompt: Prompt) -> Iterator[Part]:
    picture = gallery(prompt.image.src, prompt.image.alt) if prompt.image else None
    if picture is not None:
        yield picture


def _within_limits(prompt: Prompt, tried: str, again: bool) -> dict[str, str]:
    """The texts by name: what stands beside the instructions is shortened first, then the instructions."""
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
    """What a picture shows, where Discord cannot load it: one that lies beside the flow has no address."""
    image = prompt.image
    if image is None or not image.alt or gallery(image.src, image.alt) is not None:
        return ""
    return small(PHRASES.say("picture_of", alt=escape(named(image.alt, TITLE))))


def _as_buttons(prompt: Prompt) -> tuple[Href, ...]:
    return tuple(link for link in prompt.links if can_be_button(link.url))[:ROW]


def _as_words(prompt: Prompt) -> str:
    """The links that no button can hold."""
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
