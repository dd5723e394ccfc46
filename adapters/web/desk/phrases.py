"""Holds the desk's sentences that have plural forms, or depend on the customer's channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

SENTENCES: Final = Phrasebook(
    {
        "conversations": Plural("{count} conversation", "{count} conversations"),
        "link_once": Plural(
            "It works once, expires in {count} day and won't be shown again.",
            "It works once, expires in {count} days and won't be shown again.",
        ),
        "shown_web": "{who} will see this on the web page.",
        "shown_slack": "{who} will see this in Slack.",
        "shown_discord": "{who} will see this in Discord.",
        "shown_terminal": "{who} will see this in the terminal.",
        "shown_elsewhere": "{who} will see this.",
    }
)


def shown_to(who: str, channel: str) -> str:
    """Say where the customer will see a reply. For a channel without its own sentence, leave the place out."""
    name = f"shown_{channel}"
    return SENTENCES.say(name if name in SENTENCES else "shown_elsewhere", who=who)
