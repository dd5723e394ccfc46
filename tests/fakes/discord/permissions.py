"""Computes who may do what where: Discord's permission bits, from roles and channel overwrites."""

from discord import Permissions

from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Kind, User

BOT = 395_673_979_904 | 64
"""The permissions that the invite link of the docs asks for, plus reactions."""

EVERYONE = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    create_private_threads=True,
    read_message_history=True,
    attach_files=True,
    embed_links=True,
    add_reactions=True,
    use_application_commands=True,
).value


def bits(*names: str) -> int:
    """Return the value of permissions by their names in discord.py."""
    return Permissions(**dict.fromkeys(names, True)).value


def permissions(user: User, channel: Channel) -> Permissions:
    """Return what a user may do in a channel. The parent decides for a thread."""
    if channel.guild is None:
        return Permissions(EVERYONE)
    guild, room = channel.guild, channel.parent if channel.is_thread and channel.parent else channel
    member = guild.members.get(user.id)
    if member is None:
        return Permissions(0)
    if guild.owner is user:
        return Permissions.all()
    have = guild.everyone.permissions
    for role in member.roles:
        have |= role.permissions
    if have & bits("administrator"):
        return Permissions.all()
    for layer in ([guild.id], [role.id for role in member.roles], [user.id]):
        for whom in layer:
            have &= ~room.denied.get(whom, 0)
        for whom in layer:
            have |= room.allowed.get(whom, 0)
    return Permissions(have)


def sees(user: User, channel: Channel) -> bool:
    """Return whether a user sees a channel. Its members and moderators see a private thread."""
    if channel.guild is None:
        return user in channel.recipients
    may = permissions(user, channel)
    if channel.kind is Kind.PRIVATE_THREAD:
        return may.view_channel and (user.id in channel.members or may.manage_threads)
    return may.view_channel


def need(user: User, channel: Channel, *names: str) -> None:
    """Refuse a missing permission: 50001 if the user does not see the channel, else 50013."""
    if not sees(user, channel):
        raise Refusal(50001)
    may = permissions(user, channel)
    if not all(getattr(may, name) for name in names):
        raise Refusal(50013)
