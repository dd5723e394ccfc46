"""Adds what Discord adds to a message's components: ids, defaults, and addresses of pictures."""

from collections.abc import Iterator

from tests.fakes.discord.ids import Ids
from tests.fakes.discord.state import Attachment, Json, walk

LEFT_OUT: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1},
    11: {"description": None, "spoiler": False},
    13: {"name": None, "size": None, "spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}
"""The fields of each kind of component that an answer always has."""


def fill_in(components: list[Json], attachments: list[Attachment], ids: Ids) -> None:
    """Complete components in place. An `id` that is given stays."""
    parts = walk(components)
    taken = {part.get("id") for part in parts}
    free = (number for number in range(1, 10_000) if number not in taken)
    files = {file.name: file for file in attachments}
    for part in parts:
        part["id"] = part.get("id") or next(free)
        for name, value in LEFT_OUT.get(part["type"], {}).items():
            part.setdefault(name, value)
        for item in part.get("items", []):
            item |= {"description": item.get("description"), "spoiler": item.get("spoiler", False)}
        for media in _medias(part):
            _address(media, files, ids)
        if part["type"] == 13 and (file := files.get(part["file"]["url"].rpartition("/")[2])):
            part |= {"name": file.name, "size": len(file.content)}


def _medias(part: Json) -> Iterator[Json]:
    yield from filter(None, [part.get("media"), part.get("file")])
    yield from (item["media"] for item in part.get("items", []))


def _address(media: Json, files: dict[str, Attachment], ids: Ids) -> None:
    """Give a picture its own address. Discord's proxy fetches a picture from the web."""
    media.setdefault("id", str(ids.next()))
    if file := files.get(media["url"].removeprefix("attachment://")):
        media |= {"url": file.url, "attachment_id": str(file.id), "content_type": file.kind}
    media["proxy_url"] = media["url"]
