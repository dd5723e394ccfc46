"""Draws a delivery as a Slack message: its text and its blocks, within the limits. Pure.

Words become rich text, everything else plain text, so Slack reads no one's text as markup. The one exception is a
message's own `text`, which Slack reads as markup, so that text is escaped.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.addresses import Person
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
from adapters.slack.render.feedback import ending, how_it_went, of_ticket
from adapters.slack.render.rich_text import addressed, linked, rich_text, sentence
from adapters.slack.render.tokens import StartFlow
from bot.ports import Delivery
from flows.button import BuiltIn, Button
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.effects import Tell
from flows.prompts import Option, Progress, Prompt
from flows.text.markup.words import Items, Link, Paragraph, Words, fill, parse, plain
from flows.text.markup.words import Text as Plain
from flows.text.phrases import PHRASES
from flows.values import Frozen
from flows.views.quotes import verbatim

BUTTONS: Final = 5
"""Answers shown as buttons; more become a select."""

BAR: Final = 10
"""Characters of the longest progress bar."""

Blocks = tuple[Json, ...]


class Message(Frozen):
    """A message: `text` for notifications and screen readers, escaped and never empty; `blocks` for everyone else."""

    text: str
    blocks: tuple[dict[str, Any], ...]


def message(delivery: Delivery) -> Message | None:
    """Draw an Ask, a Suggest or a Tell; None if it has nothing to show."""
    at = delivery.conversation
    if delivery.prompt is not None:
        return card(delivery.prompt, at, delivery.effect.id)
    if delivery.suggestion is not None:
        return note(delivery.suggestion.question, buttons=delivery.suggestion.buttons(at.id, at.turn))
    if isinstance(delivery.effect, Tell):
        return _tell(delivery.effect, delivery)
    return None


def collapsed(delivery: Delivery) -> Message:
    """Draw what a Retire leaves of a message: the one line in its words, small and grey, without buttons."""
    remaining = line(plain(delivery.words), limits.LINE, PHRASES["step_answered"])
    return Message(
        text=_text([remaining], PHRASES["step_answered"]),
        blocks=(context(remaining) | {"block_id": _id(delivery.effect.id, "done")},),
    )


# ---------------------------------------------------------------- the live prompt


def card(prompt: Prompt, conversation: Conversation, of: str, again: bool = False) -> Message:
    """Draw the live prompt with all its buttons and menus.

    `of`, an effect's id, keeps the ids of the blocks unlike those of any other message. `again` is for a customer who
    comes back: the card then starts with how to get to this step's place.
    """
    words = _fitting(
        lambda share: tuple(_words(prompt, again, share)), lambda: tuple(_words(_flat(prompt), again, 4))
    )
    blocks = (*_progress(prompt.progress), header(prompt.title, PHRASES["untitled"]), *words)
    return Message(text=_card_text(prompt, again), blocks=(*blocks, *_pressed(prompt, conversation, of)))


def _words(prompt: Prompt, again: bool, share: int) -> Iterator[Json]:
    """Draw the blocks between the title and the buttons, in a `share`-th of the room."""
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
    """Draw with as much room as Slack takes in one message; without styles if no smaller share fits."""
    for share in (1, 2, 4):
        blocks = draw(share)
        if limits.length(json.dumps(blocks, ensure_ascii=False)) <= WEIGHT:
            return blocks
    return plainly()


def _flat(prompt: Prompt) -> Prompt:
    """Return the prompt without styles and lists, whose JSON is longer than their text."""
    words = {
        name: verbatim(plain(getattr(prompt, name))) for name in ("text", "test", "why", "warning", "again")
    }
    return prompt.model_copy(update=words)


def _card_text(prompt: Prompt, again: bool) -> str:
    """Write the card as text: Slack's screen readers read this text and skip the blocks."""
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
    """Draw the answers with the overflow menu beside them, and the buttons of an open ticket."""

    def at(built_in: BuiltIn) -> Button:
        return Button(conversation=conversation.id, turn=prompt.turn, built_in=built_in)

    beside = [option(text, str(at(built_in))) for text, built_in in _beside(prompt, conversation)]
    answers = [*_answers(prompt, conversation)]
    ticket = [_button(text, at(built_in)) for text, built_in in of_ticket(conversation)]
    if prompt.kind == "step" and ticket:
        yield from actions([*answers, *_menu(beside)], _id(of, "answers"))
        yield context(PHRASES.say("ticket_open", ticket=conversation.ticket))
        yield from actions(ticket, _id(of, "ticket"))
    else:
        yield from actions([*answers, *ticket, *_menu(beside)], _id(of, "answers"))
    yield from how_it_went(prompt, conversation, of)


def _answers(prompt: Prompt, conversation: Conversation) -> Iterator[Json]:
    """Draw the answers as buttons, or as a select if there are many."""

    def value(choice: Option) -> Button:
        return Button(conversation=conversation.id, turn=prompt.turn, choice=choice.id)

    if len(prompt.choices) <= BUTTONS:
        for choice in prompt.choices:
            yield _button(choice.label, value(choice), primary=choice.primary)
        yield from ending(prompt, conversation)
        return
    options = [option(choice.label, str(value(choice))) for choice in prompt.choices]
    for start in range(0, len(options), limits.OPTIONS):
        asks = PHRASES["more_answers" if start else "choose_answer"]
        yield select(options[start : start + limits.OPTIONS], f"=choose{start}", asks)


def _menu(options: Sequence[Json]) -> Iterator[Json]:
    if options:
        yield overflow(options, "=more")


def _beside(prompt: Prompt, conversation: Conversation) -> Iterator[tuple[str, BuiltIn]]:
    """List the overflow menu's entries, five at most; every channel has the same."""
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
    if address is not None and address.thread:  # no one else sees direct messages
        yield PHRASES["colleague"], "colleague"
    if conversation.ticket_open:
        yield PHRASES["cancel_ticket"], "withdraw"


# ---------------------------------------------------------------- one sentence to the customer


def _tell(tell: Tell, delivery: Delivery) -> Message | None:
    words = delivery.words
    blocks = _fitting(
        lambda share: rich_text(words, SPEECH // share), lambda: rich_text(verbatim(plain(words)), ASIDE)
    )
    if not blocks:
        return None
    at = delivery.conversation
    offered = [
        _button(PHRASES[label], Button(conversation=at.id, turn=at.turn, built_in=built_in))
        for label, built_in in _BUTTONS_UNDER.get(tell.words, ())
    ]
    text = _text([plain(delivery.words)], PHRASES["step_answered"])
    if (to := Person.of(tell.to)) is not None:
        text, blocks = f"<@{to.user}> {text}", addressed(to.user, blocks)
    return Message(text=text, blocks=(*blocks, *actions(offered, _id(tell.id, "told"))))


_BUTTONS_UNDER: Final[Mapping[str, tuple[tuple[str, BuiltIn], ...]]] = {
    "escalated": (("add_details", "details"), ("summary", "summary")),
    "nudge": (("show_step", "step"),),
}
"""The buttons under some sentences, by the sentence's name."""

# ---------------------------------------------------------------- ephemeral notes, and offers


def note(text: str, link: str = "", buttons: Sequence[tuple[str, Button | StartFlow]] = ()) -> Message:
    """Draw a sentence for one person, with buttons, and a link to the current step if `link` is its URL."""
    way = (sentence(linked(PHRASES["current_step"], link)),) if is_web(link) else ()
    pressed = [_button(words, value) for words, value in buttons]
    return Message(
        text=_text([text], PHRASES["current_step"]),
        blocks=(*rich_text(verbatim(text)), *way, *actions(pressed)),
    )


def offer(title: str, value: str, decline: str, off: str) -> Message:
    """Ask whether to start the flow whose error someone quoted; the caller gives the buttons' values."""
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
    """Draw what remains of an offer after its answer."""
    return Message(
        text=_text([text], PHRASES["step_answered"]),
        blocks=(context(line(text, limits.TEXT, PHRASES["step_answered"])),),
    )


def _button(text: str, value: Button | StartFlow, primary: bool = False) -> Json:
    return button(text, str(value), meaning(value) if isinstance(value, Button) else "=start", primary)


def _id(of: str, part: str) -> str:
    return f"{of}.{part}"


def _text(parts: Iterable[str], otherwise: str) -> str:
    """Join the parts into one text, cut to the room."""
    text = "\n".join(clean(part).strip() for part in parts if shows(clean(part)))
    return escaped(text if shows(text) else otherwise, limits.MESSAGE)
