"""Posts, edits, reacts to and deletes messages, for people, for REST and for answers to interactions."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.component_defaults import fill_in
from tests.fakes.discord.components import check_components
from tests.fakes.discord.forwards import FORWARD, forward
from tests.fakes.discord.mentions import mention
from tests.fakes.discord.refusals import Refusal, Wrong
from tests.fakes.discord.state import (
    EPHEMERAL,
    LOADING,
    V2,
    Attachment,
    Channel,
    Json,
    Message,
    User,
    pruned,
)
from tests.fakes.discord.threads import add_pinged
from tests.fakes.discord.world import World

HOUR = 3600.0
NONCE_KEPT = 300.0
"""Seconds within which the same nonce returns the same message."""


@dataclass(frozen=True)
class Upload:
    """A file of a request: its number in the body, its name and its content."""

    number: str
    name: str
    content: bytes
    kind: str = "application/octet-stream"


def post(
    world: World,
    channel: Channel,
    author: User,
    body: Json,
    uploads: list[Upload] | None = None,
    **fields: Any,
) -> Message:
    """Post a message described by `body`. `fields` are set on it before the event is sent."""
    message = Message(
        fields.pop("id", None) or world.ids.next(), channel, author, world.clock.now(), **fields
    )
    message.flags = body.get("flags") or 0
    reference = body.get("message_reference")
    if reference and reference.get("type") == FORWARD:
        forward(world, message, reference)
    elif reference:
        message.reference = _reference(world, channel, reference)
        message.type = 19 if message.reference else message.type
    _fill(world, message, body, uploads or [])
    if not message.flags & LOADING and message.type != 21:
        _not_empty(message)
    mention(message, world.users, body.get("allowed_mentions"))
    message.versions.append(message.components)
    if message.ephemeral:
        world.ephemerals[message.id] = message
        world.changed()
        return message
    _unarchive(world, channel)
    channel.messages[message.id] = message
    tell(world, message, "MESSAGE_CREATE", nonce=body.get("nonce"))
    if channel.is_thread:
        add_pinged(world, channel, message)
    return message


def edit(world: World, message: Message, body: Json, uploads: list[Upload] | None = None) -> Message:
    """Edit a message. `body` holds the changes."""
    if message.deleted:
        raise Refusal(10008)
    if message.channel.archived and not message.ephemeral:
        raise Refusal(50083)
    if not message.ephemeral:
        _old(world, message)
    before = (message.content, message.embeds, message.components, message.attachments, message.flags)
    try:
        if "flags" in body:
            message.flags = (body["flags"] or 0) | message.flags & (EPHEMERAL | V2 | LOADING)
        _fill(world, message, body, uploads or [])
        _not_empty(message)
    except Refusal:
        message.content, message.embeds, message.components, message.attachments, message.flags = before
        raise
    message.edited = world.clock.now()
    message.flags &= ~LOADING
    pinged = message.pinged
    mention(message, world.users, body.get("allowed_mentions"))
    message.pinged |= pinged
    message.versions.append(message.components)
    tell(world, message, "MESSAGE_UPDATE")
    return message


def delete(world: World, message: Message) -> None:
    """Delete a message."""
    message.deleted = True
    message.channel.messages.pop(message.id, None)
    world.ephemerals.pop(message.id, None)
    if message.ephemeral:
        world.changed()
        return
    data = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if message.channel.guild:
        data["guild_id"] = str(message.channel.guild.id)
    world.emit("MESSAGE_DELETE", data, channel=message.channel, intent=_intent(world, message.channel))


def react(world: World, message: Message, emoji: str, user: User, away: bool = False) -> None:
    """Add or remove a reaction."""
    if message.channel.archived:
        raise Refusal(50083)
    users = message.reactions.setdefault(emoji, [])
    if (user.id in users) is not away:
        return
    users.remove(user.id) if away else users.append(user.id)
    if not users:
        del message.reactions[emoji]
    data: Json = {
        "user_id": str(user.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    guild = message.channel.guild
    if guild:
        data["guild_id"] = str(guild.id)
        if not away and user.id in guild.members:
            data["member"] = world.payloads.member(guild.members[user.id])
    name = "MESSAGE_REACTION_REMOVE" if away else "MESSAGE_REACTION_ADD"
    intent = world.intents.reactions if guild else world.intents.dm_reactions
    world.emit(name, data, channel=message.channel, intent=intent)


def tell(world: World, message: Message, name: str, nonce: str | int | None = None) -> None:
    """Send a message's event to the gateway. Nothing is sent for a message that only one person sees."""
    if message.ephemeral:
        world.changed()
        return
    channel = message.channel
    data = world.payloads.message(message)
    data["channel_type"] = int(channel.kind)
    if nonce is not None:
        data["nonce"] = nonce
    if channel.guild:
        data["guild_id"] = str(channel.guild.id)
        member = channel.guild.members.get(message.author.id)
        if member and not message.webhook:
            data["member"] = world.payloads.member(member, with_user=False)
    world.emit(name, data, channel=channel, intent=_intent(world, channel), message=message)


def known_nonce(world: World, author: User, body: Json) -> Message | None:
    """Return the recent message with this nonce, if the nonce is to be enforced."""
    nonce = body.get("nonce")
    if nonce is None:
        return None
    wrong = Wrong()
    wrong.length(("nonce",), str(nonce), 0, 25)
    wrong.check()
    known = world.nonces.get((author.id, str(nonce)))
    fresh = known is not None and world.clock.now() - known.made < NONCE_KEPT
    return known if body.get("enforce_nonce") and fresh else None


def _old(world: World, message: Message) -> None:
    """Limit edits of messages older than an hour, counted per channel."""
    now = world.clock.now()
    if now - message.made <= HOUR:
        return
    last = [
        at
        for at in world.old_edits.get(message.channel.id, [])
        if now - at < world.settings.old_edits_seconds
    ]
    if len(last) >= world.settings.old_edits:
        raise Refusal(30046)
    world.old_edits[message.channel.id] = [*last, now]


def _intent(world: World, channel: Channel) -> int:
    return world.intents.messages if channel.guild else world.intents.dms


def _unarchive(world: World, channel: Channel) -> None:
    """Open an archived thread that someone writes in, unless it is locked."""
    if not channel.archived:
        return
    if channel.locked:
        raise Refusal(50083, status=403)
    channel.archived = False
    channel.archive_changed = world.clock.now()
    world.emit("THREAD_UPDATE", world.payloads.channel(channel), channel=channel)


def _reference(world: World, channel: Channel, given: Json) -> Message | None:
    found = channel.messages.get(int(given["message_id"]))
    if found is None and given.get("fail_if_not_exists", True):
        wrong = Wrong()
        wrong.say(("message_reference",), "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
        wrong.check()
    return found


def _fill(world: World, message: Message, body: Json, uploads: list[Upload]) -> None:
    """Apply `body` to a message by the rules."""
    _attach(world, message, body, uploads)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    wrong = Wrong()
    wrong.length(("content",), message.content, 0, 2000)
    wrong.length(("embeds",), message.embeds, 0, 10)
    if message.is_v2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if getattr(message, field, None) or body.get(field):
                words = f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                wrong.say((field,), words, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    wrong.check()
    if "components" in body:
        components = pruned(body["components"] or [])
        check_components(components, message.flags, {file.name for file in message.attachments})
        message.components = components
    fill_in(message.components, message.attachments, world.ids)


def _attach(world: World, message: Message, body: Json, uploads: list[Upload]) -> None:
    if "attachments" not in body and not uploads:
        return
    described = {str(one.get("id")): one for one in body.get("attachments") or []}
    kept = message.attachments
    if "attachments" in body:
        kept = [file for file in kept if str(file.id) in described]
    for upload in uploads:
        number = world.ids.next()
        said = described.get(upload.number, {})
        name = said.get("filename") or upload.name
        world.files[number] = upload.content
        url = f"{world.url}/attachments/{message.channel.id}/{number}/{name}"
        kept = [*kept, Attachment(number, name, upload.content, upload.kind, url, said.get("description"))]
    message.attachments = kept


def _not_empty(message: Message) -> None:
    shown = message.content or message.embeds or message.components or message.attachments
    if not (shown or message.snapshot):
        raise Refusal(50006)
