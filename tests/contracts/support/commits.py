"""Makes commits as the desk would: a start, and what may follow."""

from collections.abc import AsyncIterator
from typing import Any

from adapters.storage.keys import conversation_id
from adapters.storage.store import Store
from bot.ports import Armed, Commit, Committed, Lease, Queued
from flows.conversation import Conversation
from flows.effects import Ask, Change, Effect, Tell, effect_id
from flows.events import Answered, Started
from tests.fakes.wait import until

ANA = "slack:ana"
HOUR = 3_600_000


def start(door: str = "slack/ana", key: str = "s", contact: str = ANA, **more: Any) -> Commit:
    """Make the first commit of a conversation at a door."""
    return Commit(
        before=Conversation(id=conversation_id(door, key)),
        change=Change(
            event=Started(actor=contact, flow="lamp"),
            set={"contact": contact, "flow": "lamp", "revision": "r" * 16, "step": "one", "turn": 1},
            stamp=("began_at",),
        ),
        key=key,
        door=door,
        **more,
    )


def follow(before: Conversation, key: str, *, change: dict[str, Any] | None = None, **more: Any) -> Commit:
    """Make a commit that follows: an answer, by default to the next step."""
    fields: dict[str, Any] = {
        "event": Answered(actor=before.contact, turn=before.turn, choice="next"),
        "set": {"turn": before.turn + 1},
    }
    return Commit(before=before, change=Change(**(fields | (change or {}))), key=key, **more)


def resolved(before: Conversation, key: str) -> Commit:
    return follow(before, key, change={"set": {"status": "resolved", "turn": before.turn + 1}})


def reopened(before: Conversation, key: str) -> Commit:
    return follow(before, key, change={"set": {"status": "guiding", "turn": before.turn + 1}})


def ticketed(before: Conversation, key: str) -> Commit:
    return follow(
        before, key, change={"set": {"status": "waiting"}, "take_ticket": True, "stamp": ("ticket_at",)}
    )


async def begun(store: Store, door: str = "slack/ana", **more: Any) -> Conversation:
    """Start a conversation at a door."""
    return (await store.conversations.commit(start(door, **more))).conversation


async def record(store: Store, commit: Commit) -> Committed:
    """Commit, and require that the commit counts."""
    done = await store.conversations.commit(commit)
    assert done.outcome == "committed", done.outcome
    return done


def tell(
    before: Conversation, key: str, *, channel: str = "slack", words: str = "nudge", **more: Any
) -> Commit:
    """Make a commit that queues one Tell for the customer."""
    effect = Tell(id=effect_id(before.id, key, 0), words=words)
    return queue(before, key, effect, channel=channel, **more)


def ask(before: Conversation, key: str, *, channel: str = "slack", **more: Any) -> Commit:
    """Make a commit that replaces the prompt: it cancels prompts not yet begun, and queues the new one."""
    turn = before.turn + 1
    change = {"set": {"turn": turn}, "cancels": True}
    effect = Ask(id=effect_id(before.id, key, 0), turn=turn)
    return queue(before, key, effect, channel=channel, change=change, **more)


def queue(before: Conversation, key: str, effect: Effect, *, channel: str = "slack", **more: Any) -> Commit:
    return follow(
        before, key, queued=(Queued(lane=f"{before.id}/customer", channel=channel, effect=effect),), **more
    )


def armed(before: Conversation, kind: str = "nudge", after: int = 0) -> tuple[Armed, ...]:
    """Make a timer that guards the conversation's state after an answer."""
    return (Armed(kind=kind, turn=before.turn + 1, status=before.status, after=after),)


async def all_keys(store: Store) -> AsyncIterator[str]:
    """Return every key under the store's prefix."""
    async for key in store.wire.client.scan_iter(match=f"{store.wire.keys.prefix}:*", count=1000):
        yield str(key)


async def taken(store: Store, lease: int = HOUR) -> Lease:
    """Wait for the only due lane, and lease it."""
    (found,) = await until(lambda: store.outbox.take(("slack",), lease, 10))
    assert isinstance(found, Lease)
    return found


async def due_at(store: Store, conversation: Conversation, channel: str = "slack") -> float | None:
    queue = store.wire.keys.shard(conversation.id).queues + channel
    score = await store.wire.ask("ZSCORE", queue, f"{conversation.id}/customer")
    return None if score is None else float(score)
