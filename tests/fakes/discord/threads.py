"""Opens, joins, tags, archives and deletes threads and forum posts."""

from tests.fakes.discord.audit_log import note
from tests.fakes.discord.permissions import permissions, sees
from tests.fakes.discord.refusals import Refusal, Wrong
from tests.fakes.discord.state import REQUIRE_TAG, Channel, Json, Kind, Message, User
from tests.fakes.discord.world import World

ARCHIVE_MINUTES = {60, 1440, 4320, 10080}
MOST_TAGS = 5


def open_thread(
    world: World,
    parent: Channel,
    owner: User,
    body: Json,
    kind: Kind,
    of: Message | None = None,
) -> Channel:
    """Open a thread or post. A thread started from message `of` has that message's id."""
    assert parent.guild is not None
    check(body)
    if of is not None and of.thread is not None:
        raise Refusal(160004)
    active = [one for one in parent.guild.channels.values() if one.is_thread and not one.archived]
    if len(active) >= parent.guild.most_threads:
        raise Refusal(160006)
    now = world.clock.now()
    number = of.id if of else world.ids.next()
    thread = Channel(number, kind, body["name"], now, parent.guild, parent, owner=owner.id)
    thread.auto_archive = body.get("auto_archive_duration") or 1440
    thread.invitable = body.get("invitable", True)
    thread.members[owner.id] = now
    if parent.kind is Kind.FORUM:
        thread.applied = tags(parent, body.get("applied_tags") or [])
    parent.guild.channels[number] = world.channels[number] = thread
    if of is not None:
        of.thread = thread
    data = {**world.payloads.channel(thread), "newly_created": True}
    world.emit("THREAD_CREATE", data, channel=thread)
    return thread


def check(body: Json) -> None:
    """Check the fields of a thread."""
    wrong = Wrong()
    wrong.length(("name",), body.get("name"), 1, 100, needed="name" in body or "applied_tags" not in body)
    minutes = body.get("auto_archive_duration")
    if minutes is not None and minutes not in ARCHIVE_MINUTES:
        words = f"Value must be one of {sorted(ARCHIVE_MINUTES)}."
        wrong.say(("auto_archive_duration",), words, "BASE_TYPE_CHOICES")
    wrong.check()


def tags(forum: Channel, given: list[str]) -> list[int]:
    """Return a post's tags. Refuse too many tags, unknown ones, or none if one is required."""
    found = [int(tag) for tag in given]
    if not found and forum.flags & REQUIRE_TAG:
        raise Refusal(40067)
    wrong = Wrong()
    wrong.length(("applied_tags",), found, 0, MOST_TAGS)
    for index, tag in enumerate(found):
        if tag not in {known.id for known in forum.tags}:
            wrong.say(("applied_tags", index), "Unknown tag", "FORUM_TAG_INVALID")
    wrong.check()
    return found


def add(world: World, thread: Channel, user: User) -> None:
    """Add a user to a thread. A user who cannot see the parent is refused."""
    if thread.archived:
        raise Refusal(50083)
    assert thread.guild is not None
    if user.id not in thread.guild.members:
        raise Refusal(10007)
    if thread.parent is not None and not sees(user, thread.parent):
        raise Refusal(50001)
    if user.id in thread.members:
        return
    thread.members[user.id] = world.clock.now()
    if user is world.bot:
        world.emit("THREAD_CREATE", world.payloads.channel(thread), channel=thread)
    added = [{**world.payloads.thread_member(thread, user.id), "presence": None}]
    added[0]["member"] = world.payloads.member(thread.guild.members[user.id])
    _members(world, thread, user, {"added_members": added, "removed_member_ids": []})


def add_pinged(world: World, thread: Channel, message: Message) -> None:
    """Add the users pinged in a thread to it, including all who have a pinged role."""
    assert thread.guild is not None
    for member in list(thread.guild.members.values()):
        named = {member.user.id, *(role.id for role in member.roles)} & message.pinged
        if named and thread.parent is not None and sees(member.user, thread.parent):
            add(world, thread, member.user)


def archive_idle(world: World) -> None:
    """Archive the threads in which no one has written for their set time."""
    for thread in [one for one in world.channels.values() if one.is_thread and not one.deleted]:
        last = max([thread.made, thread.archive_changed, *(one.made for one in thread.messages.values())])
        if not thread.archived and world.clock.now() - last > thread.auto_archive * 60:
            change(world, thread, {"archived": True})


def remove(world: World, thread: Channel, user: User) -> None:
    """Remove a user from a thread."""
    if thread.members.pop(user.id, None) is None:
        raise Refusal(10007)
    _members(world, thread, user, {"added_members": [], "removed_member_ids": [str(user.id)]})


def _members(world: World, thread: Channel, user: User, change: Json) -> None:
    """Send the event of changed members. Clients without the intent for members get it only about themselves."""
    assert thread.guild is not None
    whole = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(thread.members)}
    intent = world.intents.guilds if user is world.bot else world.intents.members
    world.emit("THREAD_MEMBERS_UPDATE", {**whole, **change}, channel=thread, intent=intent)


def change(world: World, thread: Channel, body: Json, by: User | None = None) -> None:
    """Rename, tag, lock, archive or open a thread. An archived thread can only be opened.

    `by` is who does it; None for Discord itself, whose changes get no entry in the audit log.
    """
    if thread.archived and body.get("archived") is not False:
        raise Refusal(50083)
    if by is not None and not _may_change(by, thread, body):
        raise Refusal(50013)
    check({"name": thread.name, **body})
    before: Json = {"archived": thread.archived, "locked": thread.locked, "name": thread.name}
    if "applied_tags" in body and thread.parent is not None:
        thread.applied = tags(thread.parent, body["applied_tags"] or [])
    thread.name = body.get("name", thread.name)
    thread.auto_archive = body.get("auto_archive_duration", thread.auto_archive)
    thread.invitable = body.get("invitable", thread.invitable)
    thread.locked = body.get("locked", thread.locked)
    thread.flags = body.get("flags", thread.flags)
    if body.get("archived", thread.archived) != thread.archived:
        thread.archived = body["archived"]
        thread.archive_changed = world.clock.now()
    if by is not None:
        after: Json = {"archived": thread.archived, "locked": thread.locked, "name": thread.name}
        note(world, thread, by, before, after)
    world.emit("THREAD_UPDATE", world.payloads.channel(thread), channel=thread)


def _may_change(user: User, thread: Channel, body: Json) -> bool:
    """Return whether a user may change a thread: moderators may, its owner may close it, and anyone may open it
    again who may write in it, unless it is locked.
    """
    may = permissions(user, thread)
    if may.manage_threads:
        return True
    if "locked" in body or thread.locked:
        return False
    opens = set(body) == {"archived"} and body["archived"] is False
    return thread.owner == user.id or (opens and may.send_messages_in_threads)


def delete_channel(world: World, channel: Channel) -> None:
    """Delete a channel or a thread with its content."""
    data = world.payloads.channel(channel)
    if channel.is_thread:
        data = {key: data[key] for key in ("id", "guild_id", "parent_id", "type")}
    world.emit("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", data, channel=channel)
    inner = [one for one in world.channels.values() if one.parent is channel or one is channel]
    for one in inner:
        one.deleted = True
        for message in one.messages.values():
            message.deleted = True
        if one.guild:
            one.guild.channels.pop(one.id, None)
