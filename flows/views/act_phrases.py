"""Holds what agents read of each event, after the name of the person who acted: the same in every channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook

ACTS: Final = Phrasebook(
    {
        "started": "started a conversation",
        "answered": "{title} · **{label}**",
        "back": "went back one step",
        "restart": "started over",
        "escalate": "asked for a person: {reason}",
        "details": "added a reason: {reason}",
        "withdraw": "canceled the ticket",
        "went_on": "continued the guide, as an agent allowed",
        "continued": "continued the guide",
        "allowed": "let the customer continue the guide",
        "later": "will continue later",
        "reopen": "reported it again",
        "reopen_held": "reported it again: it's assigned to {agent} again",
        "reopen_waiting": "reported it again: {agent} is away, so it's unassigned",
        "rated": "rated {score} of 5",
        "rated_why": "explained the rating of {score} of 5",
        "edited": "edited or deleted a message",
        "edited_changed": "edited a message",
        "edited_gone": "deleted a message",
        "reacted": "reacted with {sign}",
        "reacted_back": "removed the reaction {sign}",
        "joined": "joined from the computer",
        "shared": "let {to} use the buttons",
        "shared_direct": "let {to} use the buttons, in a direct message",
        "claimed": "took this ticket",
        "released": "released this ticket: it's unassigned",
        "transferred": "transferred this ticket to {to}",
        "transferred_team": "transferred this ticket to team {team}",
        "handed_back": "handed back to the bot at **{title}**",
        "concluded": "resolved this: {reason}",
        "concluded_plainly": "resolved this",
        "snoozed_reply": "snoozed this ticket until the customer writes",
        "snoozed_hour": "snoozed this ticket for an hour",
        "snoozed_tomorrow": "snoozed this ticket until tomorrow",
        "woken": "unsnoozed this ticket",
        "forwarded": "forwarded this ticket to {team} by email",
        "showed": "sent the step **{title}**",
        "lost_thread": "The thread of this ticket was deleted, so I opened a new one",
        "lost_channel": (
            "I can't post in the agents' channel: it was deleted or archived, or I'm not allowed to. Until that's"
            " fixed, this ticket is only on the web desk"
        ),
        "lost_customer_thread": "The customer's channel or thread was deleted, so messages don't reach them there",
        "lost_customer_channel": (
            "Messages don't reach the customer: the channel or thread is archived, locked, or closed to me"
        ),
        "lost_customer_left": "The customer left the server, so messages don't reach them until they're back",
        "lost_customer_left_channel": "The customer left the channel, so they may not see new messages there",
        "customer_removed": ("I was removed from the customer's server, so messages don't reach them there"),
        "customer_closed": (
            "The customer closed their post, so I'm quiet there. If you reply, the post opens again"
        ),
        "customer_moderated": (
            "Someone closed the customer's post or thread, so I'm quiet there. If you reply, it opens again"
        ),
        "customer_locked": (
            "A moderator locked the customer's post or thread, so the customer can't write there. If you reply, I'll"
            " unlock it if I'm allowed to"
        ),
        "customer_open": "The customer's post or thread is unlocked, so they can write there again",
        "rang_nudge": "The customer went quiet, so I asked how it's going",
        "rang_close": "The customer stayed quiet, so I closed this",
        "rang_unclaimed": "No one from {team} has claimed ticket #{ticket} yet",
        "rang_fallback": "Ticket #{ticket} is still unassigned, so I moved it to {team}",
        "rang_abandoned": "No one claimed ticket #{ticket}, so I closed it",
        "rang_daily": "No one from {team} has answered ticket #{ticket} yet. I'll remind you every day",
        "rang_first_soon": "Ticket #{ticket} needs a first reply soon to meet {team}'s target",
        "rang_first_late": "Ticket #{ticket} has missed {team}'s target for a first reply",
        "rang_solve_soon": "Ticket #{ticket} needs to be resolved soon to meet {team}'s target",
        "rang_solve_late": "Ticket #{ticket} has missed {team}'s target for resolving it",
        "rang_quiet": "The customer got no answer, so this ticket is unassigned",
    }
)
"""Sentences by the event's type, in Markdown, as agents read them after the name of the person who acted."""
