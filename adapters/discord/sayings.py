"""What Discord's receiver says to people beside the words of flows, of every channel, and of the messages it draws."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SAYINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "thread": "I opened a thread for you.",
        "post": "We go on here.",
        "under_way": "You have something under way already.",
        "under_way_here": "Something is under way here already.",
        "start_over": "Start over",
        "wrote_to_you": "I wrote to you directly.",
        "no_threads": "I may not open a thread here ({missing}), so I wrote to you directly.",
        "no_way": (
            "I may not open a thread here ({missing}), and you take no direct messages from this server. Please ask"
            " whoever runs it to let me, or allow direct messages."
        ),
        "in_post": (
            "In a post I cannot open a thread of your own, so I wrote to you directly. Choose *here* to go on in the"
            " post."
        ),
        "in_post_opening": "You asked for help in a post, where I cannot open a thread of your own, so we go on here.",
        "no_way_from_post": (
            "A post has room for one guide, and you take no direct messages from this server. Choose *here* to go on"
            " in the post."
        ),
        "no_thread_told": "I would open a thread here, but I may not ({missing}). Please ask whoever runs this server.",
        "denied": "Discord did not let me",
        "no_threads_opening": "You asked for help where I may not open a thread ({missing}), so we go on here.",
        "not_by_a_person": "No person wrote that message, so there is nobody to help.",
        "thread_name": "Help for {who}",
        "somebody": "somebody",
        "with_agent": "You are with {agent} now. Just write below.",
        "of_somebody": "Only {who}, who asked for help, can answer here.",
        "your_own": "This is about somebody else's problem. For yours, use /fix.",
        "here": "This is where things stand.",
        "again_later": "Please try again in a moment.",
        "hint": (
            "I cannot read what is typed here, unless I am mentioned or it is a reply to me. Please press a button; "
            "**{write}** is there for your own words."
        ),
        "hint_plain": (
            "I cannot read what is typed here, unless I am mentioned or it is a reply to me. Please press a button."
        ),
        "mine_too": "This fixed mine too",
        "thanks": "Thank you, I have noted that. It helps the next one.",
        "thanks_again": "You said so before. Thank you.",
        "kept": "Thank you, it is kept.",
        "choose": "Is it one of these? If not, the helpers will read your post.",
        "chosen": "All right, here we go.",
        "offer_not_yours": "Only the person who opened this post can choose here.",
        "asker_left": "The person who asked has left. Whoever has the same problem can write here; the helpers know.",
        "helpers": "Ask the helpers",
    }
)
"""Read-only; a translation is another mapping with the same ids."""


def said(name: str, **values: object) -> str:
    """One of them, filled in."""
    return SAYINGS[name].format(**values)
