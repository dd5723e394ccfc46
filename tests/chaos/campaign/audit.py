"""Compares what people did with what is left of it, and names every contradiction. Pure."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from flows.events import Answered, Escalated, Started
from tests.chaos.campaign.desk import SECRET
from tests.chaos.campaign.evidence import Evidence, Findings, Sent

MUST_ARRIVE: Final = frozenset({"tell", "relay", "packet", "brief"})
"""Effects that are sent whatever happens; a prompt whose turn has passed is not."""

ONCE: Final = MUST_ARRIVE | {"ask", "suggest"}
"""Effects that each make a message."""


@dataclass(frozen=True)
class Violation:
    """A contradiction: which law, which conversation (by its number in the campaign), and what is wrong."""

    law: str
    number: int
    what: str


Check = Callable[[Evidence], Iterator[str]]


def audited(findings: Findings) -> list[Violation]:
    """Check every conversation, and what they share."""
    found = [
        Violation(name, one.case.script.number, what)
        for one in findings.each
        for name, check in CHECKS.items()
        for what in check(one)
    ]
    numbers = Counter(row.ticket for one in findings.each for row in one.journal if row.ticket)
    found += [
        Violation("one ticket, one number", -1, f"ticket {number} was given {count} times")
        for number, count in numbers.items()
        if count > 1
    ]
    by_name = {one.case.conversation: one.case.script.number for one in findings.each}
    found += [
        Violation("nothing waits for ever", by_name.get(letter.conversation, -1), f"{letter.effect} waits")
        for letter in findings.waiting
    ]
    found += [
        Violation(
            "nothing is given up", by_name.get(letter.conversation, -1), f"{letter.effect}: {letter.reason}"
        )
        for letter in findings.buried
    ]
    found += [
        Violation(
            "nothing is set aside", by_name.get(entry.conversation, -1), f"{entry.kind}: {entry.reason}"
        )
        for entry in findings.damaged
    ]
    return found


# ---------------------------------------------------------------- people


def without_trouble(one: Evidence) -> Iterator[str]:
    """People ran into nothing that contradicts what they were told."""
    yield from one.case.troubles
    if one.case.conversation and one.record is None:
        yield "the conversation is gone"


def counted_once(one: Evidence) -> Iterator[str]:
    """The customer's choices are recorded as they were made: each once, in their order.

    Asking for a person again while the ticket is open is written down, and changes nothing.
    """
    if one.record is None or not one.case.over:
        return
    contact = one.record.contact
    made = [
        act.what for act in one.case.acts if act.settled and act.what.startswith(("answered", "escalate"))
    ]
    kept = [_named(row) for row in one.journal if row.event.actor == contact]
    kept = [name for name in kept if name.startswith(("answered", "escalate"))]
    kept = [name for name, before in zip(kept, ["", *kept], strict=False) if not name == before == "escalate"]
    if made != kept:
        yield f"the customer did {made}, recorded is {kept}"
    turns = Counter(row.event.turn for row in one.journal if isinstance(row.event, Answered))
    yield from (f"turn {turn} was answered {count} times" for turn, count in turns.items() if count > 1)
    if (starts := sum(isinstance(row.event, Started) for row in one.journal)) != 1:
        yield f"it started {starts} times"


def _named(row: Change) -> str:
    return f"answered {row.event.choice}" if isinstance(row.event, Answered) else row.event.type


def words_recorded(one: Evidence) -> Iterator[str]:
    """Everything that people wrote is recorded: once if it was acknowledged, else at most once; in its order."""
    if one.record is None:
        return
    places: list[int] = []
    for act in (act for act in one.case.acts if act.text):
        found = [version for version, spoken in one.words.items() if act.text in spoken.text]
        places += found
        if len(found) > 1:
            yield f"{act.what} {act.text!r} is recorded {len(found)} times"
        if not found and (act.settled or act.answer == "taken"):
            yield f"{act.what} {act.text!r} was acknowledged and is lost"
    if one.case.over and places != sorted(places):
        yield f"words are recorded out of order: versions {places}"


def agents_counted(one: Evidence) -> Iterator[str]:
    """What agents did is recorded once each, and as what it was."""
    if one.record is None or not one.case.over:
        return
    kinds = ("claimed", "replied", "noted", "released", "handed_back", "concluded")
    kept = Counter[str](row.event.type for row in one.journal)
    for kind in kinds:
        made = sum(act.what == kind and act.settled for act in one.case.acts)
        tried = sum(act.what == kind for act in one.case.acts)
        written = kind in ("replied", "noted")
        if not made <= kept[kind] <= (tried if written else made):
            yield f"{kind} {made} times ({tried} tries), recorded {kept[kind]} times"


# ---------------------------------------------------------------- the store


def replays(one: Evidence) -> Iterator[str]:
    """The journal replays to the record, and has a row for each event that was counted."""
    if one.record is None:
        return
    at = Conversation(id=one.record.id)
    for row in one.journal:
        at = apply(at, row)
    if at != one.record:
        theirs, ours = at.model_dump(), one.record.model_dump()
        yield f"the journal replays to other values of {[name for name in ours if ours[name] != theirs[name]]}"
    if not len(one.journal) == one.record.version == one.keys:
        yield f"version {one.record.version}, {len(one.journal)} rows, {one.keys} keys"


# ---------------------------------------------------------------- the platforms


def arrived(one: Evidence) -> Iterator[str]:
    """Each message is at its platform, once, and nowhere else."""
    if one.record is None:
        return
    for sent in one.elsewhere:
        if sent.effect not in one.excused:
            yield f"{sent.effect} is in another place, too: {sent.platform}/{sent.place}"
    for effect in _effects(one, ONCE):
        if effect.end == "customer" and one.case.script.place == "page":
            continue
        there = one.customer if effect.end == "customer" else one.agents
        copies = len({(sent.place, sent.order) for sent in there if sent.effect == effect.id})
        if copies > 1 and effect.id not in one.excused:
            yield f"{effect.kind} {effect.id} to the {effect.end} is there {copies} times"
        if not copies and effect.kind in MUST_ARRIVE and effect.end in ("customer", "agents"):
            yield f"{effect.kind} {effect.id} to the {effect.end} never arrived"


def _effects(one: Evidence, kinds: frozenset[str]) -> Iterator[Any]:
    """Yield the effects of these kinds, without those of a ticket that was asked for again."""
    for row in one.journal:
        if not isinstance(row.event, Escalated) or row.ticket:
            yield from (effect for effect in row.effects if effect.kind in kinds)


def in_order(one: Evidence) -> Iterator[str]:
    """The messages of a lane are at their platform in the journal's order."""
    order = {
        effect.id: number
        for number, effect in enumerate(
            effect for row in one.journal for effect in row.effects if effect.kind in MUST_ARRIVE
        )
    }
    for end, there in (("customer", one.customer), ("agents", one.agents)):
        for place in {sent.place for sent in there}:
            shown = _first_of_each([sent for sent in there if sent.place == place and sent.effect in order])
            if shown != sorted(shown, key=order.__getitem__):
                yield f"messages to the {end} are out of order: {shown}"


def _first_of_each(sent: Sequence[Sent]) -> list[str]:
    return list(dict.fromkeys(one.effect for one in sorted(sent, key=lambda one: one.order)))


def replies_read(one: Evidence) -> Iterator[str]:
    """The customer reads every reply once, in its order, wherever they are."""
    if one.record is None or not one.case.over:
        return
    replies = [act.text for act in one.case.acts if act.what == "replied" and act.settled]
    shown = _on_page(one) if one.case.script.place == "page" else [sent.text for sent in _once(one)]
    places = [[number for number, text in enumerate(shown) if reply in text] for reply in replies]
    yield from (
        f"the customer cannot read {reply!r}"
        for reply, found in zip(replies, places, strict=True)
        if not found
    )
    firsts = [found[0] for found in places if found]
    if firsts != sorted(firsts):
        yield f"the customer reads replies out of order: {firsts}"
    yield from (
        f"the customer reads {reply!r} {len(found)} times"
        for reply, found in zip(replies, places, strict=True)
        if len(found) > 1
    )


def _on_page(one: Evidence) -> list[str]:
    """Return the messages that the page showed last, in their order."""
    for text in reversed(one.case.seen):
        said = json.loads(text.removeprefix("data: "))
        state = said.get("state", said)
        if "messages" in state:
            return [str(message["text"]) for message in state["messages"]]
    return []


def words_read(one: Evidence) -> Iterator[str]:
    """Agents read what the customer wrote to them, in the thread of the ticket."""
    if one.record is None or not one.case.over:
        return
    for act in one.case.acts:
        if act.what == "said" and act.settled and not any(act.text in sent.text for sent in one.agents):
            yield f"the agents cannot read {act.text!r}"


def _once(one: Evidence) -> list[Sent]:
    """Return the messages in the customer's place in their order, without the copies that are allowed."""
    kept: list[Sent] = []
    for sent in sorted(one.customer, key=lambda sent: sent.order):
        if sent.effect not in one.excused or sent.effect not in {other.effect for other in kept}:
            kept.append(sent)
    return kept


def nothing_leaked(one: Evidence) -> Iterator[str]:
    """No customer ever sees a note."""
    for text in (*(sent.text for sent in one.customer), *one.shown):
        if SECRET in text:
            start = max(0, text.index(SECRET) - 60)
            yield f"the customer was shown a note: …{text[start : start + 80]}…"


CHECKS: Final[dict[str, Check]] = {
    "people see what they were told": without_trouble,
    "a click counts once": counted_once,
    "what is acknowledged is recorded": words_recorded,
    "agents' acts count once": agents_counted,
    "the journal replays": replays,
    "each message arrives once": arrived,
    "messages arrive in order": in_order,
    "replies are read": replies_read,
    "customers' words are read": words_read,
    "no note leaks": nothing_leaked,
}
"""The checks of one conversation, by what must hold."""
