"""Tests a step's picture from an https address or from the flow's folder, and the page after an agent took over."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.web.page.render import Host, PageVisit, Renderer
from flows.conversation import Status
from flows.events import Started
from flows.flow import Flow, Image
from flows.prompts import prompt
from flows.views.screen import screen
from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser
from tests.fakes.flows import Walk, lamp

PNG = b"\x89PNG\r\n\x1a\n"


def pictured(flow_id: str, src: str) -> Flow:
    """Make the lamp's flow with a picture at its first step."""
    first, *rest = lamp().steps
    step = first.model_copy(update={"image": Image(src=src, alt="A plug")})
    return lamp().model_copy(update={"id": flow_id, "steps": (step, *rest)})


@pytest.fixture
async def gallery() -> AsyncIterator[Place]:
    """Make a site with one flow whose picture is on the web, and one whose picture is in the flow's folder."""
    flows = (pictured("far", "https://pictures.example/plug.png"), pictured("near", "plug one.png"))

    def picture(revision: str, name: str) -> tuple[bytes, str] | None:
        known = (revision, name) == (flows[1].revision, "plug one.png")
        return (PNG, "image/png") if known else None

    async with open_place(*flows, changes={"picture": picture}) as place:
        yield place


async def started(place: Place, flow: str) -> tuple[str, dict[str, Any]]:
    """Return the page and the API's prompt of a flow's first step."""
    async with place.client() as client:
        page = await (await Browser(client).open("/")).press(f"flow:{flow}")
        given = (await client.post("/api/conversations", json={"flow": flow})).json()
        return page.page, given["prompt"]


async def test_a_picture_from_afar_is_shown_by_its_address(gallery: Place) -> None:
    page, prompt = await started(gallery, "far")
    assert '<img class="picture" src="https://pictures.example/plug.png" alt="A plug" loading="lazy">' in page
    assert prompt["image"] == {"src": "https://pictures.example/plug.png", "alt": "A plug"}


async def test_a_picture_beside_its_flow_is_served_and_kept(gallery: Place) -> None:
    page, prompt = await started(gallery, "near")
    address = prompt["image"]["src"]
    assert address.removeprefix("https://help.example") in page
    async with gallery.client() as client:
        answer = await client.get(address)
        assert answer.content == PNG
        assert answer.headers["content-type"] == "image/png"
        assert "immutable" in answer.headers["cache-control"]
        for other in (address.replace("one", "two"), address.replace("plug%20one.png", "..%2f..%2fsecret")):
            assert (await client.get(other)).status_code == 404


async def test_without_anybody_to_serve_it_the_step_has_no_picture() -> None:
    async with open_place(pictured("near", "plug.png"), changes={"picture": None}) as place:
        page, prompt = await started(place, "near")
        assert "<img class=" not in page
        assert prompt["image"] is None


def test_while_a_person_has_it_there_are_no_answers_but_a_field_to_write_in() -> None:
    walk = Walk()
    walk.do(Started(flow="lamp", address="web||||ana"))
    held = walk.at.model_copy(
        update={"status": Status.WITH_AGENT, "ticket": 64, "team": "maker", "reasons": ("asked",)}
    )
    flows = {flow.revision: flow for flow in walk.shelf.by_id.values()}
    shown = screen(walk.at, walk.rows, {}, flows, {}).model_copy(
        update={"conversation": held, "prompt": prompt(walk.shelf.by_id["lamp"], held, {})}
    )
    renderer = Renderer(Host("Acme", "", ""), lambda name: f"/static/{name}", lambda _, image: image)
    page = renderer.conversation(shown, PageVisit(proof="p", key="k"), now=0)
    assert "You&#39;re talking to" in page
    assert "answered:" not in page
    assert 'value="said"' in page
