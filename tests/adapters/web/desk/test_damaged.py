"""Tests the desk's page of damaged data: admins alone see it, and put entries back or delete them."""

from adapters.storage.store import Store
from tests.adapters.web.support.agent import Agent, any_hidden
from tests.adapters.web.support.site import Place

TIMERS = ("first password: hunter2secret", "second")


async def damage(store: Store) -> list[str]:
    """Damage two timers. Return the ids of their entries, in the order of TIMERS."""
    for timer in TIMERS:
        await store.wire.ask("ZADD", store.wire.shards[0].alarms, 0, timer)
    assert await store.alarms.due(60_000, 10) == ()
    found = {entry.raw: entry.id for entry in await store.quarantine.entries()}
    return [found[timer] for timer in TIMERS]


async def test_admins_put_damaged_data_back_or_delete_it(place: Place, chief: Agent) -> None:
    store = place.app.store
    first, second = await damage(store)
    await chief.open("/desk")
    assert "2 damaged entries" in chief.text
    await chief.open("/desk/damaged")
    assert "timer: it cannot be read" in chief.text
    assert "hunter2secret" not in chief.page
    retry, discard = f"/desk/damaged/{first}/retry", f"/desk/damaged/{second}/discard"
    stale = chief.page
    await chief.press(retry)
    assert first not in chief.page
    assert await store.wire.ask("ZRANGE", store.wire.shards[0].alarms, 0, -1) == [TIMERS[0]]
    await chief.press(discard)
    assert "No damaged data." in chief.text
    assert await store.quarantine.entries() == ()
    for action in (retry, discard):
        chief.page = stale
        await chief.press(action, expected=409)
        assert "another admin already handled it" in chief.text


async def test_no_one_else_touches_damaged_data(place: Place, chief: Agent, ana: Agent) -> None:
    store = place.app.store
    first, _ = await damage(store)
    await ana.open("/desk/damaged", expected=403)
    await ana.open("/desk")
    assert "damaged" not in ana.text
    for agent, deed, proof, status in (
        (ana, "discard", any_hidden(ana.page)["proof"], 403),
        (chief, "discard", "x", 403),
        (chief, "burn", any_hidden(chief.page)["proof"], 404),
    ):
        answer = await agent.client.post(f"/desk/damaged/{first}/{deed}", data={"proof": proof})
        assert answer.status_code == status
    assert len(await store.quarantine.entries()) == 2
