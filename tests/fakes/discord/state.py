"""Defines what Discord stores: users, roles, members, channels, threads and messages."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild

Json = dict[str, Any]

V2 = 1 << 15
EPHEMERAL = 1 << 6
LOADING = 1 << 7
REQUIRE_TAG = 1 << 4
"""Flags: a message made of components alone, one that only one person sees, one still thought about; of a forum."""


class Kind(IntEnum):
    """Kinds of channels."""

    TEXT = 0
    DM = 1
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = frozenset({Kind.NEWS_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD})


@dataclass(eq=False)
class User:
    """An account of a person or a bot."""

    id: int
    name: str
    bot: bool = False
    dms_closed: bool = False

    @property
    def mention(self) -> str:
        """Return how a text mentions this user."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of a guild. `permissions` are bits."""

    id: int
    name: str
    permissions: int
    mentionable: bool = False
    managed_by: int | None = None
    position: int = 0

    @property
    def mention(self) -> str:
        """Return how a text mentions this role."""
        return f"<@&{self.id}>"


@dataclass(eq=False)
class Member:
    """A user in a guild. Times are seconds since 1970."""

    user: User
    joined: float
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None


@dataclass(eq=False)
class Tag:
    """A tag of a forum."""

    id: int
    name: str
    moderated: bool = False


@dataclass(eq=False)
class Channel:
    """A text channel, an announcement channel, a forum, a thread, a forum's post or a direct message."""

    id: int
    kind: Kind
    name: str
    made: float
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    topic: str | None = None
    position: int = 0
    flags: int = 0
    tags: list[Tag] = field(default_factory=list)
    denied: dict[int, int] = field(default_factory=dict)
    allowed: dict[int, int] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: "dict[int, Message]" = field(default_factory=dict)
    owner: int = 0
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 1440
    archive_changed: float = 0.0
    members: dict[int, float] = field(default_factory=dict)
    applied: list[int] = field(default_factory=list)
    starter_missing: bool = False
    deleted: bool = False
    pressed: int = 0

    @property
    def newest(self) -> int:
        """Return the id of what happened last here: a message, or a press, after which a message may have changed."""
        return max([*self.messages, self.pressed])

    @property
    def is_thread(self) -> bool:
        """Return whether the channel belongs to another one, as threads and forum posts do."""
        return self.kind in THREADS

    @property
    def is_post(self) -> bool:
        """Return whether the channel is a forum's post."""
        return self.is_thread and self.parent is not None and self.parent.kind is Kind.FORUM

    @property
    def mention(self) -> str:
        """Return how a text links this channel."""
        return f"<#{self.id}>"

    @property
    def tag_names(self) -> list[str]:
        """Return the names of a post's tags."""
        known = {tag.id: tag.name for tag in (self.parent.tags if self.parent else [])}
        return [known[tag] for tag in self.applied if tag in known]

    def tag(self, name: str) -> Tag:
        """Return the forum's tag of that name."""
        return next(tag for tag in self.tags if tag.name == name)


@dataclass(eq=False)
class Attachment:
    """A file attached to a message."""

    id: int
    name: str
    content: bytes
    kind: str
    url: str
    description: str | None = None


@dataclass(eq=False)
class Message:
    """A message. `versions` are all its components so far; the last ones are current.

    `origin` is the message that this one forwards, `snapshot` what that one said.
    """

    id: int
    channel: Channel
    author: User
    made: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | int | None = None
    edited: float | None = None
    reference: "Message | None" = None
    origin: "Message | None" = None
    snapshot: Json | None = None
    pings_reply: bool = False
    webhook: int | None = None
    alias: str | None = None
    interaction: Json | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    pinged: set[int] = field(default_factory=set)
    allowed_mentions: Json | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    thread: Channel | None = None
    versions: list[list[Json]] = field(default_factory=list)
    shown_to: int | None = None
    deleted: bool = False

    @property
    def is_v2(self) -> bool:
        """Return whether the message consists only of components."""
        return bool(self.flags & V2)

    @property
    def ephemeral(self) -> bool:
        """Return whether only one person sees the message."""
        return bool(self.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        """Return all text that a reader sees, one line each."""
        texts = [part["content"] for part in walk(self.components) if part["type"] == 10]
        return "\n".join(filter(None, [self.content, *texts]))

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the buttons and select options that can be pressed."""
        return [label for label, _ in pressable(self.components)]


def walk(components: list[Json]) -> "list[Json]":
    """Yield every component; nested ones follow their parent."""
    found: list[Json] = []
    for part in components:
        found.append(part)
        inner = [*part.get("components", []), part.get("accessory"), part.get("component")]
        found.extend(walk([one for one in inner if one]))
    return found


def pressable(components: list[Json]) -> list[tuple[str, Json]]:
    """Yield labels of buttons and select options that can be pressed, each with its component."""
    found = []
    for part in walk(components):
        if part.get("disabled") or not part.get("custom_id"):
            continue
        if part["type"] == 2:
            found.append((part.get("label") or (part.get("emoji") or {}).get("name") or "", part))
        elif part["type"] == 3:
            found.extend((option["label"], part) for option in part["options"])
    return found


def pruned(value: Any) -> Any:
    """Return a value without null fields, as Discord treats components."""
    if isinstance(value, dict):
        return {key: pruned(one) for key, one in value.items() if one is not None}
    return [pruned(one) for one in value] if isinstance(value, list) else value
