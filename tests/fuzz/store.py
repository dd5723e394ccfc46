"""Feeds a real store: hostile values in every argument of its scripts, through the product's own ports."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError

from adapters.storage.server.embedded import Embedded
from adapters.storage.store import Store, connect
from bot.ports import Account
from flows.conversation import Address, Conversation
from flows.event_parts import File, Happening
from flows.events import Event, Started
from tests.fakes.world import World
from tests.fuzz.doors import Door, Feed
from tests.fuzz.mutation import Mutator
from tests.fuzz.texts import IDS, messages

KINDS: Final = get_args(get_args(Event)[0])
NUMBERS: Final = (0, 1, 2, 3, 2**31, 2**53, 2**62, -1)


@asynccontextmanager
async def scripts() -> AsyncIterator[Feed]:
    """Send events with hostile values to a desk on the embedded Valkey, and call the store's other ports."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    server = await Embedded.attach(folder)
    world = World(store=Store(connect(f"unix://{server.socket}"), "fuzz"))
    known = messages()
    calls = _ports(world.store)
    at: list[Conversation] = [await world.start()]

    async def feed(draw: Mutator) -> None:
        if draw.numbers.random() < 0.5:
            await draw.pick(calls)(draw)
            return
        event = _event(draw, known, at[-1].id)
        if event is None:
            return
        outcome = await world.send(event, actor=draw.pick(("sent:ana", "desk:1", _text(draw))))
        if outcome is not None and outcome.refusal is None and isinstance(event, Started):
            at[:] = [*at[-3:], outcome.conversation]
        assert await world.store.conversations.load(at[-1].id) is not None
        await world.store.conversations.words(at[-1].id)

    yield feed
    await world.close()
    await server.release()
    shutil.rmtree(folder)


def _event(draw: Mutator, known: tuple[str, ...], conversation: str) -> Event | None:
    kind = draw.pick((*KINDS, Started))
    fields: dict[str, Any] = {"conversation": conversation, "key": draw.pick(("", _text(draw)))}
    for name, field in kind.model_fields.items():
        if name in ("conversation", "key", "actor", "type", "styled") or draw.numbers.random() < 0.3:
            continue
        fields[name] = _value(draw, known, name, field.annotation)
    if kind is Started:
        fields["address"] = str(Address(channel="sent", room=_text(draw).replace("|", "")))
    try:
        made: Event = kind.model_validate(fields)
    except ValidationError:
        return None
    assert isinstance(made, Happening)
    return made


def _value(draw: Mutator, known: tuple[str, ...], name: str, kind: Any) -> Any:
    if name == "files":
        return (File(id=_text(draw), name=_text(draw, known), size=draw.pick(NUMBERS)),)
    if kind is int or kind == int | None:
        return draw.pick(NUMBERS)
    if kind is bool:
        return draw.numbers.random() < 0.5
    if kind is str:
        return _text(draw, (*known, *IDS))
    return draw.pick([*get_args(kind), _text(draw)]) if get_args(kind) else _text(draw)


def _text(draw: Mutator, known: tuple[str, ...] = ()) -> str:
    """Return a text as the platforms' parsers give it: with no half of a character."""
    return draw.text(known).encode("utf-8", "replace").decode()


Call = Callable[[Mutator], Awaitable[object]]


def _ports(store: Store) -> tuple[Call, ...]:
    text: Callable[[Mutator], str] = lambda draw: _text(draw, IDS)  # noqa: E731  # one word for many calls
    return (
        lambda draw: store.limiter.wait_for(text(draw), draw.pick((1, 100, 10**6))),
        lambda draw: store.bookmarks.put(text(draw), text(draw), text(draw)),
        lambda draw: store.bookmarks.remove(text(draw), text(draw)),
        lambda draw: store.marks.first(text(draw), draw.pick((1, 60, 10**6))),
        lambda draw: store.marks.put(text(draw)),
        lambda draw: store.vault.put(text(draw), draw.pick((1, 60))),
        lambda draw: store.vault.take(text(draw)),
        lambda draw: store.vault.peek(text(draw)),
        lambda draw: store.unmatched.count(text(draw)),
        lambda draw: store.places.note(text(draw), text(draw), draw.pick(NUMBERS)),
        lambda draw: store.places.of(text(draw), draw.pick((1, 10))),
        lambda draw: store.places.at(text(draw)),
        lambda draw: store.index.ticket(draw.pick(NUMBERS)),
        lambda draw: store.backlog.retry(text(draw)),
        lambda draw: store.conversations.load(text(draw)),
        lambda draw: store.conversations.journal(text(draw)),
        lambda draw: store.conversations.seen(text(draw), text(draw)),
        lambda draw: store.accounts.get(text(draw)),
        lambda draw: store.accounts.put(Account(id=text(draw), name=text(draw), role="agent", made=0)),
        lambda draw: store.board.look(),
        lambda draw: store.board.standing(text(draw)),
        lambda draw: store.views.saw(text(draw), draw.pick(NUMBERS)),
    )


DOORS: Final = (Door("scripts", 4, scripts),)
