"""Tests who can sign in to the desk: links that work once, sessions, accounts and roles."""

import re

import httpx
import pytest

from adapters.web.desk import sessions
from adapters.web.desk.sign_in import TRIES
from bot.sign_in import SignIn
from tests.adapters.web.support.agent import Agent, Customer, any_hidden, hidden, signed_in
from tests.adapters.web.support.site import Place, open_place


def sign_in(place: Place) -> SignIn:
    assert place.site.desk is not None
    found = place.site.desk.sign_in
    assert isinstance(found, SignIn)
    return found


async def enter(client: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    page = await client.get(f"/desk/in/{token}")
    if page.status_code != 200:
        return page
    return await client.post(f"/desk/in/{token}", data=hidden(page.text, f"/desk/in/{token}") | fields)


async def test_the_first_to_come_is_an_admin_who_names_themselves(
    place: Place, client: httpx.AsyncClient
) -> None:
    token = await sign_in(place).first()
    assert token
    answer = await enter(client, token, name="  Ana   Maria ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = next(
        one for one in answer.headers.get_list("set-cookie") if one.startswith(sessions.COOKIE + "=")
    )
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/desk"} <= set(cookie.split("; "))
    accounts = await place.app.store.accounts.all()
    assert [(one.name, one.role) for one in accounts] == [("Ana Maria", "admin")]
    assert await sign_in(place).first() is None


async def test_a_first_link_is_worth_nothing_once_somebody_is_in(
    place: Place, client: httpx.AsyncClient
) -> None:
    one, two = await sign_in(place).first(), await sign_in(place).first()
    assert one
    assert two
    await enter(client, one, name="Ana")
    async with place.client() as other:
        assert (await enter(other, two, name="Mallory")).status_code == 404


@pytest.mark.row("security", "A mail program or a second reader spends a sign-in link")
async def test_a_link_works_once_and_looking_spends_nothing(place: Place, client: httpx.AsyncClient) -> None:
    token = await sign_in(place).invite("agent", "Ben")
    for _ in range(3):
        assert 'value="Ben"' in (await client.get(f"/desk/in/{token}")).text
    assert (await enter(client, token, name="Ben")).status_code == 303
    async with place.client() as other:
        assert (await enter(other, token, name="Eve")).status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u202eb", "ANA"])
async def test_a_name_that_will_not_do_is_said_and_the_link_is_kept(
    place: Place, client: httpx.AsyncClient, second: httpx.AsyncClient, name: str
) -> None:
    await signed_in(place, second, "Ana")
    token = await sign_in(place).invite("agent")
    assert (await enter(client, token, name=name)).status_code == 422
    assert (await enter(client, token, name="Ben")).status_code == 303


async def test_nobody_signs_in_with_something_else_from_the_vault(
    place: Place, client: httpx.AsyncClient
) -> None:
    token = await place.site.vault.put("web/join/00aaaaaaaaaaaaaaaa", 60)
    assert (await client.get(f"/desk/in/{token}")).status_code == 404
    client.cookies.set(sessions.COOKIE, token)
    assert (await client.get("/desk")).status_code == 303


@pytest.mark.parametrize(
    "path", ["/desk", "/desk?tab=mine", "/desk/find?q=1", "/desk/c/00aaaaaaaaaaaaaaaa", "/desk/accounts"]
)
async def test_who_is_not_signed_in_is_shown_the_way_in(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    asked = await client.get(path, headers={"x-requested-with": "fetch"})
    assert asked.status_code == 401
    assert "python -m bot accounts link" in (await client.get("/desk/sign-in")).text


async def test_after_signing_in_they_are_where_they_wanted_to_go(
    place: Place, client: httpx.AsyncClient, maria: Customer
) -> None:
    await client.get(f"/desk/c/{maria.id}")
    answer = await enter(client, await sign_in(place).invite("agent"), name="Ana")
    assert answer.headers["location"] == f"/desk/c/{maria.id}"
    assert sessions.way(_Asked("/desk//evil.example")) == "/desk"  # type: ignore[arg-type]  # has the cookies alone
    assert sessions.way(_Asked("https://evil.example")) == "/desk"  # type: ignore[arg-type]  # has the cookies alone


class _Asked:
    """A request that has only the cookie with the page to open."""

    def __init__(self, way: str) -> None:
        self.cookies = {sessions.NEXT: way}


@pytest.mark.row("security", "A copied session cookie works after signing out")
async def test_signing_out_ends_the_session_wherever_its_cookie_is(
    ana: Agent, client: httpx.AsyncClient
) -> None:
    cookie = client.cookies[sessions.COOKIE]
    await ana.press("/desk/out")
    assert ana.answer.url.path == "/desk/sign-in"
    client.cookies.set(sessions.COOKIE, cookie, domain="help.example", path="/desk")
    assert (await client.get("/desk")).status_code == 303


async def test_an_account_that_is_removed_is_out_at_once(ana: Agent, chief: Agent, maria: Customer) -> None:
    await chief.open("/desk/accounts")
    await ana.open(f"/desk/c/{maria.id}")
    await chief.press(f"/desk/accounts/{ana.account.id}/remove")
    assert "Ana" not in chief.text
    answer = await ana.client.post(f"/desk/c/{maria.id}/reply", data=any_hidden(ana.page) | {"text": "Hello"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    assert "Hello" not in await maria.reads()


@pytest.mark.row("security", "An agent manages accounts, or makes themselves an admin")
async def test_an_agent_does_not_look_after_accounts(ana: Agent, chief: Agent) -> None:
    await ana.open("/desk/accounts", 403)
    form = any_hidden((await ana.open("/desk")).page)
    for path in ("invite", f"{chief.account.id}/link", f"{chief.account.id}/remove"):
        answer = await ana.client.post(f"/desk/accounts/{path}", data=form | {"role": "admin"})
        assert answer.status_code == 403, path
    assert "Accounts" not in ana.text


async def test_an_admin_invites_and_gives_new_links(
    place: Place, chief: Agent, client: httpx.AsyncClient
) -> None:
    await chief.open("/desk/accounts")
    await chief.press("/desk/accounts/invite", role="agent", name="Dan")
    link = re.search(r'id="link" readonly value="https://help.example/desk/in/([^"]+)"', chief.page)
    assert link
    assert (await enter(client, link[1], name="Dan")).status_code == 303
    dan = next(one for one in await place.app.store.accounts.all() if one.name == "Dan")
    assert dan.role == "agent"
    await chief.open("/desk/accounts")
    await chief.press(f"/desk/accounts/{dan.id}/link")
    again = re.search(r"/desk/in/([\w-]+)", chief.page)
    assert again
    async with place.client() as other:
        assert (await enter(other, again[1])).status_code == 303
    await chief.press("/desk/accounts/invite", 422, role="emperor")


async def test_an_admin_cannot_leave_the_desk_without_one(chief: Agent) -> None:
    await chief.open("/desk/accounts")
    form = any_hidden(chief.page)
    answer = await chief.client.post(f"/desk/accounts/{chief.account.id}/remove", data=form)
    assert answer.status_code == 422
    assert (await chief.open("/desk/accounts")).answer.status_code == 200


async def test_a_session_ends_after_a_month_however_busy_it_was(place: Place, ana: Agent) -> None:
    place.power.later = sessions.MAX_AGE_MS + 1000
    assert (await ana.client.get("/desk")).status_code == 303


async def test_work_keeps_a_session_and_an_open_page_alone_does_not(place: Place, ana: Agent) -> None:
    store = place.app.store
    key = store.wire.keys.vault(ana.client.cookies[sessions.COOKIE])
    await store.wire.ask("EXPIRE", key, 100)
    await ana.client.get("/desk", headers={"x-requested-with": "fetch"})
    assert await store.wire.ask("TTL", key) <= 100
    await ana.open("/desk")
    assert await store.wire.ask("TTL", key) > 10_000


@pytest.mark.row("security", "Someone guesses sign-in links")
async def test_who_tries_many_links_waits(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(f"/desk/in/{'x' * 30}{number}")).status_code for number in range(TRIES + 2)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


async def test_a_forged_way_in_is_refused(place: Place, client: httpx.AsyncClient) -> None:
    token = await sign_in(place).invite("agent")
    page = (await client.get(f"/desk/in/{token}")).text
    good = hidden(page, f"/desk/in/{token}") | {"name": "Ana"}
    address = f"/desk/in/{token}"
    assert (await client.post(address, data={"name": "Ana"})).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    assert (await client.post(address, data=good, headers=elsewhere)).status_code == 403
    assert (await client.post(address, data=good)).status_code == 303


@pytest.mark.row("security", "Another site frames the desk")
async def test_no_other_site_may_frame_the_desk_whoever_may_embed_the_page() -> None:
    async with open_place(embed_origins="https://app.example") as place, place.client() as client:
        assert "https://app.example" in (await client.get("/")).headers["content-security-policy"]
        await signed_in(place, client, "Ana")
        for path in ("/desk", "/desk/accounts", "/desk/c/x", "/desk/sign-in", "/desk/in/x"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"].endswith("frame-ancestors 'none'"), path
            assert headers["x-frame-options"] == "DENY", path
            assert headers["cache-control"] == "no-store", path


class BrokenVault:
    """A vault that fails with an error of its own."""

    async def peek(self, token: str) -> str | None:
        raise RuntimeError("broken")


@pytest.mark.row("security", "Another site frames the desk")
async def test_a_failure_of_the_desk_is_not_framed_either() -> None:
    place = open_place(embed_origins="https://app.example", changes={"vault": BrokenVault()})
    async with place as broken, broken.client(cookies={"tt_desk": "x" * 32}) as client:
        answer = await client.get("/desk")
        assert answer.status_code == 500
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'")
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        page = await client.get("/nothing")
        assert "https://app.example" in page.headers["content-security-policy"]
