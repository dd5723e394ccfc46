"""Verifies an issuer's ID token and returns its claims. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the issuer can make: not `none`, and not those with the secret that this desk knows, too."""

CLOCK_SKEW_S: Final = 60
"""Seconds by which the issuer's clock may differ from ours."""

LONGEST: Final = 64 * 1024
"""Most characters of a token."""


class BadToken(Exception):
    """The token must not be trusted. The message names the fault, and nothing from the token."""


class StrangeKey(BadToken):
    """The token is signed with an unknown key: a new one, or not the issuer's."""


@dataclass(frozen=True)
class Expected:
    """The values that a token must contain. `now` is in seconds since 1970."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    algorithms: tuple[str, ...]
    now: int


def claims_of(text: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """Return a token's claims, including `sub`. Raises BadToken, and StrangeKey if newer keys may help."""
    if len(text) > LONGEST:
        raise BadToken("it is too long")
    registry = JWSRegistry(algorithms=list(expected.algorithms), strict_check_header=False)
    try:
        token = jwt.decode(text, keys, registry=registry)
    except (InvalidKeyIdError, BadSignatureError) as error:
        raise StrangeKey(_fault(error)) from None
    except (JoseError, ValueError) as error:
        raise BadToken(_fault(error)) from None
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
    except (JoseError, ValueError, TypeError) as error:
        raise BadToken(_fault(error)) from None
    return dict(claims)


def _fault(error: Exception) -> str:
    """Return the kind of fault and its claim, but never a value."""
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__}{f' {claim}' if isinstance(claim, str) and claim else ''}"
