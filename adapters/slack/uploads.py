"""Uploads files from other channels into a Slack thread: get a URL, upload the content, share the file."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import SlackClient, error_of, is_slacks, judged
from adapters.slack.api.payload import thing
from adapters.slack.api.shared_files import SharedFiles, Sharing
from bot.ports import Busy, Delivery, Files, PartialReceipt, Undeliverable, transfer_time
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of the largest file that is copied; Slack would take a gigabyte, but a process has to hold it in memory."""


class SlackUploads:
    """Copies files into Slack. They are shared before the message's text, which then names those that failed."""

    def __init__(
        self, client: SlackClient, session: aiohttp.ClientSession, files: Files, shared: SharedFiles
    ) -> None:
        """`files` downloads each file from its own channel; `session` is the one that `client` uses.

        `shared` remembers what earlier attempts shared.
        """
        self._client = client
        self._session = session
        self._files = files
        self._shared = shared
        self._log = log("slack")

    async def share(
        self, effect: str, there: Address, here: Address, files: tuple[File, ...]
    ) -> tuple[File, ...]:
        """Share the effect's files in the thread `here`, once; return those that failed.

        A file without an address is at `there`. Raises Busy and StoreDown; another attempt then goes on from there.
        """
        sharing = await self._shared.of(effect)
        again = sharing is not None
        if sharing is None:
            sharing = await self._upload(there, here, files)
            if sharing.uploaded:
                await self._shared.record(effect, sharing)
        if sharing.uploaded and not sharing.done:
            arrived = again and await self._arrived(here, sharing)
            if not arrived and not await self._complete(here, sharing):
                return files
            await self._shared.record(effect, sharing.model_copy(update={"done": True}))
        return tuple(file for file in files if file.id in sharing.failed)

    async def missing(self, effect: str, files: tuple[File, ...]) -> tuple[File, ...]:
        """Return the files that an earlier attempt, whose text was posted, did not share. Raises StoreDown."""
        return await self._shared.missing(effect, files) if files else ()

    async def _upload(self, there: Address, here: Address, files: tuple[File, ...]) -> Sharing:
        """Upload files; no one sees them yet."""
        uploaded: list[tuple[str, str]] = []
        failed: list[str] = []
        for file in files:
            try:
                uploaded.append(await self._uploaded(there, here, file))
            except Busy:
                raise
            except Exception as reason:  # noqa: BLE001  # whatever a platform's client raises, the text is still sent
                self._log.warning("a file could not be passed on", file=file.id, reason=_reason(reason))
                failed.append(file.id)
        return Sharing(uploaded=tuple(uploaded), failed=tuple(failed))

    async def _complete(self, here: Address, sharing: Sharing) -> bool:
        """Share what was uploaded. Return False if Slack refuses it."""
        files = [{"id": file, "title": title} for file, title in sharing.uploaded]
        thread = {"thread_ts": here.thread} if here.thread else {}
        params = {"files": files, "channel_id": here.room, **thread}
        try:
            await self._client.ask(here.workspace, "files.completeUploadExternal", **params)
        except SlackApiError as failure:
            if isinstance(verdict := judged(failure), Busy) and error_of(failure) != "missing_scope":
                raise verdict from failure
            self._log.error("files could not be shared", error=error_of(failure))
            return False
        return True

    async def _arrived(self, here: Address, sharing: Sharing) -> bool:
        """Whether an earlier attempt shared the files there, as far as Slack says so."""
        try:
            answer = await self._client.read(here.workspace, "files.info", file=sharing.uploaded[0][0])
        except SlackApiError as failure:
            if isinstance(verdict := judged(failure), Busy) and error_of(failure) != "missing_scope":
                raise verdict from failure
            return False
        return here.room in _places(answer.get("file"))

    async def _uploaded(self, there: Address, here: Address, file: File) -> tuple[str, str]:
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
        limit = aiohttp.ClientTimeout(total=transfer_time(len(content)))
        async with self._session.post(url, data=content, timeout=limit) as response:
            response.raise_for_status()
        return str(answer["file_id"]), name


def partly(receipt: str, named: Delivery) -> str:
    """Return the receipt of a reply, which says what is missing if `named` still names files."""
    left = named.files if named.reply is not None else ()
    return PartialReceipt.without(receipt, (file.name or file.id for file in left))


def _places(file: object) -> set[str]:
    """Return the channels in which Slack shows a file."""
    shares = thing(thing(file).get("shares"))
    listed = [thing(file).get(kind) for kind in ("channels", "groups", "ims")]
    places = {str(room) for rooms in listed if isinstance(rooms, list) for room in rooms}
    return places.union(*(thing(rooms).keys() for rooms in shares.values()))


def _reason(reason: BaseException) -> str:
    return (
        error_of(reason) if isinstance(reason, SlackApiError) else f"{type(reason).__name__}: {reason}"[:200]
    )
