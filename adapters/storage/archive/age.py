"""Encrypts and decrypts a stream by a passphrase in the age format (age-encryption.org/v1), so `age -d` reads it, too.

The primitives are those of `cryptography`. The format cuts the text into pieces with a seal each, so that no more than
two pieces are in memory and a cut or changed file is noticed.
"""

import base64
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.ports import ArchiveUnreadable

VERSION: Final = b"age-encryption.org/v1"
PIECE: Final = 64 * 1024
SEAL: Final = 16
WORK: Final = 17
"""Trying a passphrase costs 2**17 rounds of scrypt and 128 MB, as OWASP recommends."""

MOST_WORK: Final = 22
"""A file that asks for more would only keep this machine busy."""


def is_encrypted(start: bytes) -> bool:
    """Return whether a file that starts like this is in the age format."""
    return start.startswith(VERSION)


class Encryption:
    """Encrypts a text that comes in parts of any size: `begin`, then `add` each part, then `end`."""

    def __init__(self, passphrase: str, work: int = WORK) -> None:
        """`work` is the logarithm of scrypt's rounds."""
        self._file_key, salt, self._salt = os.urandom(16), os.urandom(16), os.urandom(16)
        wrapped = ChaCha20Poly1305(_scrypt(passphrase, salt, work)).encrypt(bytes(12), self._file_key, None)
        self._head = b"%s\n-> scrypt %s %d\n%s\n---" % (VERSION, _b64(salt), work, _b64(wrapped))
        self._cipher = ChaCha20Poly1305(_derive(self._file_key, self._salt, b"payload"))
        self._waiting = bytearray()
        self._number = 0

    def begin(self) -> bytes:
        """Return the file's head."""
        return b"%s %s\n%s" % (self._head, _b64(_mac(self._file_key, self._head).finalize()), self._salt)

    def add(self, part: bytes) -> bytes:
        """Return what is ready after a part of the text; the rest waits."""
        self._waiting += part
        ready = bytearray()
        while len(self._waiting) > PIECE:
            ready += self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return bytes(ready)

    def end(self) -> bytes:
        """Return the last piece."""
        return self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, last), piece, None)
        self._number += 1
        return sealed


def decrypted(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    """Yield the text of an encrypted file. Raises ArchiveUnreadable if the passphrase or the file is wrong."""
    file_key = _file_key(file, passphrase)
    nonce = file.read(16)
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    for number, (piece, last) in enumerate(_pieces(file)):
        try:
            yield cipher.decrypt(_nonce(number, last), piece, None)
        except InvalidTag as error:
            raise ArchiveUnreadable("the archive is damaged or cut short") from error


HEAD: Final = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt (?P<salt>\S+) (?P<work>[1-9]\d?)\n(?P<key>\S+)\n--- (?P<mac>\S+)\n"
)


def _file_key(file: IO[bytes], passphrase: str) -> bytes:
    found = HEAD.fullmatch(b"".join(file.readline(200) for _ in range(4)))
    if found is None:
        raise ArchiveUnreadable("the archive is not encrypted by a passphrase")
    salt, wrapped, mac = (_unb64(found[name]) for name in ("salt", "key", "mac"))
    if int(found["work"]) > MOST_WORK:
        raise ArchiveUnreadable(
            f"the archive asks for 2**{int(found['work'])} rounds of scrypt, which is too many"
        )
    key = _scrypt(passphrase, salt, int(found["work"]))
    try:
        file_key = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
        _mac(file_key, found[0][: found.start("mac") - 1]).verify(mac)
    except (InvalidTag, InvalidSignature) as error:
        raise ArchiveUnreadable("the passphrase is wrong, or the archive is damaged") from error
    return file_key


def _pieces(file: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield sealed pieces with whether each is the last."""
    piece = file.read(PIECE + SEAL)
    while True:
        following = file.read(PIECE + SEAL)
        yield piece, not following
        if not following:
            return
        piece = following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _scrypt(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(VERSION + b"/scrypt" + salt, 32, 2**work, 8, 1).derive(passphrase.encode())


def _derive(file_key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(file_key)


def _mac(file_key: bytes, head: bytes) -> HMAC:
    mac = HMAC(_derive(file_key, b"", b"header"), SHA256())
    mac.update(head)
    return mac


def _b64(value: bytes) -> bytes:
    return base64.b64encode(value).rstrip(b"=")


def _unb64(value: bytes) -> bytes:
    """Decode what `_b64` wrote, in the one spelling that it has."""
    with suppress(ValueError):
        decoded = base64.b64decode(value + b"=" * (-len(value) % 4), validate=True)
        if _b64(decoded) == value:
            return decoded
    raise ArchiveUnreadable("the archive's head is damaged")
