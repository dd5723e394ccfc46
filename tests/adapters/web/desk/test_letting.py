"""On the desk an agent lets the customer go on with the guide; on the page the customer does."""

import httpx

from flows.conversation import Status
from tests.adapters.web.desk.agent import Agent, Customer
from tests.adapters.web.place import Place
from tests.adapters.web.visitor import Browser, begun


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
    assert "The customer may go on with the guide by themselves." in ana.text
    await browser.open(f"/c/{at.id}")
    await browser.press("withdraw")
    assert "Step 1 of 5" in browser.text
    now = await place.app.store.conversations.load(found)
    assert now is not None
    assert (now.status, now.holder) == (Status.GUIDING, "")
    await ana.open(f"/desk/c/{at.id}")
    assert "goes on with the guide, as they were allowed to" in ana.text


async def test_only_who_has_it_lets_them(ana: Agent, ben: Agent, maria: Customer) -> None:
    await ana.do(await maria.at(), "claim")
    await ben.do(await maria.at(), "allow", 409)
    assert not (await maria.at()).may_go_on
