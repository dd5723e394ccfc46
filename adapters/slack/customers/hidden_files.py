"""Looks up the files of a message that Slack hides at first, because they are another team's."""

import asyncio

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.client import FAILURES, SlackClient
from adapters.slack.api.payload import things
from adapters.slack.inbound.events import MessageShortcut, Written
from adapters.slack.inbound.parse import shared
from bot.telemetry import log
from flows.events import File


async def all_files(client: SlackClient, message: Written | MessageShortcut) -> tuple[File, ...]:
    """Return a message's files, and look up the hidden ones. If Slack doesn't answer, a file has only its id."""
    workspace = message.place.workspace
    lookups = (_look_up(client, workspace, file) for file in message.files if file.id in message.hidden)
    complete = {file.id: file for file in await asyncio.gather(*lookups)}
    return tuple(complete.get(file.id, file) for file in message.files)


async def _look_up(client: SlackClient, workspace: str, file: File) -> File:
    try:
        async with asyncio.timeout(lookup_time()):
            answer = await client.read(workspace, "files.info", file=file.id)
    except FAILURES as failure:
        log("slack").info("a file's name could not be looked up", reason=str(failure)[:200])
        return file
    return next(
        (known for known in shared(things([answer.get("file")]), workspace) if known.id == file.id), file
    )
