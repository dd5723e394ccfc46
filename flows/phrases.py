"""The bot's own sentences by id, in Markdown; flows bring their own. What every channel says, it says with these.

Values: {ticket} the ticket's number, {team} who owns it, {reach} their address or nothing, {title} the step's
title, {flow} the flow's title, {agent} who has the conversation, {mail} where they are mailed to.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PHRASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fixed": "Fixed it",
        "still_failing": "Still failing",
        "works_now": "It works now",
        "reopen": "It's back",
        "person": "Talk to a person",
        "back": "Back",
        "restart": "Start over",
        "later": "Later",
        "notice": "**Just now:** {notice}",
        "not_recognised": "I don't know that message yet. Is it one of these?",
        "escalated": (
            "Your ticket is **#{ticket}**, and it goes to {team}. It holds every step you have tried, so you won't"
            " have to explain it again. Until somebody answers you can go on with the guide: if it works, say so and"
            " the ticket closes."
        ),
        "still_waiting": (
            "Nobody has come for ticket **#{ticket}** yet, so I have called again. Meanwhile you can go on with the"
            " guide, and keep the ticket or take it back."
        ),
        "usually_within": "Somebody usually answers within {within}.",
        "back_on": "Nobody is there just now. People are back on {moment}{zone}.",
        "closed_waiting": (
            "I am sorry that nobody has come for so long; I close ticket #{ticket}. Nothing is lost: press **It's"
            " back** to go on or to call somebody again."
        ),
        "withdrawn": "Your ticket #{ticket} is closed. We go on with the guide.",
        "details_kept": "Thank you. I have added that to ticket #{ticket}.",
        "details_mailed": (
            "Thank you. I have added that to ticket #{ticket}. When somebody answers and you are not here, I mail it to"
            " {mail}."
        ),
        "nap_hour": "All right, in an hour I'll ask how it is going. Your place is kept.",
        "nap_tomorrow": "All right, I'll ask tomorrow how it is going. Your place is kept.",
        "nap_computer": "All right, I'll stay quiet until you are back at that computer. Your place is kept.",
        "nudge": "How is it going? We stopped at **{title}**. Whenever you are ready, your place is kept.",
        "nudge_person": "How is it going? {agent} is waiting for a word from you. Whenever you are ready, write here.",
        "closed": "I close this for now, since it has been quiet. Nothing is lost: press **It's back** to go on.",
        "agent_gone": (
            "Nobody has written here for a while. Your ticket **#{ticket}** stays open, and somebody will go on with"
            " it. Until then this is where we stand."
        ),
        "wrote": "a person took over",
        "claimed": "a person took over",
        "replied": "a person took over",
        "transferred": "another person took over",
        "allowed": "you may go on with the guide",
        "withdraw": "you went on with the guide",
        "concluded": "solved with a person",
        "handed_back": "We go on with the guide here.",
        "done": "Done",
        "the_customer": "The customer",
        "an_agent": "An agent",
        "taken_back": "*taken back*",
        "held_by_another": "Somebody else has it just now.",
        "reopened": "Sorry that it is back. We go on at the step that you saw last.",
        "reopened_held": "Sorry that it is back. Ticket **#{ticket}** is open again, and {agent} goes on with it.",
        "reopened_waiting": (
            "Sorry that it is back. Ticket **#{ticket}** is open again and goes to {team}, who see all that was done."
        ),
        "kept": (
            "I have kept your words for the person who may help you later. To go on here, please press the answer"
            " that fits, or **Talk to a person**."
        ),
        "kept_waiting": "I have added that to your ticket #{ticket}.",
        "kept_ended": "I have kept your words. If the problem is back, press **It's back** and we go on.",
        "title_waiting": "A person will help you",
        "waiting": (
            "Ticket **#{ticket}** is with {team}. They see every step you have tried. If it starts working in the"
            " meantime, press **It works now** and the ticket closes."
        ),
        "waiting_external": (
            "Ticket **#{ticket}** is for {team}. Write to {reach} and paste the summary below: it says what was"
            " tried. If it starts working in the meantime, press **It works now** and the ticket closes."
        ),
        "title_resolved": "Solved",
        "resolved": "Glad that it works again.",
        "how_was_it": "How did it go?",
        "rated": "Thank you for telling us.",
        "say_why": "Say why",
        "title_closed": "Closed for now",
        "closed_card": "It has been quiet here, so this is closed. Nothing is lost.",
        "title_held": "You are with a person now",
        "go_on": "Go on with the guide",
        "held_allowed": (
            "{agent} is helping you here, and you may also go on with the guide by yourself. Write below, or press"
            " **Go on with the guide**."
        ),
        "held": "{agent} is helping you here. Write below and they will see it.",
        "with_agent": "You are with {agent} now. Write below and they will see it.",
        "past_turn": "That was answered already. This is where things stand now.",
        "future_turn": "That button is newer than what I remember. Please answer the step shown here.",
        "not_offered": "That is not one of the answers here. Please press one that is shown.",
        "not_yours": "Only the person who asked for help can answer here.",
        "not_now": "That cannot be done just now. This is where things stand.",
        "unknown_flow": "I don't have a guide of that name.",
        "contended": "Too much came at once. Nothing was lost; please press it again.",
        "store_down": "I cannot reach my memory just now, so I must not promise to remember your answer.",
        "no_conversation": (
            "I can't find that conversation. It may have been too long ago, or belong to another browser."
        ),
    }
)
"""Read-only; a translation is another mapping with the same ids."""

REASON_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asked": "I'd rather talk to a person",
        "cannot_find": "I can't find what the step names",
        "not_at_computer": "I'm not at that computer",
        "different_error": "I see a different error",
        "will_not_open": "The program won't open",
        "hosted": "My software is hosted by somebody else",
        "other": "Something else",
        "guide_exhausted": "The guide did not help",
        "setup_guide_unknown": "The setup guide is not at hand",
        "connection_removed": "The connection was removed and could not be set up again",
        "not_listed": "The problem is not in the list",
        "agent_came": "An agent stepped in",
        "broken": "Something is broken on our side",
        "idle": "It went quiet",
        "came_back": "It came back",
        "paused": "The guide is paused just now",
    }
)
"""Reasons of tickets as a person reads them; a flow's own reason is shown with blanks for underscores."""


SCORES: Final = ("Badly", "Not well", "So-so", "Well", "Very well")
"""How it went, from 1 to 5, as buttons say it."""


def reason_label(reason: str) -> str:
    """The reason as a person reads it."""
    return REASON_LABELS.get(reason) or reason.replace("_", " ").capitalize()
