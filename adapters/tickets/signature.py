"""Signs and verifies calls in both directions: HMAC-SHA256 of `TIMESTAMP.BODY`, sent in two headers. Pure."""

import hashlib
import hmac
import re
from typing import Final

TIMESTAMP: Final = "X-Troubletree-Timestamp"
SIGNATURE: Final = "X-Troubletree-Signature"

VALID_S: Final = 300.0
"""Seconds that a signature is valid, before and after its time."""


def signed(secret: str, body: bytes, now: float) -> dict[str, str]:
    """Return the two headers for a body that is sent `now`, in seconds since 1970."""
    stamp = str(int(now))
    return {TIMESTAMP: stamp, SIGNATURE: _signature(secret, stamp, body)}


def verified(secret: str, body: bytes, stamp: str, signature: str, now: float) -> bool:
    """Return whether the body was signed with the secret recently. An empty secret verifies nothing."""
    if not secret or not re.fullmatch("[0-9]{1,12}", stamp) or abs(now - int(stamp)) > VALID_S:
        return False
    return hmac.compare_digest(_signature(secret, stamp, body).encode(), signature.encode())


def _signature(secret: str, stamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"
