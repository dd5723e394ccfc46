"""The sentences that only agents read, where they talk in Discord."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "waiting": "waiting since {when}",
        "held": "{who} has it",
        "guiding": "with the guide again: {step}",
        "resolved": "solved",
        "resolved_by": "solved, says {who}",
        "closed": "closed",
        "moved": "went to {team}",
        "aside_reply": "💤 put aside until they write",
        "aside_hour": "💤 put aside for an hour",
        "aside_tomorrow": "💤 put aside until tomorrow",
        "who": "Who",
        "their_path": "Replay their path on the web desk",
        "problem": "Guide",
        "revision": "revision {revision}",
        "reasons": "Reason",
        "team": "Team",
        "seen": "Seen",
        "tried": "Tried",
        "nothing": "Nothing was tried yet.",
        "left": "and {more} earlier ones, which the web desk shows",
        "their_words": "In their words",
        "their_agents": "From agents so far",
        "files": "Files",
        "after": "after {spent}",
        "place_discord": "in Discord",
        "place_slack": "in Slack",
        "place_web": "on the web page",
        "place_other": "on {channel}",
        "how_to": (
            "What you write in this thread stays among agents. Begin with ! or press {reply} to write to the customer;"
            " a ! alone shows everything you can do."
        ),
        "how_to_blind": (
            "I cannot read what is typed here (Message Content is off): write to the customer with {reply} or `/reply`."
            " What you type stays among you, unless you mention me: then it is a note, or after ! a reply."
        ),
        "note_lead": "🔒 {who}, among agents",
        "reply_lead": "{who} to the customer",
        "line_changed": "✏️ changed",
        "empty": "(nothing to show)",
        "somebody": "somebody",
        "claim": "Claim",
        "take": "Take over",
        "release": "Release",
        "allow": "Let them go on with the guide",
        "reply": "Reply",
        "back": "Hand back…",
        "guide": "Start a guide…",
        "resolve": "Resolve…",
        "transfer": "Transfer…",
        "show": "Send a step…",
        "snooze": "Snooze…",
        "wake": "Back into sight",
        "forward": "Forward by mail…",
        "send": "Send to the customer",
        "more": "More…",
        "not_an_agent": "Only agents can do that here. Ask whoever runs me to add you (DISCORD_AGENTS).",
        "not_heard": "You are not among the agents, so what you write here is neither kept nor passed on.",
        "room_talk": "This is where agents talk, so I walk nobody through a guide here.",
        "held_by": "{who} has it just now.",
        "claim_first": "Nobody has it just now. Claim it first.",
        "ended_now": "It is over. Claim it to open it again.",
        "no_such_step": "That guide has no such step any more.",
        "no_such_team": "Choose an agent or a team.",
        "unsure": "That looked like a command, so it was not sent: it stays among agents. What did you mean?",
        "menu": "What shall it be?",
        "sent_already": "That was sent already.",
        "nothing_to_send": "There are no words in it that could be sent.",
        "not_about_it": "This works in the thread of a ticket, where agents talk.",
        "recorded": "It is on its way; its mark here says when it is there.",
        "too_late": "That was too long ago. Please write it again.",
        "gone": "I can't find that conversation any more.",
        "failed": "⚠️ What {agent} wrote did not reach {who}: {reason}. {todo}",
        "failed_50007": "they take no direct messages from this server",
        "failed_50278": "they take no direct messages from this server",
        "failed_10003": "the place where they were is gone",
        "failed_50001": "I cannot see their place any more",
        "failed_50013": "I may not write in their place any more",
        "todo_50007": "Ask them by another way to allow them, then send it again.",
        "todo_50278": "Ask them by another way to allow them, then send it again.",
        "todo_50001": "Let me in there, then send it again.",
        "todo_50013": "Let me write there, then send it again.",
        "todo": "Send it again, or write to them another way.",
        "reworded_stays": "The customer still sees what was written first.",
        "reworded_unclear": (
            "A reply begins with ! and is no command. What was made of it is neither, so the customer still sees what"
            " was written first. Delete it to take it back."
        ),
        "reply_title": "Reply",
        "ready_asks": "A reply that is kept ready",
        "ready_hint": "It is sent as it stands; what you write above follows it.",
        "reply_asks": "What do you write to {who}?",
        "back_title": "Hand back to the bot",
        "back_asks": "At which step?",
        "done_asks": "What is done already?",
        "guide_title": "Start a guide",
        "guide_asks": "Which one?",
        "resolve_title": "Solved",
        "solved_asks": "How?",
        "record_asks": "For the record",
        "record_hint": "Agents alone see this.",
        "transfer_title": "Hand over",
        "agent_asks": "To which agent?",
        "team_asks": "Or to which team?",
        "no_agent_chosen": "That person is not an agent.",
        "guide_next": "Where does “{guide}” begin for them? Press the button, choose the step, and tick what is done.",
        "nobody_to_mail": (
            "There is nobody to forward it to: no team of this guide has an address of its own, mail is not set up"
            " (docs/tickets.md), or the ticket is closed."
        ),
        "forward_title": "Forward by mail",
        "forward_asks": "To whom?",
        "forward_hint": "They get who it is, what was tried, seen and said by the customer; never a note.",
        "snooze_title": "Put aside",
        "snooze_asks": "Until when?",
        "until_reply": "Until the customer writes",
        "until_hour": "For an hour at most",
        "until_tomorrow": "Until tomorrow at most",
        "show_title": "Send a step",
        "show_asks": "Which one?",
        "show_hint": "The customer reads it as a message, without buttons.",
    }
)
"""Read-only; a translation is another mapping with the same ids."""


def told(name: str, **values: object) -> str:
    """One of them, filled in."""
    return WORDS[name].format(**values)
