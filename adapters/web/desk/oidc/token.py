"""Verifies an issuer's ID token and returns its claims. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the issuer can make. `none` is no signature, and what is signed with a secret we could sign."""

CLOCK_SKEW_S: Final = 60
"""Seconds that the issuer's clock may differ from ours."""

LONGEST: Final = 64 * 1024
"""Characters of a token."""


class BadToken(Exception):
    """Not to be believed; the text names what is wrong, and nothing that the token says."""


class StrangeKey(BadToken):
    """The token is signed with an unknown key: a new one, or not the issuer's."""


@dataclass(frozen=True)
class Expected:
    """What a token must say. `now` is seconds."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    algorithms: tuple[str, ...]
    now: int


def claims_of(text: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """What the token says, `sub` among it. Raises BadToken, and StrangeKey where a newer list of keys may help."""
    if len(text) > LONGEST:
        raise BadToken("it is too long")
    registry = JWSRegistry(algorithms=list(expected.algorithms), strict_check_header=False)
    try:
        token = jwt.decode(text, keys, registry=registry)
    except (InvalidKeyIdError, BadSignatureError) as wrong:
        raise StrangeKey(_named(wrong)) from None
    except (JoseError, ValueError) as wrong:
        raise BadToken(_named(wrong)) from None
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": expected.nonce},
        },
        {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token},
    )
    try:
        claims.validate(now=expected.now, leeway=CLOCK_SKEW_S)
    except (JoseError, ValueError, TypeError) as wrong:
        raise BadToken(_named(wrong)) from None
    return dict(claims)


def _named(wrong: Exception) -> str:
    """The kind of fault, and the claim it is about; never a value."""
    claim = getattr(wrong, "claim", "")
    return f"{type(wrong).__name__}{f' {claim}' if isinstance(claim, str) and claim else ''}"
