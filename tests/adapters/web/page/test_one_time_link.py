"""Tests an email's link: opening does not spend it, one new browser can use it, and it leads to the message."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.ports import RETURN
from flows.conversation import Conversation
from flows.events import Replied
from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser, begun
from tests.fakes.backends import OtherSide, mailbox

DAY = 24 * 3600


@pytest.fixture
async def side() -> AsyncIterator[OtherSide]:
    async with mailbox() as opened:
        yield opened


@pytest.fixture
async def place(side: OtherSide) -> AsyncIterator[Place]:
    """Make a site that sends emails at once."""
    async with open_place(
        public_url="https://help.example",
        smtp_url=side.address,
        mail_from="bot@fix.example",
        mail_after="0",
    ) as opened:
        yield opened
        await opened.app.outbox.idle()


async def asked(place: Place, browser: Browser) -> Conversation:
    """Let a customer ask for a person."""
    await begun(browser)
    await browser.press("escalate")
    return await current(place, browser)


async def current(place: Place, browser: Browser) -> Conversation:
    found = await place.app.store.conversations.load(browser.path.split("/")[2])
    assert found is not None
    return found


async def confirmed(place: Place, at: Conversation) -> None:
    """Let the customer have confirmed the address."""
    await place.app.store.addresses.confirm(at.contact, "ana@post.example")


async def replied(place: Place, at: Conversation, text: str = "Hello") -> int:
    """Let an agent reply. Return the version of the reply."""
    outcome = await place.app.receive(
        Replied(conversation=at.id, key=text, actor="desk:max", name="Max", text=text)
    )
    assert outcome is not None
    assert outcome.refusal is None
    await place.app.outbox.idle()
    return outcome.conversation.version


async def link(place: Place, at: Conversation, version: int) -> str:
    return f"/c/{at.id}/mail/{await place.app.store.vault.put(f'{RETURN}{at.id}/{version}', DAY)}"


async def test_a_reply_to_a_closed_page_is_mailed_and_its_link_opens_at_it(
    place: Place, browser: Browser, side: OtherSide
) -> None:
    await asked(place, browser)
    await browser.press("details", reach="ana@post.example")
    assert "I'll email you at ana@post.example" in browser.text
    assert "We'll email replies to ana@post.example when you're away, once it's confirmed." in browser.text
    at = await current(place, browser)
    await confirmed(place, at)
    version = await replied(place, at)
    _, mail = [one for one in side.received if one.headers["To"] == "ana@post.example"]
    assert mail.headers["Subject"].startswith(f"[#{at.ticket}] ")
    address = next(line for line in mail.text.splitlines() if line.startswith("https://help.example/c/"))
    async with place.client() as elsewhere:
        other = await Browser(elsewhere).open(address)
        assert "Continue here?" in other.text
        form = other.page[other.page.index("<form") : other.page.index("</form>") + 7]
        await other.post(form)
        assert "Hello" in other.text
        assert str(other.answer.url).endswith(f"/c/{at.id}#m{version}")
        assert f'id="m{version}"' in other.page


async def test_what_is_shown_on_the_page_is_not_mailed(
    place: Place, browser: Browser, side: OtherSide
) -> None:
    at = await asked(place, browser)
    await confirmed(place, at)
    await browser.press("details", reach="ana@post.example")
    await place.app.store.views.saw(at.id, 99)
    await replied(place, at)
    assert [one for one in side.received if one.headers["To"] == "ana@post.example"] == []


async def test_opening_the_page_is_remembered_once_a_person_was_asked_for(
    place: Place, browser: Browser
) -> None:
    await begun(browser)
    before = await current(place, browser)
    assert await place.app.store.views.seen(before.id) == 0
    await browser.press("escalate")
    at = await current(place, browser)
    assert await place.app.store.views.seen(at.id) == at.version
    version = await replied(place, at)
    assert await place.app.store.views.seen(at.id) < version
    await browser.open(f"/c/{at.id}")
    assert await place.app.store.views.seen(at.id) == version


async def test_looking_spends_nothing_and_pressing_does(place: Place, browser: Browser) -> None:
    at = await asked(place, browser)
    path = await link(place, at, await replied(place, at))
    for _ in range(3):
        async with place.client() as scanner:
            assert "Continue here?" in (await Browser(scanner).open(path)).text
    async with place.client() as first, place.client() as second:
        late = await Browser(second).open(path)
        await used(Browser(first), path)
        await late.post(form_of(late), 404)
        assert "This link was already used" in late.text


async def test_who_may_see_it_anyway_is_led_there_also_by_a_spent_link(
    place: Place, browser: Browser
) -> None:
    at = await asked(place, browser)
    version = await replied(place, at)
    path = await link(place, at, version)
    await browser.open(path)
    assert str(browser.answer.url).endswith(f"/c/{at.id}#m{version}")
    async with place.client() as elsewhere:
        other = await used(Browser(elsewhere), path)
        await other.open(path)
        assert str(other.answer.url).endswith(f"/c/{at.id}#now")
        await browser.open(path)
        assert "Hello" in browser.text


async def test_a_link_opens_its_own_conversation_alone(place: Place, browser: Browser) -> None:
    at = await asked(place, browser)
    path = await link(place, at, 3)
    async with place.client() as elsewhere:
        token = path.rpartition("/")[2]
        await Browser(elsewhere).open(f"/c/07aaaaaaaaaaaaaaaa/mail/{token}", 404)
        await Browser(elsewhere).open(f"/c/{at.id}/mail/{token}x", 404)
        moving = await place.app.store.vault.put(f"web/join/{at.id}", DAY)
        await Browser(elsewhere).open(f"/c/{at.id}/mail/{moving}", 404)
        await Browser(elsewhere).open(f"/go/{token}", 404)


async def test_a_forged_form_spends_nothing(place: Place, browser: Browser) -> None:
    at = await asked(place, browser)
    path = await link(place, at, 3)
    async with place.client() as elsewhere:
        answer: httpx.Response = await elsewhere.post(path, data={"proof": "guessed"})
        assert answer.status_code == 403
        assert "Continue here?" in (await Browser(elsewhere).open(path)).text


def form_of(browser: Browser) -> str:
    return browser.page[browser.page.index("<form") : browser.page.index("</form>") + 7]


async def used(browser: Browser, path: str) -> Browser:
    await browser.open(path)
    return await browser.post(form_of(browser))


async def test_without_a_public_address_nobody_is_mailed_and_nobody_is_told_so(side: OtherSide) -> None:
    async with open_place(smtp_url=side.address, mail_from="bot@fix.example") as opened:
        async with opened.client() as client:
            browser = await Browser(client).open("/")
            await asked(opened, browser)
            await browser.press("details", reach="ana@post.example")
            assert "Thanks. I added that" in browser.text
            assert "mailed to you" not in browser.text
        await opened.app.outbox.idle()


async def test_the_page_says_so_before(place: Place, browser: Browser) -> None:
    await asked(place, browser)
    assert "Leave your email and we'll send you replies when you're away." in browser.text
    await browser.press("details", reach="+43 1 234")
    assert "Leave your email" in browser.text


@pytest.mark.row("security", "Replies go to a stranger whose address was mistyped")
async def test_an_address_is_confirmed_by_its_link_and_lets_no_stranger_in(
    place: Place, browser: Browser, side: OtherSide
) -> None:
    await asked(place, browser)
    await browser.press("details", reach="ana@post.example")
    at = await current(place, browser)
    await place.app.outbox.idle()
    (mail,) = [one for one in side.received if one.headers["To"] == "ana@post.example"]
    assert mail.headers["Subject"] == f"Confirm your email address for ticket #{at.ticket}"
    path = next(line for line in mail.text.splitlines() if "/confirm/" in line).removeprefix(
        "https://help.example"
    )
    await replied(place, at, "Secret plans")
    assert "Secret plans" not in "".join(
        one.text for one in side.received if one.headers["To"] != "help@acme.example"
    )
    async with place.client() as scanner, place.client() as elsewhere, place.client() as late:
        assert (await Browser(scanner).open(path)).answer.status_code == 200
        other = await Browser(elsewhere).open(path)
        assert "Email replies to ana@post.example?" in other.text
        await other.post(other.page[other.page.index("<form") : other.page.index("</form>") + 7])
        assert "Confirmed" in other.text
        assert await place.app.store.addresses.confirmed(at.contact, "ana@post.example")
        assert (await elsewhere.get(f"/c/{at.id}")).status_code in (403, 404)
        assert (await late.get(path)).status_code == 404


async def test_a_link_for_an_address_that_was_replaced_confirms_nothing(
    place: Place, browser: Browser, side: OtherSide
) -> None:
    await asked(place, browser)
    await browser.press("details", reach="ana@post.example")
    await place.app.outbox.idle()
    (mail,) = [one for one in side.received if one.headers["To"] == "ana@post.example"]
    path = next(line for line in mail.text.splitlines() if "/confirm/" in line).removeprefix(
        "https://help.example"
    )
    await browser.press("details", reach="ben@post.example")
    at = await current(place, browser)
    assert (await browser.client.get(path)).status_code == 404
    for address in ("ana@post.example", "ben@post.example"):
        assert not await place.app.store.addresses.confirmed(at.contact, address)
