"""Tests the page of notices: admins set notices and pause guides, agents see them, and customers read them."""

import re

import pytest

from tests.adapters.web.support.agent import Agent, Customer, any_hidden
from tests.adapters.web.support.site import GUIDE, Place
from tests.fakes.wait import until

SAY, UNSAY = f"/desk/notices/{GUIDE}/say", f"/desk/notices/{GUIDE}/unsay"
PAUSE, RESUME = f"/desk/notices/{GUIDE}/pause", f"/desk/notices/{GUIDE}/resume"


async def test_an_admin_sets_a_notice_customers_read_it_and_it_is_taken_back(
    chief: Agent, maria: Customer
) -> None:
    await chief.open("/desk/notices")
    assert "No notice" in chief.text
    await chief.press(SAY, text="Syncing is <b>slow</b>\n today.")
    assert "Known issue: Syncing is <b>slow</b> today." in chief.text
    assert "Chief posted a notice for QuickBooks Desktop connection is not active" in chief.text
    assert "Syncing is <b>slow</b> today." not in chief.page, "it is text, not markup"

    async def read() -> bool:
        return "Syncing is <b>slow</b> today." in await maria.reads()

    await until(read, 30)
    await chief.press(UNSAY)
    assert "Known issue" not in chief.text
    assert "Chief removed the notice" in chief.text


async def test_an_admin_pauses_a_guide_and_lets_it_go_on(place: Place, chief: Agent) -> None:
    await chief.open("/desk/notices")
    await chief.press(PAUSE)
    assert "Paused Customers go straight to an agent." in chief.text
    count = iter(range(10_000))

    async def straight_to_people() -> bool:
        return (await Customer(place, f"eve{next(count)}").come()).ticket_open

    await until(straight_to_people, 30)
    title = "QuickBooks Desktop connection is not active"
    assert f"Active incidents {title} is paused" in (await chief.open("/desk")).text
    await chief.open("/desk/notices")
    await chief.press(RESUME)
    assert "Active incidents" not in (await chief.open("/desk")).text
    await chief.open("/desk/notices")
    assert f"Chief resumed {title}" in chief.text


async def test_an_agent_sees_who_set_what_and_sets_nothing(ana: Agent, chief: Agent) -> None:
    await chief.open("/desk/notices")
    await chief.press(SAY, text="Syncing is slow.")
    await ana.open("/desk/notices")
    assert "Known issue: Syncing is slow." in ana.text
    assert "Posted by Chief, " in ana.text
    assert "Chief posted a notice" in ana.text
    assert "<textarea" not in ana.page
    proof = any_hidden((await ana.open("/desk")).page)
    for path in (SAY, UNSAY, PAUSE, RESUME):
        answer = await ana.client.post(path, data=proof | {"text": "Mine."})
        assert answer.status_code == 403, path
    assert "Known issue: Syncing is slow." in (await ana.open("/desk/notices")).text
    assert "Mine." not in ana.text


@pytest.mark.parametrize("text", ["  ", "x" * 301])
async def test_a_text_of_no_use_is_said_and_kept(chief: Agent, text: str) -> None:
    await chief.open("/desk/notices")
    await chief.press(SAY, 422, text=text)
    assert "A notice must have 1 to 300 characters" in chief.text
    assert text.strip() in chief.page
    assert 'aria-invalid="true"' in chief.page


async def test_a_guide_that_there_is_not_is_said(chief: Agent) -> None:
    await chief.open("/desk/notices")
    form = any_hidden(chief.page) | {"text": "Down."}
    for path, expected in (("moon/say", 422), ("moon/pause", 422), ("moon/rob", 404)):
        assert (await chief.client.post(f"/desk/notices/{path}", data=form)).status_code == expected, path


async def test_a_forged_form_sets_nothing(chief: Agent) -> None:
    await chief.open("/desk/notices")
    assert (await chief.client.post(SAY, data={"text": "Down.", "proof": "0" * 32})).status_code == 403
    good = any_hidden(chief.page) | {"text": "Down."}
    elsewhere = await chief.client.post(SAY, data=good, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    assert "No notice" in (await chief.open("/desk/notices")).text


async def test_the_command_line_and_the_desk_write_on_one_board(place: Place, chief: Agent) -> None:
    assert place.site.desk is not None
    await place.site.desk.noticeboard.say(GUIDE, "Slow.", "the command line")
    await chief.open("/desk/notices")
    assert "the command line posted a notice" in chief.text


async def test_what_matched_no_guide_is_listed_for_agents(place: Place, ana: Agent) -> None:
    assert "Not recognized" not in (await ana.open("/desk/notices")).text
    for words in ("the <b>fridge</b> hums", "my cat is stuck", "The <b>fridge</b> hums!"):
        await place.app.store.unmatched.count(words)
    page = await ana.open("/desk/notices")
    assert re.search(r"Not recognized .* 2. .the <b>fridge</b> hums. .* 1. .my cat is stuck.", page.text)
    assert "<b>fridge</b>" not in page.page, "it is text, not markup"
