"""Downloads files that were sent in Discord: asks the message for a fresh URL, on one of Discord's own hosts."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from adapters.discord.api.addresses import signed_url
from adapters.discord.api.client import FAILURES, DiscordClient, judged
from bot.ports import Busy, Undeliverable
from flows.conversation import Address
from flows.events import File

HOSTS: Final = ("cdn.discordapp.com", "media.discordapp.net")
"""Hosts that keep Discord's attachments; their URLs are signed and expire."""

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of the largest file that is downloaded."""

PIECE: Final = 64 * 1024

RETRY_S: Final = 5.0
"""Seconds until another attempt after a lookup of the message failed."""


class Files:
    """Implements `bot.ports.Files` for Discord. `address` is the message that the file is attached to, or it holds the
    signed URL of a file that was given in a form.
    """

    def __init__(self, client: DiscordClient, session: aiohttp.ClientSession, api: str = "") -> None:
        """`session` has no token, so a file's host gets none. An empty `api` is Discord's own."""
        self._client = client
        self._session = session
        self._api = urlsplit(api)

    async def fetch(self, address: Address, file: File) -> bytes:
        """Download a file's content. Raises Undeliverable or Busy with the reason, and whatever the session raises."""
        url = signed_url(address) or await self._url(address, file)
        if not self._trusted(url):
            raise Undeliverable(
                f"it does not lie on a host of Discord's: {urlsplit(url).hostname or 'nowhere'}"
            )
        async with self._session.get(url, allow_redirects=False, headers=self._client.headers) as response:
            if response.status != 200:
                raise Undeliverable(f"Discord answered {response.status}")
            pieces, size = [], 0
            async for piece in response.content.iter_chunked(PIECE):
                size += len(piece)
                if size > LARGEST:
                    raise Undeliverable(f"it is larger than {LARGEST // 1024 // 1024} MB")
                pieces.append(piece)
            return b"".join(pieces)

    async def _url(self, address: Address, file: File) -> str:
        if not address.thread:
            raise Undeliverable("it was given in a form before this version, which kept no address of it")
        path = "/channels/{channel_id}/messages/{message_id}"
        try:
            message = await self._client.ask("GET", path, channel_id=address.room, message_id=address.thread)
        except FAILURES as failure:
            verdict = judged(failure)
            raise verdict if isinstance(verdict, Busy | Undeliverable) else Busy(RETRY_S) from failure
        for attachment in _attachments(message):
            if str(attachment.get("id")) == file.id:
                return str(attachment.get("url") or "")
        raise Undeliverable("the message no longer has the file")

    def _trusted(self, url: str) -> bool:
        """Whether a file may be downloaded from the URL: Discord's hosts over https, or the host of all API calls."""
        parts = urlsplit(url)
        if self._api.netloc and (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "") in HOSTS


def _attachments(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a message's attachments, then those of the messages it forwards."""
    yield from message.get("attachments") or ()
    for row in message.get("message_snapshots") or ():
        yield from (row.get("message") or {}).get("attachments") or ()
