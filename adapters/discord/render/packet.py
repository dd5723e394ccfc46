"""Draws the packet: all facts about a conversation in one message at the top of its thread. Pure."""

from collections.abc import Iterator
from typing import Final

from adapters.discord.api.limits import LABEL, TEXT, cut, size
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import NAME, TITLE, everything, line, moment, place, verbatim
from adapters.discord.render.card import RED, Message
from adapters.discord.render.components import container, named, separator, text
from adapters.discord.render.markdown import clean, escape, fenced, fitted, markdown, whole
from adapters.discord.render.markdown import quoted as in_quote
from flows.hours import duration
from flows.text.agent_phrases import customer_name, phrase
from flows.text.markup.styled import has_formatting
from flows.text.markup.words import Words, plain
from flows.text.phrases import reason_label
from flows.text.text_parts import split
from flows.views.dossier import Dossier, Line
from flows.views.quotes import quotation
from flows.views.trail import Tried

SIZES: Final = ((25, 1500), (12, 1000), (12, 500), (6, 300), (3, 150), (1, 80))
"""Rows of the trail and characters of the customer's text, largest first; the first pair that fits is used."""

QUOTE: Final = 300
"""Characters of the words beside an answer in the trail."""

PART: Final = 1500
"""Characters of a piece of a long message; escaped, two pieces still fit into a message."""

PAGES: Final = 8
"""Messages that follow a packet with the customer's words; further words are on the web desk."""


def packet(dossier: Dossier, typed: bool, path: str = "") -> Message:
    """Draw as much as Discord takes in one message.

    `typed` says whether the bot can read agents' messages; `path` is the URL where the web desk replays the
    conversation.
    """
    how = _how(typed, path)
    share = _share(dossier, how)
    drawn = _drawn(dossier, *share) if share else cut("\n".join(_facts(dossier)), TEXT - size(how))
    parts = [text(drawn), separator(), text(how), *everything(dossier.conversation)]
    return Message(components=(container(parts, RED),))


def _how(typed: bool, path: str) -> str:
    reply = f"**{phrase('action_reply')}**"
    how = f"-# {phrase('how_to', reply=reply) if typed else discord_phrase('how_to_blind', reply=reply)}"
    if path.startswith(("https://", "http://")):
        how = f"[{phrase('their_path')}]({path})\n{how}"
    return how


def _share(dossier: Dossier, how: str) -> tuple[int, int] | None:
    """Return the first size at which the packet fits into a message."""
    return next((share for share in SIZES if size(_drawn(dossier, *share)) <= TEXT - size(how)), None)


def further(dossier: Dossier, typed: bool, path: str = "") -> tuple[Message, ...]:
    """Draw all of the customer's words and files for the thread, if the packet has no room for all of them."""
    if _holds_all(dossier, _share(dossier, _how(typed, path))):
        return ()
    lead = f"**{phrase('fact_words')}**"
    pages: list[list[str]] = [[]]
    for part in (part for entry in dossier.by_customers for part in _parts(entry)):
        if size("\n".join((lead, *pages[-1], part))) > TEXT - 200:
            pages.append([])
        pages[-1].append(part)
    if len(pages) > PAGES:
        pages = [*pages[: PAGES - 1], [*pages[PAGES - 1], f"-# {phrase('line_cut')}"]]
    return tuple(Message(components=(text("\n".join((lead, *page))),)) for page in pages if page)


def _parts(entry: Line) -> Iterator[str]:
    """Draw a customer's words with what they did, their edit and their files, in parts that fit into a message."""
    if entry.kind != "said":
        yield f"-# {line(plain(entry.words), PART)}"
    yield from _pieces(entry.words if entry.kind == "said" else entry.quote)
    if entry.edited:
        yield f"-# {phrase('line_changed')}"
        yield from _pieces(entry.edited)
    yield from (f"-# 📎 {escape(named(file.name or file.id, LABEL))}" for file in entry.files)


def _pieces(words: Words) -> Iterator[str]:
    yield from filter(str.strip, (whole(piece, TEXT - 400) for piece in split(words, PART)))


def _holds_all(dossier: Dossier, share: tuple[int, int] | None) -> bool:
    """Return whether a packet of that size shows every word and file of the customer."""
    if share is None:
        return False
    rows, words = share
    tried = dossier.screen.tried
    return (
        len(tried) <= rows
        and size(_quotes(dossier, TEXT)) <= words
        and (not has_formatting(written := _written(dossier)) or size(markdown(written)) <= words)
        and all(size(_beside(row)) <= QUOTE for row in tried)
        and size(_files(dossier)) <= words
    )


def _quotes(dossier: Dossier, longest: int) -> str:
    """Return what customers wrote, without what the trail shows beside an answer."""
    said = (clean(entry.in_words).strip() for entry in dossier.by_customers if entry.kind != "answer")
    return cut("\n".join(filter(None, said)), longest)


def _written(dossier: Dossier) -> Words:
    """Return the same with its formatting."""
    said = [entry for entry in dossier.by_customers if entry.kind != "answer"]
    return tuple(block for entry in said for block in entry.as_written)


def _files(dossier: Dossier) -> str:
    names = (named(file.name or file.id, LABEL) for entry in dossier.by_customers for file in entry.files)
    return ", ".join(map(escape, names))


def _beside(row: Tried) -> str:
    """Return the words and the names of the files that came with an answer."""
    said = quotation(row.said.model_copy(update={"files": ()}))
    files = ", ".join(named(file.name or file.id, LABEL) for file in row.said.files)
    return " · ".join(filter(None, (" ".join(clean(said).split()), files and f"📎 {files}")))


def _drawn(dossier: Dossier, rows: int, words: int) -> str:
    parts = [*_facts(dossier), *_tried(dossier.screen.tried, dossier.conversation.began_at, rows)]
    if quoted := _quotes(dossier, words):
        written = _written(dossier)
        drawn = in_quote(fitted(written, words)) if has_formatting(written) else fenced(quoted)
        parts += [f"**{phrase('fact_words')}**", drawn]
    if wrote := cut("\n".join(_by_agents(dossier)), words):
        parts += [f"**{phrase('fact_agents')}**", fenced(wrote)]
    if files := _files(dossier):
        parts.append(f"**{phrase('fact_files')}** {cut(files, words)}")
    return "\n".join(parts)


def _by_agents(dossier: Dossier) -> Iterator[str]:
    """List what agents wrote before: in another team's channel, at the desk, or in the customer's own thread."""
    for row in dossier.lines:
        if row.kind in ("reply", "note") and (words := verbatim((row,), TEXT)):
            yield f"{phrase(f'{row.kind}_lead', who=named(row.who, NAME) if row.who else phrase('an_agent'))}: {words}"


def _facts(dossier: Dossier) -> Iterator[str]:
    at, ticket = dossier.conversation, dossier.screen.ticket
    yield f"**{phrase('fact_customer')}** {' · '.join(filter(None, (line(customer_name(at)), place(at))))}"
    if dossier.screen.reach:
        yield f"**{phrase('fact_reach')}** {line(dossier.screen.reach, TITLE)}"
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
            answer=" · ".join(filter(None, (line(row.answer), escape(cut(_beside(row), QUOTE))))),
            who=line(row.by, 40),
            when=moment(row.at),
            span=duration(row.at - starts[number]),
        )
        yield f"{number + 1}. {sentence}"
