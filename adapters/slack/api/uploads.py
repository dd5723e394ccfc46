"""Uploads files from other channels into a Slack thread: get a URL, upload the content, share the file."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import SlackClient, error_of, is_slacks, judged
from bot.ports import Busy, Files, Undeliverable
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of the largest file that is copied; Slack would take a gigabyte, but a process has to hold it in memory."""


class SlackUploads:
    """Copies files into Slack. They are shared before the message's text, which then names those that failed."""

    def __init__(self, client: SlackClient, session: aiohttp.ClientSession, files: Files) -> None:
        """`files` downloads each file from its own channel; `session` is the one that `client` uses."""
        self._client = client
        self._session = session
        self._files = files
        self._log = log("slack")

    async def share(self, there: Address, here: Address, files: tuple[File, ...]) -> tuple[File, ...]:
        """Share the files in the thread `here`; return those that failed. A file without an address is at `there`.

        Raises Busy only when no file was shared.
        """
        uploaded: list[dict[str, str]] = []
        failed: list[File] = []
        for file in files:
            try:
                uploaded.append(await self._uploaded(there, here, file))
            except Busy:
                raise
            except Exception as reason:  # noqa: BLE001  # whatever a platform's client raises, the text is still sent
                self._log.warning("a file could not be passed on", file=file.id, reason=_reason(reason))
                failed.append(file)
        if uploaded:
            params = {"files": uploaded, "channel_id": here.room} | (
                {"thread_ts": here.thread} if here.thread else {}
            )
            try:
                await self._client.ask(here.workspace, "files.completeUploadExternal", **params)
            except SlackApiError as failure:
                if isinstance(verdict := judged(failure), Busy) and error_of(failure) != "missing_scope":
                    raise verdict from failure
                self._log.error("files could not be shared", error=error_of(failure))
                return files
        return tuple(failed)

    async def _uploaded(self, there: Address, here: Address, file: File) -> dict[str, str]:
        if file.size > LARGEST:
            raise Undeliverable(f"it is larger than {LARGEST // 1024 // 1024} MB")
        content = await self._files.fetch(there, file)
        if not content or len(content) > LARGEST:
            raise Undeliverable(f"it has {len(content)} bytes")
        name = file.name or "file"
        answer = await self._client.read(
            here.workspace, "files.getUploadURLExternal", filename=name, length=len(content)
        )
        url = str(answer.get("upload_url") or "")
        if not (is_slacks(url) or url.startswith(self._client.base_url.removesuffix("api/"))):
            raise Undeliverable("Slack named no address of its own to upload to")
        async with self._session.post(url, data=content) as response:
            response.raise_for_status()
        return {"id": str(answer["file_id"]), "title": name}


def _reason(reason: BaseException) -> str:
    return (
        error_of(reason) if isinstance(reason, SlackApiError) else f"{type(reason).__name__}: {reason}"[:200]
    )
