"""Draws the offer of help where no one has answered, and what remains of it. Pure."""

from adapters.discord.render.card import Message
from adapters.discord.render.components import button, row, text
from adapters.discord.render.markdown import escape, small
from adapters.discord.render.tokens import HelpOffer
from flows.text.phrases import PHRASES


def help_offer(away: str, user: str) -> Message:
    """Offer a ticket or a choice of problems to `user`; `away` says when the team is back, if it is away."""
    words = " ".join(filter(None, (away, PHRASES["unanswered_away" if away else "unanswered"])))
    pressed = row(
        button(PHRASES["open_a_ticket"], str(HelpOffer(what="ticket", user=user))),
        button(PHRASES["choose_a_problem"], str(HelpOffer(what="problem", user=user))),
    )
    return Message(components=(text(escape(words)), pressed))


def collapsed_offer(words: str) -> Message:
    """Draw what remains of an offer after its answer."""
    return Message(components=(text(small(words)),))
