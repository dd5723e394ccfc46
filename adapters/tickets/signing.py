"""How a call is signed, either way: HMAC-SHA256 of `TIMESTAMP.BODY` under the shared secret, in two headers. Pure."""

import hashlib
import hmac
import re
from typing import Final

TIMESTAMP: Final = "X-Troubletree-Timestamp"
SIGNATURE: Final = "X-Troubletree-Signature"

WINDOW: Final = 300.0
"""Seconds a signature is good for, before and after."""


def signed(secret: str, body: bytes, now: float) -> dict[str, str]:
    """The two headers of a body that is sent now, in seconds since 1970."""
    stamp = str(int(now))
    return {TIMESTAMP: stamp, SIGNATURE: _signature(secret, stamp, body)}


def verified(secret: str, body: bytes, stamp: str, signature: str, now: float) -> bool:
    """Whether who knows the secret signed that body about now. An empty secret verifies nothing."""
    if not secret or not re.fullmatch("[0-9]{1,12}", stamp) or abs(now - int(stamp)) > WINDOW:
        return False
    return hmac.compare_digest(_signature(secret, stamp, body).encode(), signature.encode())


def _signature(secret: str, stamp: str, body: bytes) -> str:
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"
