"""Implements uploads as in Slack: get an address for a name and a length, send the content, then share the file."""

from typing import Final

from aiohttp import web

from tests.fakes.slack import payloads
from tests.fakes.slack.chat import Method
from tests.fakes.slack.refusals import Json, Refused, missing
from tests.fakes.slack.state import File, Workspace, named


def address(workspace: Workspace, args: Json) -> Json:
    """Return the address to which to send a file of that name and length in bytes."""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name:
        raise missing("filename")
    if not length.isdigit() or length == "0":
        raise missing("length")
    file = File(named("F"), name, b"", "application/octet-stream", workspace.bot_user, workspace.team)
    workspace.uploads[file.id] = (file, int(length))
    return {"ok": True, "file_id": file.id, "upload_url": f"{workspace.address}/upload/{file.id}"}


async def take(workspace: Workspace, request: web.Request) -> web.Response:
    """Store the content, which must have the announced length."""
    file, length = workspace.uploads.get(request.match_info["id"], (None, 0))
    content = await request.read()
    if file is None or len(content) != length or "Authorization" in request.headers:
        return web.Response(status=400)
    file.content = content
    return web.Response(text=f"OK - {length}")


def complete(workspace: Workspace, args: Json) -> Json:
    """Share the uploaded files as one message."""
    listed = args.get("files")
    if not isinstance(listed, list) or not listed:
        raise missing("files")
    files, shared = [], []
    for one in listed:
        file, _ = workspace.uploads.get(str(one.get("id")), (None, 0))
        if file is None or not file.content:
            raise Refused("file_not_found")
        file.name = str(one.get("title") or file.name)
        workspace.files[file.id] = file
        files.append(payloads.described(workspace, file))
        shared.append(file)
    if channel_id := args.get("channel_id"):
        channel = workspace.writable(channel_id)
        message: Json = {
            "type": "message",
            "subtype": "file_share",
            "ts": workspace.ts(),
            "user": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "text": "",
            "files": files,
            "upload": True,
        }
        if thread := args.get("thread_ts"):
            if str(thread) not in channel.messages:
                raise Refused("thread_not_found")
            message["thread_ts"] = str(thread)
        workspace.keep(channel, message)
        for file in shared:
            file.shares.append((channel.id, str(message["ts"])))
        workspace.emit(payloads.about_message(channel, message), channel)
    return {"ok": True, "files": files}


METHODS: Final[dict[str, Method]] = {
    "files.getUploadURLExternal": address,
    "files.completeUploadExternal": complete,
}
