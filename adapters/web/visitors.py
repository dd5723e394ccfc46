"""Identifies visitors: by cookie, by bearer token and by the API's key. Also proves that a form comes from our page."""

import hmac
import re
import secrets
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from adapters.web.doors.hosts import Hosts
from adapters.web.site import Site

COOKIE: Final = "tt_visitor"
RECENT: Final = "tt_recent"
RECENT_KEPT: Final = 8
SCRIPT: Final = "tt_script"
"""The cookie that the page's script sets."""
YEAR: Final = 365 * 24 * 3600
_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PERSON_LENGTH: Final = 16


@dataclass(frozen=True)
class Visitor:
    """A browser. `value` is the cookie's value, which only this file uses; `person` is its hash."""

    value: str
    person: str
    fresh: bool = False

    @property
    def actor(self) -> str:
        """Return the visitor's name in events."""
        return actor(self.person)


def actor(person: str) -> str:
    """Return the name of a person of this channel in events."""
    return f"web:{person}"


def visitor(site: Site, connection: HTTPConnection) -> Visitor:
    """Identify the browser by its cookie. Without a valid cookie, it gets a new value for the response to set."""
    value = connection.cookies.get(COOKIE, "")
    if _VALUE.fullmatch(value):
        return Visitor(value=value, person=_person(site.secret, "visitor", value))
    return newcomer(site)


def newcomer(site: Site) -> Visitor:
    """Make a visitor who was never here."""
    value = secrets.token_urlsafe(24)
    return Visitor(value=value, person=_person(site.secret, "visitor", value), fresh=True)


def person_by_key(site: Site, key: str) -> str:
    """Return the person whom a key of the REST API identifies."""
    return _person(site.secret, "key", key)


def proof(site: Site, who: Visitor) -> str:
    """Return the proof for a form: this site's page made it for this visitor."""
    return _mac(site.secret, "form", who.value)[:32]


def proven(site: Site, who: Visitor, claimed: str) -> bool:
    """Return whether a form's proof is this visitor's."""
    return hmac.compare_digest(proof(site, who).encode(), claimed.encode())


def token(site: Site, conversation_id: str, person: str) -> str:
    """Return a person's bearer token for a conversation. Checking a token does not read the store."""
    return person + _mac(site.secret, "token", f"{conversation_id}\n{person}")[:32]


def person_by_token(site: Site, conversation_id: str, claimed: str) -> str | None:
    """Return the person of a bearer token, or None if the token is not valid for this conversation."""
    person = claimed[:_PERSON_LENGTH]
    good = token(site, conversation_id, person)
    return person if hmac.compare_digest(good.encode(), claimed.encode()) else None


def same_origin(site: Site, connection: HTTPConnection) -> bool:
    """Return whether the request comes from our own page. A client without these headers is no browser and passes."""
    site_header = connection.headers.get("sec-fetch-site")
    if site_header is not None and site_header not in ("same-origin", "none"):
        return False
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    return origin is None or origin in Hosts(site.public_url, ()).origins(connection.scope["scheme"], host)


def acts_for_another_site(site: Site, connection: HTTPConnection) -> bool:
    """Return whether another site's page sends this browser's cookies along. Those of embedding pages are ignored."""
    if not connection.cookies or same_origin(site, connection):
        return False
    return connection.headers.get("origin") not in site.embed_origins


def address_of(site: Site, connection: HTTPConnection) -> str:
    """Return the address that links to this site begin with. The guard has checked the host (ALLOWED_HOSTS)."""
    return site.public_url or f"{connection.scope['scheme']}://{connection.headers.get('host', '')}"


def needs_https(connection: HTTPConnection) -> bool:
    """Return whether cookies must only travel over https: customers use https, or this request did."""
    site: Site = connection.app.state.site
    return site.public_url.startswith("https:") or connection.scope["scheme"] == "https"


def reports_views(connection: HTTPConnection) -> bool:
    """Return whether the browser runs the page's script, which reports what the customer has in view."""
    return connection.cookies.get(SCRIPT) == "1"


def good_id(text: str) -> bool:
    """Return whether a text has the form of a conversation's id."""
    return _ID.fullmatch(text) is not None


def recent(connection: HTTPConnection) -> tuple[str, ...]:
    """Return the ids of this browser's recent conversations, newest first. An id alone gives no access."""
    ids = connection.cookies.get(RECENT, "").split(".")
    return tuple(dict.fromkeys(each for each in ids if each and good_id(each)))[:RECENT_KEPT]


def remember(
    site: Site, connection: HTTPConnection, answer: Response, who: Visitor, conversation_id: str = ""
) -> None:
    """Set a new visitor's cookie, and put the conversation first among the recent ones."""
    if who.fresh:
        _set(site, connection, answer, COOKIE, who.value)
    known = recent(connection)
    if conversation_id and known[:1] != (conversation_id,):
        ids = [conversation_id, *(each for each in known if each != conversation_id)][:RECENT_KEPT]
        _set(site, connection, answer, RECENT, ".".join(ids))


def _set(site: Site, connection: HTTPConnection, answer: Response, name: str, value: str) -> None:
    secure = needs_https(connection)
    parts = [f"{name}={value}", "Path=/", f"Max-Age={YEAR}", "HttpOnly"]
    if secure and site.embed_origins and _framed(connection):
        # In a frame on another site, the browser drops a cookie without these two attributes.
        parts += ["Secure", "SameSite=None", "Partitioned"]
    else:
        parts += ["SameSite=Lax", *(["Secure"] if secure else [])]
    answer.headers.append("set-cookie", "; ".join(parts))


def _framed(connection: HTTPConnection) -> bool:
    """Return whether another site's page shows this one in a frame."""
    headers = connection.headers
    return headers.get("sec-fetch-dest") == "iframe" and headers.get("sec-fetch-site") == "cross-site"


def _person(secret: bytes, kind: str, value: str) -> str:
    digest = hmac.digest(secret, f"{kind}\n{value}".encode(), sha256)
    return b32encode(digest[:10]).decode().lower()


def _mac(secret: bytes, kind: str, value: str) -> str:
    digest = hmac.digest(secret, f"{kind}\n{value}".encode(), sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")
