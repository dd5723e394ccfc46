"""Runs an OpenID Connect issuer on this machine: a real server with a sign-in page, which can misbehave in every way.

The issuer signs with `cryptography` only, so that the library that reads its tokens does not test itself.
"""

import hashlib
import hmac
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from html import escape
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import unquote, urlencode

import orjson
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CLIENT: Final = "desk"
SECRET: Final = "shared/secret:of the desk"


def _plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _number(value: int) -> str:
    return _plain(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Key:
    """A key that signs tokens."""

    name: str
    secret: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def public(self) -> dict[str, str]:
        if isinstance(self.secret, rsa.RSAPrivateKey):
            n = self.secret.public_key().public_numbers()
            return {"kid": self.name, "kty": "RSA", "use": "sig", "n": _number(n.n), "e": _number(n.e)}
        point = self.secret.public_key().public_numbers()
        x, y = (_plain(value.to_bytes(32, "big")) for value in (point.x, point.y))
        return {"kid": self.name, "kty": "EC", "use": "sig", "crv": "P-256", "x": x, "y": y}

    def sign(self, text: bytes) -> bytes:
        if isinstance(self.secret, rsa.RSAPrivateKey):
            return self.secret.sign(text, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.secret.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def rsa_key(name: str = "one") -> Key:
    return Key(name, rsa.generate_private_key(public_exponent=65537, key_size=2048))


@cache
def first_key() -> Key:
    """Return the issuer's first key, cached because making a key takes a tenth of a second."""
    return rsa_key()


def ec_key(name: str = "two") -> Key:
    return Key(name, ec.generate_private_key(ec.SECP256R1()))


@dataclass
class FakeIssuer:
    """Holds an issuer's state and behavior.

    `person` are the claims of the person who signs in. `says` replaces claims of the token (None removes one), `adds`
    adds claims to userinfo. `signs` is the algorithm named in tokens, `key` signs them, `shown` are the published keys.
    `named` is the issuer in its document, `broken` are paths that answer 500, `fields` replaces parts of the document.
    """

    address: str
    person: dict[str, Any] = field(default_factory=lambda: dict(ANA))
    says: dict[str, Any] = field(default_factory=dict)
    adds: dict[str, Any] = field(default_factory=dict)
    signs: str = "RS256"
    key: Key = field(default_factory=lambda: first_key())
    shown: list[Key] = field(default_factory=list)
    named: str = ""
    broken: set[str] = field(default_factory=set)
    fields: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def token(self, nonce: str, access: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": _plain(hashlib.sha256(access.encode()).digest()[:16]),
            **self.person,
            **self.says,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": self.signs, "typ": "JWT", "kid": self.key.name}
        text = ".".join(_plain(orjson.dumps(part)) for part in (head, claims))
        return f"{text}.{_plain(self._signature(text.encode()))}"

    def _signature(self, text: bytes) -> bytes:
        if self.signs == "none":
            return b""
        if self.signs == "HS256":
            return hmac.digest(SECRET.encode(), text, "sha256")
        return self.key.sign(text)

    def document(self) -> dict[str, Any]:
        at = self.address
        return {
            "issuer": self.named or at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/me",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/leave",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.fields,
        }


ANA: Final[dict[str, Any]] = {
    "sub": "u-1",
    "given_name": "Ana",
    "name": "Ana Lima",
    "email": "ana@acme.example",
    "email_verified": True,
    "groups": ["support", "tea"],
}


@asynccontextmanager
async def issuing(port: int = 0) -> AsyncIterator[FakeIssuer]:
    """Run an issuer."""
    issuer = FakeIssuer("")
    issuer.shown = [issuer.key]
    runner = web.AppRunner(_application(issuer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    issuer.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield issuer
    finally:
        await runner.cleanup()


def _application(issuer: FakeIssuer) -> web.Application:
    @web.middleware
    async def watched(request: web.Request, handler: Any) -> web.StreamResponse:
        issuer.asked.append(request.path)
        if request.path in issuer.broken:
            raise web.HTTPInternalServerError(text="it is broken")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def described(_request: web.Request) -> web.Response:
        return web.json_response(issuer.document())

    async def keys(_request: web.Request) -> web.Response:
        return web.json_response({"keys": [key.public() for key in issuer.shown]})

    app = web.Application(middlewares=[watched])
    app.router.add_get("/.well-known/openid-configuration", described)
    app.router.add_get("/keys", keys)
    app.router.add_get("/authorize", _asked)
    app.router.add_post("/authorize", partial(_signed_in, issuer))
    app.router.add_post("/token", partial(_exchanged, issuer))
    app.router.add_get("/me", partial(_told, issuer))
    app.router.add_get("/leave", _left)
    return app


async def _asked(request: web.Request) -> web.Response:
    """Show the sign-in page, with the request's parameters in hidden fields."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.query.items()
    )
    text = (
        "<!doctype html><html lang=en><title>The issuer</title><h1>The issuer</h1>"
        f'<form method=post action="/authorize">{hidden}'
        "<button name=press value=yes>Go on as Ana</button><button name=press value=no>Cancel</button></form>"
    )
    return web.Response(text=text, content_type="text/html")


async def _signed_in(issuer: FakeIssuer, request: web.Request) -> web.Response:
    asked = {name: str(value) for name, value in (await request.post()).items()}
    if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
        raise web.HTTPBadRequest(text="who asks?")
    back = {"state": asked["state"], "iss": issuer.address}
    if asked["press"] == "yes":
        back["code"] = token_urlsafe(24)
        issuer.codes[back["code"]] = asked
    else:
        back["error"] = "access_denied"
    raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(back)}")


async def _exchanged(issuer: FakeIssuer, request: web.Request) -> web.Response:
    form = {name: str(value) for name, value in (await request.post()).items()}
    if _caller(request, form) != (CLIENT, SECRET):
        return web.json_response({"error": "invalid_client"}, status=401)
    asked = issuer.codes.pop(form["code"], None)
    proof = _plain(hashlib.sha256(form["code_verifier"].encode()).digest())
    if asked is None or (proof, form["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
        return web.json_response({"error": "invalid_grant"}, status=400)
    access = token_urlsafe(24)
    issuer.tokens[access] = dict(issuer.person) | issuer.adds
    token = issuer.token(asked["nonce"], access)
    return web.json_response({"access_token": access, "token_type": "Bearer", "id_token": token})


def _caller(request: web.Request, form: dict[str, str]) -> tuple[str, str]:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        known, _, secret = b64decode(given).decode().partition(":")
        return unquote(known), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


async def _told(issuer: FakeIssuer, request: web.Request) -> web.Response:
    known = issuer.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if known is None:
        raise web.HTTPUnauthorized
    return web.json_response(known)


async def _left(request: web.Request) -> web.Response:
    return web.Response(text=f"Signed out of the issuer, {request.query['client_id']}.")
