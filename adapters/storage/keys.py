"""Makes the name of every key in Redis; no other file spells one.

A conversation belongs to one of 64 shards forever. Each of its keys contains the hash tag `{NN}` of the shard, so that
one script can use all of them in a cluster. NN is two decimal digits.
"""

import hashlib
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Final

SHARDS: Final = 64
"""Number of shards. Fixed at the first start and checked at later ones (`Store.prepare`), because the shard is part of
every conversation's id."""

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
    "identity": "shows that a shard is still the one its processes know; without it nothing is recorded there",
    "letters": "a dead letter waits for a person, however long that takes (law L4)",
    "quarantine": "damaged data waits for a person, however long that takes (law L4)",
}
"""The kinds of keys that never expire, and why."""


def shard_of(conversation_id: str) -> int:
    """Return the number of a conversation's shard: the first two digits of its id."""
    return int(conversation_id[:2])


def shard_of_door(door: str, count: int = SHARDS) -> int:
    """Return the number of the shard, out of `count`, of all conversations that start at that door."""
    return hashlib.blake2s(door.encode(), digest_size=1).digest()[0] % count


def conversation_id(door: str, key: str, count: int = SHARDS) -> str:
    """Return the id of the conversation that the event with that key starts at that door: NN and 16 characters."""
    digest = hashlib.blake2s(f"{door}\n{key}".encode(), digest_size=10).digest()
    return f"{shard_of_door(door, count):02d}{b32encode(digest).decode().lower()}"


def is_conversation_id(text: str) -> bool:
    """Return whether untrusted text has the form of a conversation's id. Other text must not become part of a key."""
    tail = text[2:]
    return (
        len(text) == 18
        and text[:2].isascii()
        and text[:2].isdigit()
        and int(text[:2]) < SHARDS
        and all(letter in "abcdefghijklmnopqrstuvwxyz234567" for letter in tail)
    )


def glob_escaped(text: str) -> str:
    """Return a pattern that matches just this text."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def rest_of(prefix: str, key: str) -> str:
    """Return a key's name without the deployment's prefix."""
    return key.removeprefix(f"{prefix}:")


def short(text: str, size: int = 8) -> str:
    """Return a short hash of a text such as an event's key, a door or a visitor."""
    return urlsafe_b64encode(hashlib.blake2s(text.encode(), digest_size=size).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Shard:
    """Names the keys that a shard's conversations share, and the stems of the keys of one conversation.

    A stem and a name make a key: `records` + id is a record, `doors` + hash the index of a door and contact,
    `places` + hash the newest conversation that started at a door, `lanes` + lane the lane's effects,
    `holds` + lane the lane's lease, `queues` + channel the lanes with work for that channel.
    """

    tag: str
    identity: str
    probe: str
    alarms: str
    tickets: str
    board: str
    ended: str
    guiding: str
    counter: str
    channels: str
    letters: str
    quarantine: str
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
    """Names all keys under a deployment's prefix. Only tests, with few conversations, use fewer shards."""

    prefix: str = "tt"
    count: int = SHARDS

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """Return the shards in order."""
        return tuple(self._shard(number) for number in range(self.count))

    def _shard(self, number: int) -> Shard:
        tag = f"{number:02d}"
        stem = f"{self.prefix}:{{{tag}}}"
        return Shard(
            tag=tag,
            identity=stem + "identity",
            probe=stem + "probe",
            alarms=stem + "alarms",
            tickets=stem + "tickets",
            board=stem + "board",
            ended=stem + "ended",
            guiding=stem + "guiding",
            counter=stem + "counter",
            channels=stem + "channels",
            letters=stem + "letters",
            quarantine=stem + "quarantine",
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
        """Return the pattern that matches every conversation's record, for a scan."""
        return f"{glob_escaped(self.prefix)}:{{[0-9][0-9]}}c:*"

    def under(self, stem: str) -> str:
        """Return the pattern that matches every key with that stem, for a scan."""
        return f"{glob_escaped(stem)}*"

    def any(self) -> str:
        """Return the pattern that matches every key of this deployment, for a scan."""
        return f"{glob_escaped(self.prefix)}:*"

    def named(self, rest: str) -> str:
        """Name the key that `rest_of` cut."""
        return f"{self.prefix}:{rest}"

    def conversation(self, door: str, key: str) -> str:
        """Return the id of the conversation that the event with that key starts at that door."""
        return conversation_id(door, key, self.count)

    def shard(self, conversation_id: str) -> Shard:
        """Return a conversation's shard. An id from elsewhere gets a shard, too, where no record is found."""
        return self.shards[shard_of(conversation_id) % self.count]

    def shard_of_door(self, door: str) -> Shard:
        """Return the shard of all conversations that start at that door."""
        return self.shards[shard_of_door(door, self.count)]

    @property
    def meta(self) -> str:
        """Name the hash of what every process must agree on: the number of shards and the data's format."""
        return f"{self.prefix}:meta"

    @property
    def processes(self) -> str:
        """Name the hash of the live processes, in the slot of `meta`: one script decides by both."""
        return f"{self.prefix}:{{{self.meta}}}:processes"

    @property
    def erasures(self) -> str:
        """Name the hash of erasures of people's data that have begun and are not done."""
        return f"{self.prefix}:erasures"

    def revision(self, revision: str) -> str:
        """Name the key of a compiled flow."""
        return f"{self.prefix}:revision:{revision}"

    def vault(self, token: str) -> str:
        """Name the key of a short-lived credential. It contains the token's hash, so a reader of keys cannot use it."""
        return f"{self.prefix}:vault:{short(token, 18)}"

    def secret(self, name: str) -> str:
        """Name the key of one of the server's own secrets."""
        return f"{self.prefix}:secret:{name}"

    @property
    def metrics(self) -> str:
        """Name the hash of what each living process counted."""
        return f"{self.prefix}:metrics"

    @property
    def accounts(self) -> str:
        """Name the hash of the web desk's accounts."""
        return f"{self.prefix}:accounts"

    def contact(self, contact: str) -> str:
        """Name the list of a contact's conversations, sorted by start."""
        return f"{self.prefix}:contact:{short(contact, 12)}"

    def once(self, name: str) -> str:
        """Name the mark of something that must not be done again too soon."""
        return f"{self.prefix}:once:{short(name, 12)}"

    def confirmed(self, contact: str) -> str:
        """Name the set of a contact's confirmed email addresses."""
        return f"{self.prefix}:confirmed:{short(contact, 12)}"

    def mark(self, name: str) -> str:
        """Name a mark that holds until it is cleared."""
        return f"{self.prefix}:mark:{short(name, 12)}"

    def viewed(self, conversation_id: str) -> str:
        """Name the key of the customer's read position in a conversation."""
        return f"{self.prefix}:viewed:{conversation_id}"

    def kept(self, file_id: str) -> str:
        """Name the key of an uploaded file."""
        return f"{self.prefix}:kept:{short(file_id, 12)}"

    @property
    def unmatched(self) -> str:
        """Name the texts that matched no guide, sorted by the time they last came."""
        return f"{self.prefix}:{{unmatched}}:times"

    @property
    def unmatched_counts(self) -> str:
        """Name the hash of the counts and samples of those texts."""
        return f"{self.prefix}:{{unmatched}}:counts"

    @property
    def kept_days(self) -> str:
        """Name the hash of uploaded bytes per day, which earlier versions wrote."""
        return f"{self.prefix}:kept"

    @property
    def uploads(self) -> tuple[str, str, str]:
        """Name the keys of the account of uploaded files, in one slot: the files, their times, the bytes by share."""
        stem = f"{self.prefix}:{{kept}}"
        return f"{stem}:files", f"{stem}:times", f"{stem}:used"

    def bookmarks(self, shelf: str) -> str:
        """Name the hash of a shelf's bookmarks."""
        return f"{self.prefix}:bookmarks:{shelf}"

    def allowance(self, who: str) -> str:
        """Name the key of someone's acts in a window of time."""
        return f"{self.prefix}:allowance:{short(who, 12)}"

    def limit(self, who: str) -> str:
        """Name the key of someone's rate limit."""
        return f"{self.prefix}:limit:{short(who, 12)}"

    def budget(self, who: str, name: str) -> str:
        """Name the key of someone's budget. All budgets are in one slot, so that one script takes from several."""
        return f"{self.prefix}:limit:{{budgets}}:{short(who, 12)}:{name}"

    def rate(self, scope: str, name: str) -> tuple[str, str, str]:
        """Name the keys of a platform's rate: its bucket, the line of claims, and when each claim comes back.

        All rates of a scope are in one slot, so that one script can take from several.
        """
        stem = f"{self.prefix}:{{rate:{short(scope, 12)}}}:{short(name, 12)}"
        return stem, f"{stem}:line", f"{stem}:back"


def door_of(door: str, contact: str) -> str:
    """Return the hash of a door and a contact, as used in the index of open conversations and in the record."""
    return short(f"{door}\n{contact}", 12)


def place_of(door: str) -> str:
    """Return the hash of a door, as used in the index of conversations that started there."""
    return short(door, 12)
