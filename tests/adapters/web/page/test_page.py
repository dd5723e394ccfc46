"""Tests the page without JavaScript, as forms and links: what a customer sees and presses."""

import re

from tests.adapters.web.support.embedder import MESSAGE
from tests.adapters.web.support.site import GUIDE, LONGEST, Place
from tests.adapters.web.support.visitor import Browser, begun

QUARTER = 15 * 60 * 1000


# ---------------------------------------------------------------- the front page


async def test_the_front_page_offers_the_problems_a_field_for_the_message_and_a_person(
    browser: Browser,
) -> None:
    assert "Acme Books support" in browser.text
    assert "QuickBooks Desktop connection is not active" in browser.text
    assert "help@acme.example" in browser.text
    assert browser.offers("text")
    assert browser.offers("person")


async def test_a_pasted_message_starts_the_right_flow_with_two_sentences_on_what_it_means(
    browser: Browser,
) -> None:
    await browser.press("text", text=MESSAGE)
    assert "Conductor can't reach the QuickBooks Web Connector" in browser.text
    assert "Step 1 of 5" in browser.text
    assert browser.text.index("Conductor is the service") < browser.text.rindex("Step 1 of 5")


async def test_a_message_nobody_knows_leads_to_the_problems_as_answers(browser: Browser) -> None:
    await browser.press("text", text="the cat sits on the keyboard")
    assert "I don't recognize that error yet" in browser.text
    await browser.press(f"answered:{GUIDE}")
    assert "Step 1 of 5" in browser.text


async def test_a_person_is_one_click_away_from_the_front_page(browser: Browser) -> None:
    await browser.press("person")
    assert re.search(r"Ticket #\d+", browser.text)
    assert "help@acme.example" in browser.text


async def test_an_empty_field_is_said_kindly(browser: Browser) -> None:
    await browser.press("text", expected=422, text=" \r\n ")
    assert "Paste the error message" in browser.text


async def test_a_flow_that_has_gone_is_said_kindly(browser: Browser) -> None:
    form = browser.form("text")
    await browser.post(form, 422, do="flow:nothing")
    assert "I don't have a guide with that name." in browser.text


async def test_a_link_of_a_product_can_carry_the_problem_or_the_message(browser: Browser) -> None:
    await browser.open(f"/?flow={GUIDE}")
    assert "This error means that Conductor can't reach" in browser.text
    assert browser.text.index("This error means") < browser.text.index("Or choose another problem")
    await browser.open("/", 200)
    await browser.open("/?text=<b>It%20was%20last%20active</b>")
    assert "&lt;b&gt;It was last active&lt;/b&gt;</textarea>" in browser.page


async def test_where_one_left_off_stands_on_the_front_page(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    there = browser.path
    await browser.open("/")
    assert "Continue where you left off" in browser.text
    assert "Step 2 of 5: Open the Web Connector" in browser.text
    assert f'href="{there}#now"' in browser.page


async def test_picking_the_same_problem_again_goes_on_in_the_same_conversation(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    there = browser.path
    await (await browser.open("/")).press(f"flow:{GUIDE}")
    assert browser.path == there
    assert "Step 2 of 5" in browser.text


# ---------------------------------------------------------------- a step


async def test_a_step_shows_its_progress_its_list_and_what_fixed_it_means(browser: Browser) -> None:
    await begun(browser)
    assert "<title>Step 1 of 5: Turn on your computer \u00b7 Acme Books support</title>" in browser.page
    assert "<li>If that computer is off, turn it on.</li>" in browser.page
    assert "Choose <strong>Fixed it</strong> once a sync goes through." in browser.page


async def test_an_answer_shows_what_was_pressed_and_the_next_step(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    assert re.search(r"Turn on your computer You chose: Still failing .*Step 2 of 5", browser.text)


async def test_warnings_stand_in_their_step(browser: Browser) -> None:
    await begun(browser)
    for _ in range(2):
        await browser.press("answered:still-failing")
    assert "Warning: Never turn off Auto-Run" in browser.text


async def test_back_start_over_later_another_device_and_a_person_are_always_there(browser: Browser) -> None:
    await begun(browser)
    for choice in LONGEST[:-1]:
        await browser.press(f"answered:{choice}")
        for do in ("back", "restart", "later:hour", "later:tomorrow", "later:computer", "escalate"):
            assert browser.offers(do), do
        assert "Continue on another device" in browser.text
    await browser.press("back")
    assert "First, find your setup guide" in browser.text
    await browser.press("restart")
    assert "Step 1 of 5" in browser.text
    assert not browser.offers("back"), "nothing lies behind the first step"


async def test_who_comes_back_later_reads_how_to_get_back_to_where_they_were(
    browser: Browser, place: Place
) -> None:
    await (await begun(browser)).press("answered:still-failing")
    assert "Welcome back" not in browser.text
    place.power.later = QUARTER + 60_000
    await browser.open(browser.path)
    assert "Welcome back" in browser.text
    assert "File \u203a App Management \u203a Update Web Services to open it again" in browser.text


async def test_later_is_answered_and_the_step_stays(browser: Browser) -> None:
    await (await begun(browser)).press("later:tomorrow")
    assert "I'll check in with you tomorrow" in browser.text
    assert "Step 1 of 5" in browser.text


async def test_words_that_are_not_plain_are_kept_and_kindly_answered(browser: Browser) -> None:
    await (await begun(browser)).press("said", text="there are <three> rows & I am lost")
    assert "there are &lt;three&gt; rows &amp; I am lost" in browser.page
    assert "Saved. If you talk to a person, they'll see it." in browser.text


async def test_a_step_about_a_password_asks_never_to_write_one(browser: Browser) -> None:
    await begun(browser)
    for choice in ("still-failing", "still-failing", "still-failing", "blank"):
        await browser.press(f"answered:{choice}")
    assert "Never share your password here." in browser.text


# ---------------------------------------------------------------- a person, and the end


async def test_a_person_comes_with_number_address_and_summary_and_the_step_stays(browser: Browser) -> None:
    await (await begun(browser)).press("escalate")
    number = re.search(r"Ticket #(\d+)", browser.text)
    assert number
    assert f"mailto:support@conductor.is?subject=Ticket%20%23{number[1]}" in browser.page
    assert f"Ticket #{number[1]}: QuickBooks Desktop connection is not active" in browser.page
    assert not browser.offers("escalate"), "the ticket is open already"
    await browser.press("answered:fixed")
    assert "Solved" in browser.text
    assert f"Ticket #{number[1]} is closed." in browser.text


async def test_details_come_after_the_ticket_with_one_tap_or_in_words(browser: Browser) -> None:
    await (await begun(browser)).press("escalate")
    await browser.press("details:hosted")
    assert "✓ My software is hosted elsewhere" in browser.text
    assert not browser.offers("details:hosted")
    await browser.press("details", text="It says 1604", reach="ana@shop.example")
    assert "It says 1604" in browser.text
    await browser.press("details", expected=422, text=" ")
    assert "There's nothing to add yet." in browser.text


async def test_never_mind_takes_the_ticket_back(browser: Browser) -> None:
    await (await begun(browser)).press("escalate")
    await browser.press("withdraw")
    assert "Let's continue the guide." in browser.text
    assert browser.offers("escalate")


async def test_an_exhausted_guide_opens_the_ticket_in_that_click(browser: Browser) -> None:
    await begun(browser)
    for choice in LONGEST:
        await browser.press(f"answered:{choice}")
    assert "Email Conductor support" in browser.text
    assert "Email support@conductor.is" in browser.text
    assert "7. Check the Password box · Empty" in browser.text
    await browser.press("answered:fixed")
    assert "Solved" in browser.text


async def test_resolved_gives_its_advice_and_keeps_its_back(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    await browser.press("answered:fixed")
    assert "Click Hide in the bottom-right corner" in browser.text
    await browser.press("reopen")
    assert "Step 2 of 5" in browser.text


async def test_after_a_solution_one_is_asked_once_how_it_went(browser: Browser) -> None:
    await (await begun(browser)).press("answered:fixed")
    assert "How did it go?" in browser.text
    await browser.press("rated:5", text="quick and <kind>")
    assert "Thanks for your feedback." in browser.text
    assert "quick and <kind>" in browser.text
    assert not browser.offers("rated:1")
    assert browser.offers("reopen")


async def test_details_are_confirmed_in_their_box_and_the_fields_show_what_was_kept(browser: Browser) -> None:
    await begun(browser)
    await browser.press("escalate")
    await browser.press("details", reach="+43 1 234 567", text="after five")
    box = browser.page[browser.page.index('<details id="details"') :]
    box = box[: box.index("</details>")]
    assert "✓ Added to ticket #" in box
    assert "after five" in box
    assert 'value="+43 1 234 567"' in box


async def test_what_was_tried_counts_answers_and_not_steps_that_were_shown(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    await browser.press("answered:still-failing")
    assert "What you've tried so far (2 steps)" in browser.text
    await browser.press("restart")
    await browser.press("answered:still-failing")
    assert "What you've tried so far (2 steps)" in browser.text


async def test_a_pasted_log_finds_its_guide_by_its_last_line_and_the_page_says_what_is_kept(
    browser: Browser,
) -> None:
    log = "".join(f"{number:04} INFO the session waits for the company file\n" for number in range(140))
    await browser.press("text", text=log + "QuickBooks Desktop connection is not active")
    assert "Turn on your computer" in browser.text or "Is your computer on?" in browser.text
    assert "I kept only its beginning and end" in browser.text
    assert "characters are left out here" in browser.text
