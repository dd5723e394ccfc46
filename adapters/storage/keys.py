"""The only speller of keys: every name this product gives to anything in Redis is made here.

A conversation belongs to one of 64 shards for ever, and each of its keys carries the hash tag `{NN}` of its shard, so
that one script can touch all of them in a cluster. NN is two decimal digits.
"""

import hashlib
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Final

SHARDS: Final = 64
"""Fixed at the first start, checked afterwards (`Store.prepare`): the shard is part of every conversation's id."""

FOREVER: Final = {
    "meta": "what every process must agree on; without it the data could not be read",
    "secrets": "a new one would invalidate the links and tokens that are out there",
    "revisions": "a conversation keeps its revision, however long it lasts (law L8)",
    "channels": "a few names, so that all queues can be found without a scan",
    "queues": "a lane leaves when its last effect was carried out (law L4)",
    "alarms": "a timer leaves when it was dealt with or replaced (law L10)",
    "tickets": "swept of forgotten conversations whenever a ticket is opened",
    "board": "open tickets, whichever are; swept of forgotten conversations whenever one is opened",
    "ended": "swept by age with every commit to it",
    "guiding": "swept by age with every commit to it",
    "counter": "a ticket's number must never be given twice",
    "marks": "what an operator switched off stays off until it is switched on again",
    "accounts": "a user of the web desk may sign in until an admin removes them",
    "letters": "a dead letter waits for a person, however long that takes (law L4)",
}
"""The kinds of keys that have no time to live, and why."""


def shard_of(conversation_id: str) -> int:
    """The shard a conversation was born in: the first two digits of its id."""
    return int(conversation_id[:2])


def shard_of_door(door: str, count: int = SHARDS) -> int:
    """The shard, of that many, of everything that is born at that door."""
    return hashlib.blake2s(door.encode(), digest_size=1).digest()[0] % count


def conversation_id(door: str, key: str, count: int = SHARDS) -> str:
    """The id of the conversation that the event with that key starts at that door: NN and 16 characters."""
    digest = hashlib.blake2s(f"{door}\n{key}".encode(), digest_size=10).digest()
    return f"{shard_of_door(door, count):02d}{b32encode(digest).decode().lower()}"


def is_conversation_id(text: str) -> bool:
    """Whether a stranger's text could be an id at all; nothing else may become part of a key."""
    tail = text[2:]
    return (
        len(text) == 18
        and text[:2].isascii()
        and text[:2].isdigit()
        and int(text[:2]) < SHARDS
        and all(letter in "abcdefghijklmnopqrstuvwxyz234567" for letter in tail)
    )


def short(text: str, size: int = 8) -> str:
    """A short stand-in for a long text: the hash of an event's key, of a door, of a visitor."""
    return urlsafe_b64encode(hashlib.blake2s(text.encode(), digest_size=size).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Shard:
    """The keys that a shard's conversations share, and the stems that lead to those of one conversation.

    A stem ends where a name begins: `records` + id is a record, `doors` + hash the index of a door and contact,
    `places` + hash the newest conversation born at a door, `lanes` + lane a lane's effects,
    `holds` + lane who holds it, `queues` + channel the lanes to be looked at.
    """

    tag: str
    alarms: str
    tickets: str
    board: str
    ended: str
    guiding: str
    counter: str
    channels: str
    letters: str
    news: str
    records: str
    journals: str
    seen: str
    words: str
    receipts: str
    doors: str
    places: str
    lanes: str
    holds: str
    queues: str


@dataclass(frozen=True)
class Keys:
    """All names under one prefix; one deployment has one. Only tests, with few conversations, have fewer shards."""

    prefix: str = "tt"
    count: int = SHARDS

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """The shards in order."""
        return tuple(self._shard(number) for number in range(self.count))

    def _shard(self, number: int) -> Shard:
        tag = f"{number:02d}"
        stem = f"{self.prefix}:{{{tag}}}"
        return Shard(
            tag=tag,
            alarms=stem + "alarms",
            tickets=stem + "tickets",
            board=stem + "board",
            ended=stem + "ended",
            guiding=stem + "guiding",
            counter=stem + "counter",
            channels=stem + "channels",
            letters=stem + "letters",
            news=stem + "news",
            records=stem + "c:",
            journals=stem + "j:",
            seen=stem + "s:",
            words=stem + "w:",
            receipts=stem + "r:",
            doors=stem + "d:",
            places=stem + "p:",
            lanes=stem + "l:",
            holds=stem + "h:",
            queues=stem + "q:",
        )

    def any_record(self) -> str:
        """The pattern of every conversation's record, for a scan."""
        stem = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in self.prefix)
        return f"{stem}:{{[0-9][0-9]}}c:*"

    def conversation(self, door: str, key: str) -> str:
        """The id of the conversation that the event with that key starts at that door."""
        return conversation_id(door, key, self.count)

    def shard(self, conversation_id: str) -> Shard:
        """The shard of a conversation; also of a stranger's id, where nothing will be found."""
        return self.shards[shard_of(conversation_id) % self.count]

    def shard_of_door(self, door: str) -> Shard:
        """The shard of everything that is born at that door."""
        return self.shards[shard_of_door(door, self.count)]

    @property
    def meta(self) -> str:
        """What every process must agree on: the number of shards, the format of what is stored."""
        return f"{self.prefix}:meta"

    def revision(self, revision: str) -> str:
        """A compiled flow."""
        return f"{self.prefix}:revision:{revision}"

    def vault(self, token: str) -> str:
        """Something short-lived, under the hash of its token: who reads the store cannot use it."""
        return f"{self.prefix}:vault:{short(token, 18)}"

    def secret(self, name: str) -> str:
        """One of the server's own secrets."""
        return f"{self.prefix}:secret:{name}"

    @property
    def accounts(self) -> str:
        """Who may sign in to the web desk."""
        return f"{self.prefix}:accounts"

    def contact(self, contact: str) -> str:
        """A contact's conversations, by when they began."""
        return f"{self.prefix}:contact:{short(contact, 12)}"

    def once(self, name: str) -> str:
        """Something that was done a while ago, and is not to be done again so soon."""
        return f"{self.prefix}:once:{short(name, 12)}"

    def mark(self, name: str) -> str:
        """A small fact that holds until it is taken back."""
        return f"{self.prefix}:mark:{short(name, 12)}"

    def viewed(self, conversation_id: str) -> str:
        """How far its customer has seen a conversation."""
        return f"{self.prefix}:viewed:{conversation_id}"

    def kept(self, file_id: str) -> str:
        """A file that was uploaded to us."""
        return f"{self.prefix}:kept:{short(file_id, 12)}"

    @property
    def kept_days(self) -> str:
        """Bytes of such files by the day they came."""
        return f"{self.prefix}:kept"

    def bookmarks(self, shelf: str) -> str:
        """How far things were read or done."""
        return f"{self.prefix}:bookmarks:{shelf}"

    def limit(self, who: str) -> str:
        """How much somebody may still do."""
        return f"{self.prefix}:limit:{short(who, 12)}"


def door_of(door: str, contact: str) -> str:
    """What stands for a door and a contact in the index of open conversations, and in the record."""
    return short(f"{door}\n{contact}", 12)


def place_of(door: str) -> str:
    """What stands for a door in the index of what was born there."""
    return short(door, 12)
