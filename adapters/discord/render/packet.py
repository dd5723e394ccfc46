"""The packet: everything that is known of a conversation, in one message at the top of its thread. Pure."""

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
from flows.text.phrases import colon, reason_label
from flows.views.dossier import Dossier
from flows.views.trail import Tried

SIZES: Final = ((25, 1500), (12, 1000), (12, 500), (6, 300), (3, 150), (1, 80))
"""How many rows of the trail and how many characters of their own words are shown; the first that fits."""


def packet(known: Dossier, typed: bool, path: str = "") -> Message:
    """As much as Discord takes in one message; `typed` says whether what agents type can be read, and `path` is where
    the web desk replays the conversation.
    """
    reply = f"**{phrase('action_reply')}**"
    how = f"-# {phrase('how_to', reply=reply) if typed else discord_phrase('how_to_blind', reply=reply)}"
    if path.startswith(("https://", "http://")):
        how = f"[{phrase('their_path')}]({path})\n{how}"
    drawn = next((each for share in SIZES if size(each := _drawn(known, *share)) <= TEXT - size(how)), "")
    drawn = drawn or cut("\n".join(_facts(known)), TEXT - size(how))
    parts = [text(drawn), separator(), text(how), *everything(known.conversation)]
    return Message(components=(container(parts, RED),))


def _drawn(known: Dossier, rows: int, words: int) -> str:
    said = [one for one in known.lines if one.kind == "said"]
    parts = [*_facts(known), *_tried(known.screen.tried, known.conversation.began_at, rows)]
    if quoted := verbatim(said, words):
        parts += [f"**{phrase('fact_words')}**", fenced(quoted)]
    if wrote := cut("\n".join(_by_agents(known)), words):
        parts += [f"**{phrase('fact_agents')}**", fenced(wrote)]
    files = [escape(named(file.name or file.id, LABEL)) for one in said for file in one.files]
    if files:
        parts.append(f"**{phrase('fact_files')}** {cut(', '.join(files), words)}")
    return "\n".join(parts)


def _by_agents(known: Dossier) -> Iterator[str]:
    """What agents wrote before: in another team's room, at the desk, or in the customer's own place."""
    for one in known.lines:
        if one.kind in ("reply", "note") and (words := verbatim((one,), TEXT)):
            yield f"{phrase(f'{one.kind}_lead', who=named(one.who, NAME) if one.who else phrase('an_agent'))}: {words}"


def _facts(known: Dossier) -> Iterator[str]:
    at, ticket = known.conversation, known.screen.ticket
    yield f"**{phrase('fact_customer')}** {' · '.join(filter(None, (line(customer_name(at)), place(at))))}"
    guide = line(known.screen.title or at.flow, TITLE)
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
    left = max(0, len(rows) - shown)
    yield f"**{phrase('fact_tried')}**"
    if left:
        yield f"-# {phrase('tried_earlier', count=left)}"
    starts = (began, *(one.at for one in rows))
    for number, one in enumerate(rows[left:], start=left):
        sentence = phrase(
            "tried_row_by" if one.by else "tried_row",
            title=f"**{line(one.title or one.step)}**",
            colon=colon(one.title),
            answer=line(one.answer),
            who=line(one.by, 40),
            when=moment(one.at),
            span=duration(one.at - starts[number]),
        )
        yield f"{number + 1}. {sentence}"
