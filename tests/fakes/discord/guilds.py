"""Makes guilds and their content: `guild.text("help")`, `guild.forum("support")`, `guild.member("Ana")`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.permissions import EVERYONE, bits
from tests.fakes.discord.state import REQUIRE_TAG, Channel, Json, Kind, Member, Role, Tag, User

if TYPE_CHECKING:
    from tests.fakes.discord.people import Person
    from tests.fakes.discord.world import World


LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file that a bot may attach. Boosts raise the limit of a server."""


@dataclass(eq=False)
class Guild:
    """A server of Discord. `everyone` is the role that all members have."""

    world: "World"
    id: int
    name: str
    owner: User
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    most_threads: int = 1000
    largest_file: int = LARGEST_FILE
    audit: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roles[self.id] = Role(self.id, "@everyone", EVERYONE)
        self.join(self.owner)

    @property
    def everyone(self) -> Role:
        """Return the role that all members have."""
        return self.roles[self.id]

    def role(self, name: str, *permissions: str, mentionable: bool = False) -> Role:
        """Add a role, with permissions by their names in discord.py."""
        role = Role(self.world.ids.next(), name, bits(*permissions), mentionable, position=len(self.roles))
        self.roles[role.id] = role
        data = {"guild_id": str(self.id), "role": self.world.payloads.role(role)}
        self.world.emit("GUILD_ROLE_CREATE", data, guild=self)
        return role

    def text(self, name: str, *, hidden_from: Iterable[Role | User] = ()) -> Channel:
        """Add a text channel."""
        return self._open(Kind.TEXT, name, hidden_from)

    def news(self, name: str) -> Channel:
        """Add an announcement channel, whose threads are announcement threads on messages."""
        return self._open(Kind.NEWS, name, ())

    def forum(
        self,
        name: str,
        *,
        tags: Iterable[str | Tag] = (),
        require_tag: bool = False,
        hidden_from: Iterable[Role | User] = (),
    ) -> Channel:
        """Add a forum with these tags. `Tag(0, name, moderated=True)` makes a tag for moderators only."""
        known = [tag if isinstance(tag, Tag) else Tag(0, tag) for tag in tags]
        for tag in known:
            tag.id = tag.id or self.world.ids.next()
        return self._open(Kind.FORUM, name, hidden_from, tags=known, flags=REQUIRE_TAG if require_tag else 0)

    def _open(
        self,
        kind: Kind,
        name: str,
        hidden_from: Iterable[Role | User],
        tags: list[Tag] | None = None,
        flags: int = 0,
    ) -> Channel:
        world = self.world
        channel = Channel(world.ids.next(), kind, name, world.clock.now(), self, flags=flags, tags=tags or [])
        channel.position = len(self.channels)
        channel.denied = {one.id: bits("view_channel") for one in hidden_from}
        self.channels[channel.id] = world.channels[channel.id] = channel
        world.emit("CHANNEL_CREATE", world.payloads.channel(channel), channel=channel)
        return channel

    def denies(self, whom: "Role | User | Person", channel: Channel, *permissions: str) -> None:
        """Deny a role or user these permissions in a channel."""
        channel.denied[whom.id] = channel.denied.get(whom.id, 0) | bits(*permissions)
        self._changed(channel)

    def allows(self, whom: "Role | User | Person", channel: Channel, *permissions: str) -> None:
        """Allow a role or user these permissions in a channel again."""
        channel.denied[whom.id] = channel.denied.get(whom.id, 0) & ~bits(*permissions)
        channel.allowed[whom.id] = channel.allowed.get(whom.id, 0) | bits(*permissions)
        self._changed(channel)

    def _changed(self, channel: Channel) -> None:
        self.world.emit("CHANNEL_UPDATE", self.world.payloads.channel(channel), channel=channel)

    def member(
        self,
        who: "str | Person",
        *,
        roles: Iterable[Role] = (),
        locale: str = "en-US",
        nick: str | None = None,
        dms_closed: bool = False,
    ) -> "Person":
        """Add a member. A name makes a new person; a person of another guild joins this one, too."""
        from tests.fakes.discord.people import Person

        user = self.world.new_user(who, dms_closed=dms_closed) if isinstance(who, str) else who.user
        member = self.join(user, roles, nick)
        data = {"guild_id": str(self.id), **self.world.payloads.member(member)}
        self.world.emit("GUILD_MEMBER_ADD", data, guild=self, intent=self.world.intents.members)
        person = self.world.people[user.id] = Person(self.world, user, self, locale)
        return person

    def join(self, user: User, roles: Iterable[Role] = (), nick: str | None = None) -> Member:
        """Make a user a member without sending an event."""
        member = Member(user, self.world.clock.now(), list(roles), nick)
        self.members[user.id] = member
        return member

    def channel(self, name: str) -> Channel:
        """Return the channel or thread of that name."""
        return next(one for one in self.channels.values() if one.name == name and not one.deleted)
