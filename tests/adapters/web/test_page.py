"""The page without JavaScript, as forms and links: what a customer sees and presses."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from tests.adapters.web.place import GUIDE, LONGEST, Place, open_place

MESSAGE = "Your QuickBooks Desktop connection is not active. It was last active 3 days ago."
QUARTER = 15 * 60 * 1000


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        yield opened


class Browser:
    """A browser without JavaScript: follows redirects, fills in forms."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""
        self.answer = httpx.Response(0)

    async def open(self, path: str, expected: int = 200) -> "Browser":
        return self._see(await self.client.get(path, follow_redirects=True), expected)

    async def press(self, do: str, expected: int = 200, **fields: str) -> "Browser":
        """Press the button with that value, in the form it stands in."""
        return await self.post(self.form(do), expected, do=do, **fields)

    async def post(self, form: str, expected: int = 200, **fields: str) -> "Browser":
        action = re.search(r'action="([^"]+)"', form)
        assert action
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        sent = {name: unescape(value) for name, value in hidden} | fields
        return self._see(await self.client.post(action[1], data=sent, follow_redirects=True), expected)

    def form(self, do: str) -> str:
        """The form with that button, which must be enabled."""
        found = [
            form
            for form in re.findall(r"<form.*?</form>", self.page, re.DOTALL)
            if re.search(rf'name="do" value="{re.escape(do)}"(?! disabled)', form)
        ]
        assert found, f"no button {do}"
        return str(found[0])

    def offers(self, do: str) -> bool:
        return re.search(rf'name="do" value="{re.escape(do)}"(?! disabled)', self.page) is not None

    @property
    def text(self) -> str:
        """What can be read, in one line."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.page)))

    @property
    def path(self) -> str:
        return self.answer.url.path

    def _see(self, answer: httpx.Response, expected: int) -> "Browser":
        assert answer.status_code == expected, answer.text
        self.answer, self.page = answer, answer.text
        return self


@pytest.fixture
async def browser(place: Place) -> AsyncIterator[Browser]:
    async with place.client() as client:
        yield await Browser(client).open("/")


async def begun(browser: Browser) -> Browser:
    return await browser.press(f"flow:{GUIDE}")


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
    assert "Conductor cannot reach the QuickBooks Web Connector" in browser.text
    assert "Step 1 of 5" in browser.text
    assert browser.text.index("Conductor is the service") < browser.text.rindex("Step 1 of 5")


async def test_a_message_nobody_knows_leads_to_the_problems_as_answers(browser: Browser) -> None:
    await browser.press("text", text="the cat sits on the keyboard")
    assert "I don't know that message yet" in browser.text
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
    assert "I don't have a guide of that name." in browser.text


async def test_a_link_of_a_product_can_carry_the_problem_or_the_message(browser: Browser) -> None:
    await browser.open(f"/?flow={GUIDE}")
    assert "This error means that Conductor cannot reach" in browser.text
    assert browser.text.index("This error means") < browser.text.index("Or pick another problem")
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
    assert "<title>Step 1 of 5: Is your computer on? \u2013 Acme Books support</title>" in browser.page
    assert "<li>If that computer is off, turn it on.</li>" in browser.page
    assert "<strong>Fixed it</strong> means that the sync in Acme Books went through." in browser.page


async def test_an_answer_shows_what_was_pressed_and_the_next_step(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    assert re.search(r"Is your computer on\? You pressed: Still failing .*Step 2 of 5", browser.text)


async def test_warnings_stand_in_their_step(browser: Browser) -> None:
    await begun(browser)
    for _ in range(2):
        await browser.press("answered:still-failing")
    assert "Warning: Never turn Auto-Run off" in browser.text


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
    assert "File \u203a App Management \u203a Update Web Services , and it is there again" in browser.text


async def test_later_is_answered_and_the_step_stays(browser: Browser) -> None:
    await (await begun(browser)).press("later:tomorrow")
    assert "I'll ask tomorrow how it is going" in browser.text
    assert "Step 1 of 5" in browser.text


async def test_words_that_are_not_plain_are_kept_and_kindly_answered(browser: Browser) -> None:
    await (await begun(browser)).press("said", text="there are <three> rows & I am lost")
    assert "there are &lt;three&gt; rows &amp; I am lost" in browser.page
    assert "I have kept your words" in browser.text


async def test_a_step_about_a_password_asks_never_to_write_one(browser: Browser) -> None:
    await begun(browser)
    for choice in ("still-failing", "still-failing", "still-failing", "blank"):
        await browser.press(f"answered:{choice}")
    assert "Please never write a password here." in browser.text


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
    assert "✓ My software is hosted by somebody else" in browser.text
    assert not browser.offers("details:hosted")
    await browser.press("details", text="It says 1604", reach="ana@shop.example")
    assert "It says 1604" in browser.text
    await browser.press("details", expected=422, text=" ")
    assert "There was nothing to add yet." in browser.text


async def test_never_mind_takes_the_ticket_back(browser: Browser) -> None:
    await (await begun(browser)).press("escalate")
    await browser.press("withdraw")
    assert "is closed. We go on with the guide." in browser.text
    assert browser.offers("escalate")


async def test_an_exhausted_guide_opens_the_ticket_in_that_click(browser: Browser) -> None:
    await begun(browser)
    for choice in LONGEST:
        await browser.press(f"answered:{choice}")
    assert "A person will help you" in browser.text
    assert "Write to support@conductor.is" in browser.text
    assert "7. Look at the Password box: Empty" in browser.text
    await browser.press("answered:fixed")
    assert "Solved" in browser.text


async def test_resolved_gives_its_advice_and_keeps_its_back(browser: Browser) -> None:
    await (await begun(browser)).press("answered:still-failing")
    await browser.press("answered:fixed")
    assert "Click Hide in the bottom-right corner" in browser.text
    await browser.press("reopen")
    assert "Step 2 of 5" in browser.text


# ---------------------------------------------------------------- stale, repeated, foreign


async def test_a_form_sent_twice_counts_once(browser: Browser) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    for _ in range(2):
        await browser.post(form, do="answered:still-failing")
    assert "Step 2 of 5" in browser.text
    assert "That was answered already" not in browser.text


async def test_a_stale_button_says_where_things_stand(browser: Browser) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    await browser.press("answered:still-failing")
    await browser.post(form, do="answered:fixed")
    assert "That was answered already. This is where things stand now." in browser.text
    assert "Step 2 of 5" in browser.text


async def test_words_typed_under_a_step_that_has_passed_are_not_lost(browser: Browser) -> None:
    form = (await begun(browser)).form("said")
    await browser.press("answered:still-failing")
    await browser.post(form, 409, do="said", text="it says 1604")
    assert "That was answered already" in browser.text
    assert "it says 1604</textarea>" in browser.page


async def test_two_buttons_of_one_page_both_count(browser: Browser) -> None:
    form = (await begun(browser)).form("later:hour")
    await browser.post(form, do="later:hour")
    await browser.post(form, do="escalate")
    assert "Ticket #" in browser.text


async def test_a_conversation_of_another_browser_is_not_found(browser: Browser, place: Place) -> None:
    await begun(browser)
    async with place.client() as client:
        stranger = await Browser(client).open(browser.path, 404)
        assert "belong to another browser" in stranger.text
        await stranger.open("/")
        await stranger.open(browser.path, 404)
        client.cookies.set("tt_recent", browser.path.removeprefix("/c/"))
        assert "Continue where you left off" not in (await stranger.open("/")).text, (
            "an id alone opens nothing"
        )


async def test_addresses_that_do_not_exist_are_said_kindly(browser: Browser) -> None:
    for path in (
        "/nothing",
        "/c/00unknown",
        "/c/%00",
        "/c/" + "a" * 500,
        "/static/x/nothing.css",
        "/go/nothing",
    ):
        await browser.open(path, 404)
        assert "To the front page" in browser.text


# ---------------------------------------------------------------- another device


async def moved(browser: Browser) -> str:
    """Ask for a link; its path."""
    form = browser.form("escalate").replace("/events", "/link", 1)
    await browser.post(form)
    found = re.search(r'value="https://help\.example(/go/[A-Za-z0-9_-]{22,})"', browser.page)
    assert found
    assert "<svg" in browser.page.split('class="code"')[1]
    return found[1]


async def test_another_device_goes_on_by_a_link_that_works_once(browser: Browser, place: Place) -> None:
    await (await begun(browser)).press("answered:still-failing")
    there = browser.path
    link = await moved(browser)
    async with place.client() as client, place.client() as late:
        phone, third = Browser(client), Browser(late)
        for _ in range(3):
            await phone.open(link)
        assert "Continue here?" in phone.text, "a preview does not spend it"
        await third.open(link)
        await phone.post(re.findall(r"<form.*?</form>", phone.page, re.DOTALL)[0])
        assert phone.path == there
        await phone.press("answered:still-failing")
        assert "Step 3 of 5" in phone.text
        await third.post(re.findall(r"<form.*?</form>", third.page, re.DOTALL)[0], 404)
        assert "used already" in third.text
        await third.open(there, 404)
    assert "Step 3 of 5" in (await browser.open(there)).text, "the first device stays in"


async def test_a_link_is_not_anything_else_the_vault_keeps(browser: Browser, place: Place) -> None:
    token = await place.site.vault.put("something else", 60)
    await browser.open(f"/go/{token}", 404)


# ---------------------------------------------------------------- the store is down


async def test_with_the_store_down_pages_and_clicks_show_the_support_address(
    browser: Browser, place: Place
) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    place.power.on = False
    await browser.open(browser.path, 503)
    assert "Acme support help@acme.example" in browser.text
    await browser.post(form, 503, do="answered:still-failing")
    assert "I cannot reach my memory just now" in browser.text
    assert "help@acme.example" in browser.text
    await browser.open("/", 503)
    place.power.on = True
    await browser.post(form, do="answered:still-failing")
    assert "Step 2 of 5" in browser.text, "and the same click counts once it is back"


async def test_the_front_page_of_a_new_visitor_needs_no_store(place: Place) -> None:
    place.power.on = False
    async with place.client() as client:
        browser = await Browser(client).open("/")
        await browser.press("person", 503)
        assert "help@acme.example" in browser.text


# ---------------------------------------------------------------- health


async def test_health_tells_of_the_process_and_readiness_of_the_store(place: Place) -> None:
    async with place.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.head("/readyz")).status_code == 200
        place.power.wrong = {"eviction": "allkeys-lru loses conversations"}
        unready = await client.get("/readyz")
        assert unready.status_code == 503
        assert unready.json() == {
            "status": "unready",
            "wrong": {"eviction": "allkeys-lru loses conversations"},
        }
        place.power.on = False
        assert (await client.get("/readyz")).json()["wrong"] == {"reachable": "no answer"}
        assert (await client.get("/healthz")).status_code == 200
