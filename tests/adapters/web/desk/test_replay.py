"""Tests the replay of a conversation: each point with the customer's screen at that time, by plain links."""

import re

import pytest

from flows.events import Answered, Said
from tests.adapters.web.support.agent import Agent, Customer
from tests.adapters.web.support.site import Place


def screen(page: str) -> str:
    """Return the text that the customer saw then."""
    shown = page.partition('<fieldset class="screen" disabled>')[2].partition("</fieldset>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))


def way(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1] if found else None


async def test_the_path_is_walked_again_from_the_first_screen_to_the_last(
    ana: Agent, maria: Customer
) -> None:
    await maria.does(Answered(choice="still-failing"))
    await ana.do(await maria.at(), "claim")
    await ana.do(await maria.at(), "note", text="only among us")
    await ana.do(await maria.at(), "reply", text="Hello Maria")
    await ana.open(f"/desk/c/{maria.id}")
    assert f'href="/desk/c/{maria.id}/path"' in ana.page
    await ana.open(f"/desk/c/{maria.id}/path")
    assert way(ana.page, "prev") is None
    screens, seen = [screen(ana.page)], ana.text
    while following := way(ana.page, "next"):
        await ana.open(following)
        screens.append(screen(ana.page))
        seen += ana.text
    assert "Turn on your computer" in screens[0]
    assert "Open the Web Connector" in screens[1]
    assert "Turn on Auto-Run" in screens[3]
    assert not any("only among us" in shown for shown in screens)
    assert "only among us" in seen
    assert "Hello Maria" in seen
    assert len(screens) == 7
    back = []
    while before := way(ana.page, "prev"):
        await ana.open(before)
        back.append(screen(ana.page))
    assert back == screens[:-1][::-1]
    assert "<form" not in ana.page.partition("<main")[2].partition("</main>")[0], (
        "nothing can be done to the past"
    )


async def test_a_point_of_the_path_has_an_address_and_does_not_move(ana: Agent, maria: Customer) -> None:
    early = await ana.open(f"/desk/c/{maria.id}/path?at=2")
    then = screen(early.page)
    await maria.does(Answered(choice="still-failing"))
    assert screen((await ana.open(f"/desk/c/{maria.id}/path?at=2")).page) == then
    last = screen((await ana.open(f"/desk/c/{maria.id}/path?at=999999999")).page)
    assert "Turn on Auto-Run" in last
    for nonsense in ("0", "-4", "x", "9" * 40, "²", ""):
        await ana.open(f"/desk/c/{maria.id}/path?at={nonsense}")


async def test_what_was_said_later_is_not_there_yet(ana: Agent, place: Place) -> None:
    tom = Customer(place, "tom")
    at = await tom.come()
    await tom.does(Said(text="it blinks red"))
    then = await place.app.reader.past(at.id, 1)
    assert then is not None
    assert then.conversation == at
    assert "it blinks red" not in then.model_dump_json()
    now = await place.app.reader.past(at.id, 99)
    whole = await place.app.reader.dossier(at.id)
    assert whole == now


@pytest.mark.parametrize("path", ["/desk/c/00aaaaaaaaaaaaaaaa/path", "/desk/c/x/path?at=2"])
async def test_the_path_of_nobody_is_not_found(ana: Agent, path: str) -> None:
    await ana.open(path, 404)


async def test_nobody_replays_without_signing_in(place: Place, maria: Customer) -> None:
    async with place.client() as stranger:
        answer = await stranger.get(f"/desk/c/{maria.id}/path")
    assert answer.status_code == 303
