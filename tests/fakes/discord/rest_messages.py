"""Implements REST for messages: write, read, edit, delete and react."""

from urllib.parse import unquote

from tests.fakes.discord.calls import Call, Route
from tests.fakes.discord.guilds import LARGEST_FILE
from tests.fakes.discord.message_changes import delete, edit, known_nonce, post, react
from tests.fakes.discord.permissions import need, permissions
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import EPHEMERAL, Channel, Json, Kind, Message
from tests.fakes.discord.world import World

WRITABLE = {Kind.TEXT, Kind.NEWS, Kind.DM, Kind.NEWS_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD}


def may_write(world: World, channel: Channel) -> None:
    """Refuse a message of the bot in a channel where it may not write, or not yet."""
    if channel.kind not in WRITABLE:
        raise Refusal(50024)
    if channel.kind is Kind.DM:
        if any(user.dms_closed for user in channel.recipients):
            raise Refusal(50007)
        others = {user.id for user in channel.recipients if user is not world.bot}
        if not any(others & set(guild.members) for guild in world.guilds.values()):
            raise Refusal(50278)
        return
    need(world.bot, channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
    if channel.locked and not channel.archived and not permissions(world.bot, channel).manage_threads:
        raise Refusal(160005)
    if channel.starter_missing:
        raise Refusal(40058)


def create(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    may_write(world, channel)
    if call.uploads:
        need(world.bot, channel, "attach_files")
        largest = channel.guild.largest_file if channel.guild else LARGEST_FILE
        if any(len(upload.content) > largest for upload in call.uploads):
            raise Refusal(40005)
    replies = (call.body.get("message_reference") or {}).get(
        "type", 0
    ) == 0 and "message_reference" in call.body
    if replies and channel.guild and not permissions(world.bot, channel).read_message_history:
        raise Refusal(160002)
    if known := known_nonce(world, world.bot, call.body):
        return {**world.payloads.message(known), "nonce": call.body["nonce"]}
    body = {**call.body, "flags": (call.body.get("flags") or 0) & ~EPHEMERAL}
    message = post(world, channel, world.bot, body, call.uploads, nonce=body.get("nonce"))
    if message.nonce is not None:
        world.nonces[(world.bot.id, str(message.nonce))] = message
    return {**world.payloads.message(message), "nonce": message.nonce}


def history(world: World, call: Call) -> list[Json]:
    """Return messages newest first, whichever way the call asks."""
    channel = world.channel(call.id(0))
    need(world.bot, channel)
    if channel.guild:
        try:
            need(world.bot, channel, "read_message_history")
        except Refusal:
            return []
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise Refusal(50035)
    ids = sorted(channel.messages)
    if after := call.query.get("after"):
        ids = [one for one in ids if one > int(after)][:limit]
    elif before := call.query.get("before"):
        ids = [one for one in ids if one < int(before)][-limit:]
    else:
        ids = ids[-limit:]
    return [seen(world, channel.messages[one]) for one in reversed(ids)]


def seen(world: World, message: Message) -> Json:
    """Return a message as REST shows it, without content if the bot lacks the intent for content."""
    data = world.payloads.message(message)
    return data if world.settings.message_content else censored(world, message, data)


def censored(world: World, message: Message, data: Json) -> Json:
    """Return a payload without what needs the intent for content. Own messages, DMs and mentions stay."""
    if message.channel.guild is None or message.author is world.bot or world.bot in message.mentions:
        return data
    nothing: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
    rows = data.get("message_snapshots") or ()
    hidden = [{"message": {**row["message"], **nothing}} for row in rows]
    return {**data, **nothing} | ({"message_snapshots": hidden} if hidden else {})


def read(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "read_message_history")
    return seen(world, world.message(channel, call.id(1)))


def change(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel)
    message = world.message(channel, call.id(1))
    if message.author is not world.bot or (message.webhook and message.webhook != world.bot.id):
        raise Refusal(50005)
    return world.payloads.message(edit(world, message, call.body, call.uploads))


def remove(world: World, call: Call) -> None:
    channel = world.channel(call.id(0))
    message = world.message(channel, call.id(1))
    need(world.bot, channel, *(() if message.author is world.bot else ("manage_messages",)))
    if channel.archived:
        raise Refusal(50083)
    delete(world, message)


def reaction(world: World, call: Call) -> None:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "read_message_history", "add_reactions")
    away = call.method == "DELETE"
    react(world, world.message(channel, call.id(1)), unquote(call.ids[2]), world.bot, away)


def typing(world: World, call: Call) -> None:
    may_write(world, world.channel(call.id(0)))


ROUTES: list[Route] = [
    ("POST", "/channels/{}/messages", create),
    ("GET", "/channels/{}/messages", history),
    ("GET", "/channels/{}/messages/{}", read),
    ("PATCH", "/channels/{}/messages/{}", change),
    ("DELETE", "/channels/{}/messages/{}", remove),
    ("PUT", "/channels/{}/messages/{}/reactions/{}/@me", reaction),
    ("DELETE", "/channels/{}/messages/{}/reactions/{}/@me", reaction),
    ("POST", "/channels/{}/typing", typing),
]
