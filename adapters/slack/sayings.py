"""What Slack's screens say beside the words of the flows and of every channel."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SAYINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "progress": "Step {at} of {of}",
        "untitled": "The next step",
        "picture": "A picture of this step",
        "warning": "⚠️ Please note",
        "why": "Why?",
        "again": "Before you go on",
        "links": "Good to have open",
        "secret": "Please never write a {secret} here.",
        "answers": "Answers: {answers}",
        "choose": "Choose…",
        "choose_more": "More…",
        "ticket": "Ticket #{ticket} is open. You can go on with the guide meanwhile.",
        "withdraw": "Take the ticket back",
        "details": "Add details",
        "summary": "Summary to copy",
        "colleague": "A colleague goes on",
        "step": "Show the step",
        "answered": "Answered",
        "current": "Go to the current step",
        "offer": "This looks like ",
        "offer_asks": ". Walk through it?",
        "offer_takes": "Walk through it",
        "offer_declines": "No, thanks",
        "offer_off": "Don't offer this here",
        "problem": "something I know",
        # forms
        "details_title": "Ticket #{ticket}",
        "details_lead": "Your ticket is open. Everything here may be left empty.",
        "reason": "Which of these fits best?",
        "what": "What happened?",
        "what_hint": "What you see on the screen, word for word, helps most. Please, no passwords.",
        "reach": "How can a person reach you?",
        "reach_hint": "A phone number, an address, the hours that suit you.",
        "files": "Screenshots",
        "send": "Send",
        "skip": "Skip",
        "close": "Close",
        "summary_lead": "Everything that was tried, to paste into a mail.",
        "summary_to": "Write to ",
        "summary_paste": " and paste this. It says what was tried.",
        "later_title": "Later",
        "later_asks": "When shall I ask how it is going?",
        "later_sends": "Go on later",
        "hour": "In an hour",
        "tomorrow": "Tomorrow",
        "computer": "When I'm at that computer",
        "colleague_title": "A colleague goes on",
        "colleague_asks": "Who goes on?",
        "colleague_hint": "They can press the buttons here as well as you. You can still go on yourself.",
        "colleague_sends": "Hand over",
        # the Home tab
        "home": "{product} support",
        "home_plain": "Support",
        "open": "Open conversations",
        "recent": "Recent conversations",
        "nothing": "You have no conversation with me yet.",
        "more": "and {more} more",
        "row_untitled": "A conversation",
        "continue": "Continue",
        "helps": "I can help with",
        "ask": "How to ask",
        "ask_how": "Press one of these, write to me under Messages, or mention me in a channel and say what is wrong.",
        "ask_plain": "Write to me under Messages, or mention me in a channel and say what is wrong.",
        "support": "If you cannot get on here: {support}",
    }
)
"""Read-only; a translation is another mapping with the same ids."""


def said(name: str, **values: object) -> str:
    """The saying with its values."""
    return SAYINGS[name].format(**values)
