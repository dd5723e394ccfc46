"""Draws the packet: all facts about a conversation in one message at the top of its thread. Pure."""

from collections.abc import Iterator
from typing import Final

from adapters.discord.api.limits import LABEL, TEXT, cut, size
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import NAME, TITLE, everything, line, moment, place, verbatim
from adapters.discord.render.card import RED, Message
from adapters.discord.render.components import container, named, separator, text
from adapters.discord.render.markdown import escape, fenced
from flows.hours import duration
from flows.text.agent_phrases import customer_name, phrase
from flows.text.phrases import reason_label
from flows.views.dossier import Dossier
from flows.views.trail import Tried

SIZES: Final = ((25, 1500), (12, 1000), (12, 500), (6, 300), (3, 150), (1, 80))
"""Rows of the trail and characters of the customer's text, largest first; the first pair that fits is used."""


def packet(dossier: Dossier, typed: bool, path: str = "") -> Message:
    """Draw as much as Discord takes in one message.

    `typed` says whether the bot can read agents' messages; `path` is the URL where the web desk replays the
    conversation.
    """
    reply = f"**{phrase('action_reply')}**"
    how = f"-# {phrase('how_to', reply=reply) if typed else discord_phrase('how_to_blind', reply=reply)}"
    if path.startswith(("https://", "http://")):
        how = f"[{phrase('their_path')}]({path})\n{how}"
    drawn = next((each for share in SIZES if size(each := _drawn(dossier, *share)) <= TEXT - size(how)), "")
    drawn = drawn or cut("\n".join(_facts(dossier)), TEXT - size(how))
    parts = [text(drawn), separator(), text(how), *everything(dossier.conversation)]
    return Message(components=(container(parts, RED),))


def _drawn(dossier: Dossier, rows: int, words: int) -> str:
    said = [entry for entry in dossier.lines if entry.kind == "said"]
    parts = [*_facts(dossier), *_tried(dossier.screen.tried, dossier.conversation.began_at, rows)]
    if quoted := verbatim(said, words):
        parts += [f"**{phrase('fact_words')}**", fenced(quoted)]
    if wrote := cut("\n".join(_by_agents(dossier)), words):
        parts += [f"**{phrase('fact_agents')}**", fenced(wrote)]
    files = [escape(named(file.name or file.id, LABEL)) for entry in said for file in entry.files]
    if files:
        parts.append(f"**{phrase('fact_files')}** {cut(', '.join(files), words)}")
    return "\n".join(parts)


def _by_agents(dossier: Dossier) -> Iterator[str]:
    """List what agents wrote before: in another team's channel, at the desk, or in the customer's own thread."""
    for row in dossier.lines:
        if row.kind in ("reply", "note") and (words := verbatim((row,), TEXT)):
            yield f"{phrase(f'{row.kind}_lead', who=named(row.who, NAME) if row.who else phrase('an_agent'))}: {words}"


def _facts(dossier: Dossier) -> Iterator[str]:
    at, ticket = dossier.conversation, dossier.screen.ticket
    yield f"**{phrase('fact_customer')}** {' · '.join(filter(None, (line(customer_name(at)), place(at))))}"
    guide = line(dossier.screen.title or at.flow, TITLE)
    yield f"**{phrase('fact_guide')}** {phrase('guide_at', guide=guide, revision=at.revision[:8])}"
    if at.reasons:
        yield f"**{phrase('fact_reasons')}** {line('; '.join(map(reason_label, at.reasons)), 300)}"
    if ticket or at.team:
        yield f"**{phrase('fact_team')}** {line(ticket.name if ticket else at.team)}"
    if at.observations:
        seen = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in at.observations.items())
        yield f"**{phrase('fact_details')}** {line(seen, 300)}"


def _tried(rows: tuple[Tried, ...], began: int, shown: int) -> Iterator[str]:
    if not rows:
        yield f"**{phrase('fact_tried')}** {phrase('tried_nothing')}"
        return
    skipped = max(0, len(rows) - shown)
    yield f"**{phrase('fact_tried')}**"
    if skipped:
        yield f"-# {phrase('tried_earlier', count=skipped)}"
    starts = (began, *(row.at for row in rows))
    for number, row in enumerate(rows[skipped:], start=skipped):
        sentence = phrase(
            "tried_row_by" if row.by else "tried_row",
            title=f"**{line(row.title or row.step)}**",
            answer=line(row.answer),
            who=line(row.by, 40),
            when=moment(row.at),
            span=duration(row.at - starts[number]),
        )
        yield f"{number + 1}. {sentence}"
