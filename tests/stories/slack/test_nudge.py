"""Tours Slack: after a silence, the bot asks once how it is going, and the day after a fix if it still works."""

from flows.conversation import Status
from tests.adapters.slack.support.workspace import Json, Office, open_office
from tests.fakes.clockwork import alarms_due
from tests.fakes.slack import labels


async def test_after_a_while_it_asks_how_it_is_going_and_shows_the_step_to_who_comes_back() -> None:
    async with open_office(NUDGE_AFTER="1") as office:
        thread = await office.mention(office.ana, "lamp is dark")
        await office.slack.until(lambda: len(office.slack.by_the_app(office.help, thread)) == 3)
        await office.quiet()
        nudge = office.slack.by_the_app(office.help, thread)[-1]
        assert nudge["text"].startswith("How's it going? You stopped at Plug it in.")
        assert labels(nudge) == ["Show the step"]
        await office.press(office.ben, nudge, "Show the step")
        assert office.noted(office.ben)[0].startswith("Only ana can answer here")
        await office.press(office.ana, nudge, "Show the step")
        (shown,) = office.slack.shown_to(office.ana)
        assert labels(shown)[:2] == ["Fixed it", "Still failing"]
        await office.press(office.ana, shown, "Still failing")
        assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"
        assert "Plug it in · Still failing" in office.said(office.help, thread)


async def fixed_yesterday(office: Office) -> tuple[str, Json]:
    """Ana fixed her lamp at the first step; returns the thread and the message of the day after."""
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Fixed it")
    assert (await office.at(office.help, thread)).status is Status.RESOLVED
    await alarms_due(office.app.store)
    await office.slack.until(lambda: "still working" in office.said(office.help, thread)[-1])
    await office.quiet()
    return thread, office.slack.by_the_app(office.help, thread)[-1]


async def test_the_day_after_a_fix_it_asks_and_still_working_ends_with_thanks() -> None:
    async with open_office() as office:
        thread, asked = await fixed_yesterday(office)
        assert labels(asked) == ["Still working", "It's happening again"]
        await office.press(office.ben, asked, "Still working")
        assert office.noted(office.ben)[0].startswith("Only ana can answer here")
        await office.press(office.ana, asked, "Still working")
        at = await office.at(office.help, thread)
        assert (at.status, at.follow_up) == (Status.RESOLVED, "confirmed")
        thanks = office.slack.by_the_app(office.help, thread)[-1]
        assert "Thanks for letting me know" in str(thanks)
        assert labels(thanks)[0] == "It's happening again"


async def test_its_happening_again_the_day_after_starts_with_the_advice_of_the_step_that_fixed_it() -> None:
    async with open_office() as office:
        thread, asked = await fixed_yesterday(office)
        await office.press(office.ana, asked, "It's happening again")
        *_, advice, step = office.slack.by_the_app(office.help, thread)
        assert advice["text"].startswith("Sorry it came back.")
        assert "Good plug." in str(advice)
        assert office.said(office.help, thread)[-1] == "Step 1 of 3: Plug it in"
        assert labels(step)[0] == "Fixed it"


async def test_where_the_operator_turned_it_off_nobody_is_asked() -> None:
    async with open_office(FOLLOW_UP="no") as office:
        thread = await office.mention(office.ana, "lamp is dark")
        await office.press(office.ana, office.live(office.help, thread), "Fixed it")
        await alarms_due(office.app.store)
        await office.slack.until(lambda: "Closed for now" in office.said(office.help, thread)[-1])
        assert not any("still working" in one for one in office.said(office.help, thread))
