"""Makes what Slack sends to an app, in Slack's shapes: events, clicks, commands, shortcuts and views."""

import re
import secrets
import time
from typing import Final
from uuid import uuid4

from tests.fakes.slack import orgs
from tests.fakes.slack.composer import rich
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.state import Channel, File, User, Workspace, named


def about_message(
    channel: Channel, message: Json | None, *, was: Json | None = None, event_ts: str = ""
) -> Json:
    """Return the `message` event of a new message, a changed one (`was`), or a deleted one (no message)."""
    place = {"channel": channel.id, "channel_type": channel.kind}
    if was is None and message is not None:
        event = {name: value for name, value in message.items() if name not in ("reply_count", "reply_users")}
        return {**event, **place, "event_ts": message["ts"]}
    event = {"type": "message", "hidden": True, "ts": event_ts, "event_ts": event_ts, **place}
    if message is None:
        assert was is not None
        return {**event, "subtype": "message_deleted", "deleted_ts": was["ts"], "previous_message": dict(was)}
    return {
        **event,
        "subtype": "message_changed",
        "message": dict(message),
        "previous_message": dict(was or {}),
    }


def envelope(workspace: Workspace, event: Json, channel: Channel | None) -> Json:
    """Wrap an event in its envelope, with its recipients and an event_id."""
    return {
        "token": "verification-token",
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "context_enterprise_id": workspace.enterprise or None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": named("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise or None,
                "team_id": workspace.team,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": "4-" + secrets.token_urlsafe(40),
    }


def typed(workspace: Workspace, user: User, text: str, files: list[Json], ts: str = "") -> Json:
    """Return a person's message as Slack stores it, written now or at `ts`."""
    made: Json = {
        "user": user.id,
        "type": "message",
        "ts": ts or workspace.ts(),
        "client_msg_id": str(uuid4()),
        "text": escaped(text),
        "team": user.team,
        "blocks": rich(text),
    }
    if files:
        made |= {"subtype": "file_share", "files": files, "upload": False}
    made |= orgs.author(workspace, user)
    if not orgs.ours(workspace, user):
        made |= {"user_profile": profile(user)}
    if user.bot_id:
        made |= {"bot_id": user.bot_id, "app_id": "A0OTHER"}
        del made["client_msg_id"]
    return made


def profile(user: User) -> Json:
    """Return a stranger's profile, with what the app's workspace may see."""
    first = user.name.partition(" ")[0]
    names = {"first_name": first, "real_name": user.name, "display_name": first, "name": first.lower()}
    pictures = {"avatar_hash": "0", "image_72": "https://secure.gravatar.com/avatar/0.png"}
    return {**names, **pictures, "team": user.team, "is_restricted": False, "is_ultra_restricted": False}


TOKENS: Final = re.compile(r"(<[@#!][^<>]*>|<https?://[^<>]*>)")
LINKS: Final = re.compile(r"https?://[^\s<>|]+")


def escaped(text: str) -> str:
    """Return a typed text as Slack sends it: escaped, with links in brackets; mentions stay."""
    parts = TOKENS.split(text)
    return "".join(
        part
        if number % 2
        else LINKS.sub(
            lambda link: f"<{link[0]}>",
            part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        )
        for number, part in enumerate(parts)
    )


def shared(workspace: Workspace, file: File) -> Json:
    """Return a message's file. For a stranger's file, Slack shows only that there is one."""
    if file.team != workspace.team:
        hidden: Json = {"id": file.id, "created": 0, "timestamp": 0, "user": ""}
        return {**hidden, "mode": "file_access", "file_access": "check_file_info"}
    return described(workspace, file)


def described(workspace: Workspace, file: File) -> Json:
    now = int(time.time())
    address = f"{workspace.address}/files-pri/{workspace.team}-{file.id}"
    return {
        "id": file.id,
        "created": now,
        "timestamp": now,
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2],
        "pretty_type": file.name.rpartition(".")[2].upper(),
        "user": file.user,
        "user_team": file.team,
        "is_starred": False,
        "media_display_type": "unknown",
        "channels": [],
        "groups": [],
        "ims": [],
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{address}/{file.name}",
        "url_private_download": file.url or f"{address}/download/{file.name}",
        "permalink": f"https://{workspace.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "permalink_public": f"https://slack-files.com/{workspace.team}-{file.id}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def who(user: User) -> Json:
    handle = user.name.lower().replace(" ", ".")
    return {"id": user.id, "username": handle, "name": handle, "team_id": user.team}


def interaction(workspace: Workspace, user: User, kind: str) -> Json:
    """Return what every click, shortcut and view has in common."""
    return {
        "type": kind,
        "user": who(user),
        "api_app_id": workspace.app_id,
        "token": "verification-token",
        "trigger_id": workspace.trigger(user.id),
        **orgs.presser(workspace, user),
        "is_enterprise_install": False,
    }


def place(channel: Channel) -> Json:
    return {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name}


def click(workspace: Workspace, user: User, channel: Channel, message: Json, *, hidden: bool) -> Json:
    """Return block_actions on a message, without the action. It does not contain an ephemeral message."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    made = interaction(workspace, user, "block_actions") | {
        "container": container,
        "channel": place(channel),
        "state": {"values": {}},
        "response_url": workspace.reply_url(channel.id, user.id, message["ts"]),
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    if not hidden:
        made["message"] = dict(message)
    return made


def command(workspace: Workspace, user: User, channel: Channel, name: str, text: str) -> dict[str, str]:
    """Return a slash command, which is sent as a form."""
    return {
        "token": "verification-token",
        "team_id": workspace.team,
        "team_domain": workspace.domain,
        **orgs.typist(workspace),
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": user.id,
        "user_name": user.name.lower().replace(" ", "."),
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.reply_url(channel.id, user.id),
        "trigger_id": workspace.trigger(user.id),
    }
