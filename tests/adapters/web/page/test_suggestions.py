"""Tests the page without JavaScript where the bot asks what a customer's words meant."""

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest

from tests.adapters.web.support.site import GUIDE, open_place
from tests.adapters.web.support.visitor import Browser, begun
from tests.fakes.encoder import WordEncoder
from tests.fakes.flows import fire, lamp

QUESTION = "Sounds like it's working now. Is it fixed?"
DARK = "it stays dark and smells funny"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Open a browser on the front page of a site that measures what words likely mean; two of its guides are alike."""
    alike = [flow.model_copy(update={"heard": (DARK,)}) for flow in (lamp(), fire())]
    async with open_place(*alike, encoder=WordEncoder()) as place, place.client() as client:
        yield await Browser(client).open("/")


def suggestion(browser: Browser) -> str:
    """Return the form that asks; '' if none does."""
    forms: list[str] = re.findall(r"<form.*?</form>", browser.page, re.DOTALL)
    return next((form for form in forms if 'id="asked"' in form), "")


def buttons(browser: Browser) -> list[str]:
    """Return the labels of the suggestion's buttons."""
    return [unescape(label) for label in re.findall(r"<button[^>]*>([^<]+)</button>", suggestion(browser))]


async def asked(browser: Browser, text: str = "we are sailing again") -> Browser:
    """Start the guide and write something that likely means an answer."""
    return await (await begun(browser)).press("said", text=text)


async def test_a_likely_answer_is_asked_about_once_below_the_words(browser: Browser) -> None:
    await asked(browser)
    assert buttons(browser) == ["Yes, fixed", "No"]
    assert browser.text.count(QUESTION) == 1
    assert browser.page.index("we are sailing again") < browser.page.index('id="asked"')
    assert browser.answer.url.fragment == "asked"


async def test_the_question_is_announced(browser: Browser) -> None:
    await asked(browser)
    announced = re.search(r'data-announce="([^"]*)"', browser.page)
    assert announced
    assert unescape(announced[1]) == QUESTION


async def test_a_yes_is_the_answer_and_the_question_becomes_history(browser: Browser) -> None:
    await asked(browser)
    await browser.post(suggestion(browser), do="answered:fixed")
    assert "Solved" in browser.text
    assert suggestion(browser) == ""
    assert re.search(rf"{re.escape(QUESTION)}.*Fixed it", browser.text)


async def test_a_no_leaves_the_step_and_the_question_with_its_answer_in_the_history(browser: Browser) -> None:
    await asked(browser)
    await browser.post(suggestion(browser), do="dismissed")
    assert "Step 1 of 5" in browser.text
    assert suggestion(browser) == ""
    assert re.search(rf"{re.escape(QUESTION)} .* No .* What you said is saved", browser.text)


async def test_a_step_answered_otherwise_takes_the_question_along(browser: Browser) -> None:
    await (await asked(browser)).press("answered:still-failing")
    assert "Step 2 of 5" in browser.text
    assert suggestion(browser) == ""


async def test_a_second_yes_of_an_old_page_changes_nothing(browser: Browser) -> None:
    form = suggestion(await asked(browser))
    await browser.post(form, do="answered:fixed")
    await browser.post(form, do="answered:fixed")
    assert "Solved" in browser.text
    await browser.post(form, do="dismissed")
    assert "That step was already answered" in browser.text


async def test_a_suggested_person_opens_a_ticket(browser: Browser) -> None:
    await asked(browser, "a human being would be nice")
    await browser.post(suggestion(browser), do="answered:person")
    assert re.search(r"Ticket #\d+", browser.text)
    assert suggestion(browser) == ""


async def test_a_suggested_later_is_later(browser: Browser) -> None:
    await asked(browser, "gotta run, back after lunch")
    assert buttons(browser)[0] == "Yes, in an hour"
    await browser.post(suggestion(browser), do="answered:later")
    assert "in an hour" in browser.text


async def test_after_the_end_a_likely_return_is_asked_about(browser: Browser) -> None:
    await (await begun(browser)).press("answered:fixed")
    await browser.press("said", text="it came back to haunt me")
    assert buttons(browser) == ["Yes, it's happening again", "No"]
    await browser.post(suggestion(browser), do="answered:reopen")
    assert "Step 1 of 5" in browser.text
    assert suggestion(browser) == ""


async def test_a_description_that_fits_one_guide_is_asked_about(browser: Browser) -> None:
    await browser.press("text", text="quickbooks desktop connection inactive since monday")
    assert browser.answer.url.fragment == "asked"
    assert "Is this about “QuickBooks Desktop connection is not active”?" in browser.text
    await browser.post(suggestion(browser), do=f"answered:{GUIDE}")
    assert "Step 1 of 5" in browser.text


async def test_a_description_that_fits_several_guides_offers_them_and_none(browser: Browser) -> None:
    await browser.press("text", text=DARK)
    assert buttons(browser) == [lamp().title, fire().title, "None of these"]
    await browser.post(suggestion(browser), do="answered:fire")
    assert "Unplug it" in browser.text


async def test_none_of_these_leaves_the_choice_of_guides(browser: Browser) -> None:
    await browser.press("text", text=DARK)
    await browser.post(suggestion(browser), do="dismissed")
    assert suggestion(browser) == ""
    assert browser.offers(f"answered:{GUIDE}")
    assert re.search(r"Is it one of these problems\? .* None of these", browser.text)


async def test_every_form_of_a_conversation_carries_the_turn(browser: Browser) -> None:
    await asked(browser)
    for form in re.findall(r"<form.*?</form>", browser.page, re.DOTALL):
        assert re.search(r'name="turn" value="\d+"', form), form
    await browser.post(browser.form("said"), 422, do="said", text="still failing", turn="")
