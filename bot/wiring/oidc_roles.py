"""Reads the OpenID Connect settings of the desk, and decides from claims who gets in and in which role."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.ports import Role
from bot.wiring.settings import LOOPBACK, Settings, SettingsError
from flows.values import Frozen

BACK: Final = "/desk/oidc/back"
"""The redirect path below PUBLIC_URL; the operator registers it with the issuer."""

LONGEST_NAME: Final = 40
"""Characters of a name; customers see it above every reply."""

_NAMED: Final = ("given_name", "name", "preferred_username", "nickname")
"""The claims that hold a name, best first: customers need no surnames."""

Claims = Mapping[str, Any]


class Rule(Frozen):
    """Lets in anyone with that value in that claim; with `domain`, anyone with an email address there."""

    claim: str
    value: str
    domain: bool = False

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Parse `claim=value`, `ana@example.com` or `@example.com`. Raises ValueError for anything else."""
        claim, equals, value = (part.strip() for part in text.partition("="))
        if equals and claim and value:
            return cls(claim=claim, value=value)
        at, domain = text.rsplit("@", 1) if "@" in text and not equals else ("", "")
        if "." not in domain or any(sign.isspace() for sign in text):
            raise ValueError("expected claim=value, ana@example.com or @example.com, separated by commas")
        if at in ("", "*"):
            return cls(claim="email", value=f"@{domain}", domain=True)
        return cls(claim="email", value=text)

    def admits(self, claims: Claims) -> bool:
        """Say whether the claims match. An address counts only if the issuer has verified it."""
        if self.claim != "email":
            return self.value in _values(claims, self.claim)
        address = str(claims.get("email") or "").casefold()
        if claims.get("email_verified") not in (True, "true") or address.count("@") != 1:
            return False
        wanted = self.value.casefold()
        return address.endswith(wanted) if self.domain else address == wanted


class Entry(Frozen):
    """An issuer that is set. `back` is the redirect address, `scope` the requested scopes."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    scope: str
    label: str
    back: str
    agents: tuple[Rule, ...]
    admins: tuple[Rule, ...]

    def role(self, claims: Claims) -> Role | None:
        """Return the role that these claims give; None for no access."""
        if any(rule.admits(claims) for rule in self.admins):
            return "admin"
        return "agent" if any(rule.admits(claims) for rule in self.agents) else None


def entry(settings: Settings) -> Entry | None:
    """Return the issuer, if one is set. Raises SettingsError with every setting that is missing or wrong."""
    given = {
        "OIDC_ISSUER": settings.oidc_issuer,
        "OIDC_CLIENT_ID": settings.oidc_client_id,
        "OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
    }
    whom = settings.oidc_agents or settings.oidc_admins
    if not (any(given.values()) or whom):
        if settings.desk_links:
            return None
        raise SettingsError(
            "DESK_LINKS: without links, no one could sign in; set OIDC_ISSUER, or DESK_LINKS=yes"
        )
    mistakes = [f"{name}: expected {_MEANT[name]}" for name, value in given.items() if not value.strip()]
    if not whom:
        mistakes.append(f"OIDC_AGENTS: expected {_MEANT['OIDC_AGENTS']}")
    if not settings.public_url:
        mistakes.append("PUBLIC_URL: expected the page's address, because the issuer redirects to it")
    if settings.oidc_issuer and not safe(settings.oidc_issuer):
        mistakes.append(
            "OIDC_ISSUER: expected an https address without a query, or an address of this machine"
        )
    agents, admins = (
        _rules(settings.oidc_agents, "OIDC_AGENTS", mistakes),
        _rules(settings.oidc_admins, "OIDC_ADMINS", mistakes),
    )
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return Entry(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id.strip(),
        client_secret=settings.oidc_client_secret,
        scope=" ".join(dict.fromkeys(["openid", *settings.oidc_scopes])),
        label=settings.oidc_label or (urlsplit(settings.oidc_issuer).hostname or ""),
        back=settings.public_url + BACK,
        agents=agents,
        admins=admins,
    )


_MEANT: Final = {
    "OIDC_ISSUER": "the issuer's address, as its discovery document names it",
    "OIDC_CLIENT_ID": "this desk's client id at the issuer",
    "OIDC_CLIENT_SECRET": "this desk's client secret at the issuer",
    "OIDC_AGENTS": "who to let in, such as groups=support or @example.com (by default no one)",
}


def _rules(text: str, name: str, mistakes: list[str]) -> tuple[Rule, ...]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(Rule.parse(part))
        except ValueError as reason:
            mistakes.append(f"{name}: {reason} (got {part!r})")
    return tuple(found)


def safe(address: str) -> bool:
    """Say whether secrets may be sent there: over https, or to this machine."""
    try:
        parts = urlsplit(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def names(claims: Claims) -> tuple[str, ...]:
    """Return possible names, best first; at least one."""
    found = [str(claims.get(name) or "") for name in _NAMED]
    found.append(str(claims.get("email") or "").partition("@")[0])
    cleaned = (" ".join("".join(sign for sign in name if sign.isprintable()).split()) for name in found)
    return tuple(dict.fromkeys(name[:LONGEST_NAME] for name in cleaned if name)) or ("Agent",)


def free(wanted: Iterable[str], taken: Iterable[str]) -> str:
    """Return the first name that is not taken, else the first with a number after it."""
    known = {name.casefold() for name in taken}
    named = list(wanted)
    numbered = (f"{named[0][: LONGEST_NAME - 4]} {number}" for number in range(2, 2 + len(known) + 1))
    return next(name for name in (*named, *numbered) if name.casefold() not in known)


def _values(claims: Claims, name: str) -> frozenset[str]:
    """Return a claim's values; dots lead into nested claims, such as `realm_access.roles`."""
    found: Any = claims
    for part in (name,) if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list | tuple) else [found]
    return frozenset(
        str(each).lower() if isinstance(each, bool) else str(each) for each in listed if each is not None
    )
