"""Tests that a token is trusted only if all of it is as it must be."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.web.desk import sessions
from tests.adapters.web.support.oidc_agent import everybody, sign_in
from tests.adapters.web.support.site import Place
from tests.fakes.issuer import CLIENT, FakeIssuer, rsa_key

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("the nonce of another try", {"nonce": "another"}, "nonce"),
    ("no nonce", {"nonce": None}, "nonce"),
    ("an audience that is not us", {"aud": "another desk"}, "aud"),
    ("no audience", {"aud": None}, "aud"),
    ("many audiences, and made for another", {"aud": [CLIENT, "x"], "azp": "x"}, "azp"),
    ("expired", {"exp": 1_000_000_000}, "exp"),
    ("no end", {"exp": None}, "exp"),
    ("not begun", {"nbf": 9_000_000_000}, "nbf"),
    ("made in the future", {"iat": 9_000_000_000}, "iat"),
    ("another issuer", {"iss": "https://evil.example"}, "iss"),
    ("nobody", {"sub": None}, "sub"),
    ("an access token that is not its own", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
]


@pytest.mark.row("security", "A token for another time, place or person is accepted")
@pytest.mark.parametrize(("says", "about"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
async def test_a_token_that_does_not_say_what_it_must_lets_nobody_in(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient, says: dict[str, Any], about: str
) -> None:
    acme.says = says
    with capture_logs() as logs:
        answer = await sign_in(client)
    assert answer.status_code == 502
    assert "so you're not signed in" in answer.text
    assert about in logs[-1]["reason"]
    assert sessions.COOKIE not in client.cookies
    assert await everybody(place) == []


@pytest.mark.row("security", "A token that anyone could sign lets someone in")
@pytest.mark.parametrize("signs", ["none", "HS256", "RS512"])
async def test_a_signature_that_anybody_could_make_is_none(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient, signs: str
) -> None:
    acme.signs = signs
    assert (await sign_in(client)).status_code == 502
    assert await everybody(place) == []


async def test_a_token_that_somebody_else_signed_lets_nobody_in(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    acme.key = rsa_key(acme.key.name)
    assert (await sign_in(client)).status_code == 502
    assert await everybody(place) == []


async def test_userinfo_about_somebody_else_lets_nobody_in(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    acme.adds = {"sub": "u-2", "groups": ["chiefs"]}
    assert (await sign_in(client)).status_code == 502
    assert await everybody(place) == []
