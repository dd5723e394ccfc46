"""Makes interactions as Discord sends them: who acts, where, with which permissions, on which message."""

import secrets
from typing import Any

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.permissions import permissions
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Json, Kind, Message, User
from tests.fakes.discord.world import World


def act(
    world: World,
    kind: int,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    locale: str = "en-US",
) -> Interaction:
    """Store an interaction and send it to every client of its shard. In an archived thread Discord's apps refuse it."""
    if channel.archived:
        raise Refusal(50083)
    token = secrets.token_urlsafe(120)
    interaction = Interaction(
        world, world.ids.next(), token, kind, user, channel, world.clock.now(), message=message
    )
    interaction.payload = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": kind,
        "data": data,
        "token": token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": _channel(world, channel, user),
        "app_permissions": str(permissions(world.bot, channel).value),
        "locale": locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10 * 1024 * 1024,
        "context": 1 if channel.kind is Kind.DM else 0,
        "authorizing_integration_owners": {"0": str(channel.guild.id) if channel.guild else "0"},
        **_who(world, user, channel),
    }
    if message is not None:
        interaction.payload["message"] = world.payloads.message(message)
    world.interactions[interaction.id] = interaction
    channel.pressed = interaction.id
    send(world, interaction)
    return interaction


def send(world: World, interaction: Interaction) -> None:
    """Send an interaction to clients, again for a replay. This needs no intent and no view of the channel."""
    world.emit("INTERACTION_CREATE", interaction.payload, guild=interaction.channel.guild, intent=0)


def _who(world: World, user: User, channel: Channel) -> Json:
    guild = channel.guild
    if guild is None:
        return {"user": world.payloads.user(user)}
    member = {**world.payloads.member(guild.members[user.id])}
    member["permissions"] = str(permissions(user, channel).value)
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": ["COMMUNITY"]},
        "guild_locale": guild.locale,
        "member": member,
    }


def _channel(world: World, channel: Channel, user: User) -> Json:
    data = world.payloads.channel(channel)
    return {**data, "permissions": str(permissions(user, channel).value)} if channel.guild else data


def options(command: Json, given: dict[str, Any], focused: str | None = None) -> list[Json]:
    """Return a command's options as a person filled them in."""
    known = {one["name"]: one for one in command.get("options") or []}
    assert set(given) <= set(known), f"/{command['name']} has no {sorted(set(given) - set(known))}"
    missing = [name for name, one in known.items() if one.get("required") and name not in given]
    assert focused or not missing, f"/{command['name']} needs {missing}"
    found = []
    for name, value in given.items():
        _fits(known[name], value)
        option = {"name": name, "type": known[name]["type"], "value": value}
        found.append({**option, "focused": True} if name == focused else option)
    return found


def _fits(option: Json, value: Any) -> None:
    choices = [one["value"] for one in option.get("choices") or []]
    assert not choices or value in choices, f"{option['name']} is one of {choices}"
    if isinstance(value, str):
        least, most = option.get("min_length", 0), option.get("max_length", 6000)
        assert least <= len(value) <= most, f"{option['name']} takes {least} to {most} characters"


def command(world: World, name: str, kind: int, channel: Channel, user: User) -> Json:
    """Return the command of that name and kind that Discord offers the user there, as it was registered."""
    own = world.commands.get(channel.guild.id, []) if channel.guild else []
    every = [*own, *world.commands.get(None, [])]
    for one in every:
        if one["name"] == name and one["type"] == kind and _offered(one, channel, user):
            return one
    raise AssertionError(f"there is no command {name!r} there, but {[one['name'] for one in every]}")


def _offered(command: Json, channel: Channel, user: User) -> bool:
    """Return whether Discord shows the command there to a user with these permissions."""
    contexts, private = command.get("contexts"), channel.guild is None
    if contexts is not None and int(private) not in contexts:
        return False
    if private:
        return contexts is not None or bool(command.get("dm_permission", True))
    needed = int(command.get("default_member_permissions") or 0)
    return permissions(user, channel).value & needed == needed
