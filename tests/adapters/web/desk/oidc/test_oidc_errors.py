"""Tests failures between the desk and the issuer: no one gets in, and the page says what to do."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.web import create
from adapters.web.desk import sessions
from adapters.web.desk.oidc import issuer, routes
from tests.adapters.web.support.agent import Agent, signed_in
from tests.adapters.web.support.oidc_agent import at_issuer, sign_in, to_issuer, trusting
from tests.adapters.web.support.site import ADDRESS, Place
from tests.fakes.issuer import SECRET, FakeIssuer, issuing


async def test_what_comes_back_counts_once(client: httpx.AsyncClient) -> None:
    where = await at_issuer(await to_issuer(client))
    assert (await client.get(where)).status_code == 303
    again = await client.get(where)
    assert again.status_code == 400
    assert "Each sign-in works once" in again.text
    assert f"{ADDRESS}/desk" in again.text


async def test_a_state_is_spent_by_whatever_comes_back_with_it(
    acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    where = await at_issuer(await to_issuer(client))
    state = parse_qs(urlsplit(where).query)["state"][0]
    refused = {"state": state, "error": "access_denied"}
    assert (await client.get("/desk/oidc/back", params=refused)).status_code == 403
    assert (await client.get(where)).status_code == 400
    assert "/token" not in acme.asked


async def test_a_code_that_was_used_lets_nobody_in(acme: FakeIssuer, client: httpx.AsyncClient) -> None:
    where = await at_issuer(await to_issuer(client))
    acme.codes.clear()
    assert (await client.get(where)).status_code == 400


async def test_a_code_of_another_try_lets_nobody_in(place: Place, client: httpx.AsyncClient) -> None:
    theirs = urlsplit(await at_issuer(await to_issuer(client)))
    async with place.client() as other:
        mine = urlsplit(await at_issuer(await to_issuer(other)))
        code = parse_qs(theirs.query)["code"][0]
        state = parse_qs(mine.query)["state"][0]
        answer = await other.get("/desk/oidc/back", params={"code": code, "state": state})
    assert answer.status_code == 400


@pytest.mark.row("security", "An answer of the issuer is used in another browser")
async def test_an_answer_is_worth_nothing_in_another_browser_and_stays_good_in_its_own(
    place: Place, client: httpx.AsyncClient
) -> None:
    where = await at_issuer(await to_issuer(client))
    async with place.client() as victim:
        assert (await victim.get(where)).status_code == 400
        await to_issuer(victim)
        assert (await victim.get(where)).status_code == 400
        assert sessions.COOKIE not in victim.cookies
    assert (await client.get(where)).status_code == 303


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?code=y", f"?state={'x' * 32}&code=y"])
async def test_an_answer_that_nobody_waited_for_lets_nobody_in(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/desk/oidc/back{query}")).status_code == 400


async def test_nothing_else_of_the_vault_is_a_state(place: Place, client: httpx.AsyncClient) -> None:
    assert place.site.desk is not None
    token = await place.site.desk.sign_in.invite("admin")
    await to_issuer(client)
    answer = await client.get("/desk/oidc/back", params={"state": token, "code": "y"})
    assert answer.status_code == 400
    assert await place.site.desk.sign_in.peek(token) is not None


async def test_they_may_leave_by_one_process_and_come_back_to_another(
    place: Place, client: httpx.AsyncClient
) -> None:
    where = await at_issuer(await to_issuer(client))
    assert place.site.desk is not None
    assert place.site.desk.issuer is not None
    fresh = issuer.Issuer(place.site.desk.issuer.client, time.time)
    other = create(replace(place.site, desk=replace(place.site.desk, issuer=fresh)))
    transport = httpx.ASGITransport(other)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=client.cookies) as there:
        assert (await there.get(where)).headers["location"] == "/desk"


async def test_the_session_is_a_new_one_and_the_one_before_is_over(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    planted = "x" * 32
    client.cookies.set(sessions.COOKIE, planted, domain="help.example", path="/desk")
    await sign_in(client)
    first = client.cookies[sessions.COOKIE]
    assert first != planted
    await sign_in(client)
    assert client.cookies[sessions.COOKIE] != first
    async with place.client(cookies={sessions.COOKIE: first}) as stale:
        assert (await stale.get("/desk")).status_code == 303


@pytest.mark.row("security", "After signing in, the agent is led to another site")
async def test_nobody_is_sent_elsewhere(place: Place, client: httpx.AsyncClient) -> None:
    for evil in ("https://evil.example", "//evil.example", "/desk//evil.example", "/desk/c/../../x"):
        client.cookies.set(sessions.NEXT, evil, domain="help.example", path="/desk")
        assert (await sign_in(client)).headers["location"] == "/desk"


async def test_whoever_presses_cancel_reads_so(client: httpx.AsyncClient) -> None:
    answer = await client.get(await at_issuer(await to_issuer(client), "no"))
    assert answer.status_code == 403
    assert "or you canceled there" in answer.text


async def test_what_an_answer_says_is_not_put_on_the_page(client: httpx.AsyncClient) -> None:
    state = parse_qs(urlsplit(await to_issuer(client)).query)["state"][0]
    sent = {"state": state, "error": "call 555 now", "error_description": "call 555 now"}
    answer = await client.get("/desk/oidc/back", params=sent)
    assert answer.status_code == 502
    assert "555" not in answer.text


async def test_an_answer_of_another_issuer_lets_nobody_in(client: httpx.AsyncClient) -> None:
    where = await at_issuer(await to_issuer(client))
    answer = await client.get(where.replace("iss=http", "iss=https"))
    assert answer.status_code == 502


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token", "/me"])
async def test_an_issuer_that_is_broken_is_said_and_comes_back(
    acme: FakeIssuer, client: httpx.AsyncClient, path: str
) -> None:
    acme.broken = {path}
    first = await client.get("/desk/oidc")
    answer = (
        first if first.status_code != 303 else await client.get(await at_issuer(first.headers["location"]))
    )
    assert answer.status_code == 502
    assert "Acme isn&#39;t responding" in answer.text
    assert "python -m bot doctor" in answer.text
    acme.broken = set()
    assert (await sign_in(client)).status_code == 303


async def test_an_issuer_that_is_down_is_said_and_who_is_in_goes_on() -> None:
    async with issuing() as acme:
        pass
    async with trusting(acme) as place, place.client() as client:
        assert (await client.get("/desk/oidc")).status_code == 502
        async with place.client() as other:
            ben: Agent = await signed_in(place, other, "Ben")
            await ben.open("/desk")


async def test_an_issuer_that_calls_itself_something_else_is_not_asked(
    acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    acme.named = "https://evil.example"
    assert (await client.get("/desk/oidc")).status_code == 502
    acme.named, acme.fields = "", {"token_endpoint": "http://evil.example/token"}
    assert (await client.get("/desk/oidc")).status_code == 502


async def test_a_secret_that_is_wrong_is_said_to_be(acme: FakeIssuer) -> None:
    async with trusting(acme, oidc_client_secret="another") as place, place.client() as client:
        answer = await sign_in(client)
    assert answer.status_code == 502
    assert "OIDC_CLIENT_SECRET" in answer.text


async def test_a_secret_may_be_wanted_in_the_form(acme: FakeIssuer, client: httpx.AsyncClient) -> None:
    acme.fields = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await sign_in(client)).status_code == 303


@pytest.mark.row("security", "What OpenID Connect keeps secret reaches the log")
async def test_nothing_secret_is_logged(acme: FakeIssuer, client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await sign_in(client)
        acme.says = {"nonce": "another"}
        where = await at_issuer(await to_issuer(client))
        await client.get(where)
        acme.broken = {"/token"}
        await sign_in(client)
        acme.broken, acme.says, acme.person["groups"] = set(), {}, []
        await sign_in(client)
    told = str(logs)
    code, state = (parse_qs(urlsplit(where).query)[name][0] for name in ("code", "state"))
    secrets = [SECRET, code, state, *acme.tokens, "ana@acme.example", "Lima", "another"]
    assert len(logs) >= 3
    assert not [secret for secret in secrets if secret in told]


async def test_who_tries_too_often_waits(client: httpx.AsyncClient) -> None:
    assert (await client.get("/desk/oidc/back")).status_code == 400
    for _ in range(20 * routes.TRIES):  # the allowance grows again meanwhile, on a slow machine noticeably
        if (await client.get("/desk/oidc/back")).status_code == 429:
            break
    else:
        pytest.fail("nobody was asked to wait")
