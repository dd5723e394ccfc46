"""Writes the one line of a direct message that notifies an agent of a ticket."""

from typing import Final

from flows.acts import Noted, Transferred
from flows.events import Event
from flows.text.agent_phrases import customer_name, phrase
from flows.text.markup.words import plain
from flows.views.dossier import Dossier, Line

FIRST_WORDS: Final = 200
"""Characters of someone's words that the line repeats."""


def notice_line(event: Event, line: Line, dossier: Dossier) -> str:
    """Return what happened to which ticket: the customer's first words, the transfer, or the note."""
    at = dossier.conversation
    who, agent = customer_name(at), line.who or phrase("an_agent")
    words = " ".join((plain(line.quote) or plain(line.words)).split()) or _files(line)
    known = {"ticket": at.ticket, "who": who, "words": _shortened(words)}
    if line.since == "gone":
        return phrase("notify_gone", **known)
    if isinstance(event, Transferred):
        return phrase("notify_transfer", agent=agent, title=dossier.screen.title, **known)
    if isinstance(event, Noted):
        # A note's words stay in the agents' places, one click away.
        return phrase("notify_mention", agent=agent, title=dossier.screen.title, **known)
    return phrase("notify_act" if line.kind == "act" and not line.quote else "notify_words", **known)


def _shortened(words: str) -> str:
    return words if len(words) <= FIRST_WORDS else f"{words[: FIRST_WORDS - 1].rstrip()}…"


def _files(line: Line) -> str:
    return ", ".join(file.name or phrase("a_file") for file in line.files)
