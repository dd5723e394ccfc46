"""From a delivery to a message of Slack's: its text and its blocks, within the limits. Pure.

Words become rich text, everything else plain text: nobody's words are read as markup, wherever they stand. The one
exception is a message's own `text`, which Slack reads as markup, so it is escaped.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.limits import ASIDE, SPEECH, WEIGHT, clean, escaped, line, shows
from adapters.slack.render.blocks import (
    Json,
    actions,
    button,
    context,
    header,
    image,
    is_web,
    meaning,
    option,
    overflow,
    select,
)
from adapters.slack.render.feedback import ending, how_it_went
from adapters.slack.render.rich_text import linked, rich_text, sentence
from bot.ports import Delivery
from flows.button import BuiltIn, Button
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.effects import Tell
from flows.prompts import Option, Progress, Prompt
from flows.text.phrases import PHRASES
from flows.text.words import Items, Link, Paragraph, Words, fill, parse, plain
from flows.text.words import Text as Plain
from flows.values import Frozen
from flows.views.screen import verbatim

BUTTONS: Final = 5
"""Answers shown as buttons; more become a menu."""

BAR: Final = 10
"""The longest progress bar, in characters."""

Blocks = tuple[Json, ...]


class Message(Frozen):
    """A message: `text` for notifications and screen readers, escaped and never empty; `blocks` for everybody else."""

    text: str
    blocks: tuple[dict[str, Any], ...]


def message(delivery: Delivery) -> Message | None:
    """What an Ask or a Tell looks like; None where there is nothing to show."""
    if delivery.prompt is not None:
        return card(delivery.prompt, delivery.conversation, delivery.effect.id)
    if isinstance(delivery.effect, Tell):
        return _told(delivery.effect, delivery)
    return None


def collapsed(delivery: Delivery) -> Message:
    """What a Retire leaves of a message: the one line in its words, small and grey, without buttons."""
    left = line(plain(delivery.words), limits.LINE, PHRASES["step_answered"])
    return Message(
        text=_text([left], PHRASES["step_answered"]),
        blocks=(context(left) | {"block_id": _id(delivery.effect.id, "done")},),
    )


def without_pictures(shown: Message) -> Message:
    """The same for a second try, where Slack could not fetch a picture."""
    return Message(text=shown.text, blocks=tuple(block for block in shown.blocks if block["type"] != "image"))


# ---------------------------------------------------------------- the live prompt


def card(prompt: Prompt, conversation: Conversation, of: str, again: bool = False) -> Message:
    """The live prompt with everything that can be pressed.

    `of` makes the ids of its blocks unlike those of any other message: an effect's id. `again` is for somebody who
    comes back, and says first how to get to where it happens.
    """
    words = _fitting(
        lambda share: tuple(_words(prompt, again, share)), lambda: tuple(_words(_flat(prompt), again, 4))
    )
    blocks = (*_progress(prompt.progress), header(prompt.title, PHRASES["untitled"]), *words)
    return Message(text=_card_text(prompt, again), blocks=(*blocks, *_pressed(prompt, conversation, of)))


def _words(prompt: Prompt, again: bool, share: int) -> Iterator[Json]:
    """Everything between the title and the buttons, in a `share`-th of the room."""
    text, aside = SPEECH // share, ASIDE // share
    if again:
        yield from rich_text(prompt.again, aside, PHRASES["before_you_continue"], quoted=True)
    yield from rich_text(prompt.text, text)
    if prompt.image:
        yield from image(prompt.image.src, prompt.image.alt, PHRASES["picture"])
    yield from rich_text(_links(prompt), aside, PHRASES["links"])
    yield from rich_text(prompt.warning, aside, f"⚠️ {PHRASES['please_note']}", quoted=True)
    yield from rich_text(prompt.why, aside, PHRASES["why"])
    yield from rich_text(prompt.test, aside)
    if shows(prompt.secret):
        yield context(PHRASES.say("secret", secret=line(prompt.secret, limits.HEADER, "")))


def _fitting(draw: Callable[[int], Blocks], plainly: Callable[[], Blocks]) -> Blocks:
    """What is drawn with as much room as Slack takes in one message; without any styles where nothing else fits."""
    for share in (1, 2, 4):
        blocks = draw(share)
        if limits.length(json.dumps(blocks, ensure_ascii=False)) <= WEIGHT:
            return blocks
    return plainly()


def _flat(prompt: Prompt) -> Prompt:
    """The same without styles and lists, which weigh more than their words."""
    words = {
        name: verbatim(plain(getattr(prompt, name))) for name in ("text", "test", "why", "warning", "again")
    }
    return prompt.model_copy(update=words)


def _card_text(prompt: Prompt, again: bool) -> str:
    """The card for who hears it: Slack's screen readers read this and skip the blocks."""
    at = prompt.progress
    where = f"{PHRASES.say('progress', at=at.at, of=at.of)}: " if at else ""
    answers = ", ".join(choice.label for choice in prompt.choices)
    parts = [where + prompt.title]
    parts += [
        plain(words) for words in (prompt.again if again else (), prompt.text, prompt.warning, prompt.test)
    ]
    return _text([*parts, PHRASES.say("answers", answers=answers) if answers else ""], PHRASES["untitled"])


def _progress(progress: Progress | None) -> Iterator[Json]:
    if progress is None:
        return
    size = min(progress.of, BAR)
    done = max(1, round(progress.at * size / max(1, progress.of)))
    bar = "▰" * min(done, size) + "▱" * (size - done)
    yield context(f"{PHRASES.say('progress', at=progress.at, of=progress.of)}   {bar}")


def _links(prompt: Prompt) -> Words:
    rows = tuple(
        (Paragraph(inlines=(Link(label=(Plain(text=link.label or link.url),), url=link.url),)),)
        for link in prompt.links
        if is_web(link.url)
    )
    return (Items(items=rows),) if rows else ()


def _pressed(prompt: Prompt, conversation: Conversation, of: str) -> Iterator[Json]:
    """The answers with the menu of everything beside them, and what an open ticket offers."""

    def at(built_in: BuiltIn) -> Button:
        return Button(conversation=conversation.id, turn=prompt.turn, built_in=built_in)

    beside = [option(text, str(at(built_in))) for text, built_in in _beside(prompt, conversation)]
    answers = [*_answers(prompt, conversation)]
    ticket = [_button(text, at(built_in)) for text, built_in in _of_ticket(conversation)]
    if prompt.kind == "step" and ticket:
        yield from actions([*answers, *_menu(beside)], _id(of, "answers"))
        yield context(PHRASES.say("ticket_open", ticket=conversation.ticket))
        yield from actions(ticket, _id(of, "ticket"))
    else:
        yield from actions([*answers, *ticket, *_menu(beside)], _id(of, "answers"))
    yield from how_it_went(prompt, conversation, of)


def _answers(prompt: Prompt, conversation: Conversation) -> Iterator[Json]:
    """The answers as buttons, or as a menu where there are many."""

    def value(choice: Option) -> Button:
        return Button(conversation=conversation.id, turn=prompt.turn, choice=choice.id)

    yield from ending(prompt, conversation)
    if len(prompt.choices) <= BUTTONS:
        for choice in prompt.choices:
            yield _button(choice.label, value(choice), primary=choice.primary)
        return
    options = [option(choice.label, str(value(choice))) for choice in prompt.choices]
    for start in range(0, len(options), limits.OPTIONS):
        asks = PHRASES["more_answers" if start else "choose_answer"]
        yield select(options[start : start + limits.OPTIONS], f"=choose{start}", asks)


def _menu(options: Sequence[Json]) -> Iterator[Json]:
    if options:
        yield overflow(options, "=more")


def _beside(prompt: Prompt, conversation: Conversation) -> Iterator[tuple[str, BuiltIn]]:
    """What stands in the menu, at most five; the same as in every channel."""
    if prompt.kind not in ("step", "waiting"):
        return
    if not conversation.ticket_open:
        yield PHRASES["person"], "person"
    if prompt.back:
        yield PHRASES["back"], "back"
    if conversation.flow != PICKER:
        yield PHRASES["restart"], "restart"
    yield PHRASES["later"], "later"
    address = conversation.address("customer")
    if address is not None and address.thread:  # nobody else can look into direct messages
        yield PHRASES["colleague"], "colleague"
    if conversation.ticket_open:
        yield PHRASES["cancel_ticket"], "withdraw"


def _of_ticket(conversation: Conversation) -> Iterator[tuple[str, BuiltIn]]:
    """What an open ticket offers, each a button of its own."""
    if not conversation.ticket_open:
        return
    yield PHRASES["add_details"], "details"
    yield PHRASES["summary"], "summary"


# ---------------------------------------------------------------- what is told


def _told(tell: Tell, delivery: Delivery) -> Message | None:
    words = delivery.words
    blocks = _fitting(
        lambda share: rich_text(words, SPEECH // share), lambda: rich_text(verbatim(plain(words)), ASIDE)
    )
    if not blocks:
        return None
    at = delivery.conversation
    offered = [
        _button(PHRASES[label], Button(conversation=at.id, turn=at.turn, built_in=built_in))
        for label, built_in in _TOLD_WITH.get(tell.words, ())
    ]
    return Message(
        text=_text([plain(delivery.words)], PHRASES["step_answered"]),
        blocks=(*blocks, *actions(offered, _id(tell.id, "told"))),
    )


_TOLD_WITH: Final[Mapping[str, tuple[tuple[str, BuiltIn], ...]]] = {
    "escalated": (("add_details", "details"), ("summary", "summary")),
    "nudge": (("show_step", "step"),),
}
"""The buttons that some words come with."""

# ---------------------------------------------------------------- what the clicker alone sees, and offers


def note(text: str, link: str = "", buttons: Sequence[tuple[str, Button]] = ()) -> Message:
    """A sentence for one person, with the way to the current step if `link` is its address, and buttons."""
    way = (sentence(linked(PHRASES["current_step"], link)),) if is_web(link) else ()
    pressed = [_button(words, value) for words, value in buttons]
    return Message(
        text=_text([text], PHRASES["current_step"]),
        blocks=(*rich_text(verbatim(text)), *way, *actions(pressed)),
    )


def offer(title: str, value: str, decline: str, off: str) -> Message:
    """The question whether to walk through a flow whose error text somebody wrote; the values are the caller's."""
    known = line(title, limits.HEADER, PHRASES["offer_untitled"])
    pressed = [
        button(PHRASES["offer_takes"], value, "=offer", primary=True),
        button(PHRASES["offer_declines"], decline, "=decline"),
        button(PHRASES["offer_off"], off, "=off"),
    ]
    asks = fill(parse(PHRASES["offer"]), {"title": known})
    return Message(
        text=_text([plain(asks)], PHRASES["offer_untitled"]), blocks=(*rich_text(asks), *actions(pressed))
    )


def collapsed_offer(text: str) -> Message:
    """What an offer leaves once it was answered."""
    return Message(
        text=_text([text], PHRASES["step_answered"]),
        blocks=(context(line(text, limits.TEXT, PHRASES["step_answered"])),),
    )


def _button(text: str, value: Button, primary: bool = False) -> Json:
    return button(text, str(value), meaning(value), primary)


def _id(of: str, part: str) -> str:
    return f"{of}.{part}"


def _text(parts: Iterable[str], otherwise: str) -> str:
    """The parts as one text, as far as there is room."""
    text = "\n".join(clean(part).strip() for part in parts if shows(clean(part)))
    return escaped(text if shows(text) else otherwise, limits.MESSAGE)
