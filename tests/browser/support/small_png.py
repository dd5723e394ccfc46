"""Makes a screenshot small: a PNG with a palette of at most 256 colors, which is plenty for text and flat areas."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
COLORS: Final = 256

Color = bytes


async def keep(page: Page, file: Path, **how: Any) -> None:
    """Take a picture of the page; `how` is what Playwright's `screenshot` takes."""
    _write(await page.screenshot(**how), file)


def _write(png: bytes, file: Path) -> None:
    file.write_bytes(shrink(png))


def shrink(png: bytes) -> bytes:
    """Return the picture with its most frequent colors, and each rare color as the nearest of them."""
    width, height, pixels = _pixels(png)
    colors = [pixels[at : at + 3] for at in range(0, len(pixels), 3)]
    ranked = [color for color, _count in Counter(colors).most_common()]
    palette = ranked[:COLORS]
    index = {color: at for at, color in enumerate(palette)}
    index |= {rare: _nearest(rare, palette) for rare in ranked[COLORS:]}
    flat = bytes(index[color] for color in colors)
    rows = b"".join(b"\0" + flat[at : at + width] for at in range(0, len(flat), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _nearest(color: Color, palette: list[Color]) -> int:
    """Find the color of the palette that differs least."""

    def apart(at: int) -> int:
        return sum((mine - theirs) ** 2 for mine, theirs in zip(color, palette[at], strict=True))

    return min(range(len(palette)), key=apart)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    """Read what a browser writes: eight bits each for red, green and blue, not interlaced."""
    chunks = [*_chunks(png)]
    width, height, *kind = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    assert kind == [8, 2, 0, 0, 0], f"no screenshot of a browser: {kind}"
    packed = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    above, rows, stride = bytes(3 * width), [], 3 * width + 1
    for at in range(0, len(packed), stride):
        above = _unfiltered(packed[at], packed[at + 1 : at + stride], above)
        rows.append(above)
    return width, height, b"".join(rows)


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    """Undo the filter of one row."""
    row = bytearray(line)
    for at, given in enumerate(line):
        left = row[at - 3] if at >= 3 else 0
        corner = above[at - 3] if at >= 3 else 0
        row[at] = (given + _guess(kind, left, above[at], corner)) & 255
    return bytes(row)


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    """Guess a byte by its neighbors, as the row's filter does."""
    if kind == 4:
        return _paeth(left, above, corner)
    return (0, left, above, (left + above) // 2)[kind]


def _paeth(left: int, above: int, corner: int) -> int:
    """Guess as the PNG specification says: the neighbor that is nearest to left + above - corner."""
    far_left, far_above, far_corner = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    if far_left <= far_above and far_left <= far_corner:
        return left
    return above if far_above <= far_corner else corner
