"""Finds who is mentioned in a message and who is pinged, as Discord applies `allowed_mentions`."""

import re

from tests.fakes.discord.permissions import permissions
from tests.fakes.discord.state import Json, Message, User

EVERYONE = 0
"""The value in `pinged` for @everyone and @here."""


def mention(message: Message, users: dict[int, User], allowed: Json | None) -> None:
    """Set who is mentioned and who was pinged. Text displays ping exactly as content does."""
    message.allowed_mentions = allowed
    text = message.text
    named = [int(one) for one in re.findall(r"<@!?(\d+)>", text)]
    roles = [int(one) for one in re.findall(r"<@&(\d+)>", text)]
    message.mentions = [users[one] for one in dict.fromkeys(named) if one in users]
    of = message.reference
    replies = allowed is None or bool(allowed.get("replied_user"))
    message.pings_reply = of is not None and replies
    if of and replies and of.author not in message.mentions and of.webhook is None:
        message.mentions.append(of.author)
    message.mention_roles = list(dict.fromkeys(roles))
    message.pinged = _pinged(message, named, roles, "@everyone" in text or "@here" in text, allowed)
    message.mention_everyone = EVERYONE in message.pinged


def _pinged(
    message: Message, named: list[int], roles: list[int], everyone: bool, allowed: Json | None
) -> set[int]:
    """Return the ids of users and roles that are pinged. A message for one person pings no one."""
    guild = message.channel.guild
    may_all = guild is not None and permissions(message.author, message.channel).mention_everyone
    found = {one for one in named if _lets(allowed, "users", one)}
    for role in roles:
        known = guild.roles.get(role) if guild else None
        if known and (known.mentionable or may_all) and _lets(allowed, "roles", role):
            found.add(role)
    if everyone and may_all and _lets(allowed, "everyone", 0):
        found.add(EVERYONE)
    if message.reference and message.pings_reply:
        found.add(message.reference.author.id)
    return found - {message.author.id} if not message.ephemeral else set()


def _lets(allowed: Json | None, what: str, whom: int) -> bool:
    if allowed is None or what in allowed.get("parse", []):
        return True
    return str(whom) in map(str, allowed.get(what, []) or [])
