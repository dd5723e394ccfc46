"""Plays people in Discord: Ana runs a command, presses a button, writes, posts, leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.forms import choose, fill, find
from tests.fakes.discord.forwards import FORWARD
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.interaction_payloads import act, command, options
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, DEADLINE, SUBMIT, Interaction
from tests.fakes.discord.message_changes import Upload, delete, edit, post, react
from tests.fakes.discord.permissions import sees
from tests.fakes.discord.state import Channel, Json, Kind, Message, User
from tests.fakes.discord.threads import add, change, delete_channel, open_thread, remove
from tests.fakes.discord.world import World

Files = Iterable[tuple[str, bytes]]


@dataclass(eq=False)
class Person:
    """A member of a guild. Actions wait for the bot's first answer, up to `patience` seconds."""

    world: World
    user: User
    guild: Guild
    locale: str = "en-US"
    patience: float = DEADLINE

    @property
    def id(self) -> int:
        """Return the snowflake of the account."""
        return self.user.id

    @property
    def name(self) -> str:
        """Return the display name."""
        return self.user.name

    @property
    def mention(self) -> str:
        """Return how a text mentions this person."""
        return self.user.mention

    @property
    def dm(self) -> Channel:
        """Return the direct messages with the bot."""
        return self.world.dm(self.user)

    # ---- commands

    async def runs(
        self, name: str, /, channel: Channel | None = None, waits: bool = True, **given: Any
    ) -> Interaction:
        """Run a slash command, by default in the guild's first text channel."""
        at = channel or self._anywhere()
        known = command(self.world, name, 1, at, self.user)
        data = {**_named(known, at), "options": options(known, given)}
        return await self._acts(COMMAND, at, data, waits=waits)

    async def types_into(
        self, name: str, option: str, text: str, /, channel: Channel | None = None, **given: Any
    ) -> list[tuple[str, Any]]:
        """Type into an option with autocomplete. Return the offered names and values."""
        at = channel or self._anywhere()
        known = command(self.world, name, 1, at, self.user)
        asked = next(one for one in known["options"] if one["name"] == option)
        assert asked.get("autocomplete"), f"{option} completes nothing"
        data = {**_named(known, at), "options": options(known, {**given, option: text}, focused=option)}
        return (await self._acts(AUTOCOMPLETE, at, data)).choices

    async def uses_on_message(self, name: str, message: Message, waits: bool = True) -> Interaction:
        """Run a command of a message's context menu."""
        known = command(self.world, name, 3, message.channel, self.user)
        resolved = {"messages": {str(message.id): self.world.payloads.message(message)}}
        data = {**_named(known, message.channel), "target_id": str(message.id), "resolved": resolved}
        return await self._acts(COMMAND, message.channel, data, waits=waits)

    async def uses_on(self, name: str, person: "Person", channel: Channel | None = None) -> Interaction:
        """Run a command of a person's context menu."""
        at = channel or self._anywhere()
        known = command(self.world, name, 2, at, self.user)
        resolved: Json = {"users": {str(person.id): self.world.payloads.user(person.user)}}
        member = self.world.payloads.member(self.guild.members[person.id], with_user=False)
        resolved["members"] = {str(person.id): {**member, "permissions": "0"}}
        return await self._acts(
            COMMAND, at, {**_named(known, at), "target_id": str(person.id), "resolved": resolved}
        )

    # ---- buttons and forms

    async def presses(
        self, message: Message, label: str, *, version: int = -1, waits: bool = True
    ) -> Interaction:
        """Press a button or a select option by label or custom id. An earlier `version` is an outdated screen."""
        data = find(message.versions[version], label)
        return await self._acts(COMPONENT, message.channel, data, message=message, waits=waits)

    async def chooses(self, message: Message, *labels: str, waits: bool = True) -> Interaction:
        """Choose several options of one select."""
        data = choose(message.components, list(labels))
        return await self._acts(COMPONENT, message.channel, data, message=message, waits=waits)

    async def submits(self, asked: Interaction, given: dict[str, Any], *, waits: bool = True) -> Interaction:
        """Submit the form that answered `asked`. Fields go by label or custom id; files are (name, bytes)."""
        assert asked.modal is not None, f"no form was shown, but {asked.answers} and {asked.refused}"
        components, files = fill(asked.modal, given)
        data: Json = {"custom_id": asked.modal["custom_id"], "components": components}
        if picked := _picked(components):
            data["resolved"] = self._known(picked, asked.channel)
        if files:
            data["resolved"] = {"attachments": self._uploaded(files, asked.channel, components)}
        return await self._acts(SUBMIT, asked.channel, data, message=asked.message, waits=waits)

    def _known(self, picked: list[str], channel: Channel) -> Json:
        """Return the people chosen in a form, as Discord sends them beside it."""
        guild, payloads = channel.guild, self.world.payloads
        assert guild is not None, "people are chosen in servers"
        members = {one: self.world.member(guild, int(one)) for one in picked}
        return {
            "users": {one: payloads.user(member.user) for one, member in members.items()},
            "members": {one: payloads.member(member, with_user=False) for one, member in members.items()},
        }

    def _uploaded(self, files: list[tuple[str, bytes]], channel: Channel, parts: list[Json]) -> Json:
        """Give the files of a form ids, which replace their numbers in the fields."""
        resolved: Json = {}
        ids = [str(self.world.ids.next()) for _ in files]
        for file, (name, content) in zip(ids, files, strict=True):
            self.world.files[int(file)] = content
            url = f"{self.world.url}/attachments/{channel.id}/{file}/{name}"
            size = {"size": len(content), "content_type": "application/octet-stream", "ephemeral": True}
            resolved[file] = {"id": file, "filename": name, "url": url, "proxy_url": url, **size}
        for field in (part.get("component") or {} for part in parts):
            if field.get("type") == 19:
                field["values"] = [ids[number] for number in field["values"]]
        return resolved

    async def _acts(
        self, kind: int, channel: Channel, data: Json, message: Message | None = None, waits: bool = True
    ) -> Interaction:
        if channel.guild is not None:
            assert sees(self.user, channel), f"{self.name} does not see {channel.name}"
        interaction = act(self.world, kind, self.user, channel, data, message=message, locale=self.locale)
        return await interaction.answered(self.patience) if waits else interaction

    # ---- words

    async def writes(
        self,
        place: Channel,
        text: str = "",
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Files = (),
        after_s: float | None = None,
    ) -> Message:
        """Write a message. A reply pings its author, unless `ping` is off. `after_s` is as in `Ids.written`."""
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
            body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        if place.is_thread and not place.archived and self.id not in place.members:
            add(self.world, place, self.user)
        written = self.world.ids.written(place.newest, after_s)
        return post(self.world, place, self.user, body, _uploads(files), id=written)

    async def forwards(self, message: Message, place: Channel) -> Message:
        """Forward a message. Discord sends a comment, if any, as a message of its own."""
        where = {"message_id": str(message.id), "channel_id": str(message.channel.id)}
        body: Json = {"message_reference": {"type": FORWARD, **where}}
        return post(self.world, place, self.user, body, id=self.world.ids.written(place.newest, None))

    async def dms(self, text: str, *, files: Files = (), after_s: float | None = None) -> Message:
        """Send a direct message to the bot."""
        return await self.writes(self.dm, text, files=files, after_s=after_s)

    async def mentions_bot(self, place: Channel, text: str) -> Message:
        """Write a message that mentions the bot."""
        return await self.writes(place, f"{self.world.bot.mention} {text}")

    async def posts(
        self,
        forum: Channel,
        title: str,
        text: str = "",
        tags: Iterable[str] = (),
        *,
        files: Files = (),
        late: bool = False,
    ) -> Channel:
        """Post in a forum. `late` leaves the first message to `starts_post`; until then, no one can write."""
        applied = [str(forum.tag(name).id) for name in tags]
        body: Json = {"name": title, "applied_tags": applied}
        thread = open_thread(self.world, forum, self.user, body, Kind.PUBLIC_THREAD)
        thread.starter_missing = True
        if not late:
            await self.starts_post(thread, text, files=files)
        return thread

    async def starts_post(self, thread: Channel, text: str, *, files: Files = ()) -> Message:
        """Write a post's first message, which has the post's id."""
        thread.starter_missing = False
        return post(self.world, thread, self.user, {"content": text}, _uploads(files), id=thread.id)

    async def edits(self, message: Message, text: str) -> Message:
        """Edit the person's own message."""
        assert message.author is self.user
        return edit(self.world, message, {"content": text})

    async def deletes(self, what: Message | Channel) -> None:
        """Delete a message, a thread, a post or a channel."""
        if isinstance(what, Message):
            delete(self.world, what)
        else:
            delete_channel(self.world, what)

    async def archives(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread or post, and lock it if asked. Only its owner and moderators may."""
        change(self.world, thread, {"archived": True, **({"locked": True} if locked else {})}, self.user)

    async def opens(self, thread: Channel) -> None:
        """Open an archived thread again."""
        change(self.world, thread, {"archived": False}, self.user)

    async def starts_thread(
        self, parent: Channel, name: str, *, of: Message | None = None, private: bool = False
    ) -> Channel:
        """Start a thread in a text channel."""
        kind = Kind.PRIVATE_THREAD if private else Kind.PUBLIC_THREAD
        return open_thread(self.world, parent, self.user, {"name": name}, kind, of)

    async def adds(self, thread: Channel, whom: "Person | User") -> None:
        """Add a person or the bot to a thread."""
        add(self.world, thread, whom.user if isinstance(whom, Person) else whom)

    async def reacts(self, message: Message, emoji: str, *, away: bool = False) -> None:
        """Add or remove a reaction."""
        react(self.world, message, emoji, self.user, away)

    async def starts_typing(self, place: Channel) -> None:
        """Show that the person is typing."""
        data: Json = {
            "channel_id": str(place.id),
            "user_id": str(self.id),
            "timestamp": int(self.world.clock.now()),
        }
        intent = self.world.intents.dm_typing
        if place.guild:
            data |= {"guild_id": str(place.guild.id)}
            data["member"] = self.world.payloads.member(place.guild.members[self.id])
            intent = self.world.intents.typing
        self.world.emit("TYPING_START", data, channel=place, intent=intent)

    # ---- coming and going

    async def leaves(self, thread: Channel | None = None) -> None:
        """Leave a thread, or the guild with all its threads. Only clients with the intent for members get the event."""
        if thread is not None:
            remove(self.world, thread, self.user)
            return
        for one in list(self.guild.channels.values()):
            if one.is_thread and self.id in one.members:
                remove(self.world, one, self.user)
        del self.guild.members[self.id]
        data = {"guild_id": str(self.guild.id), "user": self.world.payloads.user(self.user)}
        self.world.emit("GUILD_MEMBER_REMOVE", data, guild=self.guild, intent=self.world.intents.members)

    async def closes_dms(self, closed: bool = True) -> None:
        """Refuse direct messages, or accept them again."""
        self.user.dms_closed = closed

    def _anywhere(self) -> Channel:
        rooms = (
            one for one in self.guild.channels.values() if one.kind is Kind.TEXT and sees(self.user, one)
        )
        found = next(rooms, None)
        assert found is not None, "say in which channel; the guild has no text channel that this person sees"
        return found


def _named(known: Json, channel: Channel) -> Json:
    data = {"id": known["id"], "name": known["name"], "type": known["type"]}
    if known.get("guild_id") and channel.guild:
        data["guild_id"] = str(channel.guild.id)
    return data


def _uploads(files: Files) -> list[Upload]:
    return [Upload(str(number), name, content) for number, (name, content) in enumerate(files)]


def _picked(parts: list[Json]) -> list[str]:
    """Return the people chosen in a form's user menus."""
    fields = [part.get("component") or {} for part in parts]
    return [one for field in fields if field.get("type") == 5 for one in field.get("values") or ()]
