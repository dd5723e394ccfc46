"""Tours Slack: the Home tab lists a person's conversations with links, and what can be started."""

from flows.conversation import Status
from tests.adapters.slack.support.workspace import SUPPORT, Json, Office
from tests.fakes.slack import Person, labels


async def home(office: Office, person: Person) -> Json:
    """The tab as that person sees it on opening it."""
    await person.opens_home()
    await office.quiet()
    shown = office.slack.home_of(person)
    assert shown is not None
    return shown


async def test_who_comes_for_the_first_time_sees_what_can_be_begun(office: Office) -> None:
    shown = await home(office, office.ana)
    assert labels(shown) == ["The lamp stays dark", "It smells of smoke"]
    assert SUPPORT in str(shown)


async def test_a_guide_begun_there_goes_on_in_the_direct_messages(office: Office) -> None:
    await office.press(office.ana, await home(office, office.ana), "The lamp stays dark")
    assert office.said(office.ana.dm) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
    await office.press(office.ana, office.slack.home_of(office.ana) or {}, "The lamp stays dark")
    assert len(await office.of(office.ana)) == 1
    assert labels(await home(office, office.ana))[0] == "Continue"


async def test_every_open_conversation_has_a_link_to_its_current_step(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Still failing")
    shown = await home(office, office.ana)
    (row,) = (block for block in shown["blocks"] if "Step 2 of 3" in str(block))
    assert "The lamp stays dark" in row["text"]["text"]
    live = office.live(office.help, thread)["ts"].replace(".", "")
    assert f"/archives/{office.help}/p{live}?thread_ts={thread}" in row["accessory"]["url"]
    assert (await office.ana.presses(shown, "Continue")).acked


async def test_someone_of_another_company_finds_their_conversations_there(office: Office) -> None:
    await office.mention(office.cleo, "lamp is dark", office.theirs)
    assert "Open conversations" in str(await home(office, office.cleo))


async def test_an_ended_one_can_be_brought_back_from_there(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Fixed it")
    shown = await home(office, office.ana)
    assert labels(shown)[0] == "It's happening again"
    await office.press(office.ana, shown, "It's happening again")
    assert (await office.at(office.help, thread)).status is Status.GUIDING
    assert labels(office.slack.home_of(office.ana) or {})[0] == "Continue"


async def test_tickets_are_named_and_nobody_sees_those_of_others(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Talk to a person")
    at = await office.at(office.help, thread)
    assert f"Ticket #{at.ticket}" in str(await home(office, office.ana))
    assert "ticket" not in str(await home(office, office.ben))


async def test_with_the_store_down_the_tab_still_says_whom_to_write_to(office: Office) -> None:
    office.cut_the_store()
    await office.ana.opens_home()
    await office.slack.until(lambda: office.slack.home_of(office.ana))
    assert SUPPORT in str(office.slack.home_of(office.ana))


async def test_a_press_there_with_the_store_down_is_answered_in_the_direct_messages(office: Office) -> None:
    shown = await home(office, office.ana)
    office.cut_the_store()
    assert (await office.ana.presses(shown, "The lamp stays dark")).acked
    office.ana.reloads()
    (told,) = office.slack.by_the_app(office.ana.dm)
    assert SUPPORT in told["text"]


async def test_a_button_of_a_conversation_that_is_forgotten_says_so(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Fixed it")
    shown = await home(office, office.ana)
    await office.store.wire.client.flushall()
    await office.press(office.ana, shown, "It's happening again")
    assert office.said(office.ana.dm)[0].startswith("I can't find that conversation.")
