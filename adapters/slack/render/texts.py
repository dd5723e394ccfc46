"""Holds the sentences for customers that only Slack says, by id; `flows.text.phrases` has those of every channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook

SAYINGS: Final = Phrasebook(
    {
        "wrote_to_you": "I sent you a direct message. It's on the Messages tab.",
        "no_direct": "I couldn't open our direct messages. Please try again in a moment.",
        "still_opening": "I'm still opening our direct messages. If nothing arrives in a minute, try again.",
        "no_form": "I couldn't open the form. Press the button again.",
        "unrecognized": "Slack didn't tell me in time who you are, so nothing happened. Please try again in a moment.",
        "on_my_way": "I'll reply in that message's thread.",
        "invite_me": "I'm not in that channel. Invite me first (/invite), then try again.",
        "not_in_direct": "I can't write in that direct message. Ask its author to message me.",
        "offers_off": "I won't offer guides in this channel anymore. To change that, mention me with “offers on”.",
        "offers_on": "I'll offer a guide in this channel when someone quotes an error I recognize.",
        "offers_of_the_team": "Only members of this app's workspace can change that.",
        "welcome": "I walk you through fixing a problem, one step at a time. A person is one click away.",
        "welcome_how": "Choose your problem, or paste the error message.",
        "ask_how": "Choose one, write to me on the Messages tab, or mention me in a channel and say what's wrong.",
        "ask_plain": "Write to me on the Messages tab, or mention me in a channel and say what's wrong.",
    }
)
"""A translation is another phrasebook with the same ids."""


def said(name: str, **values: object) -> str:
    """Return the sentence of that id with its blanks filled. Raises KeyError for an unknown id."""
    return SAYINGS.say(name, **values)
