"""Tests the checks of every request: forged forms, headers, proxies."""

import re

import httpx
import pytest

from adapters.web.doors.addresses import Proxies, network
from tests.adapters.web.support.site import GUIDE, Place, open_place


async def fields(client: httpx.AsyncClient) -> dict[str, str]:
    page = (await client.get("/")).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)) | {
        "do": f"flow:{GUIDE}"
    }


# ---------------------------------------------------------------- forged forms


async def test_a_form_of_our_own_page_is_taken(place: Place) -> None:
    async with place.client() as client:
        answer = await client.post(
            "/start", data=await fields(client), headers={"Origin": "https://help.example"}
        )
        assert answer.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://help.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_a_form_sent_by_another_site_is_refused(place: Place, headers: dict[str, str]) -> None:
    async with place.client() as client:
        answer = await client.post("/start", data=await fields(client), headers=headers)
        assert answer.status_code == 403
        assert "Reload it and try again" in answer.text


@pytest.mark.row("security", "A form is sent without the page that makes it")
async def test_a_form_without_the_proof_or_with_another_visitors_is_refused(place: Place) -> None:
    async with place.client() as client, place.client() as other:
        mine, foreign = await fields(client), await fields(other)
        for proof in ("", "x" * 32, foreign["proof"], "ü", "\x00"):
            assert (await client.post("/start", data=mine | {"proof": proof})).status_code == 403
        client.cookies.clear()
        assert (await client.post("/start", data=mine)).status_code == 403, "the proof belongs to the cookie"


@pytest.mark.parametrize(
    "changed",
    [
        {"do": ""},
        {"do": "explode"},
        {"do": "answered"},
        {"do": "answered:" + "x" * 5000},
        {"do": "later:doomsday"},
        {"do": "details:made-up"},
        {"do": "answered:fixed", "turn": "-1"},
        {"do": "answered:fixed", "turn": "x"},
        {"do": "answered:fixed", "turn": "9" * 30},
        {"do": "answered:fixed", "key": ""},
        {"do": "answered:fixed", "key": "x" * 99},
        {"do": "said", "text": "\x00\x01"},
    ],
    ids=str,
)
async def test_a_form_that_makes_no_sense_changes_nothing(place: Place, changed: dict[str, str]) -> None:
    async with place.client() as client:
        sent = await fields(client)
        path = (await client.post("/start", data=sent)).headers["location"]
        answer = await client.post(f"{path}/events", data=sent | {"turn": "1"} | changed)
        assert answer.status_code in (303, 422)
        assert "Step 1 of 5" in (await client.get(path)).text


async def test_files_and_floods_of_fields_are_refused(place: Place) -> None:
    async with place.client() as client:
        sent = await fields(client)
        assert (await client.post("/start", data=sent, files={"text": b"a file"})).status_code == 400
        many = sent | {f"f{number}": "x" for number in range(50)}
        assert (await client.post("/start", data=many)).status_code == 400
        large = await client.post("/start", data=sent | {"text": "x" * 500_000})
        assert large.status_code == 413
        assert "The limit is" in large.text


# ---------------------------------------------------------------- headers and cookies


@pytest.mark.row("security", "Another site shows the page in a frame to steal clicks")
async def test_every_answer_carries_the_headers_that_protect_it(place: Place) -> None:
    async with place.client() as client:
        for path in ("/", "/nothing", "/api/flows", "/api/nothing", "/healthz", "/openapi.json"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'self'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"


async def test_the_pages_hold_no_inline_script_or_style(place: Place) -> None:
    async with place.client() as client:
        start = await client.post("/start", data=await fields(client), follow_redirects=True)
        for page in (start.text, (await client.get("/")).text):
            assert not re.search(r"<style|style=|\son\w+=|javascript:", page)
            assert not re.findall(r"<script(?! src=\"/static/)", page)


async def test_static_files_are_kept_for_good_under_addresses_that_change_with_them(place: Place) -> None:
    async with place.client() as client:
        page = (await client.get("/")).text
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            answer = await client.get(address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            old = re.sub(r"/static/\w+/", "/static/0000000000/", address)
            assert (await client.get(old)).headers["cache-control"] == "no-store"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(place: Place) -> None:
    async with place.client() as client:
        first = await client.get("/")
        cookie = first.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
            assert part in cookie
        value = re.match(r"tt_visitor=([^;]+)", cookie)
        assert value
        assert len(value[1]) >= 22
        started = await client.post("/start", data=await fields(client), follow_redirects=True)
        assert value[1] not in started.text, "the cookie's value stays in the cookie"
        assert "set-cookie" not in (await client.get("/")).headers, "and is set once"
        assert (
            "Secure"
            not in (await client.get("http://help.example/", headers={"Cookie": ""})).headers["set-cookie"]
        )


async def test_actors_are_hashes_and_never_the_cookie(place: Place) -> None:
    async with place.client() as client:
        path = (await client.post("/start", data=await fields(client))).headers["location"]
        at = await place.app.store.conversations.load(path.removeprefix("/c/"))
        assert at
        assert re.fullmatch(r"web:[a-z2-7]{16}", at.contact)
        assert at.customer == f"web||||{at.contact.removeprefix('web:')}"
        assert client.cookies["tt_visitor"] not in at.model_dump_json()


async def test_a_cookie_that_is_none_of_ours_is_replaced(place: Place) -> None:
    async with place.client(cookies={"tt_visitor": "short"}) as client:
        assert "tt_visitor=" in (await client.get("/")).headers["set-cookie"]


async def test_the_page_may_be_framed_where_the_operator_says_so() -> None:
    async with open_place(embed_origins="https://app.example") as place, place.client() as client:
        framed = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
        answer = await client.get("/", headers=framed)
        assert "frame-ancestors 'self' https://app.example" in answer.headers["content-security-policy"]
        assert "x-frame-options" not in answer.headers
        assert "SameSite=None; Partitioned" in answer.headers["set-cookie"]
        client.cookies.clear()
        assert "SameSite=Lax" in (await client.get("/")).headers["set-cookie"], "only a frame needs it"


# ---------------------------------------------------------------- proxies

NAMES = "help.example,help.acme.example,inside"


def test_only_trusted_proxies_say_whom_they_speak_for() -> None:
    proxies = Proxies(("10.0.0.0/8", "192.0.2.1", "2001:db8::/32"))
    assert proxies.trusts("10.1.2.3")
    assert proxies.trusts("::ffff:10.1.2.3")
    assert proxies.trusts("2001:db8::7")
    assert not proxies.trusts("203.0.113.9")
    assert not proxies.trusts("")
    assert proxies.client("10.1.2.3", "198.51.100.7") == "198.51.100.7"
    assert proxies.client("10.1.2.3", "6.6.6.6, 198.51.100.7, 192.0.2.1") == "198.51.100.7", (
        "what stands before may lie"
    )
    assert proxies.client("10.1.2.3", "") == "10.1.2.3"
    assert proxies.client("10.1.2.3", "nonsense") == "10.1.2.3"


@pytest.mark.parametrize(
    ("named", "host"),
    [
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8:1::7]:4711", "2001:db8:1::7"),
        ("[2001:db8:1::7]", "2001:db8:1::7"),
        ("198.51.100.7:4711, 10.0.0.2:80", "198.51.100.7"),
        ("198.51.100.7:port", "10.1.2.3"),
        ("[2001:db8:1::7", "10.1.2.3"),
    ],
)
def test_a_proxy_may_add_the_port_to_the_address_of_its_client(named: str, host: str) -> None:
    assert Proxies(("10.0.0.0/8",)).client("10.1.2.3", named) == host


def test_a_trusted_proxy_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Proxies(("nonsense",))


def test_a_household_is_one_network() -> None:
    assert network("203.0.113.9") == network("::ffff:203.0.113.9") == "203.0.113.9"
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:9::1") == "2001:db8:1:2::"
    assert network("a socket") == "unknown"


@pytest.mark.parametrize("trusted", ["127.0.0.1", ""])
async def test_scheme_and_client_of_a_trusted_proxy_are_believed_and_of_others_not(trusted: str) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.acme.example"}
    async with (
        open_place(trusted_proxies=trusted, starts_per_minute="1", allowed_hosts=NAMES) as place,
        place.client() as client,
    ):
        answer = await client.get("http://inside/", headers=told)
        assert ("Secure" in answer.headers["set-cookie"]) is bool(trusted)
        statuses = set()
        for number in range(4):
            headers = told | {"X-Forwarded-For": f"203.0.113.{number}"}
            started = await client.post("/api/conversations", json={"flow": GUIDE}, headers=headers)
            statuses.add(started.status_code)
        assert (429 not in statuses) is bool(trusted), "each client has its own limit, or the peer has one"


async def test_links_name_the_host_that_the_proxy_was_asked_for() -> None:
    async with (
        open_place(trusted_proxies="127.0.0.1", allowed_hosts=NAMES) as place,
        place.client() as client,
    ):
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.acme.example"}
        sent = await fields(client)
        path = (await client.post("/start", data=sent, headers=headers)).headers["location"]
        page = await client.post(f"{path}/link", data=sent, headers=headers)
        assert 'value="https://help.acme.example/go/' in page.text
