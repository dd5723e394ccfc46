"""Gathers a conversation's facts for the sidebar: customer, channel, trail with times, observations and files. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flows.conversation import Address
from flows.hours import duration
from flows.text.agent_phrases import channel_name, customer_name, phrase
from flows.text.markup.words import plain
from flows.text.phrases import reason_label
from flows.views.dossier import Dossier

MINUTE: Final = 60_000


@dataclass(frozen=True)
class TrailRow:
    """A row of the trail. `by` is '' for the customer; `took` is how long the step was shown, as text.

    `quote` and `edited` are the words that came with the answer and their later edit, `files` the names of its files,
    each with the end of its address on the desk.
    """

    title: str
    answer: str
    by: str
    at: int
    took: str
    quote: str = ""
    edited: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SentFile:
    """A file of the conversation. `end` is the end of its address on the desk."""

    name: str
    who: str
    size: str
    end: str


@dataclass(frozen=True)
class TicketSidebar:
    """The facts beside the conversation's messages. `pasted` is the customer's first text, in their words."""

    who: str
    place: str
    zone: str
    reach: str
    guide: str
    revision: str
    reasons: tuple[str, ...]
    trail: tuple[TrailRow, ...]
    seen: tuple[tuple[str, str], ...]
    pasted: str
    files: tuple[SentFile, ...]


def packet(dossier: Dossier) -> TicketSidebar:
    """Gather the sidebar's facts from a dossier."""
    at = dossier.conversation
    said = [line for line in dossier.lines if line.kind == "said"]
    return TicketSidebar(
        who=customer_name(at),
        place=place(at.address("customer")),
        zone=at.zone,
        reach=dossier.screen.reach,
        guide=dossier.screen.title,
        revision=at.revision[:8],
        reasons=tuple(map(reason_label, at.reasons)),
        trail=tuple(_trail(dossier)),
        seen=tuple((name.replace("_", " "), value) for name, value in at.observations.items()),
        pasted=plain(said[0].words) if said and said[0].version == 1 else "",
        files=tuple(
            SentFile(file.name or phrase("a_file"), line.who, size(file.size), f"{line.version}/{number}")
            for line in dossier.lines
            for number, file in enumerate(line.files)
        ),
    )


def place(address: Address | None) -> str:
    """Return the customer's channel and place as text."""
    if address is None:
        return ""
    where = address.thread or address.room
    label = channel_name(address.channel)
    return f"{label}, {where}" if where and address.channel != "web" else label


def _trail(dossier: Dossier) -> Iterator[TrailRow]:
    """Yield the trail's rows. A step was shown since the row before it, or since the conversation's start."""
    before = dossier.conversation.began_at
    for row in dossier.screen.tried:
        took = duration(row.at - before) if row.at > before else ""
        yield TrailRow(
            title=row.title,
            answer=row.answer,
            by=row.by,
            at=row.at,
            took=took,
            quote=row.said.text,
            edited=row.said.edited,
            files=tuple(
                (file.name or phrase("a_file"), f"{row.version}/{number}")
                for number, file in enumerate(row.said.files)
            ),
        )
        before = row.at


def size(count: int) -> str:
    """Return a number of bytes as text; '' if it is unknown."""
    if count <= 0:
        return ""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} kB"


def moment(milliseconds: int) -> str:
    """Return a time as text, in UTC. The page's script converts it to the reader's time zone."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).strftime("%d %b %H:%M UTC")


def machine(milliseconds: int) -> str:
    """Return a time for the page's script, as ISO 8601 in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
