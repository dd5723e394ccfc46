"""Implements the methods that write messages (chat.*), and posts to a response_url."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.fakes.slack.payloads import about_message
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.state import Channel, Ephemeral, ReplyUrl, Workspace
from tests.fakes.slack.surfaces import faults_of_a_message

LONGEST_POST: Final = 40_000
LONGEST_UPDATE: Final = 4_000
USES_OF_A_REPLY_URL: Final = 5

Method = Callable[[Workspace, Json], Json]


def stored(blocks: Any) -> list[Json]:
    """Return blocks as Slack stores them: checked, with every id and default filled in."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if found := faults_of_a_message(blocks):
        raise Refused("invalid_blocks", found)
    return [filled(block, "block_id") for block in blocks]


def filled(value: Any, id: str = "") -> Any:
    """Return a value with the fields that Slack adds: block_id, action_id, `emoji` and `verbatim`."""
    if isinstance(value, list):
        return [filled(item, id) for item in value]
    if not isinstance(value, dict):
        return value
    made = {name: filled(inner, "action_id") for name, inner in value.items() if inner is not None}
    kind = made.get("type")
    if kind == "plain_text":
        made.setdefault("emoji", True)
    elif kind == "mrkdwn":
        made.setdefault("verbatim", False)
    elif id == "block_id" or (id and kind in PRESSABLE):
        made.setdefault(id, secrets.token_urlsafe(4)[:5])
    return made


PRESSABLE: Final = {
    "button",
    "checkboxes",
    "datepicker",
    "file_input",
    "multi_static_select",
    "overflow",
    "plain_text_input",
    "radio_buttons",
    "static_select",
    "timepicker",
}


def content(args: Json, longest: int = LONGEST_POST) -> Json:
    """Check a call's text, blocks, attachments and metadata."""
    made: Json = {}
    text = args.get("text") or args.get("markdown_text") or ""
    blocks, attachments = args.get("blocks"), args.get("attachments")
    if not (text or blocks or attachments):
        raise Refused("no_text")
    if args.get("text") and args.get("markdown_text"):
        raise Refused("markdown_text_conflict")
    if len(text) > longest:
        raise Refused("msg_too_long")
    made["text"] = text
    if blocks:
        made["blocks"] = stored(blocks)
    if attachments:
        made["attachments"] = attachments
    if args.get("metadata") is not None:
        made["metadata"] = metadata(args["metadata"])
    return made


def metadata(given: Any) -> Json:
    if given == {}:
        return {}
    if not isinstance(given, dict) or not isinstance(given.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(given.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    return given


def written(workspace: Workspace, args: Json) -> Json:
    """Make a message of the app without posting it."""
    message: Json = {
        "type": "message",
        "user": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "team": workspace.team,
        "ts": workspace.ts(),
        "bot_profile": {
            "id": workspace.bot_id,
            "app_id": workspace.app_id,
            "user_id": workspace.bot_user,
            "name": "Troubletree",
            "deleted": False,
            "updated": 0,
            "icons": {},
            "team_id": workspace.team,
        },
        **content(args),
    }
    for name in ("username", "icon_url", "icon_emoji"):
        if args.get(name):
            message |= {name: args[name], "subtype": "bot_message"}
    return message


def post(workspace: Workspace, args: Json) -> Json:
    channel = workspace.writable(args.get("channel"))
    message = written(workspace, args)
    if thread := args.get("thread_ts"):
        parent = channel.messages.get(str(thread))
        if parent is None:
            raise Refused("thread_not_found")
        message["thread_ts"] = parent.get("thread_ts", parent["ts"])
        if args.get("reply_broadcast") in (True, "true", "1"):
            message["subtype"] = "thread_broadcast"
    workspace.keep(channel, message)
    workspace.emit(about_message(channel, message), channel)
    return {"ok": True, "channel": channel.id, "ts": message["ts"], "message": message}


def own(workspace: Workspace, args: Json, refusal: str) -> tuple[Channel, Json]:
    """Return a message that the app may change. Raises Refused."""
    channel = workspace.channel(args.get("channel"))
    message = channel.messages.get(str(args.get("ts")))
    if message is None or message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    if message.get("bot_id") != workspace.bot_id:
        raise Refused(refusal)
    return channel, message


def update(workspace: Workspace, args: Json) -> Json:
    channel, message = own(workspace, args, "cant_update_message")
    before = dict(message)
    change = content(args, LONGEST_UPDATE)
    old = {block["block_id"]: block for block in message.get("blocks", [])}
    for block in change.get("blocks", []):
        if block["block_id"] in old and old[block["block_id"]] != block:
            workspace.reused_block_ids.append((message["ts"], block["block_id"]))
    if "blocks" not in change:
        message.pop("blocks", None)
        message["edited"] = {"user": workspace.bot_user, "ts": workspace.ts()}
    message.update(change)
    workspace.emit(about_message(channel, message, was=before, event_ts=workspace.ts()), channel)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message["ts"],
        "text": message["text"],
        "message": message,
    }


def delete(workspace: Workspace, args: Json) -> Json:
    channel, message = own(workspace, args, "cant_delete_message")
    gone = workspace.remove(channel, message["ts"])
    workspace.emit(about_message(channel, None, was=gone, event_ts=workspace.ts()), channel)
    return {"ok": True, "channel": channel.id, "ts": gone["ts"]}


def whisper(workspace: Workspace, args: Json) -> Json:
    channel = workspace.writable(args.get("channel"))
    user = str(args.get("user") or "")
    if user not in workspace.users or user not in channel.members:
        raise Refused("user_not_in_channel")
    message = written(workspace, args)
    if args.get("thread_ts"):
        message["thread_ts"] = args["thread_ts"]
    workspace.ephemerals.append(Ephemeral(message["ts"], channel.id, user, message))
    return {"ok": True, "message_ts": message["ts"]}


def permalink(workspace: Workspace, args: Json) -> Json:
    channel = workspace.channel(args.get("channel"))
    ts = str(args.get("message_ts"))
    if ts not in channel.messages:
        raise Refused("message_not_found")
    thread = channel.messages[ts].get("thread_ts")
    link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if thread and thread != ts:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def respond(workspace: Workspace, url: ReplyUrl, args: Json) -> Json:
    """Carry out a POST to a response_url, which can also replace and delete ephemeral messages."""
    url.uses += 1
    if url.uses > USES_OF_A_REPLY_URL:
        raise Refused("used_url")
    channel = workspace.channels[url.channel]
    shown = next((one for one in workspace.ephemerals if one.ts == url.ts), None)
    if args.get("delete_original"):
        if shown is not None:
            workspace.ephemerals.remove(shown)
        elif url.ts in channel.messages:
            workspace.remove(channel, url.ts)
        return {"ok": True}
    if args.get("replace_original"):
        target = shown.message if shown is not None else channel.messages.get(url.ts)
        if target is None:
            raise Refused("message_not_found")
        target.pop("blocks", None)
        target.update(content(args))
        return {"ok": True}
    message = written(workspace, args)
    if args.get("thread_ts"):
        message["thread_ts"] = args["thread_ts"]
    if args.get("response_type") == "in_channel":
        workspace.keep(channel, message)
    else:
        workspace.ephemerals.append(Ephemeral(message["ts"], channel.id, url.user, message))
    return {"ok": True}


METHODS: Final[Mapping[str, Method]] = {
    "chat.postMessage": post,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": whisper,
    "chat.getPermalink": permalink,
}
