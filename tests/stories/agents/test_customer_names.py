"""Tests that a customer without a name has one name everywhere: queue, page, history and command line."""

import pytest

from bot.commands.agents.ticket_list import TicketFilter, listing
from flows.conversation import Address
from flows.events import Escalated, Said, Started
from flows.text.agent_phrases import customer_name
from tests.adapters.web.support.agent import Customer, signed_in
from tests.adapters.web.support.site import GUIDE, open_place


async def test_a_customer_without_a_name_is_called_the_same_everywhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    async with open_place() as place, place.client() as client:
        customer = Customer(place)
        address = str(Address(channel="web", person="x"))
        await customer.does(Started(door=f"web/x/{GUIDE}", address=address, flow=GUIDE))
        await customer.does(Escalated())
        await customer.does(Said(text="it still blinks"))
        at = await customer.at()
        name = customer_name(at)
        assert name.startswith("Customer ")
        agent = await signed_in(place, client, "Ana")
        for path in ("/desk", f"/desk/c/{at.id}", f"/desk/c/{at.id}/path"):
            assert name in (await agent.open(path)).text, path
            assert "The customer asked" not in agent.text, path
        assert f"{name} asked for a person" in agent.text
        await listing(place.app, TicketFilter(), as_json=False)
        assert name in capsys.readouterr().out
