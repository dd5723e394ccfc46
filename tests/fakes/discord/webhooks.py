"""Implements channels' webhooks, which post under another name, as the bot does for customers' messages to agents."""

from dataclasses import dataclass

from tests.fakes.discord.calls import Call, Route
from tests.fakes.discord.message_changes import delete, edit, post
from tests.fakes.discord.permissions import need
from tests.fakes.discord.refusals import Refusal, Wrong
from tests.fakes.discord.rest_messages import WRITABLE
from tests.fakes.discord.state import Channel, Json, Kind, Message, User
from tests.fakes.discord.threads import open_thread
from tests.fakes.discord.world import World

MOST = 15
FORBIDDEN = ("discord", "clyde")


@dataclass(frozen=True)
class Webhook:
    """A webhook made by the bot. Its token allows writing in its channel."""

    id: int
    token: str
    name: str
    channel: Channel


def create(world: World, call: Call) -> Json:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "manage_webhooks")
    if channel.kind not in (Kind.TEXT, Kind.FORUM):
        raise Refusal(50024)
    _name(call.body.get("name"), needed=True)
    if len([one for one in world.webhooks.values() if one.channel is channel]) >= MOST:
        raise Refusal(30007)
    made = Webhook(world.ids.next(), f"token-of-webhook-{world.ids.next()}", call.body["name"], channel)
    world.webhooks[made.id] = made
    return _payload(world, made)


def of_channel(world: World, call: Call) -> list[Json]:
    channel = world.channel(call.id(0))
    need(world.bot, channel, "manage_webhooks")
    return [_payload(world, one) for one in world.webhooks.values() if one.channel is channel]


def execute(world: World, webhook: Webhook, call: Call) -> Json | None:
    """Post through a webhook, in a thread if given. Return the message if the caller waits for it."""
    channel, body = webhook.channel, call.body
    _name(body.get("username"), needed=False)
    if thread := call.query.get("thread_id"):
        channel = world.channel(int(thread))
        if channel.parent is not webhook.channel:
            raise Refusal(10003)
    elif channel.kind is Kind.FORUM:
        if not body.get("thread_name"):
            raise Refusal(220001)
        channel = open_thread(world, channel, world.bot, {"name": body["thread_name"]}, Kind.PUBLIC_THREAD)
    if channel.kind not in WRITABLE:
        raise Refusal(50024)
    author = User(webhook.id, webhook.name, bot=True)
    alias = body.get("username") or webhook.name
    message = post(world, channel, author, body, call.uploads, webhook=webhook.id, alias=alias)
    return world.payloads.message(message) if call.query.get("wait") in ("1", "true") else None


def of_message(world: World, webhook: Webhook, call: Call) -> Json | None:
    """Read, change or delete a message of a webhook."""
    at = webhook.channel
    if thread := call.query.get("thread_id"):
        at = world.channel(int(thread))
    message: Message = world.message(at, call.id(2))
    if message.webhook != webhook.id:
        raise Refusal(10008)
    if call.method == "DELETE":
        delete(world, message)
        return None
    if call.method == "PATCH":
        edit(world, message, call.body, call.uploads)
    return world.payloads.message(message)


def known(world: World, number: int, token: str) -> Webhook | None:
    """Return a webhook by its id. Refuse a wrong token."""
    webhook = world.webhooks.get(number)
    if webhook is not None and webhook.token != token:
        raise Refusal(50027)
    return webhook


def _name(name: str | None, needed: bool) -> None:
    wrong = Wrong()
    wrong.length(("name",), name, 1, 80, needed)
    for word in FORBIDDEN:
        if word in (name or "").lower():
            wrong.say(("name",), f'Username cannot contain "{word}"', "USERNAME_INVALID_CONTAINS")
    wrong.check()


def _payload(world: World, webhook: Webhook) -> Json:
    guild = webhook.channel.guild
    return {
        "id": str(webhook.id),
        "type": 1,
        "token": webhook.token,
        "name": webhook.name,
        "avatar": None,
        "channel_id": str(webhook.channel.id),
        "guild_id": str(guild.id) if guild else None,
        "application_id": str(world.bot.id),
        "user": world.payloads.user(world.bot),
        "url": f"{world.url}/api/webhooks/{webhook.id}/{webhook.token}",
    }


ROUTES: list[Route] = [
    ("POST", "/channels/{}/webhooks", create),
    ("GET", "/channels/{}/webhooks", of_channel),
]
