"""Tests that the limits of an address are never met by those who use the product as it is meant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from starlette.requests import HTTPConnection

from adapters.web.limits import VisitorAct, allow, costs_of_address, costs_of_all
from adapters.web.site import Site
from bot.ports import Cost, Wait
from tests.adapters.web.support.site import GUIDE, Place, open_place
from tests.adapters.web.support.visitor import Browser, begun

MB = 1024 * 1024
PASTED = "QuickBooks Desktop connection is not active. It was last active yesterday. " * 8
"""What a customer pastes: an error and some lines around it."""


def conversation(answers: int, messages: int) -> list[VisitorAct]:
    """Return what a customer does who pastes an error, answers steps, writes messages and asks for a person."""
    said = [VisitorAct("It began after the update on Monday, and restarting didn't help.")] * messages
    return [VisitorAct(PASTED, start=True), *[VisitorAct()] * answers, *said]


def most_taken(site: Site, memory: int, acts: Sequence[VisitorAct]) -> float:
    """Return the largest part of a budget, as of after a pause, that these acts take together."""
    taken: Counter[str] = Counter()
    most: dict[str, int] = {}
    for whose in (costs_of_address, costs_of_all):
        for act in acts:
            for cost in whose(site, memory, act):
                name = f"{whose.__name__} {cost.budget}"
                taken[name] += cost.amount
                most[name] = min(most.get(name, cost.at_once), cost.at_once)
    return max(taken[name] / most[name] for name in taken)


@pytest.mark.parametrize("memory", [16 * MB, 512 * MB, 4096 * MB])
async def test_no_one_who_uses_the_product_meets_a_limit(place: Place, memory: int) -> None:
    site = place.site
    person = conversation(answers=40, messages=20)
    assert most_taken(site, memory, person) < 0.1
    if memory >= 512 * MB:
        # An office of 200 people behind one address, all of them in the same minute.
        assert most_taken(site, memory, conversation(answers=9, messages=2) * 200) < 1
        # A product whose backend starts all its customers' conversations, in a bad minute.
        assert most_taken(site, memory, conversation(answers=2, messages=0) * 500) < 1


async def test_an_address_brings_a_small_part_of_the_store_in_a_day(place: Place) -> None:
    largest = VisitorAct("x" * 40_000, start=True)
    for memory in (512 * MB, 8192 * MB):
        for cost in costs_of_address(place.site, memory, largest):
            if cost.budget in ("minute", "day"):
                assert cost.amount > 4000
                assert cost.at_once <= memory / 32
    doubled = replace(place.site, starts_per_minute=place.site.starts_per_minute * 2)
    (_, minute, day), (_, more, most) = (
        costs_of_address(site, 512 * MB, largest) for site in (place.site, doubled)
    )
    assert (more.at_once, most.at_once) == (2 * minute.at_once, 2 * day.at_once)


class Purse:
    """Implements the port Budgets: grants everything, and keeps the budgets that each call took from."""

    def __init__(self) -> None:
        self.calls: list[set[str]] = []

    async def spend(self, costs: Mapping[str, Sequence[Cost]]) -> Wait:
        self.calls.append(
            {f"{who.split('/')[1]} {cost.budget}" for who, each in costs.items() for cost in each}
        )
        return Wait()


START = {"visitor events", *(f"{who} {what}" for who in ("network", "all") for what in ("starts", "day"))}
START |= {"network minute"}
EVENT = {name.replace("starts", "events") for name in START}
PERSON = {"visitor events", "network persons"}
"""The budgets that acts take from. Asking for a person takes no bytes, and nothing from all together (law L7)."""


async def test_an_act_asks_the_store_once_for_all_its_budgets(place: Place) -> None:
    purse = Purse()
    place.power.on = False  # the limiter, for example, is not asked
    site = replace(place.site, budgets=purse)
    connection = HTTPConnection({"type": "http", "client": ("192.0.2.1", 1), "headers": []})
    for act in (VisitorAct("hi", start=True), VisitorAct("hi"), VisitorAct(person=True)):
        await allow(site, connection, "ana", act)
    assert purse.calls == [START, EVENT, PERSON]


async def test_every_door_of_visitors_has_its_budgets() -> None:
    purse = Purse()
    async with open_place(changes={"budgets": purse}) as place, place.client() as client:
        browser = await begun(await Browser(client).open("/"))
        await browser.press("said", text="It began after the update")
        link = browser.form("said").replace("/events", "/link", 1)
        await browser.press("escalate")
        await browser.post(link)
        await (await Browser(client).open("/")).press("person")
        made = await client.post("/api/conversations", json={"flow": GUIDE, "key": "k" * 32})
        path, token = f"/api/conversations/{made.json()['id']}/events", made.json()["token"]
        for body in ({"type": "said", "text": "hi"}, {"type": "escalate"}):
            await client.post(path, json=body, headers={"authorization": f"Bearer {token}"})
    assert purse.calls == [START, EVENT, PERSON, EVENT, START, START, EVENT, PERSON]


async def test_starts_leave_a_part_of_the_day_to_open_conversations(place: Place) -> None:
    most = {}
    for act in (VisitorAct(start=True), VisitorAct(), VisitorAct(start=True, person=True)):
        (day,) = [cost for cost in costs_of_all(place.site, 512 * MB, act) if cost.budget == "day"]
        most[act] = day.at_once / (128 * MB)
    assert list(most.values()) == [3 / 4, 1, 3 / 4]
