"""Plays a person who signs in by an issuer in a browser without JavaScript, and a site that trusts the issuer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.adapters.web.support.site import ADDRESS, Place, open_place
from tests.fakes.issuer import CLIENT, SECRET, FakeIssuer


@asynccontextmanager
async def trusting(acme: FakeIssuer, **settings: Any) -> AsyncIterator[Place]:
    given: dict[str, Any] = {
        "oidc_issuer": acme.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_agents": "groups=support",
        "oidc_admins": "groups=chiefs",
        "oidc_label": "Acme",
        "public_url": ADDRESS,
    }
    async with open_place(**(given | settings)) as opened:
        yield opened


async def to_issuer(client: httpx.AsyncClient) -> str:
    """Press the sign-in button. Return the issuer's address."""
    answer = await client.get("/desk/oidc")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def at_issuer(where: str, press: str = "yes") -> str:
    """Sign in at the issuer. Return the address to return to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    async with httpx.AsyncClient(verify=False) as outside:  # over plain HTTP there is nothing to verify
        assert "Go on as Ana" in (await outside.get(where)).text
        answer = await outside.post(where.partition("?")[0], data=asked | {"press": press})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    """Sign in through the issuer. Return the desk's answer."""
    return await client.get(await at_issuer(await to_issuer(client)))


async def everybody(place: Place) -> list[tuple[str, str]]:
    return [(account.name, account.role) for account in await place.app.store.accounts.all()]
