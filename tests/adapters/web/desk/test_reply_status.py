"""Tests the status of a reply on the desk: delivered, on its way, or failed with the reason."""

import re

from bot.views.reply_status import Arrivals
from bot.wiring.demo import seed
from flows.events import Detailed, Escalated, Replied
from tests.adapters.web.support.agent import Agent, Customer
from tests.fakes.platform import Fault
from tests.fakes.world import World


async def replied(*faults: Fault) -> tuple[str, str]:
    """Return the status of a reply to Ana and its reason, if the platform treats the reply like that."""
    world = World()
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    world.platform.faults.extend(faults)
    await world.send(Replied(conversation=at.id, text="Hello", name="Ben"), "desk:ben")
    store = world.store
    now = await store.conversations.load(at.id)
    assert now is not None
    ports = (store.conversations, store.outbox, store.backlog, ("web",), store.views, store.addresses)
    (arrival,) = (await Arrivals(*ports).of(now)).values()
    await world.close()
    return arrival.state, arrival.reason


async def test_a_reply_that_was_sent_is_delivered() -> None:
    assert await replied() == ("delivered", "")


async def test_a_reply_that_was_refused_has_failed_and_says_why() -> None:
    assert await replied("refuse", "refuse") == ("failed", "DMs closed")


async def test_a_reply_that_must_wait_is_on_its_way() -> None:
    assert await replied("busy", "busy") == ("under_way", "")


async def test_on_the_page_a_reply_is_there_at_once_and_is_seen_once_they_look(
    ana: Agent, maria: Customer
) -> None:
    await ana.do(await maria.at(), "reply", text="Hello")
    assert "Not seen yet. No email on file" in ana.text
    at = await maria.at()
    await maria.place.site.views.saw(at.id, at.version)
    await ana.open(f"/desk/c/{at.id}")
    assert "Seen" in ana.text


async def test_the_examples_customers_saw_the_replies_that_they_answered(ana: Agent, maria: Customer) -> None:
    app = maria.place.app
    await seed(app.receive, app.store.views)
    await ana.open("/desk?tab=open")
    found = re.search(r'id="row-(\w+)"[^>]*>Aisha Khan', ana.page)
    assert found
    await ana.open(f"/desk/c/{found[1]}")
    assert "did your computer install" in ana.text.lower()
    assert "Not seen yet" not in ana.text


async def test_a_phone_number_that_the_customer_left_is_shown_where_agents_look(
    ana: Agent, maria: Customer
) -> None:
    await maria.does(Detailed(reach="+43 1 234 567", text="after five"))
    await ana.do(await maria.at(), "reply", text="Hello")
    assert "Not seen yet. The customer left +43 1 234 567" in ana.text
    assert "Email or phone +43 1 234 567" in ana.text
    dossier = await maria.place.app.reader.dossier((await maria.at()).id)
    assert dossier is not None
    assert dossier.screen.ticket is not None
    assert "Email or phone: +43 1 234 567" in dossier.screen.ticket.summary
