"""Draws the packet: all facts about a conversation in one message at the top of its thread. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.addresses import SLACK, Person, Place, link
from adapters.slack.api.limits import LINE, SPEECH, clean, escaped, line, shows
from adapters.slack.render.agent_thread import (
    blocks_of,
    date,
    everything,
    file_links,
    fits,
    line_of,
    phrased,
    replies,
)
from adapters.slack.render.blocks import Json, context, is_web, section
from adapters.slack.render.card import Message
from adapters.slack.render.rich_text import bold, linked, preformatted, rich_text, sentence
from bot.ports import Delivery
from flows.conversation import Conversation
from flows.effects import Brief
from flows.hours import duration
from flows.text.agent_phrases import channel_name, customer_name, phrase
from flows.text.markup.styled import has_formatting
from flows.text.markup.words import plain
from flows.text.phrases import reason_label
from flows.views.dossier import Dossier, Line
from flows.views.quotes import quotation
from flows.views.trail import Tried

SIZES: Final = ((25, SPEECH), (12, SPEECH), (12, 1000), (6, 500), (3, 200))
"""Rows of the trail and characters of the customer's text, largest first; the first pair that fits is used."""

QUOTE: Final = 300
"""Characters of the words beside an answer in the trail."""

FILES: Final = 20
"""Files that a packet names in one line."""

PAGES: Final = 8
"""Messages that follow a packet with the customer's words; further words are on the web desk."""

DISCORD: Final = "https://discord.com/channels"
"""The start of links to places in Discord: the server (`@me` for direct messages), then the channel."""


def packet(delivery: Delivery, url: str) -> Message:
    """Draw as much as Slack takes in one message; `url` is the workspace's own URL."""
    dossier = delivery.dossier
    assert dossier is not None, "a packet is made of a dossier"
    drawn = next((blocks for size in SIZES if fits(blocks := _drawn(dossier, url, *size))), None)
    at = dossier.conversation
    who, problem = line(customer_name(at), 80, at.id), line(dossier.screen.title, limits.HEADER, at.flow)
    headline = phrase(
        "new_ticket" if at.ticket else "new_conversation", ticket=at.ticket, who=who, title=problem
    )
    text = escaped(headline, limits.MESSAGE - 100)
    facts = drawn if drawn is not None else tuple(_who(at, url))
    path = (sentence(linked(phrase("their_path"), delivery.path)),) if is_web(delivery.path) else ()
    shown = Message(
        text=text,
        blocks=(
            *facts,
            *path,
            context(phrase("how_to", reply=phrase("action_reply"))),
            *everything(at),
        ),
    )
    return alerting(shown, delivery)


def further(dossier: Dossier, url: str) -> tuple[Message, ...]:
    """Draw all of the customer's words and files for the thread, if the packet has no room for all of them."""
    size = next((size for size in SIZES if fits(_drawn(dossier, url, *size))), (0, 0))
    if _holds_all(dossier, *size):
        return ()
    pages: list[list[Json]] = [[]]
    for entry in dossier.by_customers:
        shown = _entry(entry, url)
        if pages[-1] and (len(pages[-1]) + len(shown) > limits.BLOCKS - 2 or not fits([*pages[-1], *shown])):
            pages.append([])
        pages[-1] += shown
    if len(pages) > PAGES:
        pages = [*pages[: PAGES - 1], [*pages[PAGES - 1], context(phrase("line_cut"))]]
    lead = sentence(bold(phrase("fact_words")))
    return tuple(Message(text=phrase("fact_words"), blocks=(lead, *page)) for page in pages if page)


def _entry(entry: Line, url: str) -> list[Json]:
    """Draw a customer's words with what they did, their edit and their files."""
    files = file_links(entry.files, entry.actor, url)
    happened = () if entry.kind == "said" else (context(line(plain(entry.words), limits.TEXT, "")),)
    said = blocks_of(entry.words if entry.kind == "said" else entry.quote)
    edited = (context(phrase("line_changed")), *blocks_of(entry.edited)) if entry.edited else ()
    return [*happened, *said, *edited, *((sentence(*files),) if files else ())]


def _holds_all(dossier: Dossier, rows: int, words: int) -> bool:
    """Return whether a packet of that size shows every word and file of the customer."""
    tried, said = dossier.screen.tried, _said(dossier)
    files = sum(len(row.files) for row in dossier.by_customers)
    return (
        len(tried) <= rows
        and limits.length(_quotes(said)) <= words
        and all(limits.length(_beside(row)) <= QUOTE for row in tried)
        and files <= FILES
    )


def _said(dossier: Dossier) -> list[Line]:
    """Return what customers wrote or sent, without what the trail shows beside an answer."""
    return [row for row in dossier.by_customers if row.kind != "answer"]


def _quotes(said: list[Line]) -> str:
    return "\n".join(filter(shows, (clean(row.in_words).strip() for row in said)))


def _beside(row: Tried) -> str:
    """Return the words that came with an answer."""
    return " ".join(clean(quotation(row.said.model_copy(update={"files": ()}))).split())


def alerting(shown: Message, delivery: Delivery) -> Message:
    """Add mentions of whom a message of the thread alerts: the team, and agents who are in Slack."""
    agents = filter(None, map(Person.of, delivery.mentions))
    names = (_mention(delivery.ping), *(f"<@{agent.user}>" for agent in agents))
    mentions = " ".join(dict.fromkeys(filter(None, names)))
    if not mentions:
        return shown
    return Message(text=f"{mentions} {shown.text}", blocks=(section(mentions), *shown.blocks))


def _mention(ping: str) -> str:
    """Mention the user or group that the operator set for new tickets; no one's words alert anyone."""
    if not ping.isalnum() or ping.isdigit():
        return ""
    return f"<!subteam^{ping}>" if ping.startswith("S") else f"<@{ping}>"


def _drawn(dossier: Dossier, url: str, rows: int, words: int) -> tuple[Json, ...]:
    at = dossier.conversation
    parts: list[Json] = [*_who(at, url), sentence(bold(phrase("fact_guide")), " ", _guide(dossier))]
    parts += [sentence(bold(name), " ", text) for name, text in _facts(dossier) if shows(text)]
    parts += _tried(dossier.screen.tried, at.began_at, rows)
    if quoted := _quotes(_said(dossier)):
        written = tuple(block for row in _said(dossier) for block in row.as_written)
        styled = rich_text(written, words, quoted=True) if has_formatting(written) else ()
        parts += [
            sentence(bold(phrase("fact_words"))),
            *(styled or [preformatted(limits.cut(quoted, words))]),
        ]
    if wrote := "\n".join(_by_agents(dossier)):
        parts += [sentence(bold(phrase("fact_agents"))), preformatted(limits.cut(wrote, words))]
    sent = [file_links((file,), row.actor, url) for row in dossier.by_customers for file in row.files]
    if sent:
        links = [part for each in sent[:FILES] for part in (*each, " ")]
        parts.append(sentence(bold(phrase("fact_files")), " ", *links))
    return tuple(parts)


def _by_agents(dossier: Dossier) -> Iterator[str]:
    """List what agents wrote before: in another team's channel, at the desk, or in the customer's own thread."""
    for row in dossier.lines:
        words = clean(plain(row.words)).strip()
        if row.kind in ("reply", "note") and shows(words):
            yield f"{phrase(f'{row.kind}_lead', who=line(row.who, 80, phrase('an_agent')))}: {words}"


def _who(at: Conversation, url: str) -> Iterator[Json]:
    text, address = _place(at, url)
    where: list[Any] = [" · ", linked(text, address) if is_web(address) else text] if text else []
    yield sentence(bold(phrase("fact_customer")), " ", line(customer_name(at), 80, at.id), *where)


def _place(at: Conversation, url: str) -> tuple[str, str]:
    """Return the customer's channel, and a link to it."""
    address = at.address("customer")
    if address is None:
        return "", ""
    way = ""
    if address.channel == SLACK:
        place = Place.of(address)
        way = link(url, place.channel, place.thread) or (
            f"{url.rstrip('/')}/archives/{place.channel}" if url else ""
        )
    elif address.channel == "discord":
        channel = address.thread or address.room
        way = f"{DISCORD}/{address.workspace or '@me'}/{channel}" if channel else ""
    return channel_name(address.channel), way


def _guide(dossier: Dossier) -> str:
    at = dossier.conversation
    return phrase(
        "guide_at", guide=line(dossier.screen.title, limits.HEADER, at.flow), revision=at.revision[:8]
    )


def _facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    at, ticket = dossier.conversation, dossier.screen.ticket
    yield phrase("fact_reach"), line(dossier.screen.reach, LINE, "")
    yield phrase("fact_reasons"), "; ".join(map(reason_label, at.reasons))
    yield phrase("fact_team"), line(ticket.name if ticket else at.team, LINE, "")
    seen = (f"{name.replace('_', ' ')}: {value}" for name, value in at.observations.items())
    yield phrase("fact_details"), line("; ".join(seen), limits.ASIDE, "")


def _tried(rows: tuple[Tried, ...], began: int, shown: int) -> list[Json]:
    if not rows:
        return [sentence(bold(phrase("fact_tried")), " ", phrase("tried_nothing"))]
    starts = (began, *(row.at for row in rows))
    listed = [_row(row, starts[place]) for place, row in enumerate(rows)]
    skipped = max(0, len(rows) - shown)
    items = {
        "type": "rich_text_list",
        "style": "ordered",
        "offset": skipped,
        "elements": [sentence(*row)["elements"][0] for row in listed[skipped:]],
    }
    more = [context(phrase("tried_earlier", count=skipped))] if skipped else []
    return [sentence(bold(phrase("fact_tried"))), {"type": "rich_text", "elements": [items]}, *more]


def _row(row: Tried, before: int) -> list[Json | str]:
    """Draw a step, its answer, who answered if it was not the customer, when, and after how long."""
    by = line(row.by, 40, "")
    said = limits.cut(_beside(row), QUOTE)
    files = ", ".join(line(file.name, 80, phrase("a_file")) for file in row.said.files)
    return phrased(
        "tried_row_by" if by else "tried_row",
        title=bold(line(row.title, LINE, row.step)),
        answer=" · ".join(filter(None, (line(row.answer, 80, ""), said, files and f"📎 {files}"))),
        who=by,
        when=date(row.at, "{time}"),
        span=duration(row.at - before),
    )


def relayed(delivery: Delivery, url: str) -> tuple[Message, ...]:
    """Draw a Brief; or a Relay: for the customer the agent's reply, for agents a line of the thread, else nothing."""
    if isinstance(delivery.effect, Brief) and delivery.dossier is not None:
        return (packet(delivery, url), *further(delivery.dossier, url))
    if delivery.effect.end == "customer":
        return replies(delivery.reply, url) if delivery.reply is not None else ()
    if delivery.line is None:
        return ()
    return (alerting(line_of(delivery.line, delivery.conversation, url), delivery),)
