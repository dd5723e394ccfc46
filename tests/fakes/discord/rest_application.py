"""Implements REST for the application: the bot's user, its commands, guilds and members, and interactions' answers."""

from tests.fakes.discord.calls import Call, Route
from tests.fakes.discord.interactions import MESSAGE, UPDATE, answer, by_token, follow_up, of_interaction
from tests.fakes.discord.message_changes import delete, edit
from tests.fakes.discord.permissions import sees
from tests.fakes.discord.refusals import Refusal, Wrong
from tests.fakes.discord.state import EPHEMERAL, LOADING, Json
from tests.fakes.discord.webhooks import execute, known, of_message
from tests.fakes.discord.world import World

MOST_COMMANDS = {1: 100, 2: 15, 3: 15}


def me(world: World, _call: Call) -> Json:
    return {
        **world.payloads.user(world.bot),
        "verified": True,
        "mfa_enabled": True,
        "locale": "en-US",
        "email": None,
    }


def application(world: World, _call: Call) -> Json:
    """Return the application. The flags say which privileged intents are on: those of a small bot, `_LIMITED`."""
    flags = (1 << 19) * world.settings.message_content | (1 << 15) * world.settings.members
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "description": "Helps where it is asked",
        "icon": None,
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": world.payloads.user(world.owner),
        "team": None,
        "verify_key": "00" * 32,
        "flags": flags,
        "flags_new": str(flags),
        "type": None,
        "redirect_uris": [],
        "role_connections_verification_url": None,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "interactions_endpoint_url": None,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "approximate_guild_count": len(world.guilds),
        "bot": world.payloads.user(world.bot),
    }


def commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(_of(call), [])


def put_commands(world: World, call: Call) -> list[Json]:
    """Replace all commands. A command with a known name and kind keeps its id."""
    given = call.json if isinstance(call.json, list) else []
    wrong = Wrong()
    for kind, most in MOST_COMMANDS.items():
        if len([one for one in given if one.get("type", 1) == kind]) > most:
            wrong.say(("_errors",), "Maximum number of application commands reached")
    for index, one in enumerate(given):
        wrong.length((index, "name"), one.get("name"), 1, 32)
        wrong.length((index, "description"), one.get("description"), 0, 100, one.get("type", 1) == 1)
        wrong.length((index, "options"), one.get("options"), 0, 25, needed=False)
    wrong.check()
    of = _of(call)
    before = {(one["type"], one["name"]): one["id"] for one in world.commands.get(of, [])}
    made = [_command(world, one, of, before) for one in given]
    world.commands[of] = made
    world.changed()
    return made


def _command(world: World, given: Json, guild: int | None, before: dict[tuple[int, str], str]) -> Json:
    kind = given.get("type", 1)
    number = before.get((kind, given["name"])) or str(world.ids.next())
    where: Json = {"guild_id": str(guild)} if guild else {"dm_permission": True}
    usual: Json = {
        "default_member_permissions": None,
        "nsfw": False,
        "integration_types": [0],
        "description": "",
    }
    said = {name: value for name, value in given.items() if value is not None}
    fixed = {"type": kind, "id": number, "application_id": str(world.bot.id), "version": number}
    return {**usual, **where, **said, **fixed}


def _of(call: Call) -> int | None:
    return call.id(1) if "/guilds/" in call.path else None


def gateway(world: World, _call: Call) -> Json:
    return {"url": world.url.replace("http://", "ws://") + "/gateway"}


def callback(world: World, call: Call) -> Json | None:
    """Take the first answer to an interaction. Return the resulting message if asked for."""
    interaction = answer(world, call.id(0), call.ids[1], call.body, call.uploads)
    if call.query.get("with_response") not in ("1", "true", "True"):
        return None
    assert interaction.answer is not None
    told: Json = {"id": str(interaction.id), "type": interaction.type}
    message = interaction.original
    if message is not None and interaction.answer.type != 6:
        told["response_message_id"] = str(message.id)
        told["response_message_loading"] = bool(message.flags & LOADING)
        told["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    if message is None or interaction.answer.type not in (MESSAGE, UPDATE):
        return {"interaction": told}
    resource = {"type": interaction.answer.type, "message": world.payloads.message(message)}
    return {"interaction": told, "resource": resource}


def followup(world: World, call: Call) -> Json | None:
    if webhook := known(world, call.id(0), call.ids[1]):
        return execute(world, webhook, call)
    interaction = by_token(world, call.id(0), call.ids[1])
    return world.payloads.message(follow_up(world, interaction, call.body, call.uploads))


def of_webhook(world: World, call: Call) -> Json | None:
    """Read, change or delete an interaction's answer or later message, or a webhook's message."""
    if webhook := known(world, call.id(0), call.ids[1]):
        return of_message(world, webhook, call)
    message = of_interaction(by_token(world, call.id(0), call.ids[1]), call.ids[2])
    if call.method == "DELETE":
        delete(world, message)
        return None
    if call.method == "PATCH":
        edit(world, message, call.body, call.uploads)
    return world.payloads.message(message)


def guild(world: World, call: Call) -> Json:
    return world.payloads.guild_itself(world.guild(call.id(0)))


def guild_channels(world: World, call: Call) -> list[Json]:
    every = world.guild(call.id(0)).channels.values()
    return [world.payloads.channel(one) for one in every if not one.is_thread and sees(world.bot, one)]


def guild_member(world: World, call: Call) -> Json:
    return world.payloads.member(world.member(world.guild(call.id(0)), call.id(1)))


def guild_roles(world: World, call: Call) -> list[Json]:
    return [world.payloads.role(role) for role in world.guild(call.id(0)).roles.values()]


def user(world: World, call: Call) -> Json:
    found = world.users.get(call.id(0))
    if found is None:
        raise Refusal(10013)
    return world.payloads.user(found)


def own_guilds(world: World, _call: Call) -> list[Json]:
    """List the servers that the bot is in."""
    theirs = [one for one in world.guilds.values() if world.bot.id in one.members]
    return [{"id": str(one.id), "name": one.name} for one in theirs]


ROUTES: list[Route] = [
    ("GET", "/users/@me", me),
    ("GET", "/users/@me/guilds", own_guilds),
    ("GET", "/users/{}", user),
    ("GET", "/oauth2/applications/@me", application),
    ("GET", "/applications/@me", application),
    ("GET", "/gateway", gateway),
    ("GET", "/applications/{}/commands", commands),
    ("PUT", "/applications/{}/commands", put_commands),
    ("GET", "/applications/{}/guilds/{}/commands", commands),
    ("PUT", "/applications/{}/guilds/{}/commands", put_commands),
    ("POST", "/interactions/{}/{}/callback", callback),
    ("POST", "/webhooks/{}/{}", followup),
    ("GET", "/webhooks/{}/{}/messages/{}", of_webhook),
    ("PATCH", "/webhooks/{}/{}/messages/{}", of_webhook),
    ("DELETE", "/webhooks/{}/{}/messages/{}", of_webhook),
    ("GET", "/guilds/{}", guild),
    ("GET", "/guilds/{}/channels", guild_channels),
    ("GET", "/guilds/{}/members/{}", guild_member),
    ("GET", "/guilds/{}/roles", guild_roles),
]
