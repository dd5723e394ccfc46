"""Holds what customers read when an agent steps out of their conversation: who it was, and what comes next."""

from collections.abc import Mapping
from typing import Final

HANDOVER_PHRASES: Final[Mapping[str, str]] = {
    "handed_back": "Let's continue the guide from here.",
    "handed_back_by": "{agent} handed this back to me. Let's continue at **{title}**.",
    "released": (
        "{agent} is no longer on ticket **#{ticket}**, so someone else will reply here. Meanwhile, you can keep trying."
    ),
    "released_email": (
        "{agent} is no longer on ticket **#{ticket}**. To reach {team}, email {reach} and paste the ticket's summary."
        " Meanwhile, you can keep trying."
    ),
    "passed_on": (
        "{agent} passed ticket **#{ticket}** to {team}, who will reply here. Meanwhile, you can keep trying."
    ),
    "passed_on_email": (
        "{agent} passed ticket **#{ticket}** to {team}. Email {reach} and paste the ticket's summary: they can't see"
        " this conversation. Meanwhile, you can keep trying."
    ),
    "passed_on_unaddressed": (
        "{agent} passed ticket **#{ticket}** on. Our support team will reply here. Meanwhile, you can keep trying."
    ),
}
"""The phrases by id. An id ending in `_by` is the one to use if the agent is known."""
