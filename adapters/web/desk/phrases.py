"""Holds the desk's sentences that have plural forms, or depend on the customer's channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

SENTENCES: Final = Phrasebook(
    {
        "conversations": Plural("{count} conversation", "{count} conversations"),
        "damaged": Plural("{count} damaged entry was set aside", "{count} damaged entries were set aside"),
        "erased": Plural("{count} conversation was deleted.", "{count} conversations were deleted."),
        "erases": Plural(
            "This deletes {count} conversation with everything in it.",
            "This deletes all {count} conversations of this customer with everything in them.",
        ),
        "erases_beside": Plural(
            "In {count} conversation of someone else, their name and words are deleted.",
            "In {count} conversations of others, their name and words are deleted.",
        ),
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
