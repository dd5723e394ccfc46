"""Tests that this site answers only under its own names, keeps its cookies to https, and obeys only its own pages."""

import re
from typing import Any

import httpx
import pytest

from adapters.web.doors.hosts import Hosts, origin_of_url
from tests.adapters.web.support.agent import any_hidden, signed_in
from tests.adapters.web.support.embedder import KEY
from tests.adapters.web.support.served import ask, served
from tests.adapters.web.support.site import ADDRESS, GUIDE, Place, open_place
from tests.adapters.web.support.visitor import Browser, begun

EVIL = "https://evil.example"
SHOP = "https://shop.example"


# ---------------------------------------------------------------- https


@pytest.mark.row("security", "Someone on the way reads a cookie sent without https")
async def test_behind_a_proxy_that_is_not_trusted_cookies_and_browsers_keep_to_https() -> None:
    async with open_place(public_url=ADDRESS) as place, served(place) as (address, _):
        assert place.site.desk is not None
        token = await place.site.desk.sign_in.invite("admin", "Ana")
        async with httpx.AsyncClient(base_url=address) as client:
            pages = [
                await client.get(path)
                for path in ("/", f"/desk/in/{token}", "/desk", "/nothing", "/api/flows")
            ]
            fields = any_hidden(pages[1].text) | {"name": "Ana"}
            given = pages[0].headers.get_list("set-cookie")
            cookies = "; ".join(each.partition(";")[0] for each in given)
            fields["proof"] = any_hidden(
                (await client.get(f"/desk/in/{token}", headers={"Cookie": cookies})).text
            )["proof"]
            pages.append(await client.post(f"/desk/in/{token}", data=fields, headers={"Cookie": cookies}))
            assert pages[-1].status_code == 303
            pages.append(
                await client.post("/start", content=b"x" * 500_000, headers={"Content-Type": "text/plain"})
            )
            pages.append(await client.get("/", headers={"Host": "evil.example"}))
        given = [each for page in pages for each in page.headers.get_list("set-cookie")]
        assert len({each.partition("=")[0] for each in given}) == 3, given
        assert [each for each in given if "; Secure" not in each] == []
        assert {page.headers.get("strict-transport-security") for page in pages} == {"max-age=31536000"}


async def test_without_https_there_is_no_promise_of_https(place: Place) -> None:
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/")
        assert "Secure" not in page.headers["set-cookie"]
        assert "strict-transport-security" not in page.headers


# ---------------------------------------------------------------- hosts


@pytest.mark.row("security", "The Host header leads a one-time link or a redirect to another site")
@pytest.mark.parametrize("header", ["Host: evil.example", "X-Forwarded-Host: evil.example", "Host: "])
async def test_a_request_for_another_host_is_refused_and_no_link_names_it(header: str) -> None:
    async with open_place(trusted_proxies="127.0.0.1") as place, served(place) as (address, _):
        async with httpx.AsyncClient(base_url=address) as client:
            browser = await begun(await Browser(client).open("/"))
            fields = any_hidden(browser.page)
            cookies = f"Cookie: {'; '.join(f'{name}={value}' for name, value in client.cookies.items())}"
            path = browser.path
            assert "/go/" in (await browser.post(f'action="{path}/link"', 200, **fields)).page
        body = str(httpx.QueryParams(fields)).encode()
        form = "Content-Type: application/x-www-form-urlencoded"
        for line in (f"POST {path}/link", "GET /", "GET /desk/", "GET /static/", "GET /openapi.json"):
            status, said = await ask(
                address, line, header, cookies, form, body=body if "POST" in line else b""
            )
            assert (line, status) == (line, 421)
            assert "evil" not in said
            assert "ALLOWED_HOSTS" in said
        for probe in ("/healthz", "/readyz"):
            assert (await ask(address, f"GET {probe}", header))[0] == 200


async def test_a_slash_at_the_end_leads_nowhere_else(place: Place) -> None:
    async with place.client() as client:
        for path in ("/api/flows/", "//evil.example/", "/desk/sign-in/", "/%2Fevil.example/"):
            answer = await client.get(f"{ADDRESS}{path}")
            assert answer.headers.get("location") is None, path
        assert (await client.get("/api/flows/")).status_code == 200


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("help.example", True),
        ("HELP.example.:443", True),
        ("a.b.shop.example", True),
        ("shop.example", False),
        ("xshop.example", False),
        ("help.example.evil.example", False),
        ("help.example:443@evil.example", False),
        ("help.example/x", False),
        ("help.example:", False),
        ("", False),
        ("0.0.0.0", False),
    ],
)
def test_hosts_are_allowed_by_name(host: str, allowed: bool) -> None:
    assert Hosts("https://help.example/support", ("*.shop.example",)).allows(host) is allowed


def test_every_host_is_allowed_where_the_operator_says_so() -> None:
    assert Hosts("", ("*",)).allows("anything.example")
    assert not Hosts("", ("*",)).allows("[")


# ---------------------------------------------------------------- origins


def test_an_origin_is_written_as_browsers_write_it() -> None:
    assert origin_of_url("https://Help.example:443/support/") == "https://help.example"
    assert origin_of_url("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    own = Hosts("https://help.example", ())
    assert own.origins("http", "help.example") == {"https://help.example"}, "http may be anyone's on the way"
    assert own.origins("http", "127.0.0.1:8000") == {"https://help.example", "http://127.0.0.1:8000"}


@pytest.mark.row(
    "security", "Another site starts a conversation with the visitor's cookie and gets their token"
)
@pytest.mark.parametrize("origin", [EVIL, "null", "http://help.example", f"{ADDRESS}:444", ADDRESS + "."])
async def test_another_origin_gets_nothing_with_a_visitors_cookie(place: Place, origin: str) -> None:
    async with place.client() as client:
        await client.get("/")
        mine = (
            await client.post("/api/conversations", json={"flow": GUIDE}, headers={"Origin": ADDRESS})
        ).json()
        for body in ({"flow": GUIDE}, {"flow": GUIDE, "key": KEY}, {"text": "not active"}):
            answer = await client.post("/api/conversations", json=body, headers={"Origin": origin})
            assert answer.status_code == 403
            assert mine["token"] not in answer.text
        path = f"/api/conversations/{mine['id']}/events"
        said = {"type": "said", "text": "evil words"}
        assert (await client.post(path, json=said, headers={"Origin": origin})).status_code == 401
        bearer = {"Authorization": f"Bearer {mine['token']}", "Origin": origin}
        client.cookies.clear()
        assert (await client.post(path, json=said, headers=bearer)).status_code == 200, (
            "a token is proof enough"
        )
        started = await client.post("/api/conversations", json={"flow": GUIDE}, headers={"Origin": origin})
        assert started.status_code == 201, "without a cookie there is no one to act for"
        assert started.json()["id"] != mine["id"]


@pytest.mark.row("security", "An embedding page acts as the visitor of the support page")
async def test_an_embedding_page_starts_as_someone_else_and_goes_on_with_its_token() -> None:
    async with open_place(embed_origins=SHOP) as place, place.client() as client:
        await client.get("/")
        mine = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
        shop = {"Origin": SHOP, "Sec-Fetch-Site": "cross-site"}
        theirs = await client.post("/api/conversations", json={"flow": GUIDE}, headers=shop)
        assert theirs.status_code == 201
        assert theirs.headers["access-control-allow-origin"] == SHOP
        assert theirs.json()["id"] != mine["id"], "the cookie of the page is not theirs"
        bearer = shop | {"Authorization": f"Bearer {theirs.json()['token']}"}
        path = f"/api/conversations/{theirs.json()['id']}"
        assert (await client.get(path, headers=bearer)).status_code == 200
        assert (
            await client.post(f"{path}/events", json={"type": "escalate"}, headers=bearer)
        ).status_code == 200


@pytest.mark.row("security", "Another site's page sends a form for a visitor or an agent")
async def test_no_form_of_the_page_or_the_desk_obeys_another_site() -> None:
    async with open_place() as place, place.client() as client:
        browser = await begun(await Browser(client).open("/"))
        at = browser.path.removeprefix("/c/")
        customer = any_hidden(browser.page)
        ana = await signed_in(place, client, "Ana", "admin")
        agent = any_hidden((await ana.open("/desk/accounts")).page)
        before = await state(place, at)
        obeyed = {}
        for route in place.asgi.routes:
            path, methods = str(getattr(route, "path", "")), getattr(route, "methods", None) or set()
            if "POST" not in methods:
                continue
            filled = path.format(
                **{name: at if name == "conversation_id" else "x" for name in re.findall(r"\{(\w+)\}", path)}
            )
            proof = agent if path.startswith("/desk") else customer
            for headers in ({"Origin": EVIL}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
                fields: dict[str, Any] = (
                    {"json": {"type": "escalate"}}
                    if "/api/" in path
                    else {"data": proof | {"do": "escalate", "text": "evil", "name": "evil", "role": "admin"}}
                )
                answer = await client.post(filled, headers=headers, **fields)
                if answer.status_code not in (401, 403):
                    obeyed[path, str(headers)] = answer.status_code
        assert obeyed == {}
        assert await state(place, at) == before


async def state(place: Place, at: str) -> tuple[object, int]:
    """Return what a forged request may not change: a conversation, and how many may sign in."""
    assert place.site.desk is not None
    return await place.app.store.conversations.load(at), len(await place.site.desk.accounts.all())
