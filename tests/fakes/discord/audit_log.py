"""Writes a guild's audit log of changed threads, and lets those read it who may view it."""

from typing import TYPE_CHECKING

from tests.fakes.discord.permissions import bits
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Json, User

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call, Route
    from tests.fakes.discord.world import World

THREAD_UPDATE = 111
"""The type of an entry about a changed thread."""


def note(world: "World", thread: Channel, by: User, before: Json, after: Json) -> None:
    """Write down what a person or bot changed about a thread. Discord itself archives without an entry."""
    changes = [
        {"key": name, "old_value": before[name], "new_value": after[name]}
        for name in after
        if after[name] != before.get(name)
    ]
    if thread.guild is not None and changes:
        entry = {"id": str(world.ids.next()), "action_type": THREAD_UPDATE, "changes": changes}
        thread.guild.audit.append({**entry, "target_id": str(thread.id), "user_id": str(by.id)})


def read(world: "World", call: "Call") -> Json:
    """Return the entries, newest first. The log needs a permission of its own."""
    guild = world.guild(call.id(0))
    have = guild.everyone.permissions
    for role in guild.members[world.bot.id].roles:
        have |= role.permissions
    if not have & bits("view_audit_log", "administrator"):
        raise Refusal(50013)
    kind, most = call.query.get("action_type"), int(call.query.get("limit", 50))
    if not 1 <= most <= 100:
        raise Refusal(50035)
    entries = [one for one in reversed(guild.audit) if kind in (None, str(one["action_type"]))]
    nothing = "users threads webhooks integrations guild_scheduled_events auto_moderation_rules"
    empty: Json = {name: [] for name in nothing.split()}
    return {"audit_log_entries": entries[:most], **empty, "application_commands": []}


ROUTES: "list[Route]" = [("GET", "/guilds/{}/audit-logs", read)]
