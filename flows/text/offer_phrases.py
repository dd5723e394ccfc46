"""Holds what people read where the bot offers help without being asked, and where they asked for too much at once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.text.phrasebook import Plural

OFFER_PHRASES: Final[Mapping[str, str | Plural]] = MappingProxyType(
    {
        # a guide offered where someone quotes an error
        "offer": "This looks like **{title}**. Want me to walk you through it?",
        "offer_untitled": "an error I recognize",
        "offer_declined": "OK. Mention me here if you change your mind.",
        "offer_declined_ticket": "OK. Our team can reply here if you open a ticket.",
        "offer_expired": "That offer has expired. Mention me here to start.",
        "offer_not_yours": "Only the person who wrote the message can decline.",
        # help offered where no one has answered
        "unanswered": "No one has replied yet. Our team can reply here if you open a ticket.",
        "unanswered_away": "Our team will reply here if you open a ticket.",
        "open_a_ticket": "Open a ticket",
        "choose_a_problem": "Choose a problem",
        "person_will_help": "OK. A person from our team will reply here.",
        "not_your_question": "Only the person who asked can choose here.",
        # a ticket that an agent opens for the author of a message
        "only_agents_open": "Only agents can open a ticket for someone else. To get help yourself, mention me.",
        "opened_for": "I opened ticket #{ticket} for the author of that message.",
        "no_ticket": "I couldn't open a ticket. Try again.",
        "has_ticket": "This conversation already has ticket #{ticket}.",
        # a press on another customer's button
        "start_for_me": "Start this for me",
        # more than one person needs in an hour
        "too_many_guides": "You've started many guides in the last hour. You can start another one in {wait}.",
        "too_many_threads": "You've opened many threads in the last hour. You can open another one in {wait}.",
        "too_many_pulled": "You've asked me to help many people in the last hour. You can ask again in {wait}.",
    }
)
"""The phrases by id; `text.phrases` adds them to its table."""
