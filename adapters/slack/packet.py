"""The packet: everything that is known of a conversation, in one message at the top of its thread. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from adapters.slack import limits
from adapters.slack.blocks import Json, context, is_web, section
from adapters.slack.limits import LINE, SPEECH, clean, escaped, line, shows
from adapters.slack.places import SLACK, Place, link
from adapters.slack.render import Message
from adapters.slack.richtext import bold, linked, preformatted, sentence
from adapters.slack.room import date, everything, file_links, fits
from adapters.slack.sayings import said
from bot.ports import Delivery
from flows.conversation import Conversation
from flows.dossier import Dossier
from flows.phrases import reason_label
from flows.trail import Tried
from flows.words import plain

SIZES: Final = ((25, SPEECH), (12, SPEECH), (12, 1000), (6, 500), (3, 200))
"""How many rows of the trail and how many characters of their own words are shown; the first that fits."""

DISCORD: Final = "https://discord.com/channels"
"""How places in Discord are linked to: server (`@me` for direct messages), then channel."""


def packet(delivery: Delivery, url: str) -> Message:
    """As much as Slack takes in one message; `url` is the workspace's own address."""
    told = delivery.dossier
    assert told is not None, "a packet is made of a dossier"
    drawn = next((blocks for size in SIZES if fits(blocks := _drawn(told, url, *size))), None)
    at = told.conversation
    who, problem = line(at.name, 80, said("somebody")), line(told.screen.title, limits.HEADER, at.flow)
    heard = f"{said('new_ticket')} #{at.ticket}: {who} · {problem}" if at.ticket else f"{who} · {problem}"
    mention = _mention(delivery.ping)
    alert = (section(mention),) if mention else ()
    text = " ".join(filter(None, (mention, escaped(heard, limits.MESSAGE - 100))))
    facts = drawn if drawn is not None else tuple(_who(at, url))
    path = (sentence(linked(said("their_path"), delivery.path)),) if is_web(delivery.path) else ()
    return Message(text=text, blocks=(*alert, *facts, *path, context(said("how_to")), *everything(at)))


def calling(told: Message, ping: str) -> Message:
    """A line of the thread that calls the team, because something was promised and is not kept."""
    mention = _mention(ping)
    if not mention:
        return told
    return Message(text=f"{mention} {told.text}", blocks=(section(mention), *told.blocks))


def _mention(ping: str) -> str:
    """The one thing that alerts somebody: as the operator wrote it, an id."""
    if not ping.isalnum() or ping.isdigit():
        return ""
    return f"<!subteam^{ping}>" if ping.startswith("S") else f"<@{ping}>"


def _drawn(told: Dossier, url: str, rows: int, words: int) -> tuple[Json, ...]:
    at = told.conversation
    parts: list[Json] = [*_who(at, url), sentence(*_guide(told))]
    parts += [sentence(bold(f"{name}: "), text) for name, text in _facts(told) if shows(text)]
    parts += _tried(told.screen.tried, at.began, rows)
    said_by_them = [row for row in told.lines if row.kind == "said"]
    texts = [clean(plain(row.words)).strip() for row in said_by_them]
    if quoted := "\n".join(filter(shows, texts)):
        parts += [sentence(bold(said("fact_words"))), preformatted(limits.cut(quoted, words))]
    if wrote := "\n".join(_by_agents(told)):
        parts += [sentence(bold(said("fact_agents"))), preformatted(limits.cut(wrote, words))]
    links = [part for row in said_by_them for part in file_links(row.files, row.actor, url)]
    if links:
        parts.append(sentence(bold(f"{said('fact_files')}: "), *links[:40]))
    return tuple(parts)


def _by_agents(told: Dossier) -> Iterator[str]:
    """What agents wrote before: in another team's room, at the desk, or in the customer's own place."""
    for row in told.lines:
        words = clean(plain(row.words)).strip()
        if row.kind in ("reply", "note") and shows(words):
            yield f"{said(f'{row.kind}_lead', who=line(row.who, 80, said('somebody')))}: {words}"


def _who(at: Conversation, url: str) -> Iterator[Json]:
    text, address = _place(at, url)
    where: Any = linked(text, address) if is_web(address) else text
    yield sentence(bold(f"{said('fact_who')}: "), line(at.name, 80, said("somebody")), " ", where)


def _place(at: Conversation, url: str) -> tuple[str, str]:
    """Where they are, and the way there."""
    address = at.address("customer")
    if address is None:
        return "", ""
    if address.channel == SLACK:
        place = Place.of(address)
        way = link(url, place.channel, place.thread)
        return said("place_slack"), way or (f"{url.rstrip('/')}/archives/{place.channel}" if url else "")
    if address.channel == "discord":
        channel = address.thread or address.room
        return said("place_discord"), f"{DISCORD}/{address.workspace or '@me'}/{channel}" if channel else ""
    return said("place_other", channel=said("the_page") if address.channel == "web" else address.channel), ""


def _guide(told: Dossier) -> tuple[Json, str]:
    at = told.conversation
    title = line(told.screen.title, limits.HEADER, at.flow)
    return bold(f"{said('fact_problem')}: "), f"{title} ({said('fact_revision', revision=at.revision[:8])})"


def _facts(told: Dossier) -> Iterator[tuple[str, str]]:
    at, ticket = told.conversation, told.screen.ticket
    yield said("fact_reasons"), "; ".join(map(reason_label, at.reasons))
    yield said("fact_team"), line(ticket.name if ticket else at.team, LINE, "")
    seen = (f"{name.replace('_', ' ')}: {value}" for name, value in at.observations.items())
    yield said("fact_seen"), line("; ".join(seen), limits.ASIDE, "")


def _tried(rows: tuple[Tried, ...], began: int, shown: int) -> list[Json]:
    if not rows:
        return [sentence(bold(f"{said('fact_tried')}: "), said("fact_nothing"))]
    starts = (began, *(row.at for row in rows))
    listed = [_row(row, starts[place]) for place, row in enumerate(rows)]
    left = max(0, len(rows) - shown)
    items = {
        "type": "rich_text_list",
        "style": "ordered",
        "offset": left,
        "elements": [{"type": "rich_text_section", "elements": row} for row in listed[left:]],
    }
    more = [context(said("fact_left", more=left))] if left else []
    return [sentence(bold(said("fact_tried"))), {"type": "rich_text", "elements": [items]}, *more]


def _row(row: Tried, before: int) -> list[Json]:
    """A step, the answer, who gave it where it was not the customer, when, and after how long."""
    title, answer = line(row.title, LINE, row.step), line(row.answer, 80, "")
    by = f" ({line(row.by, 40, '')})" if row.by else ""
    spent = said("tried_after", spent=lasted(row.at - before))
    told = {"type": "text", "text": f": {answer}{by} · "}
    return [bold(title), told, date(row.at, "{time}"), {"type": "text", "text": f", {spent}"}]


def lasted(ms: int) -> str:
    """A span of time in the unit that fits it."""
    seconds = max(0, ms) // 1000
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
