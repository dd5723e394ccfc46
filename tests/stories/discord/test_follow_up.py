"""Tours Discord: the day after a fix, the bot asks once if it still works."""

import pytest

from bot.timers import ring
from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop
from tests.fakes.clockwork import alarms_due
from tests.fakes.discord import Discord


@pytest.mark.parametrize(
    ("pressed", "status", "told"),
    [
        ("Still working", Status.RESOLVED, "Thanks for letting me know."),
        ("It's happening again", Status.GUIDING, "## Plug it in"),
    ],
)
async def test_the_day_after_a_fix_there_are_two_answers(
    stand_in: Discord, shop: Workshop, pressed: str, status: Status, told: str
) -> None:
    ana = shop.person("Ana")
    await ana.runs("fix", problem="lamp is dark")
    (thread,) = stand_in.threads(shop.room)
    await ana.presses(await shop.live(thread), "Fixed it")
    await shop.idle()
    await alarms_due(shop.app.store)
    await ring(shop.app.store.alarms, shop.app.receive)
    await shop.works_until_quiet()
    await stand_in.until(lambda: "Is it still working?" in stand_in.messages(thread)[-1].text)
    asked = stand_in.messages(thread)[-1]
    assert asked.buttons == ["Still working", "It's happening again"]
    assert (await shop.of(ana)).status is Status.RESOLVED
    await ana.presses(asked, pressed)
    await stand_in.until(lambda: any(told in one.text for one in stand_in.messages(thread)))
    await shop.idle()
    assert (await shop.of(ana)).status is status
