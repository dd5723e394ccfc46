"""Holds what people read who answer one conversation together: who may press the buttons, and how they were reached."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLLEAGUE_PHRASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "may_join": "Are you at the computer for them?",
        "you_can_press": "You can use the buttons now, too.",
        "handed_here": "{agent} asked you to continue here. You can use the buttons.",
        "handed_direct": (
            "{agent} isn't in this channel, so I sent them this step in a direct message. They can use its buttons."
        ),
        "handed_to_you": (
            "{who} asked you to help. You can use the buttons here. What you write here goes to their conversation,"
            " unless you have one of your own open. Replies appear only in their conversation."
        ),
        "handed_over_words": "I added that to {who}'s conversation.",
        "colleague_self": "You can use the buttons already. Choose someone else.",
        "colleague_bot": "That's a bot. Choose a person.",
        "colleague_ended": "This conversation has ended, so I can't hand it over.",
        "colleague_full": "{most} people can use the buttons already, and that's the limit.",
        "colleague_not_yours": "Only {who} can hand this over. You can use the other buttons.",
        "colleague_gone": "That account is deactivated. Choose someone else.",
        "colleague_unknown": "Slack isn't answering, so I couldn't reach them. Please try again in a moment.",
        "colleague_unreached": (
            "I can't reach {who}: they aren't in this channel, and I can't send them a direct message."
            " Invite them to the channel, then try again."
        ),
    }
)
"""The phrases by id. In `handed_here` the {agent} is the customer, in `handed_direct` the colleague."""
