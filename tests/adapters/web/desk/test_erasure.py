"""Tests that admins can erase a customer's data on the desk, after a question, and that agents cannot."""

from flows.events import Escalated
from tests.adapters.web.support.agent import Customer, signed_in
from tests.adapters.web.support.site import Place


async def test_an_admin_is_asked_and_then_erases_a_customer(place: Place) -> None:
    maria = Customer(place)
    await maria.come()
    at = await maria.does(Escalated())
    agent = await signed_in(place, place.client(), "Max")
    await agent.open(f"/desk/c/{at.id}")
    assert "Erase this customer" not in agent.text
    await agent.open(f"/desk/c/{at.id}/erase", expected=403)
    await agent.open(f"/desk/c/{at.id}")
    await agent.post(at, "erase", 403)
    assert await place.app.store.conversations.load(at.id) is not None

    admin = await signed_in(place, place.client(), "Ada", "admin")
    await admin.open(f"/desk/c/{at.id}")
    assert "Erase this customer's data…" in admin.text
    await admin.open(f"/desk/c/{at.id}/erase")
    assert f"This deletes 1 conversation with everything in it. Tickets: #{at.ticket}." in admin.text
    assert "This can't be undone." in admin.text
    forged = await admin.client.post(f"/desk/c/{at.id}/erase", data={"proof": "x"})
    assert forged.status_code == 403
    await admin.press(f"/desk/c/{at.id}/erase")
    assert "1 conversation was deleted." in admin.text
    assert "Emails that were sent" in admin.text
    assert await place.app.store.conversations.load(at.id) is None
    await admin.open(f"/desk/c/{at.id}", expected=404)
