"""Tests sign-in by OpenID Connect with a real issuer on this machine: who can sign in, as whom, and for how long."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters.web.desk import sessions
from adapters.web.desk.oidc import issuer
from bot.ports import Account
from bot.sign_in import SignIn
from tests.adapters.web.support.agent import Customer, any_hidden, hidden, signed_in
from tests.adapters.web.support.oidc_agent import everybody, sign_in, to_issuer, trusting
from tests.adapters.web.support.site import ADDRESS, Place, open_place
from tests.fakes.issuer import ANA, CLIENT, SECRET, FakeIssuer, ec_key, rsa_key


async def test_an_agent_comes_in_where_they_wanted_to_go(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    maria = Customer(place)
    await maria.come()
    page = await client.get(f"/desk/c/{maria.id}", follow_redirects=True)
    assert "Sign in with Acme" in page.text
    answer = await sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/c/{maria.id}")
    assert (await client.get(f"/desk/c/{maria.id}")).status_code == 200
    (account,) = await place.app.store.accounts.all()
    assert (account.name, account.role, account.source) == ("Ana", "agent", acme.address)


async def test_what_the_issuer_is_asked_names_this_desk_and_can_be_answered_by_it_alone(
    client: httpx.AsyncClient,
) -> None:
    asked = parse_qs(urlsplit(await to_issuer(client)).query)
    assert asked["redirect_uri"] == [f"{ADDRESS}/desk/oidc/back"]
    assert (asked["response_type"], asked["scope"]) == (["code"], ["openid profile email"])
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert SECRET not in str(asked)
    again = parse_qs(urlsplit(await to_issuer(client)).query)
    assert not {asked[name][0] for name in ("state", "nonce", "code_challenge")} & {
        again[name][0] for name in ("state", "nonce", "code_challenge")
    }


@pytest.mark.parametrize("key", [rsa_key, ec_key])
async def test_rsa_and_elliptic_curves_will_do(
    acme: FakeIssuer, client: httpx.AsyncClient, key: Callable[[], Any]
) -> None:
    acme.key = key()
    acme.shown = [acme.key]
    acme.signs = "ES256" if key is ec_key else "RS256"
    assert (await sign_in(client)).headers["location"] == "/desk"


async def test_a_key_that_was_changed_is_asked_for_and_the_old_one_is_worth_nothing(
    acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    old = acme.key
    assert (await sign_in(client)).status_code == 303
    acme.key = rsa_key("new")
    acme.shown = [acme.key]
    assert (await sign_in(client)).status_code == 303
    assert acme.asked.count("/keys") == 2
    acme.key = old
    assert (await sign_in(client)).status_code == 502
    acme.key = rsa_key("new")
    assert (await sign_in(client)).status_code == 502, "the same name, and not the same key"


async def test_the_document_and_the_keys_are_asked_for_once_an_hour(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    assert place.site.desk is not None
    assert place.site.desk.issuer is not None
    for _ in range(3):
        await sign_in(client)
    asked = "/.well-known/openid-configuration"
    assert (acme.asked.count(asked), acme.asked.count("/keys")) == (1, 1)
    place.site.desk.issuer._now = lambda: time.time() + issuer.KEYS_KEPT_S + 1
    await to_issuer(client)
    assert acme.asked.count(asked) == 2


async def test_groups_may_be_told_by_userinfo_alone_and_the_token_wins(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    acme.says = {"groups": None}
    assert (await sign_in(client)).status_code == 303
    acme.says, acme.adds = {}, {"groups": ["chiefs"]}
    assert (await sign_in(client)).status_code == 303
    assert await everybody(place) == [("Ana", "agent")]


@pytest.mark.row("security", "A person of the company who is no agent gets in")
async def test_who_is_in_no_group_reads_what_to_do_and_has_no_account(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    acme.person["groups"] = ["tea"]
    answer = await sign_in(client)
    assert answer.status_code == 403
    assert "ana@acme.example" in answer.text
    assert "Ask an admin to add you to the support group" in answer.text
    assert await everybody(place) == []
    assert (await client.get("/desk")).status_code == 303


async def test_who_leaves_the_group_is_out_everywhere_at_the_next_sign_in(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    await sign_in(client)
    acme.person["groups"] = []
    async with place.client() as other:
        assert (await sign_in(other)).status_code == 403
    assert (await client.get("/desk")).status_code == 303


async def test_the_role_follows_the_claims_and_the_account_stays(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    await sign_in(client)
    (before,) = await place.app.store.accounts.all()
    assert (await client.get("/desk/accounts")).status_code == 403
    acme.person["groups"] = ["chiefs"]
    async with place.client() as other:
        await sign_in(other)
    assert "Signs in with" in (await client.get("/desk/accounts")).text
    (after,) = await place.app.store.accounts.all()
    assert (after.id, after.made, before.role, after.role) == (before.id, before.made, "agent", "admin")


async def test_accounts_are_kept_by_issuer_and_subject(
    place: Place, acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    await sign_in(client)
    acme.person = ANA | {"sub": "u-2", "name": "Ana Costa"}
    async with place.client() as other:
        await sign_in(other)
        acme.person = ANA | {"sub": "u-3"}
        await sign_in(other)
    assert await everybody(place) == [("Ana", "agent"), ("Ana Costa", "agent"), ("Ana Lima", "agent")]


async def test_an_address_that_userinfo_verified_vouches_for_no_other(acme: FakeIssuer) -> None:
    async with trusting(acme, oidc_agents="@acme.example") as place, place.client() as client:
        acme.says = {"email_verified": None}
        acme.adds = {"email": "ana@elsewhere.example"}
        assert (await sign_in(client)).status_code == 403
        acme.adds = {}
        assert (await sign_in(client)).status_code == 303
        assert await everybody(place) == [("Ana", "agent")]


async def test_a_session_by_the_issuer_ends_within_a_day_however_busy_it_was(
    place: Place, client: httpx.AsyncClient
) -> None:
    await sign_in(client)
    place.power.later = sessions.ISSUER_MAX_AGE_MS + 1000
    assert (await client.get("/desk")).status_code == 303


async def test_signing_out_ends_the_session_and_tells_of_the_issuers_own(
    acme: FakeIssuer, client: httpx.AsyncClient
) -> None:
    await sign_in(client)
    page = await client.get("/desk")
    out = await client.post("/desk/out", data=hidden(page.text, "/desk/out"), follow_redirects=True)
    assert "you may still be signed in to Acme" in out.text
    assert (await client.get("/desk")).status_code == 303
    assert (await client.get("/desk/oidc/out")).headers[
        "location"
    ] == f"{acme.address}/leave?client_id={CLIENT}"


async def test_links_work_beside_an_issuer_but_not_around_it(place: Place, client: httpx.AsyncClient) -> None:
    await sign_in(client)
    (ana,) = await place.app.store.accounts.all()
    async with place.client() as other:
        chief = await signed_in(place, other, "Chief", "admin")
        await chief.open("/desk/accounts")
        assert f"/desk/accounts/{ana.id}/link" not in chief.page
        proof = any_hidden(chief.page)
        assert (await other.post(f"/desk/accounts/{ana.id}/link", data=proof)).status_code == 422
    assert place.site.desk is not None
    links = place.site.desk.sign_in
    token = await links.link(ana)
    assert await links.accept(token, "") is None


async def test_links_can_be_switched_off(acme: FakeIssuer) -> None:
    async with (
        trusting(acme, desk_links="no", oidc_admins="groups=support") as place,
        place.client() as client,
    ):
        store = place.app.store
        link = await SignIn(store.vault, store.accounts, lambda: 5).invite("admin")
        assert (await client.get(f"/desk/in/{link}")).status_code == 404
        assert "accounts link" not in (await client.get("/desk/sign-in")).text
        await sign_in(client)
        page = await client.get("/desk/accounts")
        assert "Create invite link" not in page.text
        proof = any_hidden(page.text) | {"role": "agent"}
        assert (await client.post("/desk/accounts/invite", data=proof)).status_code == 422
        await store.accounts.put(Account(id="b", name="Ben", role="agent"))
        old = await sessions.Sessions(place.site, place.site.desk).begin(  # type: ignore[arg-type]  # it has a desk
            Account(id="b", name="Ben", role="agent")
        )
        async with place.client(cookies={sessions.COOKIE: old.token}) as ben:
            assert (await ben.get("/desk")).status_code == 303


async def test_without_an_issuer_there_is_no_such_way() -> None:
    async with open_place() as place, place.client() as client:
        assert (await client.get("/desk/oidc")).status_code == 404
        assert "Sign in with" not in (await client.get("/desk/sign-in")).text
