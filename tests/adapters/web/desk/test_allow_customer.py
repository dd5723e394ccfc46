"""On the desk an agent lets the customer go on with the guide; on the page the customer does."""

import httpx

from adapters.web.page.history import past
from flows.conversation import Status
from tests.adapters.web.support.agent import Agent, Customer
from tests.adapters.web.support.site import Place
from tests.adapters.web.support.visitor import Browser, begun


async def test_the_agent_lets_them_and_they_go_on(
    place: Place, ana: Agent, second: httpx.AsyncClient
) -> None:
    browser = await begun(await Browser(second).open("/"))
    await browser.press("escalate")
    found = browser.path.split("/")[2]
    at = await place.app.store.conversations.load(found)
    assert at is not None
    await ana.do(at, "claim")
    await browser.open(f"/c/{at.id}")
    assert not browser.offers("withdraw")
    await ana.do(at, "allow")
    assert "The customer can continue the guide on their own." in ana.text
    await browser.open(f"/c/{at.id}")
    await browser.press("withdraw")
    assert "Step 1 of 5" in browser.text
    now = await place.app.store.conversations.load(found)
    assert now is not None
    assert (now.status, now.holder) == (Status.GUIDING, "")
    await ana.open(f"/desk/c/{at.id}")
    assert "continued the guide, as an agent allowed" in ana.text


async def test_only_who_has_it_lets_them(ana: Agent, ben: Agent, maria: Customer) -> None:
    await ana.do(await maria.at(), "claim")
    await ben.do(await maria.at(), "allow", 409)
    assert not (await maria.at()).may_go_on


async def test_what_the_agent_said_stays_in_sight(
    place: Place, ana: Agent, ben: Agent, maria: Customer
) -> None:
    """Another card of the same kind, for whatever reason, does not put it among what is past."""
    await ana.do(await maria.at(), "claim")
    await ana.do(await maria.at(), "reply", text="Is it plugged in?")
    await ana.do(await maria.at(), "allow")
    await ben.do(await maria.at(), "transfer", to=f"agent:{ben.account.id}")
    await ben.do(await maria.at(), "reply", text="And switched on?")
    screen = await place.app.look(maria.id)
    assert screen is not None
    shown = past(screen)
    agents = [str(said.words) for said in shown.since if said.who == "agent"]
    assert agents == ["<p>Is it plugged in?</p>", "<p>And switched on?</p>"]
    assert not any(said.who == "agent" for part in shown.parts for said in part.lines)
    assert [part.title for part in shown.parts][-1:] != ["You're talking to Ben"]
