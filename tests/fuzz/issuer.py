"""Feeds the answers of an OpenID issuer to the sign-in: each is taken, or refused as one of three foreseen errors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from adapters.web.desk.oidc.issuer import Issuer, IssuerDown, IssuerRefused, OidcClient, SignInTry
from adapters.web.desk.oidc.token import BadToken
from bot.wiring.oidc_roles import LONGEST_NAME, Entry, entry, free, names
from bot.wiring.settings import load_settings
from tests.fuzz.doors import Door, Feed
from tests.fuzz.mutation import Mutator

BASE: Final = "https://issuer.example"
NOW: Final = 1_700_000_000
TRIED: Final = SignInTry(nonce="n", verifier="v" * 48, back="https://help.example/desk/oidc/back")
DOCUMENT: Final[dict[str, Any]] = {
    "issuer": BASE,
    "authorization_endpoint": f"{BASE}/auth",
    "token_endpoint": f"{BASE}/token",
    "jwks_uri": f"{BASE}/keys",
    "userinfo_endpoint": f"{BASE}/userinfo",
    "end_session_endpoint": f"{BASE}/out?x=1",
    "id_token_signing_alg_values_supported": ["RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
}


class AnsweringIssuer(Issuer):
    """Answers from a table instead of the network."""

    answers: dict[str, tuple[int, Mapping[str, Any]]]

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, Mapping[str, Any]]:
        return self.answers[next((name for name in self.answers if url.endswith(name)), "well-known")]


@asynccontextmanager
async def answers() -> AsyncIterator[Feed]:
    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
    keys = {"keys": [key.as_dict(private=False)]}
    claims = {
        "iss": BASE, "aud": "books", "sub": "42", "nonce": "n", "iat": NOW, "exp": NOW + 300, "name": "Maria",
        "email": "maria@acme.example", "email_verified": True, "groups": ["agents"],
    }  # fmt: skip
    tokens = [_signed(claims, key)]
    seen: dict[str, Any] = {"sub": "42", "email": "maria@acme.example", "groups": ["agents"]}

    admission = _admission()

    async def feed(draw: Mutator) -> None:
        issuer = AnsweringIssuer(OidcClient(BASE, "books", "a secret"), lambda: float(NOW))
        if draw.numbers.random() < 0.02:
            tokens.append(_signed(draw.payload(claims), key))
        token = {"id_token": draw.pick(tokens), "access_token": "a", "token_type": "Bearer"}
        issuer.answers = {
            "/token": (200 if draw.numbers.random() < 0.9 else 400, _object(draw, token)),
            "/keys": (200, _object(draw, keys)),
            "/userinfo": (200, _object(draw, seen)),
            "well-known": (200, _object(draw, DOCUMENT) | {"issuer": BASE}),
        }
        try:
            await issuer.address("state", TRIED)
            await issuer.leaving()
            found = await issuer.who("code", TRIED)
        except (IssuerDown, IssuerRefused, BadToken):
            return
        read = {**found, **_object(draw, seen)}
        admission.role(read)
        assert 0 < len(free(names(read), ["maria", "agent"])) <= LONGEST_NAME

    yield feed


def _admission() -> Entry:
    given = {
        "OIDC_ISSUER": BASE,
        "OIDC_CLIENT_ID": "books",
        "OIDC_CLIENT_SECRET": "a secret",
        "OIDC_AGENTS": "groups=agents, @acme.example, realm_access.roles=x",
        "PUBLIC_URL": "https://help.example",
    }
    found = entry(load_settings(given))
    assert found is not None
    return found


def _object(draw: Mutator, given: dict[str, Any]) -> dict[str, Any]:
    changed = draw.payload(given) if draw.numbers.random() < 0.6 else given
    return changed if isinstance(changed, dict) else {}


def _signed(claims: Any, key: RSAKey) -> str:
    if not isinstance(claims, dict):
        claims = {}
    try:
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)
    except (TypeError, ValueError):
        return "x.y.z"


DOORS: Final = (Door("issuer", 10, answers),)
