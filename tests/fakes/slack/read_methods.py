"""Implements the methods that read (identity, conversations, people, files), and small changes such as reactions."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack import orgs
from tests.fakes.slack.chat import Method
from tests.fakes.slack.payloads import described
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.state import Channel, File, User, Workspace


def truth(value: Any) -> bool:
    """Return a boolean argument of a form or a query."""
    return str(value).lower() in ("1", "true")


def identity(workspace: Workspace, _args: Json) -> Json:
    """Say whose the token is; of an organization-wide one, Slack names the organization in the place of the team."""
    return {
        "ok": True,
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain.title(),
        "user": "troubletree",
        "team_id": workspace.enterprise if workspace.org_wide else workspace.team,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": workspace.org_wide,
    } | ({"enterprise_id": workspace.enterprise} if workspace.enterprise else {})


def readable(workspace: Workspace, args: Json) -> Channel:
    channel = workspace.channel(args.get("channel"))
    if workspace.bot_user not in channel.members:
        raise Refused("not_in_channel")
    return channel


def page(found: list[Json], args: Json) -> Json:
    """Return one page of the results: between `oldest` and `latest`, up to `limit`, from `cursor`."""
    inclusive = truth(args.get("inclusive"))
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999")
    found = [
        message
        for message in found
        if oldest < message["ts"] < latest or (inclusive and message["ts"] in (oldest, latest))
    ]
    start, limit = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), 999)
    shown = found[start : start + limit]
    if not truth(args.get("include_all_metadata")):
        shown = [{name: value for name, value in one.items() if name != "metadata"} for one in shown]
    more = start + limit < len(found)
    answer: Json = {"ok": True, "messages": shown, "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": str(start + limit)}
    return answer


def history(workspace: Workspace, args: Json) -> Json:
    channel = readable(workspace, args)
    top = [
        message
        for message in channel.messages.values()
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    return page(sorted(top, key=lambda one: str(one["ts"]), reverse=True), args)


def replies(workspace: Workspace, args: Json) -> Json:
    channel = readable(workspace, args)
    ts = str(args.get("ts"))
    if ts not in channel.messages:
        raise Refused("thread_not_found")
    root = channel.messages[ts].get("thread_ts", ts)
    first, *others = workspace.thread(channel.id, root)
    found = page(others, args)
    head = (
        first if truth(args.get("include_all_metadata")) else {k: first[k] for k in first if k != "metadata"}
    )
    return {**found, "messages": [head, *found["messages"]]}


def open_dm(workspace: Workspace, args: Json) -> Json:
    users = str(args.get("users") or "").split(",")
    if len(users) != 1:
        raise Refused("user_not_found")
    workspace.reachable(users[0])
    return {"ok": True, "channel": {"id": workspace.dm(users[0]).id}}


def info(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    member = workspace.bot_user in channel.members
    shown: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.is_im,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "context_team_id": workspace.team,
    }
    if channel.is_im:
        return {"ok": True, "channel": {**shown, "user": channel.user}}
    return {"ok": True, "channel": {**shown, "name": channel.name, "is_member": member}}


def members(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    return {"ok": True, "members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


def user_info(workspace: Workspace, args: Json) -> Json:
    asked = str(args.get("user") or "")
    user = workspace.users.get(asked) or orgs.by_global_id(workspace, asked)
    if user is None:
        raise Refused("user_not_found")
    shown = about(workspace, user)
    if truth(args.get("include_locale")):
        shown["locale"] = user.locale
    return {"ok": True, "user": shown}


def about(workspace: Workspace, user: User) -> Json:
    handle = user.name.lower().replace(" ", ".")
    return {
        "id": user.id,
        **orgs.member(user),
        "name": handle,
        "deleted": user.deleted,
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "profile": {"real_name": user.name, "display_name": handle, "team": user.team},
        "is_bot": bool(user.bot_id),
        "is_app_user": False,
        "is_stranger": not orgs.ours(workspace, user),
    }


def group(workspace: Workspace, args: Json) -> Json:
    found = workspace.usergroups.get(str(args.get("usergroup") or ""))
    if found is None:
        raise Refused("no_such_subteam")
    return {"ok": True, "users": list(found)}


def groups(workspace: Workspace, _args: Json) -> Json:
    listed = [{"id": each, "handle": f"group-{each.lower()}", "name": each} for each in workspace.usergroups]
    return {"ok": True, "usergroups": listed}


def shares(workspace: Workspace, file: File) -> Json:
    """Return where a file was shared, by the kind of channel, as only `files.info` tells."""
    found: Json = {}
    for room, ts in file.shares:
        channel = workspace.channels[room]
        kind = "private" if channel.is_private or channel.is_im else "public"
        found.setdefault(kind, {}).setdefault(room, []).append({"ts": ts})
    return found


def file_info(workspace: Workspace, args: Json) -> Json:
    file = workspace.files.get(str(args.get("file") or ""))
    if file is None:
        raise Refused("file_not_found")
    return {"ok": True, "file": described(workspace, file) | {"shares": shares(workspace, file)}}


def react(workspace: Workspace, args: Json) -> Json:
    channel = readable(workspace, args)
    if str(args.get("timestamp")) not in channel.messages:
        raise Refused("message_not_found")
    made = (channel.id, str(args["timestamp"]), str(args.get("name") or ""))
    if made in workspace.reactions:
        raise Refused("already_reacted")
    workspace.reactions.append(made)
    return {"ok": True}


def nothing(_workspace: Workspace, _args: Json) -> Json:
    """Accept a call that a test only wants to see recorded."""
    return {"ok": True}


METHODS: Final[Mapping[str, Method]] = {
    "auth.test": identity,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": open_dm,
    "conversations.info": info,
    "conversations.members": members,
    "users.info": user_info,
    "usergroups.users.list": group,
    "usergroups.list": groups,
    "files.info": file_info,
    "reactions.add": react,
    "assistant.threads.setStatus": nothing,
    "assistant.threads.setSuggestedPrompts": nothing,
    "assistant.threads.setTitle": nothing,
}
