"""Draws the offer of help where no one has answered. Pure."""

from collections.abc import Sequence

from adapters.slack.api import limits
from adapters.slack.api.limits import escaped
from adapters.slack.render.blocks import Json, actions, button
from adapters.slack.render.card import Message
from adapters.slack.render.rich_text import rich_text
from flows.text.markup.words import parse, plain
from flows.text.markup.wordtree import Words
from flows.text.phrases import PHRASES


def help_offer(away: str, ticket: str, problem: str) -> Message:
    """Offer a ticket or a choice of problems; `away` says when the team is back, if it is away."""
    words = parse(" ".join(filter(None, (away, PHRASES["unanswered_away" if away else "unanswered"]))))
    pressed = [
        button(PHRASES["open_a_ticket"], ticket, "=open-ticket", primary=True),
        button(PHRASES["choose_a_problem"], problem, "=choose-problem"),
    ]
    return _drawn(words, pressed)


def declined_offer(ticket: str) -> Message:
    """Draw what remains of a guide's offer that a customer declined: a ticket."""
    pressed = [button(PHRASES["open_a_ticket"], ticket, "=open-ticket")]
    return _drawn(parse(PHRASES["offer_declined_ticket"]), pressed)


def _drawn(words: Words, pressed: Sequence[Json]) -> Message:
    return Message(text=escaped(plain(words), limits.MESSAGE), blocks=(*rich_text(words), *actions(pressed)))
