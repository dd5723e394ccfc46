"""Holds every sentence that agents read, by id, the same for Slack, Discord and the desk.

A platform adds only sentences that name the platform itself. Blanks: {who} a person's name, {agent} an agent's,
{ticket} its number, {team} a team's name, {title} a step's title, {guide} a guide's, {when} a moment, {span} how long.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.conversation import Conversation, Status
from flows.text.phrasebook import Phrasebook, Plural

AGENT_PHRASES: Final = Phrasebook(
    {
        # labels of actions, by the verb of their order; the desk's own after them
        "action_claim": "Claim",
        "action_take": "Take over",
        "action_release": "Release",
        "the_bot": "Troubletree",
        "erased": "This person's data was erased.",
        "damaged_note": "A part of this conversation was damaged and is set aside ({what}). Something may be missing.",
        "action_allow": "Let the customer continue the guide",
        "action_reply": "Reply",
        "action_back": "Hand back…",
        "action_back_at": "Choose the step…",
        "action_guide": "Start a guide…",
        "action_resolve": "Resolve…",
        "action_transfer": "Transfer…",
        "action_show": "Send a step…",
        "action_snooze": "Snooze…",
        "action_wake": "Unsnooze",
        "action_forward": "Forward by email…",
        "action_send": "Send to the customer",
        "more": "More…",
        "choose": "Choose…",
        "cancel": "Cancel",
        # forms
        "reply_title": "Reply",
        "reply_asks": "Message to {who}",
        "reply_sends": "Send",
        "saved_asks": "Saved reply",
        "saved_hint_first": "You can edit it before you send it.",
        "saved_hint_as_is": "It's sent as is, below your message.",
        "back_title": "Hand back to the bot",
        "back_lead": "The bot continues the guide “{guide}”.",
        "back_asks": "Continue at",
        "done_asks": "Mark steps as done",
        "back_sends": "Hand back",
        "guide_title": "Start a guide",
        "guide_asks": "Guide",
        "guide_sends": "Next",
        "guide_next": "Where should “{guide}” start? Choose the step, and mark steps as done.",
        "resolve_title": "Resolve",
        "solved_asks": "What fixed it?",
        "record_asks": "Internal note",
        "record_hint": "Only agents see this.",
        "resolve_sends": "Resolve",
        "transfer_title": "Transfer",
        "agent_asks": "To an agent",
        "team_asks": "Or to a team",
        "transfer_sends": "Transfer",
        "forward_title": "Forward by email",
        "forward_asks": "To",
        "forward_hint": "The email has the steps tried and the customer's messages, never internal notes.",
        "forward_sends": "Forward",
        "snooze_title": "Snooze",
        "snooze_asks": "For how long?",
        "snooze_hint": "A message from the customer ends it early.",
        "snooze_sends": "Snooze",
        "until_reply": "Until the customer writes",
        "until_hour": "For an hour",
        "until_tomorrow": "Until tomorrow",
        "show_title": "Send a step",
        "show_asks": "Step",
        "show_hint": "The customer gets it as a message, without buttons.",
        "show_sends": "Send",
        # a ticket's status
        "my_tickets": "My tickets",
        "no_tickets": "No open ticket is assigned to you.",
        "other_tickets": "Other open tickets",
        "open_ticket": "Open",
        "since": "since",
        "needs_reply": "Needs reply",
        "waiting_on_customer": "Waiting on customer",
        "status_waiting": "Waiting since {when}",
        "status_unassigned": "Unassigned",
        "status_with_agent": "Assigned to {who}",
        "status_guiding": "With the bot: {title}",
        "status_resolved": "Resolved",
        "status_resolved_by": "Resolved by {who}",
        "status_closed": "Closed",
        "status_moved": "Moved to {team}",
        "status_renewed": "Continued in a new thread",
        "snoozed_reply": "Snoozed until the customer writes",
        "snoozed_hour": "Snoozed for an hour",
        "snoozed_tomorrow": "Snoozed until tomorrow",
        "state_guiding": "With the bot",
        "state_waiting": "Waiting",
        "state_with_agent": "With an agent",
        "state_resolved": "Resolved",
        "state_closed": "Closed",
        "state_snoozed": "Snoozed",
        "tab_waiting": "Waiting",
        "tab_mine": "Mine",
        "tab_open": "All open",
        "tab_guiding": "With the bot",
        "tab_snoozed": "Snoozed",
        "tab_resolved": "Resolved",
        "wait_15": "15 minutes or more",
        "wait_60": "1 hour or more",
        "wait_240": "4 hours or more",
        "wait_1440": "1 day or more",
        "you": "You",
        "someone": "Someone",
        "an_agent": "an agent",
        "another_agent": "another agent",
        "unnamed_customer": "Customer {code}",
        # the facts of a conversation
        "new_ticket": "New ticket #{ticket}: {who} · {title}",
        "new_conversation": "{who} · {title}",
        "fact_customer": "Customer:",
        "fact_reach": "Email or phone:",
        "fact_guide": "Guide:",
        "fact_reasons": "Reason:",
        "fact_team": "Team:",
        "fact_details": "Details:",
        "fact_tried": "Steps tried:",
        "fact_words": "Customer's messages:",
        "fact_agents": "Agents' messages:",
        "fact_files": "Files:",
        "guide_at": "{guide} (revision {revision})",
        "tried_nothing": "none yet",
        "tried_row": "{title} · {answer} · {when}, after {span}",
        "tried_row_by": "{title} · {answer} ({who}) · {when}, after {span}",
        "tried_earlier": Plural(
            "{count} earlier step is on the web desk.", "{count} earlier steps are on the web desk."
        ),
        "their_path": "Replay the customer's path on the web desk",
        "channel_web": "Web page",
        "channel_slack": "Slack",
        "channel_discord": "Discord",
        "channel_terminal": "Terminal",
        "how_to": (
            "Messages in this thread are internal notes. To write to the customer, start with ! or press {reply}."
            " Send a ! by itself to see all actions."
        ),
        # lines of a thread
        "reply_lead": "Reply from {who}",
        "note_lead": "🔒 Internal note from {who}",
        "note_beside": "🔒 Internal note:",
        "line_changed": "✏️ Edited",
        "line_empty": "(nothing to show)",
        "line_cut": "Cut off here. The full message is on the web desk.",
        "a_file": "a file",
        "span_seconds": Plural("{count} s", "{count} s"),
        "span_minutes": Plural("{count} min", "{count} min"),
        "span_hours": Plural("{count} h", "{count} h"),
        "span_days": Plural("{count} d", "{count} d"),
        # direct messages about a ticket, for agents who want them
        "notify_words": "{who} wrote in ticket #{ticket}: “{words}”",
        "notify_gone": "{who} deleted a message in ticket #{ticket}.",
        "notify_act": "Ticket #{ticket}: {who} {words}",
        "notify_transfer": "{agent} transferred ticket #{ticket} to you: {who} · {title}",
        "notify_mention": "{agent} mentioned you in a note on ticket #{ticket}: {who} · {title}",
        "notify_open": "Open the ticket",
        "notify_hint": "Messages here don't reach the customer.",
        "direct_on": "Also notify me by direct message",
        "direct_off": "Stop direct messages",
        "direct_begins": "I'll notify you here when one of your tickets needs you.",
        # why an act changed nothing
        "not_heard": "You're not an agent here, so your messages are neither saved nor sent.",
        "room_talk": "This channel is for agents, so I don't run guides here.",
        "room_words": (
            "Nothing was sent or changed. Replies and commands work in a ticket's thread: open the ticket's line here,"
            " and write there."
        ),
        "refused_held": (
            "This ticket is assigned to {who}, so nothing was sent or changed. Take it over first, or add an internal"
            " note."
        ),
        "refused_unclaimed": "No one is assigned yet. Claim the ticket first.",
        "refused_resolved": "This ticket is resolved. Claim it to reopen it.",
        "refused_closed": "This conversation is closed. Only the customer can reopen it.",
        "refused_no_choice": "That choice is no longer in this guide. Choose again.",
        "refused_not_now": "You can't do that right now. Check the ticket's status.",
        "gone": "I can't find that conversation anymore.",
        "too_late": "That was too long ago. Write it again.",
        "unsure": (
            "That looked like a command, so I saved it as an internal note and didn't send it. What do you want to do?"
            "\n“{text}”"
        ),
        "menu": "What do you want to do?",
        "sends_no_commands": "“{text}” looks like a command, so it wasn't sent. Use the buttons instead.",
        "sending": "Sending. I'll mark it here once it's delivered.",
        "sent_already": "That message was already sent.",
        "nothing_to_send": "There's nothing from an agent in that message to send.",
        "write_first": "Write a message first.",
        "not_about_it": "That only works in a ticket's thread, in an agents' channel.",
        "not_an_agent_chosen": "That person isn't an agent.",
        "choose_transfer": "Choose an agent or a team.",
        "choose_forward": "Choose who to forward it to.",
        "choose_snooze": "Choose how long to snooze it.",
        "choose_other": "Choose an option.",
        "no_recipient": (
            "There's no one to forward this to. Either no team of this guide has its own email address, email isn't"
            " set up (docs/tickets.md), or the ticket is closed."
        ),
        "form_unreadable": "I couldn't read that form. Reload the page and try again.",
        # the status of a reply
        "marked_note": "🔒 Saved as an internal note.",
        "marked_sent": "✅ Delivered.",
        "failed_archived": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer's channel is archived. Unarchive it and send the"
            " reply again, or contact the customer another way."
        ),
        "failed_place": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer's channel or thread was deleted. Contact the customer"
            " another way."
        ),
        "failed_account": (
            "⚠️ {agent}'s reply didn't reach {who}: the customer's account is deactivated. Contact the customer"
            " another way."
        ),
        "failed_files": (
            "⚠️ {agent}'s reply reached {who} without {reason}. Send it as a link, or contact the customer another way."
        ),
        "file_too_large": "{file} (larger than {limit} MB)",
        "failed_other": (
            "⚠️ {agent}'s reply didn't reach {who} ({reason}). Send it again, or contact the customer another way."
        ),
        "edit_stays": "The customer still sees the original message.",
        "edit_unclear": (
            "Your edit no longer starts with ! or looks like a command, so the customer still sees the original."
            " To remove it for the customer, delete the message."
        ),
    }
)
"""A translation is another phrasebook with the same ids."""

SIGNS: Final[Mapping[Status, str]] = MappingProxyType(
    {
        Status.GUIDING: "🤖",
        Status.WAITING: "🔴",
        Status.WITH_AGENT: "🟢",
        Status.RESOLVED: "✅",
        Status.CLOSED: "⚪",
    }
)
"""Signs of a status, which agents spot first in a channel full of tickets."""

MOVED: Final = "➡️"
SNOOZED: Final = "💤"
ANSWERED: Final = "💬"
"""Signs of a ticket that moved to another team's channel (`MOVED`), is snoozed, or waits for its customer's answer."""


def phrase(name: str, **values: object) -> str:
    """Return the sentence of that id with its blanks filled. Raises KeyError for an unknown id."""
    return AGENT_PHRASES.say(name, **values)


def sign(at: Conversation) -> str:
    """Return the sign of a ticket: after a reply it says that the customer's answer is awaited."""
    return ANSWERED if at.customers_turn else SIGNS[at.status]


def whose_turn(at: Conversation) -> str:
    """Return *Needs reply* or *Waiting on customer*; '' if the ticket is not open."""
    if not at.ticket_open:
        return ""
    return phrase("waiting_on_customer" if at.customers_turn else "needs_reply")


def customer_name(at: Conversation) -> str:
    """Return the customer's name; without a name, a code that tells the customer from others."""
    return named_customer(at.name, at.id)


def named_customer(name: str, conversation_id: str) -> str:
    """Return a customer's name as agents read it everywhere, by the name that is known ('' for none)."""
    return name.strip() or phrase("unnamed_customer", code=conversation_id[2:6])


def channel_name(channel: str) -> str:
    """Return a channel's name as agents read it; its id if the phrasebook has no name."""
    return phrase(f"channel_{channel}") if f"channel_{channel}" in AGENT_PHRASES else channel
