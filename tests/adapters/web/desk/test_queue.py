"""Tests a growing queue: guided conversations, pages, waits, and targets that are near or missed."""

import re
from collections.abc import AsyncIterator

import pytest

from adapters.web.desk.queue_rows import MINUTE, PAGE
from flows.events import Answered, Escalated, Said, Withdrawn
from tests.adapters.web.support.agent import Agent, Customer, signed_in
from tests.adapters.web.support.site import Place, open_place

HOUR = 60 * MINUTE


async def waits(place: Place, name: str) -> Customer:
    customer = Customer(place, name)
    await customer.come()
    await customer.does(Escalated())
    return customer


def tab_counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="tab-(\w+)".*?class="count">([\d,]+)<', page))


def people(page: str) -> list[str]:
    return re.findall(r'class="row" href="[^"]+">([^<]+)<', page)


async def test_those_the_bot_guides_are_listed_with_step_and_place_and_claimed_from_there(
    place: Place, ana: Agent
) -> None:
    walks = Customer(place, "walks")
    await walks.come()
    await walks.does(Answered(choice="still-failing"))
    place.power.later = 25 * MINUTE
    await ana.open("/desk?tab=guiding")
    for known in (
        "Walks",
        "Open the Web Connector",
        "At this step 25 min",
        "Web page",
        "Last active 25 min ago",
    ):
        assert known in ana.text, known
    assert tab_counts(ana.page)["guiding"] == "1"
    found = re.search(r'href="(/desk/c/\w+)"', ana.page)
    assert found is not None
    await ana.open(found[1])
    await ana.press(f"{found[1]}/claim")
    assert (await walks.at()).holder == ana.actor
    counts = tab_counts((await ana.open("/desk?tab=guiding")).page)
    assert (counts["guiding"], counts["mine"]) == ("0", "1")
    assert "The bot isn't guiding anyone right now" in ana.text


async def test_a_long_queue_has_pages_and_every_one_is_on_one_of_them(place: Place, ana: Agent) -> None:
    names = [f"p{number:02d}" for number in range(PAGE + 3)]
    for name in names:
        await waits(place, name)
    first = people((await ana.open("/desk")).page)
    assert "Page 1 of 2" in ana.text
    assert tab_counts(ana.page)["waiting"] == str(PAGE + 3)
    following = re.search(r'rel="next" href="([^"]+)"', ana.page)
    assert following is not None
    second = people((await ana.open(following[1].replace("&amp;", "&"))).page)
    assert (len(first), len(second)) == (PAGE, 3)
    assert sorted(first + second) == [name.capitalize() for name in names]
    assert people((await ana.open("/desk?page=99")).page) == second, "beyond the last page is the last one"
    for nonsense in ("0", "-1", "x", "99999999999", "²"):
        await ana.open(f"/desk?page={nonsense}")


async def test_those_that_ended_are_counted_and_paged_as_they_are_filtered(place: Place, ana: Agent) -> None:
    for name in ("one", "two", "three"):
        customer = await waits(place, name)
        if name == "two":
            await ana.do(await customer.at(), "transfer", to="team:product")
        await ana.do(await customer.at(), "resolve", reason="x")
    await ana.open("/desk?tab=resolved")
    assert (tab_counts(ana.page)["resolved"], len(people(ana.page))) == ("3", 3)
    await ana.open("/desk?tab=resolved&team=product")
    assert (tab_counts(ana.page)["resolved"], people(ana.page)) == ("1", ["Two"])
    assert tab_counts((await ana.open("/desk?reason=idle")).page)["resolved"] == "0"
    assert "No matches" in ana.text


async def test_the_queue_is_filtered_by_how_long_they_wait(place: Place, ana: Agent) -> None:
    await waits(place, "maria")
    place.power.later = 61 * MINUTE
    for wait, there in (("15", True), ("60", True), ("240", False), ("due", False), ("nonsense", True)):
        assert ("Maria" in (await ana.open(f"/desk?wait={wait}")).text) is there, wait


async def test_a_wait_begins_anew_when_an_agent_lets_go(place: Place, ana: Agent, maria: Customer) -> None:
    await ana.do(await maria.at(), "claim")
    claimed = await maria.at()
    await ana.do(claimed, "release")
    at = await maria.at()
    assert at.waiting_since == at.changed_at >= claimed.changed_at >= claimed.waiting_since
    standing = await place.app.store.board.standing(at.id)
    assert standing is not None
    assert standing.since == at.waiting_since


@pytest.fixture
async def promising() -> AsyncIterator[Place]:
    async with open_place(desk_first_reply="4h", desk_resolve="2d") as opened:
        yield opened


async def test_a_target_is_shown_as_it_comes_near_and_is_missed_and_goes_with_the_first_reply(
    promising: Place,
) -> None:
    async with promising.client() as client:
        ana = await signed_in(promising, client, "Ana")
        maria = await waits(promising, "maria")
        for later, said, style in (
            (0, "First reply due in 3 h", 'class="where"'),
            (3 * HOUR + MINUTE, "First reply due in 58 min", 'class="where near"'),
            (5 * HOUR + MINUTE, "First reply overdue by 1 h", 'class="where late"'),
        ):
            promising.power.later = later
            for page in ("/desk", f"/desk/c/{maria.id}"):
                await ana.open(page)
                assert said in ana.text
                assert style in ana.page
            assert ("Maria" in (await ana.open("/desk?wait=due")).text) is (later > 0)
        await ana.do(await maria.at(), "reply", text="Hello")
        await ana.open("/desk?tab=mine")
        assert "First reply" not in ana.text
        assert "Resolution due in 1 d" in ana.text
        await ana.do(await maria.at(), "resolve", reason="x")
        assert "Resolution" not in (await ana.open("/desk?tab=resolved")).text


async def test_a_conversation_of_a_flow_nobody_here_can_read_is_listed_with_plain_ids(
    place: Place, ana: Agent, maria: Customer
) -> None:
    at = await maria.at()
    shard = place.app.store.wire.keys.shard(at.id)
    await place.app.store.wire.ask("HSET", shard.records + at.id, "r", "0" * 16)
    await ana.open("/desk")
    assert "connection-not-active" in ana.text


async def test_what_is_listed_wrongly_is_put_right_when_somebody_looks(place: Place, ana: Agent) -> None:
    gone, done = await waits(place, "gone"), await waits(place, "done")
    wire = place.app.store.wire
    for customer, end in ((gone, ("DEL",)), (done, ("HSET", "s", "c"))):
        key = wire.keys.shard(customer.id).records + customer.id
        await wire.ask(end[0], key, *end[1:])
    assert people((await ana.open("/desk")).page) == []
    counts = tab_counts((await ana.open("/desk")).page)
    assert (counts["waiting"], counts["resolved"]) == ("0", "1")


async def test_what_needs_a_reply_comes_first_and_the_queue_is_filtered_by_whose_turn_it_is(
    place: Place, ana: Agent
) -> None:
    first, second = await waits(place, "first"), await waits(place, "second")
    await ana.do(await first.at(), "reply", text="Which computer is it?")
    await ana.open("/desk?tab=open")
    assert people(ana.page) == ["Second", "First"]
    assert ("Needs reply" in ana.text, "Waiting on customer" in ana.text) == (True, True)
    assert people((await ana.open("/desk?tab=open&order=newest")).page) == ["Second", "First"]
    assert people((await ana.open("/desk?tab=open&turn=reply")).page) == ["Second"]
    assert people((await ana.open("/desk?tab=open&turn=customer")).page) == ["First"]
    assert 'data-owed="0"' in ana.page, "the title counts the agent's own tickets that need a reply"
    assert people((await ana.open("/desk?tab=open&turn=nonsense")).page) == ["Second", "First"]
    place.power.later = 61 * MINUTE
    assert people((await ana.open("/desk?tab=open&wait=60")).page) == ["Second"], (
        "the first one waits for no one"
    )
    await ana.open(f"/desk/c/{first.id}")
    assert "Waiting on customer" in ana.text
    await first.does(Said(text="The one in the hall"))
    await second.does(Withdrawn())
    assert people((await ana.open("/desk?tab=mine&turn=reply")).page) == ["First"]
    assert 'data-owed="1"' in ana.page
    assert "Needs reply" in (await ana.open(f"/desk/c/{first.id}")).text


async def test_the_form_no_longer_waits_for_the_customer_and_an_old_one_is_still_taken(
    place: Place, ana: Agent, maria: Customer
) -> None:
    await ana.do(await maria.at(), "claim")
    await ana.open(f"/desk/c/{maria.id}")
    assert "Until the customer writes" not in ana.page
    await ana.do(await maria.at(), "snooze", until="reply")
    assert (await maria.at()).snoozed == "tomorrow"
