"""The packet: everything that is known of a conversation, in one message at the top of its thread. Pure."""

from collections.abc import Iterator
from typing import Final

from adapters.discord.limits import LABEL, TEXT, cut, size
from adapters.discord.markdown import escape, fenced
from adapters.discord.parts import container, named, separator, text
from adapters.discord.render import RED, Message
from adapters.discord.room import NAME, TITLE, everything, line, moment, place, verbatim
from adapters.discord.roomwords import told as say
from flows.dossier import Dossier
from flows.phrases import reason_label
from flows.trail import Tried

SIZES: Final = ((25, 1500), (12, 1000), (12, 500), (6, 300), (3, 150), (1, 80))
"""How many rows of the trail and how many characters of their own words are shown; the first that fits."""


def packet(known: Dossier, typed: bool, path: str = "") -> Message:
    """As much as Discord takes in one message; `typed` says whether what agents type can be read, and `path` is where
    the web desk replays the conversation.
    """
    how = f"-# {say('how_to' if typed else 'how_to_blind', reply='**' + say('reply') + '**')}"
    if path.startswith(("https://", "http://")):
        how = f"[{say('their_path')}]({path})\n{how}"
    drawn = next((each for share in SIZES if size(each := _drawn(known, *share)) <= TEXT - size(how)), "")
    drawn = drawn or cut("\n".join(_facts(known)), TEXT - size(how))
    parts = [text(drawn), separator(), text(how), *everything(known.conversation)]
    return Message(components=(container(parts, RED),))


def _drawn(known: Dossier, rows: int, words: int) -> str:
    said = [one for one in known.lines if one.kind == "said"]
    parts = [*_facts(known), *_tried(known.screen.tried, known.conversation.began, rows)]
    if quoted := verbatim(said, words):
        parts += [f"**{say('their_words')}**", fenced(quoted)]
    if wrote := cut("\n".join(_by_agents(known)), words):
        parts += [f"**{say('their_agents')}**", fenced(wrote)]
    files = [escape(named(file.name or file.id, LABEL)) for one in said for file in one.files]
    if files:
        parts.append(f"**{say('files')}:** {cut(', '.join(files), words)}")
    return "\n".join(parts)


def _by_agents(known: Dossier) -> Iterator[str]:
    """What agents wrote before: in another team's room, at the desk, or in the customer's own place."""
    for one in known.lines:
        if one.kind in ("reply", "note") and (words := verbatim((one,), TEXT)):
            yield f"{say(f'{one.kind}_lead', who=named(one.who, NAME) if one.who else say('somebody'))}: {words}"


def _facts(known: Dossier) -> Iterator[str]:
    at, ticket = known.conversation, known.screen.ticket
    yield f"**{say('who')}:** {line(at.name)} {place(at)}".rstrip()
    revision = say("revision", revision=at.revision[:8])
    yield f"**{say('problem')}:** {line(known.screen.title or at.flow, TITLE)} ({revision})"
    if at.reasons:
        yield f"**{say('reasons')}:** {line('; '.join(map(reason_label, at.reasons)), 300)}"
    if ticket or at.team:
        yield f"**{say('team')}:** {line(ticket.name if ticket else at.team)}"
    if at.observations:
        seen = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in at.observations.items())
        yield f"**{say('seen')}:** {line(seen, 300)}"


def _tried(rows: tuple[Tried, ...], began: int, shown: int) -> Iterator[str]:
    if not rows:
        yield f"**{say('tried')}:** {say('nothing')}"
        return
    left = max(0, len(rows) - shown)
    yield f"**{say('tried')}**"
    if left:
        yield f"-# {say('left', more=left)}"
    starts = (began, *(one.at for one in rows))
    for number, one in enumerate(rows[left:], start=left):
        by = f" ({line(one.by, 40)})" if one.by else ""
        spent = say("after", spent=lasted(one.at - starts[number]))
        told = f"**{line(one.title or one.step)}**: {line(one.answer)}{by}"
        yield f"{number + 1}. {told} · {moment(one.at)}, {spent}"


def lasted(ms: int) -> str:
    """A span of time in the unit that fits it."""
    seconds = max(0, ms) // 1000
    for unit, sign in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds // unit} {sign}"
    return f"{seconds} s"
