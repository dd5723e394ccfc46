"""Holds the sentences that only the terminal says, by id. `flows.text.phrases` holds those of every channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

TEXTS: Final = Phrasebook(
    {
        # what can be typed
        "how_to_answer": "Type a number, a letter, or your own words.",
        "show_ticket": "Show ticket",
        "quit": "Quit",
        "help": "Help",
        # questions
        "later_asks": "When should I check in? Press Enter to continue now.",
        "reason_asks": "What's going on? Press Enter to skip a question.",
        "nothing_added": "OK, I didn't add anything.",
        "open_already": "You already have a conversation open.",
        "continue_it": "Continue it: {title}",
        "start_other": "Save it for later and start: {title}",
        "one_or_two": "Type 1 or 2.",
        # a ticket
        "team": "Team",
        "email": "Email",
        "reason": "Reason",
        # coming and going
        "you": "You: ",
        "welcome_back": "Welcome back. Let's pick up where you left off.",
        "so_far": "What you've tried so far:",
        "so_far_last": Plural(
            "What you've tried so far (after {count} earlier answer):",
            "What you've tried so far (after {count} earlier answers):",
        ),
        "nothing_started": "Nothing started yet. To start:",
        "ended": "Glad I could help. If it happens again:",
        "saved": "Your progress is saved. To continue:",
        "saved_ticket": "Your progress is saved. Ticket #{ticket} stays open. To continue:",
        "newer_version": "A newer version of this program started this conversation. Update it, then come back.",
    }
)
"""The sentences in English. A translation is another phrasebook with the same ids."""
