"""Collects what is kept of one person, to be given to them: readable JSON, and their files. No internal notes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

from bot.ports import Busy, Files, Inspect, KnownPerson, Undeliverable, Unreadable
from flows.conversation import Address, Conversation
from flows.events import File
from flows.text.markup.words import plain
from flows.views.dossier import Dossier, Line

SHOWN: Final = frozenset({"said", "answer", "reply", "act"})
"""The kinds of lines that are given out: internal notes stay with agents (law L12)."""


class ContactExport:
    """Reads what is kept of a person. `damaged` are the conversations that could not be read."""

    def __init__(self, inspect: Inspect, files: Files) -> None:
        """Take what reads a conversation as agents see it, and what fetches files."""
        self._inspect = inspect
        self._files = files
        self.damaged: list[str] = []

    async def of(self, person: KnownPerson) -> dict[str, Any]:
        """Return everything but the files as JSON."""
        found: dict[str, Any] = {
            "known as": list(person.actors),
            "names": list(person.names),
            "email addresses": list(person.mails),
            "conversations": [],
            "in the conversations of others": [],
        }
        self.damaged = []
        for conversation_id in person.own:
            dossier = await self._dossier(conversation_id)
            if dossier is not None:
                found["conversations"].append(_own(dossier))
        for conversation_id in person.beside:
            dossier = await self._dossier(conversation_id)
            if dossier is not None:
                theirs = [_line(line) for line in _shown(dossier) if line.actor in person.actors]
                found["in the conversations of others"].append({"id": conversation_id, "lines": theirs})
        return found

    async def _dossier(self, conversation_id: str) -> Dossier | None:
        """Return a conversation as agents see it; None if it is gone or damaged."""
        try:
            return await self._inspect(conversation_id)
        except Unreadable:
            self.damaged += [] if conversation_id in self.damaged else [conversation_id]
            return None

    async def files(self, person: KnownPerson) -> AsyncIterator[tuple[str, bytes | None]]:
        """Yield each file of the person with a path; None for one that can no longer be fetched."""
        for conversation_id in person.own:
            dossier = await self._dossier(conversation_id)
            for line in dossier.lines if dossier is not None else ():
                for number, file in enumerate(line.files if line.kind in SHOWN else ()):
                    yield path(conversation_id, line, number, file), await self._fetched(dossier, file)

    async def _fetched(self, dossier: Dossier | None, file: File) -> bytes | None:
        there = dossier.conversation.address("customer") if dossier is not None else None
        try:
            return await self._files.fetch(there or Address(channel=""), file)
        except (Busy, Undeliverable):
            return None


def path(conversation_id: str, line: Line, number: int, file: File) -> str:
    """Return the name under which a file is given out. Whatever its own name is, it stays in one folder."""
    name = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in file.name)[-80:]
    return f"files/{conversation_id}-{line.version}-{number + 1}-{name.lstrip('.')}"


def _own(dossier: Dossier) -> dict[str, Any]:
    at = dossier.conversation
    return {
        "id": at.id,
        "ticket": at.ticket,
        "guide": at.flow,
        "status": at.status.value,
        "began": _moment(at.began_at),
        "last change": _moment(at.changed_at),
        "customer": _customer(at),
        "observations": dict(at.observations),
        "lines": [_line(line) | _files(at.id, line) for line in _shown(dossier)],
    }


def _customer(at: Conversation) -> dict[str, Any]:
    known = {
        "id": at.contact,
        "name": at.name,
        "email": at.mail,
        "language": at.locale,
        "time zone": at.zone,
        "place": at.customer,
        "rating": at.rated,
    }
    return {name: value for name, value in known.items() if value}


def _shown(dossier: Dossier) -> list[Line]:
    return [line for line in dossier.lines if line.kind in SHOWN]


def _line(line: Line) -> dict[str, Any]:
    quoted = {"words": plain(line.quote)} if line.quote else {}
    edited = {"edited": plain(line.edited)} if line.edited else {}
    return {"at": _moment(line.at), "who": line.who, "text": plain(line.words), **quoted, **edited}


def _files(conversation_id: str, line: Line) -> dict[str, Any]:
    named = [path(conversation_id, line, number, file) for number, file in enumerate(line.files)]
    return {"files": named} if named else {}


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds") if ms else ""
