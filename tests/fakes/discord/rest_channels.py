"""Implements REST for channels, threads, forum posts and direct messages."""

from tests.fakes.discord.calls import Call, Route
from tests.fakes.discord.message_changes import post
from tests.fakes.discord.permissions import need, permissions, sees
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Json, Kind, User
from tests.fakes.discord.threads import add, change, check, delete_channel, open_thread, remove
from tests.fakes.discord.world import World


def read(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel)
    return world.payloads.channel(channel)


def patch(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    if not channel.is_thread:
        need(world.bot, channel, "manage_channels")
        channel.name = call.body.get("name", channel.name)
        channel.topic = call.body.get("topic", channel.topic)
        world.emit("CHANNEL_UPDATE", world.payloads.channel(channel), channel=channel)
        return world.payloads.channel(channel)
    _may_change(world, channel, call.body)
    change(world, channel, call.body, world.bot)
    return world.payloads.channel(channel)


def _may_change(world: World, thread: Channel, body: Json) -> None:
    """Refuse changes that need a moderator: locking, moderated tags, and other people's threads."""
    need(world.bot, thread)
    if permissions(world.bot, thread).manage_threads:
        return
    moderated = {str(tag.id) for tag in (thread.parent.tags if thread.parent else []) if tag.moderated}
    touched = {str(tag) for tag in body.get("applied_tags") or []} ^ {str(tag) for tag in thread.applied}
    tagged = "applied_tags" in body and bool(touched & moderated)
    opens = set(body) == {"archived"} and body["archived"] is False and not thread.locked
    if opens and permissions(world.bot, thread).send_messages_in_threads:
        return
    if thread.owner != world.bot.id or "locked" in body or thread.locked or tagged:
        raise Refusal(50013)


def remove_channel(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    if channel.kind is not Kind.DM:
        need(world.bot, channel, "manage_threads" if channel.is_thread else "manage_channels")
        data = world.payloads.channel(channel)
        delete_channel(world, channel)
        return data
    return world.payloads.channel(channel)


def from_message(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "create_public_threads", "read_message_history")
    if channel.kind not in (Kind.TEXT, Kind.NEWS):
        raise Refusal(50024)
    of = world.message(channel, call.id(1))
    kind = Kind.NEWS_THREAD if channel.kind is Kind.NEWS else Kind.PUBLIC_THREAD
    thread = open_thread(world, channel, world.bot, call.body, kind, of)
    return world.payloads.channel(thread)


def start(world: World, call: Call) -> Json:
    """Start a thread without a message, or a forum post with its first message."""
    channel = world.channel(call.id(0))
    if channel.kind is Kind.FORUM:
        return _post(world, channel, call)
    if channel.kind is not Kind.TEXT:
        raise Refusal(50024)
    kind = Kind(call.body.get("type", Kind.PRIVATE_THREAD))
    private = kind is Kind.PRIVATE_THREAD
    need(world.bot, channel, "create_private_threads" if private else "create_public_threads")
    thread = open_thread(world, channel, world.bot, call.body, kind)
    if not private:
        post(world, channel, world.bot, {"content": thread.name}, type=18)
    return world.payloads.channel(thread)


def _post(world: World, forum: Channel, call: Call) -> Json:
    need(world.bot, forum, "send_messages")
    check(call.body)
    thread = open_thread(world, forum, world.bot, call.body, Kind.PUBLIC_THREAD)
    first = post(world, thread, world.bot, call.body.get("message") or {}, call.uploads, id=thread.id)
    return {**world.payloads.channel(thread), "message": world.payloads.message(first)}


def _thread(world: World, call: Call) -> Channel:
    thread = world.channel(call.id(0))
    if not thread.is_thread:
        raise Refusal(50024)
    need(world.bot, thread)
    return thread


def _user(world: World, name: str) -> User:
    if name == "@me":
        return world.bot
    found = world.users.get(int(name))
    if found is None:
        raise Refusal(10013)
    return found


def add_member(world: World, call: Call) -> None:
    thread, user = _thread(world, call), _user(world, call.ids[1])
    if user is not world.bot:
        need(world.bot, thread, "send_messages_in_threads")
    add(world, thread, user)


def remove_member(world: World, call: Call) -> None:
    thread, user = _thread(world, call), _user(world, call.ids[1])
    own = thread.kind is Kind.PRIVATE_THREAD and thread.owner == world.bot.id
    if user is not world.bot and not own:
        need(world.bot, thread, "manage_threads")
    remove(world, thread, user)


def members(world: World, call: Call) -> list[Json]:
    thread = _thread(world, call)
    return [world.payloads.thread_member(thread, user) for user in thread.members]


def member(world: World, call: Call) -> Json:
    thread, user = _thread(world, call), _user(world, call.ids[1])
    if user.id not in thread.members:
        raise Refusal(10007)
    return world.payloads.thread_member(thread, user.id)


def active(world: World, call: Call) -> Json:
    guild = world.guild(call.id(0))
    threads = [one for one in guild.channels.values() if one.is_thread and not one.archived]
    shown = [one for one in threads if sees(world.bot, one)]
    mine = [world.payloads.thread_member(one, world.bot.id) for one in shown if world.bot.id in one.members]
    return {"threads": [world.payloads.channel(one) for one in shown], "members": mine, "has_more": False}


def archived(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "read_message_history")
    wanted = Kind.PRIVATE_THREAD if call.path.endswith("private") else Kind.PUBLIC_THREAD
    found = [one for one in world.channels.values() if one.parent is channel and one.archived]
    shown = [one for one in found if one.kind is wanted and not one.deleted]
    return {"threads": [world.payloads.channel(one) for one in shown], "members": [], "has_more": False}


def open_dm(world: World, call: Call) -> Json:
    user = world.users.get(int(call.body.get("recipient_id") or 0))
    if user is None:
        raise Refusal(10013)
    if not any(user.id in guild.members for guild in world.guilds.values()):
        raise Refusal(50278)
    return world.payloads.channel(world.dm(user))


ROUTES: list[Route] = [
    ("GET", "/channels/{}", read),
    ("PATCH", "/channels/{}", patch),
    ("DELETE", "/channels/{}", remove_channel),
    ("POST", "/channels/{}/messages/{}/threads", from_message),
    ("POST", "/channels/{}/threads", start),
    ("PUT", "/channels/{}/thread-members/{}", add_member),
    ("DELETE", "/channels/{}/thread-members/{}", remove_member),
    ("GET", "/channels/{}/thread-members", members),
    ("GET", "/channels/{}/thread-members/{}", member),
    ("GET", "/channels/{}/threads/archived/public", archived),
    ("GET", "/channels/{}/threads/archived/private", archived),
    ("GET", "/guilds/{}/threads/active", active),
    ("POST", "/users/@me/channels", open_dm),
]
