"""Downloads files that were sent in Slack, with the bot's token, from Slack's own hosts only."""

from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import TIMEOUT_S, SlackClient, error_of, judged
from bot.ports import Busy, Undeliverable, transfer_time
from flows.conversation import Address
from flows.events import File

HOSTS: Final = ("files.slack.com", "slack-files.com", "files.slack-gov.com")
"""Hosts that keep Slack's private files; `*.slack-edge.com` serves only public files."""

EDGE: Final = ".slack-edge.com"

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of the largest file that is downloaded; Slack takes files of up to a gigabyte."""

PIECE: Final = 64 * 1024


class Files:
    """Implements `bot.ports.Files` for Slack."""

    def __init__(self, client: SlackClient, session: aiohttp.ClientSession) -> None:
        """`session` is the one that `client` uses."""
        self._client = client
        self._session = session

    async def fetch(self, address: Address, file: File) -> bytes:
        """Download a file's content. Raises Undeliverable or Busy with the reason, and whatever the session raises."""
        try:
            answer = await self._client.read(address.workspace, "files.info", file=file.id)
        except SlackApiError as failure:
            verdict = judged(failure)
            raise verdict if isinstance(verdict, Busy) else Undeliverable(error_of(failure)) from failure
        info = answer.get("file") or {}
        url = str(info.get("url_private_download") or info.get("url_private") or "")
        if not self._trusted(url):
            raise Undeliverable(
                f"it does not lie on a host of Slack's: {urlsplit(url).hostname or 'nowhere'}"
            )
        headers = {"Authorization": f"Bearer {self._client.token(address.workspace)}"}
        # A redirect could lead the token to another host, so none is followed.
        limit = aiohttp.ClientTimeout(total=transfer_time(file.size), sock_read=TIMEOUT_S)
        async with self._session.get(url, headers=headers, allow_redirects=False, timeout=limit) as response:
            if response.status != 200:
                raise Undeliverable(f"Slack answered {response.status}")
            if response.content_type == "text/html" and file.kind != "text/html":
                raise Undeliverable(
                    "Slack asks to sign in: the app lacks files:read, or may not see the file"
                )
            return await self._whole(response)

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        pieces, size = [], 0
        async for piece in response.content.iter_chunked(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise Undeliverable(f"it is larger than {LARGEST // 1024 // 1024} MB")
            pieces.append(piece)
        return b"".join(pieces)

    def _trusted(self, url: str) -> bool:
        """Whether the token may be sent to the URL: Slack's hosts over https, and the host of every API call."""
        parts, base = urlsplit(url), urlsplit(self._client.base_url)
        if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
            return True
        host = parts.hostname or ""
        return parts.scheme == "https" and (host in HOSTS or host.endswith(EDGE))
