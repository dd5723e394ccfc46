"""Holds the sentences of emails by id: to customers who left, and to teams about tickets."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

STYLE: Final = "font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:36rem"
"""The style of an email's body."""

MAIL: Final = Phrasebook(
    {
        "subject": "[#{number}] {title}",
        "subject_again": "Re: [#{number}] {title}",
        # to customers
        "wrote": "{who} wrote:",
        "view_and_reply": "View and reply",
        "link": Plural(
            "The link opens your conversation. It works once on a new device and expires in {count} day.",
            "The link opens your conversation. It works once on a new device and expires in {count} days.",
        ),
        "why": "You're receiving this because you left this address on ticket #{number}.",
        "why_at": "You're receiving this because you left this address on ticket #{number} at {product}.",
        "no_replies": "Replies to this email aren't monitored.",
        "replies_to": "If you reply to this email, your reply goes to {address}, not into the conversation.",
        "confirm_subject": "Confirm your email address for ticket #{number}",
        "confirm_ask": "Someone left this address on ticket #{number}, to get replies by email.",
        "confirm_ask_at": "Someone left this address on ticket #{number} at {product}, to get replies by email.",
        "confirm": "If that was you, confirm it",
        "confirm_ignore": Plural(
            "The link works for {count} day. If it wasn't you, ignore this email: nothing more will be sent.",
            "The link works for {count} days. If it wasn't you, ignore this email: nothing more will be sent.",
        ),
        # to teams
        "happened": "{who} {what}",
        "quoted": "{who} wrote: {what}",
        "answered": "{who} answered: {what}",
        "guiding": "Ticket #{number} is with the bot.",
        "waiting": "Ticket #{number} is waiting for an agent.",
        "with_agent": "Ticket #{number} is assigned to {agent}.",
        "with_someone": "Ticket #{number} is assigned to an agent.",
        "resolved": "Ticket #{number} is resolved.",
        "closed": "Ticket #{number} is closed.",
        "customer": "Customer: {name}",
        "together": Plural("{count} ticket", "{count} tickets: #{first} to #{last}"),
        "together_lead": "More happened than fits into one email each. This is how these tickets stand now.",
        "one_of": "#{number}: {title}",
        "reply_at": "Reply at {link}",
    }
)
"""The sentences in English. A translation is another phrasebook with the same ids."""
