"""The sentences that only Discord's messages say; everything else is said with `flows.phrases`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SAID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "step": "Step {at} of {of}",
        "tried": "Tried so far: {tried}",
        "before": "Before you go on",
        "note": "Please note",
        "why": "Why?",
        "picture": "Picture: {alt}",
        "secret": "Please never write a {secret} here.",
        "choose": "What do you see?",
        "choose_flow": "What do you need help with?",
        "more": "More: back, start over, later",
        "more_later": "More: later",
        "back_for": "See the step before again",
        "restart_for": "From the first step on",
        "hour": "Later: in an hour",
        "tomorrow": "Later: tomorrow",
        "computer": "Later: when I'm at that computer",
        "later_for": "Your place is kept, and I'll ask how it went",
        "computer_for": "Your place is kept, and I'll stay quiet until then",
        "answered": "Answered",
        "open": "Open",
        "details": "Add details",
        "summary": "Summary to copy",
        "withdraw": "Take the ticket back",
        "write": "Write to them",
        "details_title": "Ticket #{ticket}: add details",
        "reason": "What stands in the way?",
        "text": "In your words",
        "text_for": "What you see, letter by letter if it is an error. Please no passwords.",
        "reach": "How to reach you",
        "reach_for": "Only if it is not here: a mail address, a telephone number",
        "files": "Screenshots or files",
        "files_for": "Please look them over first: no passwords, nobody else's data",
        "why_it_went": "In your own words",
        "write_title": "Write a message",
        "ticket": "Ticket #{ticket}",
        "ticket_closed": "Ticket #{ticket}, closed",
        "ticket_with": "With {team}",
        "reachable": "Write to {reach} and paste this:",
        "copy": "To copy:",
    }
)
"""Read-only; a translation is another mapping with the same ids."""
