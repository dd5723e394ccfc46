"""Tests that every form of the desk and of the page needs the proof that our own page gave to the same browser."""

import re
from collections.abc import Iterator

import pytest

from tests.adapters.web.support.agent import any_hidden, signed_in
from tests.adapters.web.support.site import Place


def forms(place: Place, below: str) -> Iterator[str]:
    """Yield the path of each form below a path, with something in each of its parts."""
    for route in place.asgi.routes:
        path = str(getattr(route, "path", ""))
        if "POST" in (getattr(route, "methods", None) or ()) and path.startswith(below):
            yield re.sub(r"\{\w+\}", "x", path)


@pytest.mark.row("security", "Someone acts as an agent without signing in")
async def test_each_form_of_the_desk_needs_a_session_its_proof_and_its_origin(place: Place) -> None:
    async with place.client() as client, place.client() as stranger:
        ana = await signed_in(place, client, "Ana", "admin")
        good = any_hidden(ana.page) | {"role": "agent"}
        paths = [path for path in forms(place, "/desk") if path != "/desk/in/x"]
        assert {"/desk/out", "/desk/accounts/invite", "/desk/c/x/erase", "/desk/damaged/x/x"} <= set(paths)
        for path in paths:
            answer = await stranger.post(path, data=good)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in"), path
            for proof in ("", "x" * 32):
                assert (await client.post(path, data=good | {"proof": proof})).status_code == 403, path
            for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
                assert (await client.post(path, data=good, headers=headers)).status_code == 403, path
        assert (await client.get("/desk")).status_code == 200, "she is still signed in"


@pytest.mark.row("security", "A form is sent without the page that makes it")
async def test_each_form_of_the_page_needs_its_proof_and_its_origin(place: Place) -> None:
    async with place.client() as client:
        good = any_hidden((await client.get("/")).text)
        paths = ["/start", *forms(place, "/c/"), *forms(place, "/go/"), *forms(place, "/desk/in/")]
        assert {"/c/x/events", "/c/x/seen", "/c/x/link", "/go/x", "/c/x/confirm/x"} <= set(paths)
        for path in paths:
            for proof in ("", "x" * 32):
                assert (await client.post(path, data=good | {"proof": proof})).status_code == 403, path
            for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
                assert (await client.post(path, data=good, headers=headers)).status_code == 403, path
