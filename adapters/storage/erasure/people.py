"""Finds people in the store by what an operator knows of them, and remembers whose erasure has begun."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, Final

from redis.exceptions import ResponseError

from adapters.storage.failures import answering
from adapters.storage.keys import is_conversation_id, short
from adapters.storage.records.damage import Damage, intact, mapping
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.record import FIELDS, LISTS, unword
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Account, Clue, KnownPerson
from flows.conversation import Address

AT_A_TIME: Final = 200
"""Records read in one round trip."""

BEGUN_S: Final = 7 * 24 * 3600
"""Seconds in which an interrupted erasure can be continued."""

REWRITE: Final = "rewrite"
"""The field that says that the server's files hold what was erased until they are rewritten."""

READ: Final = (
    "contact",
    "name",
    "mail",
    "ticket",
    "customer",
    "agents",
    "may_press",
    "holder",
    "last_agent",
    "helper",
)
"""The fields of a record by which people are found."""

ACTORS: Final = ("may_press", "holder", "last_agent", "helper")
"""Those that name people beside the customer."""

Fields = Mapping[str, str]


class RedisPeople:
    """Implements the port People."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def find(self, clue: Clue) -> KnownPerson | None:
        """Read every record twice: whom the clue means, then where these people are."""
        actors, mails = await self._meant(clue)
        own: list[tuple[str, Fields]] = []
        others: list[str] = []
        async for conversation_id, fields in self._records():
            if fields["contact"] in actors or (fields["mail"] and fields["mail"].casefold() in mails):
                own.append((conversation_id, fields))
            else:
                others.append(conversation_id)
        damaged = [each for each in await self._damaged(clue, actors) if each not in (*others, *dict(own))]
        beside = [each for each in others if actors and await self._acted_in(each, actors)]
        account = await self._account(actors)
        platform = clue.kind == "user" or (clue.kind == "actor" and not clue.text.startswith("desk:"))
        if not (own or damaged or beside or account or platform):
            return None
        known = {fields["name"] for _, fields in own} | {each.name for each in account}
        return KnownPerson(
            actors=tuple(sorted(actors)),
            mails=tuple(sorted({fields["mail"] for _, fields in own} - {""} | mails)),
            names=tuple(sorted(known - {""})),
            tickets=tuple(sorted(int(fields["ticket"]) for _, fields in own if fields["ticket"])),
            own=(*(each for each, _ in own), *damaged),
            beside=tuple(beside),
        )

    async def begun(self) -> tuple[KnownPerson, ...]:
        """Return the people whose erasure was interrupted. Entries that cannot be read are set aside."""
        key, people = self._wire.keys.erasures, []
        for name, text in mapping(await self._wire.ask("HGETALL", key)).items():
            try:
                people += [KnownPerson.model_validate_json(intact(text))] if text else []
            except (ValueError, Damage) as why:
                await RedisQuarantine(self._wire).field(key, "erasure", name, text, why)
        return tuple(people)

    async def begin(self, person: KnownPerson) -> None:
        """Remember that the person's erasure has begun."""
        key = self._wire.keys.erasures
        await self._wire.ask_all(
            [("HSET", key, _name(person), person.model_dump_json()), ("EXPIRE", key, BEGUN_S)]
        )

    async def end(self, person: KnownPerson) -> None:
        """Forget whose erasure it was; only that the server's files are to be rewritten stays."""
        await self._wire.ask("HSET", self._wire.keys.erasures, REWRITE, "")
        await self._wire.ask("HDEL", self._wire.keys.erasures, _name(person))

    async def _meant(self, clue: Clue) -> tuple[set[str], set[str]]:
        """Return the actors and email addresses that a clue means."""
        accounts = await self._wire.ask("HGETALL", self._wire.keys.accounts)
        named = [Account.model_validate_json(text) for text in _values(accounts)]
        wanted = clue.text.casefold()
        actors = {
            f"desk:{each.id}"
            for each in named
            if wanted in (f"desk:{each.id}", f"desk:{each.name}".casefold())
        }
        if clue.kind == "actor" and not actors:
            actors = {clue.text}
        if clue.kind == "user":
            shelf = await self._wire.ask("HKEYS", self._wire.keys.bookmarks("agents"))
            actors = {each for each in shelf if each.endswith(f":{clue.text}")}
        test = _test(clue)
        async for conversation_id, fields in self._records():
            actors |= set(test(conversation_id, fields))
        return actors - {""}, {clue.text.casefold()} if clue.kind == "mail" else set()

    async def _damaged(self, clue: Clue, actors: Iterable[str]) -> list[str]:
        """Return the person's conversations whose record cannot be read. Only an index names them, or the clue."""
        lists = [("ZRANGE", self._wire.keys.contact(actor), 0, -1) for actor in sorted(actors)]
        named = [str(each) for found in (await self._wire.ask_all(lists) if lists else ()) for each in found]
        named += [clue.text] if clue.kind == "conversation" else []
        return [each for each in dict.fromkeys(named) if is_conversation_id(each) and await self._left(each)]

    async def _left(self, conversation_id: str) -> bool:
        """Return whether anything is left of a conversation."""
        shard = self._wire.keys.shard(conversation_id)
        stems = (shard.records, shard.journals, shard.words)
        return bool(await self._wire.ask("EXISTS", *(stem + conversation_id for stem in stems)))

    async def _account(self, actors: Iterable[str]) -> list[Account]:
        ids = [actor.removeprefix("desk:") for actor in actors if actor.startswith("desk:")]
        found = await self._wire.ask("HMGET", self._wire.keys.accounts, *ids) if ids else []
        return [Account.model_validate_json(text) for text in found if text]

    async def _acted_in(self, conversation_id: str, actors: Iterable[str]) -> bool:
        shard = self._wire.keys.shard(conversation_id)
        keys = (shard.records + conversation_id, shard.journals + conversation_id)
        try:
            return bool(await self._wire.run(ScriptCall(script("erasure/mentions"), keys, sorted(actors))))
        except ResponseError:
            return False  # it is damaged: a person looks at it (`doctor`)

    async def _records(self) -> AsyncIterator[tuple[str, Fields]]:
        ids: list[str] = []
        client: Any = self._wire.client
        with answering():
            async for key in client.scan_iter(match=self._wire.keys.any_record(), count=1000):
                ids.append(str(key).rpartition(":")[2])
                if len(ids) >= AT_A_TIME:
                    async for each in self._read(ids):
                        yield each
                    ids = []
        async for each in self._read(ids):
            yield each

    async def _read(self, ids: list[str]) -> AsyncIterator[tuple[str, Fields]]:
        known = [each for each in ids if is_conversation_id(each)]
        keys = [self._wire.keys.shard(each).records + each for each in known]
        names = [FIELDS[name] for name in READ]
        if not keys:
            return
        try:
            answers = await self._wire.ask_all([("HMGET", key, *names) for key in keys])
        except ResponseError:  # one of them is damaged
            answers = [await self._values(key, names) for key in keys]
        for conversation_id, values in zip(known, answers, strict=True):
            if values is not None:
                yield conversation_id, dict(zip(READ, (value or "" for value in values), strict=True))

    async def _values(self, key: str, names: list[str]) -> list[str | None] | None:
        """Return fields of a record; None if it is damaged."""
        try:
            values: list[str | None] = await self._wire.ask("HMGET", key, *names)
        except ResponseError:
            return None
        return values


def _name(person: KnownPerson) -> str:
    return short("\n".join((*person.actors, *person.mails)))


def _values(answer: Any) -> Iterable[str]:
    return answer.values() if isinstance(answer, Mapping) else answer[1::2]


def _test(clue: Clue) -> Callable[[str, Fields], Iterable[str]]:
    """Return what finds the actors that a clue means in a conversation's record."""
    match clue.kind:
        case "ticket":
            return lambda _, fields: [fields["contact"]] if fields["ticket"] == clue.text else []
        case "conversation":
            return lambda name, fields: [fields["contact"]] if name == clue.text else []
        case "mail":
            wanted = clue.text.casefold()
            return lambda _, fields: [fields["contact"]] if fields["mail"].casefold() == wanted else []
        case "thread":
            return lambda _, fields: [fields["contact"]] if _is_there(clue, fields) else []
        case "user":
            return lambda _, fields: [each for each in _actors(fields) if each.endswith(f":{clue.text}")]
        case _:
            return lambda *_: ()


def _is_there(clue: Clue, fields: Fields) -> bool:
    """Return whether a link leads to the customer's direct messages, or into their thread or the agents'.

    A link into a channel names everyone in it, so it names no one.
    """
    customer, agents = (Address.parse(fields[name]) for name in ("customer", "agents"))
    if not customer.thread and customer.room == clue.text:
        return True
    threads = [each for each in (customer, agents) if each.thread]
    return any(
        each.thread == clue.text or (each.room, each.thread) == (clue.text, clue.also) for each in threads
    )


def _actors(fields: Fields) -> set[str]:
    found = {fields["contact"]}
    for name in ACTORS:
        found |= {unword(word) for word in fields[name].split(" ")} if name in LISTS else {fields[name]}
    return found - {""}
