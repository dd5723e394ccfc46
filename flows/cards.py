"""Chooses the card that a customer sees instead of a step: who helps, how it ended, or what the bot asks afterwards."""

from collections.abc import Mapping
from typing import Final, Literal

from flows.conversation import Conversation, Status
from flows.values import Frozen

Kind = Literal["step", "waiting", "held", "paused", "resolved", "closed"]


class Card(Frozen):
    """A card: its kind, and the ids of the phrases in its title and its text."""

    kind: Kind
    title: str
    text: str


def card_of(conversation: Conversation) -> Card:
    """Return the card of a conversation that shows no step."""
    if conversation.hushed:
        return Card(kind="paused", title="title_overheard", text="overheard_card")
    if conversation.may_go_on:
        return Card(kind="held", title="title_held", text="held_allowed")
    if conversation.status is Status.RESOLVED and conversation.follow_up:
        return _AFTER_A_DAY[conversation.follow_up]
    return _CARDS[conversation.status]


def may_rate(conversation: Conversation) -> bool:
    """Return whether the bot asks the customer for a rating."""
    asked = conversation.follow_up == "asked"
    return conversation.status is Status.RESOLVED and conversation.rated == 0 and not asked


def may_explain(conversation: Conversation) -> bool:
    """Return whether the customer has rated and may still add a comment."""
    return (
        conversation.status is Status.RESOLVED
        and conversation.rated > 0
        and not conversation.rating_has_words
    )


_CARDS: Final[Mapping[Status, Card]] = {
    Status.WAITING: Card(kind="waiting", title="title_waiting", text="waiting"),
    Status.WITH_AGENT: Card(kind="held", title="title_held", text="held"),
    Status.RESOLVED: Card(kind="resolved", title="title_resolved", text="resolved"),
    Status.CLOSED: Card(kind="closed", title="title_closed", text="closed_card"),
}
_AFTER_A_DAY: Final[Mapping[str, Card]] = {
    "asked": Card(kind="resolved", title="title_follow_up", text="follow_up"),
    "confirmed": Card(kind="resolved", title="title_resolved", text="still_works"),
}
