"""Asks the issuer for its discovery document, its keys, and the claims of a person who signs in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
import orjson
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.web.desk.oidc.token import ALGORITHMS, BadToken, Expected, StrangeKey, claims_of
from bot.telemetry import log

TIMEOUT_S: Final = 10.0
"""Seconds that an answer of the issuer may take."""

KEYS_KEPT_S: Final = 3600.0
"""Seconds for which the issuer's document and keys are cached. An unknown key reloads the keys at once."""

LARGEST: Final = 512 * 1024
"""Most bytes of an answer. Some issuers list many keys or groups."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_FORM: Final = "application/x-www-form-urlencoded"


class IssuerDown(Exception):
    """The issuer does not answer, or not as an issuer should. The message says how, and contains no secret."""


class IssuerRefused(Exception):
    """The issuer refuses. `why` is "code" if the code is used or wrong, "client" if it does not accept this desk."""

    def __init__(self, why: str, reason: str) -> None:
        """`reason` is for the log."""
        super().__init__(reason)
        self.why = why


@dataclass(frozen=True)
class OidcClient:
    """This desk's registration at the issuer. `label` is the issuer's name for people."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid"
    label: str = ""


@dataclass(frozen=True)
class SignInTry:
    """One attempt to sign in: the values that bind the issuer's answer to it. `back` is the redirect address."""

    nonce: str
    verifier: str
    back: str


class Issuer:
    """Talks to one issuer, and caches its document and keys."""

    def __init__(self, client: OidcClient, now: Callable[[], float]) -> None:
        """`now` returns seconds since 1970."""
        self.client = client
        self._now = now
        self._cache: dict[str, tuple[Mapping[str, Any], float]] = {}

    async def described(self) -> Mapping[str, Any]:
        """Return the issuer's discovery document. Raises IssuerDown, also if it names another issuer."""
        document = await self._cached("document", get_well_known_url(self.client.issuer, external=True))
        named = document.get("issuer")
        if named != self.client.issuer:
            self._cache.clear()
            raise IssuerDown(f"it calls itself {str(named)[:200]!r}, and not {self.client.issuer!r}")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._endpoint(document, endpoint)
        return document

    async def address(self, state: str, tried: SignInTry) -> str:
        """Return the address of the issuer's sign-in page for an attempt. Raises IssuerDown."""
        endpoint = self._endpoint(await self.described(), "authorization_endpoint")
        more = {"nonce": tried.nonce, "code_challenge": create_s256_code_challenge(tried.verifier)}
        return str(
            prepare_grant_uri(
                endpoint,
                self.client.client_id,
                "code",
                tried.back,
                self.client.scope,
                state,
                code_challenge_method="S256",
                **more,
            )
        )

    async def leaving(self) -> str:
        """Return the issuer's sign-out address; '' if it has none. Raises IssuerDown."""
        document = await self.described()
        if not document.get("end_session_endpoint"):
            return ""
        endpoint = self._endpoint(document, "end_session_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}client_id={quote(self.client.client_id, safe='')}"

    async def who(self, code: str, tried: SignInTry) -> Mapping[str, Any]:
        """Return the claims that belong to a code, including `sub`. Raises IssuerDown, IssuerRefused and BadToken."""
        document = await self.described()
        tokens = await self._exchange(document, code, tried)
        id_token, access = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access, str):
            raise BadToken("there was no token to read")
        expected = Expected(
            issuer=self.client.issuer,
            client_id=self.client.client_id,
            nonce=tried.nonce,
            access_token=access,
            algorithms=_algorithms(document),
            now=int(self._now()),
        )
        claims = await self._verify(document, id_token, expected)
        userinfo = await self._userinfo(document, access, claims["sub"])
        if claims.get("email", userinfo.get("email")) != userinfo.get("email"):
            # The token's address counts, but `email_verified` is about the other address.
            userinfo = {name: value for name, value in userinfo.items() if name != "email_verified"}
        return {**userinfo, **claims}

    # ------------------------------------------------------------ requests to the issuer

    async def _exchange(self, document: Mapping[str, Any], code: str, tried: SignInTry) -> Mapping[str, Any]:
        """Exchange a code for tokens. Raises IssuerDown and IssuerRefused."""
        endpoint = self._endpoint(document, "token_endpoint")
        body = prepare_token_request(
            "authorization_code", redirect_uri=tried.back, code=code, code_verifier=tried.verifier
        )
        headers = {"Accept": "application/json", "Content-Type": _FORM}
        endpoint, headers, body = self._client_auth(document).prepare("POST", endpoint, headers, body)
        status, answer = await self._ask("POST", endpoint, headers=headers, data=body)
        if status == 200:
            return answer
        error = str(answer.get("error", ""))[:40]
        raise IssuerRefused(
            "code" if error == "invalid_grant" else "client", f"it answered {status} {error!r}"
        )

    def _client_auth(self, document: Mapping[str, Any]) -> ClientAuth:
        """Return how to authenticate this desk: in a header, unless the issuer only accepts the form."""
        client = self.client
        methods = _listed(document, "token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in methods:
            return ClientAuth(client.client_id, client.client_secret, "client_secret_post")
        # RFC 6749, 2.3.1: id and secret are form-encoded first, which Authlib leaves to the caller.
        client_id, secret = quote(client.client_id, safe=""), quote(client.client_secret, safe="")
        return ClientAuth(client_id, secret, "client_secret_basic")

    async def _verify(self, document: Mapping[str, Any], token: str, expected: Expected) -> dict[str, Any]:
        """Return a token's claims. If its key is not cached, reload the keys once, because the key may be new."""
        uri = self._endpoint(document, "jwks_uri")
        fresh = "keys" not in self._cache
        try:
            return claims_of(token, _key_set(await self._cached("keys", uri)), expected)
        except StrangeKey:
            if fresh:
                raise
        self._cache.pop("keys", None)
        return claims_of(token, _key_set(await self._cached("keys", uri)), expected)

    async def _userinfo(self, document: Mapping[str, Any], access: str, subject: str) -> Mapping[str, Any]:
        """Return the userinfo claims, because some issuers send groups and addresses only there.

        Raises IssuerDown, and BadToken if the claims are about another subject.
        """
        if not document.get("userinfo_endpoint"):
            return {}
        endpoint = self._endpoint(document, "userinfo_endpoint")
        status, answer = await self._ask("GET", endpoint, headers={"Authorization": f"Bearer {access}"})
        if status != 200:
            raise IssuerDown(f"its userinfo answered {status}")
        if answer.get("sub") != subject:
            raise BadToken("its userinfo is about another user")
        return answer

    async def _cached(self, name: str, url: str) -> Mapping[str, Any]:
        """Return a document of the issuer, from the cache for KEYS_KEPT_S."""
        document, until = self._cache.get(name, ({}, 0.0))
        if self._now() >= until:
            status, document = await self._ask("GET", url)
            if status != 200:
                raise IssuerDown(f"{urlsplit(url).path} answered {status}")
            self._cache[name] = (document, self._now() + KEYS_KEPT_S)
        return document

    def _endpoint(self, document: Mapping[str, Any], name: str) -> str:
        """Return one of the issuer's addresses. It must be https, unless a test's issuer runs on this machine."""
        address = document.get(name)
        if not isinstance(address, str):
            raise IssuerDown(f"its document has no {name}")
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            raise IssuerDown(f"its {name} is no address") from None
        local = self.client.issuer.startswith("http://") and host in _LOOPBACK
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise IssuerDown(f"its {name} is not https")
        return address

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, Mapping[str, Any]]:
        """Send one request. Return the status with the JSON object, or with {} for an error without one.

        Redirects are not followed. Raises IssuerDown.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, url, allow_redirects=False, **more) as answer,
            ):
                body = await _read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log("desk").warning("the issuer does not answer", failure=type(error).__name__)
            raise IssuerDown(f"it does not answer: {error}".removesuffix(": ")) from None
        if answer.status >= 500:
            raise IssuerDown(f"{urlsplit(url).path} answered {answer.status}")
        try:
            content = orjson.loads(body)
        except orjson.JSONDecodeError:
            content = None
        if not isinstance(content, dict):
            if answer.status == 200:
                raise IssuerDown(f"{urlsplit(url).path} answered no JSON object")
            content = {}
        return answer.status, content


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """Read an answer's body. Raises OSError if it is larger than LARGEST."""
    parts: list[bytes] = []
    async for part in answer.content.iter_chunked(64 * 1024):
        parts.append(part)
        if sum(map(len, parts)) > LARGEST:
            raise OSError("it answers without end")
    return b"".join(parts)


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []


def _algorithms(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the issuer's signature algorithms, without those that others could sign with. Raises IssuerDown."""
    supported = _listed(document, "id_token_signing_alg_values_supported") or ["RS256"]
    accepted = tuple(name for name in ALGORITHMS if name in supported)
    if not accepted:
        raise IssuerDown("it signs with nothing that only it could sign with")
    return accepted


def _key_set(answer: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": [key for key in answer["keys"] if isinstance(key, dict)]})
    except (KeyError, TypeError, ValueError, JoseError):
        raise IssuerDown("its keys cannot be read") from None
