"""Files that come from elsewhere, put into a thread in Slack: an address to upload to, the content, the sharing."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import SlackClient, error_of, is_slacks, judged
from bot.ports import Busy, Files, Undeliverable
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file that is carried over; Slack would take a gigabyte, and a process has to hold it."""


class SlackUploads:
    """Carries files into Slack. They come before the words they were sent with, which then say that all is there."""

    def __init__(self, calls: SlackClient, session: aiohttp.ClientSession, files: Files) -> None:
        """`files` fetches them from where they lie; the session is that of the calls."""
        self._calls = calls
        self._session = session
        self._files = files
        self._log = log("slack")

    async def share(self, there: Address, here: Address, files: tuple[File, ...]) -> tuple[File, ...]:
        """Put them into that thread; returns those that could not be. Files without a place of theirs lie at `there`.

        Raises Busy, when nothing was shared.
        """
        ready: list[dict[str, str]] = []
        left: list[File] = []
        for file in files:
            try:
                ready.append(await self._uploaded(there, here, file))
            except Busy:
                raise
            except Exception as reason:  # noqa: BLE001  # whatever a platform's client raises, the words go all the same
                self._log.warning("a file could not be passed on", file=file.id, reason=_reason(reason))
                left.append(file)
        if ready:
            given = {"files": ready, "channel_id": here.room} | (
                {"thread_ts": here.thread} if here.thread else {}
            )
            try:
                await self._calls.ask(here.workspace, "files.completeUploadExternal", **given)
            except SlackApiError as failure:
                if isinstance(verdict := judged(failure), Busy) and error_of(failure) != "missing_scope":
                    raise verdict from failure
                self._log.error("files could not be shared", error=error_of(failure))
                return files
        return tuple(left)

    async def _uploaded(self, there: Address, here: Address, file: File) -> dict[str, str]:
        if file.size > LARGEST:
            raise Undeliverable(f"it is larger than {LARGEST // 1024 // 1024} MB")
        content = await self._files.fetch(there, file)
        if not content or len(content) > LARGEST:
            raise Undeliverable(f"it has {len(content)} bytes")
        name = file.name or "file"
        asked = await self._calls.read(
            here.workspace, "files.getUploadURLExternal", filename=name, length=len(content)
        )
        url = str(asked.get("upload_url") or "")
        if not (is_slacks(url) or url.startswith(self._calls.base_url.removesuffix("api/"))):
            raise Undeliverable("Slack named no address of its own to upload to")
        async with self._session.post(url, data=content) as answer:
            answer.raise_for_status()
        return {"id": str(asked["file_id"]), "title": name}


def _reason(reason: BaseException) -> str:
    return (
        error_of(reason) if isinstance(reason, SlackApiError) else f"{type(reason).__name__}: {reason}"[:200]
    )
