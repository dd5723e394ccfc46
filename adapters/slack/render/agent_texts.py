"""Holds the sentences that agents read in Slack alone, because they name Slack's own things."""

from typing import Final

from flows.text.phrasebook import Phrasebook

SLACK_AGENT_PHRASES: Final = Phrasebook(
    {
        "not_an_agent": "Only agents can do that here. Ask your administrator to add you (SLACK_AGENTS).",
        "failed_outside": (
            "⚠️ {agent}'s reply didn't reach {who}: I'm no longer in the customer's channel. Invite me there (/invite),"
            " then send the reply again."
        ),
    }
)
"""A translation is another phrasebook with the same ids."""


def slack_phrase(name: str, **values: object) -> str:
    """Return the sentence of that id with its blanks filled. Raises KeyError for an unknown id."""
    return SLACK_AGENT_PHRASES.say(name, **values)
