"""Tests what agents see: the queue with tabs, filters and order, a conversation with all its facts, and news."""

import pytest

from flows.events import Answered, Detailed, Escalated, Said, Started
from tests.adapters.web.support.agent import Agent, Customer
from tests.adapters.web.support.site import Place

FETCH = {"x-requested-with": "fetch"}


async def waiting(place: Place, *names: str) -> list[Customer]:
    found = []
    for name in names:
        customer = Customer(place, name)
        await customer.come()
        await customer.does(Escalated())
        found.append(customer)
    return found


async def test_the_queue_says_who_waits_where_and_for_whom(ana: Agent, ben: Agent, maria: Customer) -> None:
    await ana.open("/desk")
    assert "Maria" in ana.text
    assert "QuickBooks Desktop connection is not active" in ana.text
    assert "Open the Web Connector" in ana.text
    assert f"#{(await maria.at()).ticket}" in ana.text
    await ana.do(await maria.at(), "claim")
    assert "Maria" not in (await ana.open("/desk?tab=waiting")).text
    assert "You" in (await ana.open("/desk?tab=mine")).text
    assert "Maria" not in (await ben.open("/desk?tab=mine")).text
    assert "Ana" in (await ben.open("/desk?tab=open")).text
    await ana.do(await maria.at(), "resolve", reason="x")
    assert "Maria" not in (await ana.open("/desk?tab=open")).text
    assert "Maria" in (await ana.open("/desk?tab=resolved")).text


async def test_the_queue_is_filtered_by_team_and_reason(place: Place, ana: Agent, maria: Customer) -> None:
    other = (await waiting(place, "tom"))[0]
    await other.does(Detailed(reason="not_at_computer"))
    await ana.do(await maria.at(), "transfer", to="team:product")
    assert "Tom" not in (await ana.open("/desk?team=product")).text
    assert "Maria" in ana.text
    await ana.open("/desk?reason=not_at_computer")
    assert "Tom" in ana.text
    assert "Maria" not in ana.text
    await ana.open("/desk?tab=nonsense&team=<x>&order=newest")
    assert "<x>" not in ana.page


async def test_who_waits_longest_comes_first_and_the_order_can_be_turned(place: Place, ana: Agent) -> None:
    people = await waiting(place, "first", "later")
    opened = [(await one.at()).ticket_at for one in people]
    if opened[0] == opened[1]:
        pytest.skip("both came in one millisecond")
    text = (await ana.open("/desk")).text
    assert text.index("First") < text.index("Later")
    text = (await ana.open("/desk?order=newest")).text
    assert text.index("Later") < text.index("First")


async def test_the_queue_is_asked_again_cheaply_and_answers_when_something_changed(
    ana: Agent, maria: Customer
) -> None:
    first = await ana.client.get("/desk", headers=FETCH)
    assert "<html" not in first.text
    same = await ana.client.get("/desk", headers=FETCH | {"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.text) == (304, "")
    await ana.do(await maria.at(), "claim")
    again = await ana.client.get("/desk", headers=FETCH | {"if-none-match": first.headers["etag"]})
    assert again.status_code == 200


async def test_a_conversation_is_opened_by_ticket_id_or_address(
    ana: Agent, place: Place, maria: Customer
) -> None:
    at = await maria.at()
    for asked in (
        f"#{at.ticket}",
        str(at.ticket),
        at.id,
        f"https://help.example/c/{at.id}#now",
        f"/desk/c/{at.id}",
    ):
        await ana.open("/desk/find?q=" + asked.replace("#", "%23"))
        assert ana.answer.url.path == f"/desk/c/{at.id}", asked
    guided = Customer(place, "walks")
    walking = await guided.come()
    await ana.open(f"/desk/find?q={walking.id}")
    assert "With the bot" in ana.text
    for asked in ("999999", "nobody", "%00", "🐈"):
        await ana.open(f"/desk/find?q={asked}")
        assert "No conversation matches" in ana.text


async def test_a_conversation_being_guided_is_claimed_in_the_middle(ana: Agent, place: Place) -> None:
    guided = Customer(place, "walks")
    await ana.do(await guided.come(), "claim")
    at = await guided.at()
    assert at.ticket_open
    assert at.holder == ana.actor


async def test_everything_that_is_known_is_there(ana: Agent, place: Place) -> None:
    tom = Customer(place, "tom")
    await tom.come("Your QuickBooks Desktop connection is not active. It was last active 3 days ago.\nHelp!")
    for choice in ("still-failing", "still-failing", "still-failing", "has-a-value", "dont-have-it"):
        await tom.does(Answered(choice=choice))
    await tom.does(Said(text="<script>alert(1)</script> & we moved office"))
    await ana.open(f"/desk/c/{tom.id}")
    assert "<script>alert" not in ana.page
    for known in (
        "Web page",
        "revision",
        "Check Every-Min Has a value Customer",
        "last active 3 days ago",
        "setup guide not at hand",
        "every-min has a value",
        "The setup guide is missing",
        "support team at Acme Books",
        "was last active 3 days ago. Help!",
        "& we moved office",
        "A person will help you",
    ):
        assert known in ana.text, known


async def test_the_customers_buttons_do_nothing_there(ana: Agent, maria: Customer) -> None:
    await ana.open(f"/desk/c/{maria.id}")
    mirror = ana.page.partition('<fieldset class="screen" disabled>')[2].partition("</fieldset>")[0]
    assert "Still failing" in mirror
    assert "<form" not in mirror


async def test_the_script_gets_only_what_changes(ana: Agent, maria: Customer) -> None:
    part = await ana.client.get(f"/desk/c/{maria.id}", headers=FETCH)
    assert part.text.lstrip().startswith('<div class="state"')
    assert "<html" not in part.text


@pytest.mark.parametrize(
    "path", ["/desk/c/00aaaaaaaaaaaaaaaa", "/desk/c/x", "/desk/c/00aaaaaaaaaaaaaaaa/stream", "/desk/nothing"]
)
async def test_what_is_not_there_is_not_found(ana: Agent, path: str) -> None:
    answer = await ana.client.get(path)
    assert answer.status_code == 404


@pytest.mark.row("security", "A customer's cookie opens the desk")
async def test_the_customers_cookie_opens_nothing_at_the_desk(place: Place, maria: Customer) -> None:
    async with place.client() as customer:
        await customer.get("/")
        assert (await customer.get(f"/desk/c/{maria.id}")).status_code == 303
        assert (await customer.get(f"/desk/c/{maria.id}/stream", headers=FETCH)).status_code == 401
        known = [customer.cookies["tt_visitor"], await place.site.vault.put(f"web/join/{maria.id}", 60)]
        for value in known:
            customer.cookies.set("tt_desk", value)
            answer = await customer.get(f"/desk/c/{maria.id}")
            assert (answer.status_code, answer.headers.get("location")) == (303, "/desk/sign-in")
            customer.cookies.delete("tt_desk")


async def test_a_conversation_without_a_name_is_somebody_still(ana: Agent, place: Place) -> None:
    start = Started(door="web/x/", address="web||||x", flow="connection-not-active", actor="web:x", key="k")
    outcome = await place.app.receive(start)
    assert outcome
    await place.app.receive(Escalated(conversation=outcome.conversation.id, actor="web:x", key="e"))
    assert f"Customer {outcome.conversation.id[2:6]}" in (await ana.open("/desk")).text
