"""Gathers what is left of each conversation: in the store, and in the platforms' own records."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.discord.api.limits import NONCE
from adapters.discord.render.effect_tag import mark
from adapters.discord.sender_agents import page_name
from bot.ports import Letter, Quarantined
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Spoken
from tests.chaos.campaign.ledger import Case
from tests.chaos.campaign.town import Town
from tests.fakes.discord import Channel

AT_ONCE: Final = 20
"""Conversations that are read at the same time."""

ASKED_S: Final = 30.0
"""Seconds for which a message may be on its way to Slack while the product asks for it: more than one send may take."""


@dataclass(frozen=True)
class Sent:
    """A message that a platform has: where, in which order there, by which effect, and all that it ever said.

    `message` names it on its platform: one message may be in two places, such as a thread and the room of the thread.
    `nonce` is the effect that first sent a message to Discord; later ones may have edited it.
    """

    platform: str
    place: str
    order: int
    effect: str
    text: str
    message: str = ""
    nonce: str = ""


@dataclass(frozen=True)
class Evidence:
    """What is left of one conversation. `keys` counts the events that were counted, by the store."""

    case: Case
    record: Conversation | None = None
    journal: tuple[Change, ...] = ()
    words: Mapping[int, Spoken] = field(default_factory=dict)
    keys: int = 0
    customer: tuple[Sent, ...] = ()
    agents: tuple[Sent, ...] = ()
    excused: frozenset[str] = frozenset()
    """Effects of which Slack has a second copy because the first one was not there yet when Slack was asked (L4)."""

    elsewhere: tuple[Sent, ...] = ()
    """Messages of this conversation's effects in other places than those of its customer and its agents."""

    unmarked: int = 0
    """Messages of agents that never got their mark."""

    shown: tuple[str, ...] = ()
    """What only the customer was shown: ephemeral messages, answers of the API, streams."""


@dataclass(frozen=True)
class Findings:
    """All that is left: the conversations, what waits or was given up in the outbox, and what was set aside."""

    each: tuple[Evidence, ...]
    waiting: tuple[Letter, ...] = ()
    buried: tuple[Letter, ...] = ()
    damaged: tuple[Quarantined, ...] = ()


async def gathered(town: Town, cases: Iterable[Case]) -> Findings:
    """Gather everything, after the outbox is empty or has had its time."""
    places, excused = _slack(town) | _discord(town), _excused(town)
    tagged = by_tag(places)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Evidence:
        async with gate:
            found = await _of(town, case, places)
            beyond = elsewhere(tagged, found)
            return replace(found, excused=excused, elsewhere=beyond, unmarked=_unmarked(town, case))

    each = await asyncio.gather(*map(one, cases))
    backlog, damaged = town.store.backlog, await town.store.quarantine.entries()
    return Findings(tuple(each), await backlog.waiting(), await backlog.buried(), damaged)


Places = dict[str, tuple[Sent, ...]]


async def _of(town: Town, case: Case, known: Places) -> Evidence:
    store, name = town.store, case.conversation
    record = await store.conversations.load(name) if name else None
    if record is None:
        return Evidence(case)
    shard = store.wire.keys.shard(name)
    journal = await store.conversations.journal(name)
    receipts = await store.wire.ask("HGETALL", shard.receipts + name)
    place, room = record.address("customer"), ""
    if place is not None and place.channel in ("slack", "discord"):
        room = f"{place.channel}/{place.thread or place.room or place.person}"
    threads = {_thread(str(receipts[one])) for one in _packets(journal) if receipts.get(one)}
    return Evidence(
        case=case,
        record=record,
        journal=journal,
        words=await store.conversations.words(name),
        keys=int(await store.wire.ask("HLEN", shard.seen + name)),
        customer=_tagged(known.get(room, ()), journal),
        agents=tuple(one for thread in threads for one in _tagged(known.get(thread, ()), journal)),
        shown=(*case.seen, *_ephemeral(town, case)),
    )


def _packets(journal: Iterable[Change]) -> list[str]:
    return [effect.id for row in journal for effect in row.effects if effect.kind == "packet"]


def _thread(receipt: str) -> str:
    """Return the place of an agents' thread: Slack's receipts hold a ts with a dot, Discord's two numbers."""
    _, _, there = receipt.partition(" ")[0].partition(":")
    return f"slack/{there}" if "." in there else f"discord/{there}"


def _tagged(sent: tuple[Sent, ...], journal: Iterable[Change]) -> tuple[Sent, ...]:
    """Name the effects of Discord's messages, which carry numbers made of them."""
    known = _tags(journal)
    return tuple(replace(one, effect=known.get(one.effect, one.effect)) for one in sent)


def _tags(journal: Iterable[Change]) -> dict[str, str]:
    """Return the effects by the numbers that their messages carry in Discord."""
    effects = [effect for row in journal for effect in row.effects]
    known = {f"#{mark(effect.id)}": effect.id for effect in effects}
    return known | {f"#{mark(page_name(one.id, 0))}": one.id for one in effects if one.kind == "brief"}


def by_tag(places: Places) -> Mapping[str, Sequence[Sent]]:
    """Return the messages of all places by the effect or number that they carry."""
    found: dict[str, list[Sent]] = defaultdict(list)
    for sent in places.values():
        for one in sent:
            found[one.effect].append(one)
    return found


def elsewhere(tagged: Mapping[str, Sequence[Sent]], one: Evidence) -> tuple[Sent, ...]:
    """Return the messages of a conversation's effects that are in none of its places, each once.

    Discord's numbers have 31 bits, so two of many thousand messages may have the same one.
    """
    known = {effect.id: effect.id for row in one.journal for effect in row.effects}
    own = {"", *(name[:NONCE] for effect in known for name in (effect, page_name(effect, 0)))}
    if any(sent.platform == "discord" for sent in (*one.customer, *one.agents)):
        known |= _tags(one.journal)
    here = {sent.message for sent in (*one.customer, *one.agents)}
    found = {
        sent.message: replace(sent, effect=effect)
        for tag, effect in known.items()
        for sent in tagged.get(tag, ())
        if sent.message not in here and sent.nonce in own
    }
    return tuple(found.values())


def _slack(town: Town) -> Places:
    """Return the product's messages in Slack by place: a thread by its first ts, direct messages by their channel."""
    found: dict[str, list[Sent]] = defaultdict(list)
    workspace = town.slack.workspace
    said: dict[str, list[str]] = defaultdict(list)
    for call in town.slack.calls(ok=True):
        if ts := str(call.answer.get("ts") or ""):
            said[ts].append(str(call.args))
    for channel in workspace.channels.values():
        for order, message in enumerate(sorted(channel.messages.values(), key=lambda one: str(one["ts"]))):
            if message.get("bot_id") != workspace.bot_id:
                continue
            effect = str(((message.get("metadata") or {}).get("event_payload") or {}).get("id", ""))
            text = "\n".join([str(message), *said[str(message["ts"])]])
            thread = str(message.get("thread_ts") or message["ts"])
            name = f"{channel.id}/{message['ts']}"
            for place in {thread, channel.id} if channel.is_im else {thread}:
                found[f"slack/{place}"].append(Sent("slack", place, order, effect, text, name))
    return {place: tuple(sent) for place, sent in found.items()}


def _excused(town: Town) -> frozenset[str]:
    """Return the effects that Slack has twice although it was asked: it said no before the first copy was there."""
    posts: dict[str, list[int]] = defaultdict(list)
    reads: dict[str, list[int]] = defaultdict(list)
    calls = town.slack.calls(ok=True)
    for number, call in enumerate(calls):
        place = f"{call.args.get('channel')}/{call.args.get('thread_ts') or call.args.get('ts') or ''}"
        if call.method == "chat.postMessage":
            effect = ((call.args.get("metadata") or {}).get("event_payload") or {}).get("id", "")
            posts[f"{effect} {place}"].append(number)
        elif call.method in ("conversations.replies", "conversations.history") and not call.lost:
            reads[place].append(number)
    found = set()
    for name, numbers in posts.items():
        effect, _, place = name.partition(" ")
        asked_from = calls[numbers[0]].at - ASKED_S
        before = any(read < numbers[0] and calls[read].at > asked_from for read in reads[place])
        between = any(numbers[0] < read < numbers[-1] for read in reads[place])
        if len(numbers) == 2 and before and not between:
            found.add(effect)
    return frozenset(found)


def _unmarked(town: Town, case: Case) -> int:
    """Count the messages of agents that never got their mark."""
    missing = 0
    for platform, wanted in case.marks:
        place, line, name = wanted.split("/")
        if platform == "slack":
            missing += (place, line, name) not in town.slack.workspace.reactions
        else:
            message = town.discord.world.channels[int(place)].messages[int(line)]
            missing += name not in message.reactions
    return missing


def _discord(town: Town) -> Places:
    """Return the product's messages in Discord by place. One message may carry out several prompts, by edits."""
    found: dict[str, tuple[Sent, ...]] = {}
    for channel in town.discord.world.channels.values():
        sent = tuple(_versions(town, channel))
        people = [one.id for one in channel.recipients if one is not town.discord.bot]
        for name in (channel.id, *people):
            if sent:
                found[f"discord/{name}"] = sent
    return found


def _versions(town: Town, channel: Channel) -> Iterable[Sent]:
    """Yield what the product sent to a channel; a thread begins with the message of its parent that opened it."""
    parent = channel.parent.messages.get(channel.id) if channel.parent is not None else None
    for order, message in enumerate([*filter(None, [parent]), *channel.messages.values()]):
        if message.author is not town.discord.bot:
            continue
        marks = [f"#{version[0]['id']}" for version in message.versions if version and "id" in version[0]]
        for tag in dict.fromkeys(marks) or [""]:
            text, name = f"{message.content}{message.versions}", str(message.id)
            yield Sent("discord", str(channel.id), order, tag, text, name, str(message.nonce or ""))


def _ephemeral(town: Town, case: Case) -> list[str]:
    platform, _, person = case.contact.partition(":")
    if platform == "slack":
        user = person.rpartition(":")[2]
        return [str(one.message) for one in town.slack.workspace.ephemerals if one.user == user]
    if platform == "discord":
        shown = town.discord.world.ephemerals.values()
        return [f"{one.content}{one.versions}" for one in shown if str(one.shown_to) == person]
    return []
