"""Holds the sentences that agents read in Discord alone, because they name Discord's own things."""

from typing import Final

from flows.text.phrasebook import Phrasebook

DISCORD_AGENT_PHRASES: Final = Phrasebook(
    {
        "not_an_agent": "Only agents can do that here. Ask your administrator to add you (DISCORD_AGENTS).",
        "direct_closed": (
            "I couldn't send you a direct message. Allow direct messages from this server in your privacy settings,"
            " then press the button again."
        ),
        "how_to_blind": (
            "I can't read messages here (Message Content is off). Write to the customer with {reply} or `/reply`."
            " Messages here stay between agents. To save an internal note, mention me; to send a reply, mention me and"
            " start with !"
        ),
        "failed_50007": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer doesn't accept direct messages from this server. Ask"
            " them another way to allow direct messages, then send the reply again."
        ),
        "failed_10007": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer left the server. Contact the customer another way, or"
            " send the reply again once they're back."
        ),
        "failed_50278": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer left the server, so I can't send direct messages."
            " Contact the customer another way, or send the reply again once they're back."
        ),
        "failed_50001": (
            "⚠️ {agent}'s reply didn't reach {who}: I can't see the customer's channel anymore. Give me access to it"
            " (View Channel), then send the reply again."
        ),
        "failed_50083": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer's post or thread is locked, and I'm not allowed to"
            " unlock it. Unlock it, or give me Manage Threads, then send the reply again."
        ),
        "failed_160005": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer's post or thread is locked, and I'm not allowed to"
            " unlock it. Unlock it, or give me Manage Threads, then send the reply again."
        ),
        "failed_50013": (
            "⚠️ {agent}'s reply didn't reach {who}: I'm not allowed to write in the customer's channel anymore. Allow"
            " it (Send Messages), then send the reply again."
        ),
    }
)
"""A translation is another phrasebook with the same ids. `failed_` is followed by Discord's code."""


def discord_phrase(name: str, **values: object) -> str:
    """Return the sentence of that id with its blanks filled. Raises KeyError for an unknown id."""
    return DISCORD_AGENT_PHRASES.say(name, **values)
