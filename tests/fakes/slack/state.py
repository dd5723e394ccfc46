"""Stores Slack's state: people, channels, messages, files, views and triggers."""

import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.slack.refusals import ALL_SCOPES, Json, Refused

LETTERS: Final = string.ascii_uppercase + string.digits

TO_WRITE_S: Final = 5.0
"""Seconds that a person takes at least to read the newest message and to write, unless a test says how many."""


def named(prefix: str, length: int = 10) -> str:
    """Make a new id in the form of Slack's."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass
class User:
    """A person. On Enterprise Grid, `team` is the primary one of the `teams` that the person belongs to."""

    """A person or a bot. To an `unreachable` person of another company Slack delivers no direct messages of the app."""

    id: str
    team: str
    name: str
    locale: str = "en-US"
    tz: str = "Europe/London"
    bot_id: str = ""
    deleted: bool = False
    enterprise: str = ""
    teams: tuple[str, ...] = ()
    unreachable: bool = False


@dataclass
class Channel:
    """A public, private or shared channel, a group DM, or the direct messages between the app and `user`."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    user: str = ""
    members: set[str] = field(default_factory=set)
    messages: dict[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the `channel_type` of an event."""
        if self.is_im or self.is_mpim:
            return "im" if self.is_im else "mpim"
        return "group" if self.is_private else "channel"


@dataclass
class File:
    id: str
    name: str
    content: bytes
    mimetype: str
    user: str
    team: str
    url: str = ""
    locked: bool = False
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Trigger:
    """Lets the app open a view once, for a short while."""

    user: str
    born: float
    used: bool = False


@dataclass
class Ephemeral:
    """A message that only one person sees."""

    ts: str
    channel: str
    user: str
    message: Json


@dataclass
class ReplyUrl:
    """A response_url, with its message, the person who pressed, and how often it was used."""

    channel: str
    user: str
    ts: str
    uses: int = 0


@dataclass
class Workspace:
    """Holds all state. Calls `emit` for each event that Slack would send about a message of the app.

    `enterprise` is the organization on Enterprise Grid, `org` its workspaces. `org_wide` says that the app is installed
    in the organization, not in the workspace.
    """

    team: str
    enterprise: str = ""
    org_wide: bool = False
    org: tuple[str, ...] = ()
    domain: str = "acme"
    app_id: str = "A0TROUBLE"
    bot_user: str = "U0BOT"
    bot_id: str = "B0BOT"
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    uploads: dict[str, tuple[File, int]] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    usergroups: dict[str, list[str]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    reply_urls: dict[str, ReplyUrl] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    reused_block_ids: list[tuple[str, str]] = field(default_factory=list)
    reactions: list[tuple[str, str, str]] = field(default_factory=list)
    trigger_lives: float = 3.0
    address: str = ""
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    emit: Callable[[Json, Channel], None] = lambda _event, _channel: None
    _last: int = 0

    def ts(self) -> str:
        """Return the current time as a message's ts. Each ts is unique."""
        return self._ts(time.time_ns() // 1000)

    def written_ts(self, channel: Channel, thread: str, after_s: float | None) -> str:
        """Return the ts of a person's message, `after_s` after the newest message in its place.

        Slack's clock is then ahead of the machine's, and stands still until the machine has caught up.
        """
        held = self.thread(channel.id, thread) if thread else [*channel.messages.values()]
        newest = max((int(str(message["ts"]).replace(".", "")) for message in held), default=0)
        if after_s is not None and newest:
            return self._ts(newest + int(after_s * 1_000_000))
        return self._ts(max(time.time_ns() // 1000, newest + int(TO_WRITE_S * 1_000_000)))

    def _ts(self, microseconds: int) -> str:
        self._last = max(self._last + 1, microseconds)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def channel(self, id: Any) -> Channel:
        """Return a channel that the app can see."""
        found = self.channels.get(str(id or ""))
        if found is None or (found.is_private and self.bot_user not in found.members):
            raise Refused("channel_not_found")
        return found

    def reachable(self, id: str) -> User:
        """Return a person who can get direct messages from the app. Raises Refused."""
        user = self.users.get(id)
        if user is None:
            raise Refused("user_not_found")
        if user.bot_id:
            raise Refused("cannot_dm_bot")
        if user.deleted:
            raise Refused("user_disabled")
        if user.unreachable:
            raise Refused("user_not_visible")
        return user

    def dm(self, user: str) -> Channel:
        """Return the direct messages between the app and a person."""
        if user not in self.users:
            raise Refused("user_not_found")
        for channel in self.channels.values():
            if channel.is_im and channel.user == user:
                return channel
        made = Channel(
            id=named("D"), name="directmessage", is_im=True, user=user, members={user, self.bot_user}
        )
        self.channels[made.id] = made
        return made

    def writable(self, id: Any) -> Channel:
        """Return a channel to post to. A person's id stands for their direct messages."""
        if str(id) in self.users:
            return self.dm(self.reachable(str(id)).id)
        channel = self.channel(id)
        if channel.is_archived:
            raise Refused("is_archived")
        if self.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def find(self, ts: str) -> tuple[Channel, Json]:
        """Return a message by its ts, which is unique across channels here."""
        for channel in self.channels.values():
            if ts in channel.messages:
                return channel, channel.messages[ts]
        raise LookupError(f"no message {ts}")

    def keep(self, channel: Channel, message: Json) -> Json:
        """Store a new message, and count it in its thread."""
        channel.messages[message["ts"]] = message
        parent = channel.messages.get(message.get("thread_ts", ""))
        if parent is not None and parent is not message:
            parent["thread_ts"] = parent["ts"]
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
            parent["reply_users"] = sorted({*parent.get("reply_users", []), message.get("user", "")})
            parent["reply_users_count"] = len(parent["reply_users"])
            message.setdefault("parent_user_id", parent.get("user"))
        return message

    def remove(self, channel: Channel, ts: str) -> Json:
        """Delete a message. A message with replies leaves a tombstone, so that the thread stays."""
        gone = channel.messages.pop(ts)
        parent = channel.messages.get(gone.get("thread_ts", ""))
        if gone.get("reply_count"):
            kept = (
                "type",
                "ts",
                "thread_ts",
                "reply_count",
                "reply_users",
                "reply_users_count",
                "latest_reply",
            )
            stone = {name: gone[name] for name in kept if name in gone}
            stone |= {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT"}
            channel.messages[ts] = {**stone, "hidden": True}
        elif parent is not None:
            parent["reply_count"] = parent.get("reply_count", 1) - 1
        return gone

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return a message and its replies, oldest first."""
        held = self.channels[channel].messages.values()
        found = [message for message in held if message["ts"] == ts or message.get("thread_ts") == ts]
        return sorted(found, key=lambda message: str(message["ts"]))

    def trigger(self, user: str) -> str:
        """Return a trigger_id for something that a person did."""
        made = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[made] = Trigger(user=user, born=time.monotonic())
        return made

    def pull(self, trigger_id: Any) -> Trigger:
        """Use up a trigger_id."""
        trigger = self.triggers.get(str(trigger_id or ""))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self.trigger_lives:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def reply_url(self, channel: str, user: str, ts: str = "") -> str:
        made = secrets.token_urlsafe(18)
        self.reply_urls[made] = ReplyUrl(channel=channel, user=user, ts=ts)
        return f"{self.address}/respond/{made}"
