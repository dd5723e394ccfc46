"""Asks the issuer for its discovery document and keys, which are cached, and for the claims of who signed in."""

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
"""Seconds an answer may take."""

KEYS_KEPT_S: Final = 3600.0
"""Seconds for which its document and its keys are taken as current; a key that is new is asked for at once."""

LARGEST: Final = 512 * 1024
"""Bytes of an answer; some issuers list many keys or groups."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_FORM: Final = "application/x-www-form-urlencoded"


class IssuerDown(Exception):
    """The issuer does not answer, or not as one; the text says how, and holds nothing secret."""


class IssuerRefused(Exception):
    """The issuer answers no. `why` is "code" for a code that is spent or wrong, "client" where it does not know us."""

    def __init__(self, why: str, told: str) -> None:
        """`told` is for the log."""
        super().__init__(told)
        self.why = why


@dataclass(frozen=True)
class OidcClient:
    """This desk as the issuer knows it, and what is asked of it. `label` is how people call the issuer."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid"
    label: str = ""


@dataclass(frozen=True)
class SignInTry:
    """One try to sign in: what binds the issuer's answer to it. `back` is where it sends people back to."""

    nonce: str
    verifier: str
    back: str


class Issuer:
    """One issuer, as this process knows it."""

    def __init__(self, client: OidcClient, now: Callable[[], float]) -> None:
        """`now` is seconds since 1970."""
        self.client = client
        self._now = now
        self._known: dict[str, tuple[Mapping[str, Any], float]] = {}

    async def described(self) -> Mapping[str, Any]:
        """Its discovery document. Raises Away, also where it is that of another issuer."""
        found = await self._kept("document", get_well_known_url(self.client.issuer, external=True))
        named = found.get("issuer")
        if named != self.client.issuer:
            self._known.clear()
            raise IssuerDown(f"it calls itself {str(named)[:200]!r}, and not {self.client.issuer!r}")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._endpoint(found, endpoint)
        return found

    async def address(self, state: str, tried: SignInTry) -> str:
        """Return the address to sign in at. Raises Away."""
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
        """Return the issuer's sign-out address; '' if it has none. Raises Away."""
        found = await self.described()
        if not found.get("end_session_endpoint"):
            return ""
        endpoint = self._endpoint(found, "end_session_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}client_id={quote(self.client.client_id, safe='')}"

    async def who(self, code: str, tried: SignInTry) -> Mapping[str, Any]:
        """Return the claims that belong to a code, `sub` among them. Raises Away, Refused and BadToken."""
        document = await self.described()
        tokens = await self._exchanged(document, code, tried)
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
        claims = await self._verified(document, id_token, expected)
        told = await self._told(document, access, claims["sub"])
        if claims.get("email", told.get("email")) != told.get("email"):
            # What was verified is another address than the one that counts.
            told = {name: value for name, value in told.items() if name != "email_verified"}
        return {**told, **claims}

    # ------------------------------------------------------------ its parts

    async def _exchanged(self, document: Mapping[str, Any], code: str, tried: SignInTry) -> Mapping[str, Any]:
        endpoint = self._endpoint(document, "token_endpoint")
        body = prepare_token_request(
            "authorization_code", redirect_uri=tried.back, code=code, code_verifier=tried.verifier
        )
        headers = {"Accept": "application/json", "Content-Type": _FORM}
        endpoint, headers, body = self._as_us(document).prepare("POST", endpoint, headers, body)
        status, answer = await self._ask("POST", endpoint, headers=headers, data=body)
        if status == 200:
            return answer
        error = str(answer.get("error", ""))[:40]
        raise IssuerRefused(
            "code" if error == "invalid_grant" else "client", f"it answered {status} {error!r}"
        )

    def _as_us(self, document: Mapping[str, Any]) -> ClientAuth:
        """How we say who we are: in a header, where nothing says that it must be in the form."""
        client = self.client
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in methods:
            return ClientAuth(client.client_id, client.client_secret, "client_secret_post")
        # RFC 6749, 2.3.1: both are form-encoded first, which Authlib leaves to the caller.
        known, secret = quote(client.client_id, safe=""), quote(client.client_secret, safe="")
        return ClientAuth(known, secret, "client_secret_basic")

    async def _verified(self, document: Mapping[str, Any], token: str, expected: Expected) -> dict[str, Any]:
        """Its claims; a key that is not known yet may be a new one, and is asked for once."""
        uri = self._endpoint(document, "jwks_uri")
        fresh = "keys" not in self._known
        try:
            return claims_of(token, _key_set(await self._kept("keys", uri)), expected)
        except StrangeKey:
            if fresh:
                raise
        self._known.pop("keys", None)
        return claims_of(token, _key_set(await self._kept("keys", uri)), expected)

    async def _told(self, document: Mapping[str, Any], access: str, subject: str) -> Mapping[str, Any]:
        """What it adds: some issuers tell groups and addresses here alone. Whom it is about must be the same."""
        if not document.get("userinfo_endpoint"):
            return {}
        endpoint = self._endpoint(document, "userinfo_endpoint")
        status, answer = await self._ask("GET", endpoint, headers={"Authorization": f"Bearer {access}"})
        if status != 200:
            raise IssuerDown(f"its userinfo answered {status}")
        if answer.get("sub") != subject:
            raise BadToken("its userinfo is about another user")
        return answer

    async def _kept(self, what: str, url: str) -> Mapping[str, Any]:
        found, until = self._known.get(what, ({}, 0.0))
        if self._now() >= until:
            status, found = await self._ask("GET", url)
            if status != 200:
                raise IssuerDown(f"{urlsplit(url).path} answered {status}")
            self._known[what] = (found, self._now() + KEYS_KEPT_S)
        return found

    def _endpoint(self, document: Mapping[str, Any], name: str) -> str:
        """One of its addresses: over https; of an issuer on this machine, which tests have, here as well."""
        found = document.get(name)
        if not isinstance(found, str):
            raise IssuerDown(f"its document has no {name}")
        parts = urlsplit(found)
        here = self.client.issuer.startswith("http://") and parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not (parts.scheme == "http" and here):
            raise IssuerDown(f"its {name} is not https")
        return found

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, Mapping[str, Any]]:
        """Send one request. Return the JSON object, or {} with a refusal's status; redirects are not followed."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, url, allow_redirects=False, **more) as answer,
            ):
                body = await _read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            log("desk").warning("the issuer does not answer", failure=type(failure).__name__)
            raise IssuerDown(f"it does not answer: {failure}".removesuffix(": ")) from None
        if answer.status >= 500:
            raise IssuerDown(f"{urlsplit(url).path} answered {answer.status}")
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            if answer.status == 200:
                raise IssuerDown(f"{urlsplit(url).path} answered no JSON object")
            found = {}
        return answer.status, found


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """All of it. Raises OSError for more than `LARGEST`."""
    parts: list[bytes] = []
    async for part in answer.content.iter_chunked(64 * 1024):
        parts.append(part)
        if sum(map(len, parts)) > LARGEST:
            raise OSError("it answers without end")
    return b"".join(parts)


def _algorithms(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What it may sign with: what it says, without those that anybody could sign with."""
    said = document.get("id_token_signing_alg_values_supported") or ["RS256"]
    found = tuple(name for name in ALGORITHMS if name in said)
    if not found:
        raise IssuerDown("it signs with nothing that only it could sign with")
    return found


def _key_set(answer: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": [key for key in answer["keys"] if isinstance(key, dict)]})
    except (KeyError, TypeError, ValueError, JoseError):
        raise IssuerDown("its keys cannot be read") from None
