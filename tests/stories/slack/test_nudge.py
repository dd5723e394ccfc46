"""Tours Slack: after a silence, the bot asks once how it is going."""

from tests.adapters.slack.support.workspace import open_office
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
