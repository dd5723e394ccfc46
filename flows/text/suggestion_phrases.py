"""Holds the bot's questions about what a customer's words likely meant, by id; `text.phrases` adds them to its table.

`suggest_X` asks about the answer or built-in button X, and `yes_X` is the button that confirms it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SUGGESTION_PHRASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "suggest_fixed": "Sounds like it's working now. Is it fixed?",
        "yes_fixed": "Yes, fixed",
        "suggest_still_failing": "Sounds like that didn't help. Is it still failing?",
        "yes_still_failing": "Yes, still failing",
        "suggest_cant_find": "Sounds like you can't find it. Is that right?",
        "yes_cant_find": "Yes, I can't find it",
        "suggest_person": "Would you like to talk to a person?",
        "suggest_back": "Do you want to go back one step?",
        "yes_back": "Yes, go back",
        "suggest_restart": "Do you want to start over?",
        "yes_restart": "Yes, start over",
        "suggest_later": "Do you want to continue later?",
        "yes_later": "Yes, in an hour",
        "suggest_reopen": "Sounds like the problem is back. Is it happening again?",
        "yes_reopen": "Yes, it's happening again",
        "suggest_answer": "Is your answer “{answer}”?",
        "suggest_guide": "Is this about “{answer}”?",
        "suggest_guides": "Is it one of these problems?",
        "suggest_several": "Which of these do you mean?",
        "yes_named": "Yes",
        "suggest_no": "No",
        "suggest_none": "None of these",
        "press_yes": "Good to hear. Press **Yes, fixed**, and I'll close this.",
        "dismissed": "OK. What you said is saved. To continue, choose an answer.",
    }
)
"""The questions and buttons are plain text: they stand in messages and forms alike."""
