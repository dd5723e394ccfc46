"""Holds the sentences for customers that only Discord says, by id; `flows.text.phrases` has those of every channel."""

from typing import Final

from flows.text.phrasebook import Phrasebook, Plural

SAYINGS: Final = Phrasebook(
    {
        # threads and posts
        "thread": "I opened a thread for you.",
        "post": "Let's continue here.",
        "no_threads": "I can't open a thread here because {why}, so I sent you a direct message.",
        "no_way": (
            "I can't open a thread here because {why}, and you don't accept direct messages from this server. Ask a"
            " server admin to let me open threads, or allow direct messages."
        ),
        "in_post": (
            "I can't open your own thread inside a post, so I sent you a direct message. To continue in the post, run"
            " /fix and choose “Here, visible to everyone”."
        ),
        "in_post_opening": "You asked for help in a post. I can't open your own thread there, so let's continue here.",
        "no_way_from_post": (
            "I can't open your own thread inside a post, and you don't accept direct messages from this server. To"
            " continue in the post, run /fix and choose “Here, visible to everyone”."
        ),
        "no_thread_told": "I can't open a thread here because {why}. Ask a server admin to let me open threads.",
        "denied": "Discord didn't let me",
        "only_announcements": "announcement channels have no private threads",
        "lacks": Plural("I don't have the permission {missing}", "I don't have the permissions {missing}"),
        "no_threads_opening": (
            "I can't open a thread where you asked for help because {why}, so let's continue here."
        ),
        "thread_name": "Help for {who}",
        "your_own": "This thread is about someone else's problem. For yours, use /fix.",
        # where the bot cannot read messages
        "hint": (
            "I can't read messages here unless you mention me or reply to me. To use your own words, press"
            " **{button}** below."
        ),
        "hint_plain": (
            "I can't read messages here unless you mention me or reply to me. Press a button of the current step"
            " instead."
        ),
        # files that could not be attached
        "file_left_out": "{file}: I couldn't attach this file.",
        "file_too_large": "{file}: I couldn't attach this file because it's larger than {limit} MB.",
        # where the bot cannot read messages
        "write_to": "Write to {agent}",
        "write_with": "I can't read what you type here. To write to our team, press **{button}**.",
        # help forums
        "mine_too": "This fixed it for me too",
        "mine_too_later": (
            "Once this post is closed, its buttons stop working. Mention me and write **fixed mine too** instead."
        ),
        "thanks": "Thanks. That helps the next person.",
        "thanks_again": "You already told me. Thanks!",
        "post_not_yours": "Only the person who opened this post can choose here.",
        "asker_left": (
            "The person who asked left the server. If you have the same problem, write here: the helpers will see it."
        ),
        # the menu under a step, which holds everything beside the answers
        "more": "More: back, start over, later",
        "more_later": "More: later",
        "back_for": "See the previous step again",
        "restart_for": "Go back to the first step",
        "hour": "Remind me in an hour",
        "tomorrow": "Remind me tomorrow",
        "computer": "Wait until I'm back at that computer",
        "later_for": "Your progress is saved, and I'll check in",
        "computer_for": "Your progress is saved, and I won't message you until then",
    }
)
"""A translation is another phrasebook with the same ids."""


def said(name: str, **values: object) -> str:
    """Return the sentence of that id with its blanks filled. Raises KeyError for an unknown id."""
    return SAYINGS.say(name, **values)
