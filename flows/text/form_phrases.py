"""Holds the labels of buttons, menus and forms for customers, by id; `text.phrases` adds them to its table."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FORM_PHRASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # at a step
        "fixed": "Fixed it",
        "still_failing": "Still failing",
        "works_now": "It works now",
        "reopen": "It's happening again",
        "still_working": "Still working",
        "person": "Talk to a person",
        "back": "Back",
        "restart": "Start over",
        "later": "Later",
        "go_on": "Continue the guide",
        "continue": "Continue",
        "current_step": "Go to current step",
        "show_step": "Show the step",
        "choose_answer": "Choose an answer…",
        "more_answers": "More answers…",
        "choose_guide": "What do you need help with?",
        "more_guides": "More problems…",
        "choose_reason": "Choose a reason…",
        "choose_option": "Choose an option.",
        "send": "Send",
        "skip": "Skip",
        "close": "Close",
        # at a ticket
        "add_details": "Add details",
        "summary": "Summary",
        "cancel_ticket": "Cancel ticket",
        "send_message": "Send a message",
        # the form for details
        "details_title": "Ticket #{ticket} details",
        "details_lead": "Your ticket is open. Everything here is optional.",
        "reason": "What's going on?",
        "what": "What happened?",
        "what_hint": "Include the exact error text if you can. Never include passwords.",
        "reach": "Email or phone number",
        "reach_hint": "Fill this in if you'd rather hear back somewhere else.",
        "files": "Screenshots or files",
        "files_hint": "Check them first: no passwords, no one else's data.",
        "your_message": "Your message",
        "your_message_hint": "Never include passwords.",
        # ratings
        "how_was_it": "How did it go?",
        "rated": "Thanks for your feedback.",
        "say_why": "Add a comment",
        "rating_words": "Anything to add?",
        # later
        "later_asks": "When should I check in?",
        "later_hour": "In an hour",
        "later_tomorrow": "Tomorrow",
        "later_computer": "When I'm back at that computer",
        "later_sends": "Remind me",
        # another person at the same conversation
        "joins": "I'm at the computer",
        "colleague": "Hand over to a colleague",
        "colleague_asks": "Who should continue?",
        "colleague_hint": "They can use the buttons, and so can you.",
        "colleague_sends": "Hand over",
        "choose_colleague": "Choose a colleague…",
        # a guide offered where someone quotes an error
        "offer_takes": "Walk me through it",
        "offer_declines": "No, thanks",
        "offer_off": "Don't offer this here",
    }
)
"""Plain text: a button shows no Markdown."""
