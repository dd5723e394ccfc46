"""Forward by mail, from each place where agents work: what the vendor gets, and what stands there afterwards."""

import pytest

from flows.events import Escalated
from tests.adapters.web.support.agent import Customer, signed_in
from tests.adapters.web.support.site import open_place
from tests.fakes.backends import OtherSide, mailbox
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import open_room

__all__ = ["stand_in"]

MAIL = {"MAIL_FROM": "bot@fix.example", "SUPPORT_EMAIL": "us@fix.example"}
VENDOR = "help@lamps.example"


def received(side: OtherSide) -> list[str]:
    """What the vendor was mailed."""
    return [mail.text for mail in side.received if mail.headers["To"] == VENDOR]


async def test_in_slack_it_is_asked_to_whom_and_told_in_the_thread() -> None:
    async with mailbox() as side, open_room(SMTP_URL=side.address, **MAIL) as room:
        await room.asked("lamp is dark since May")
        await room.write(room.max, "zebra: she calls every week")
        assert received(side) == []
        await room.press(room.max, "Forward by email…")
        view = room.slack.view_of(room.max)
        assert view is not None
        chosen = view["blocks"][0]["element"]["initial_option"]
        assert chosen["text"]["text"] == f"the lamp maker ({VENDOR})"
        assert await room.fill(room.max, {"team": "maker"}) is None
        (mail,) = received(side)
        assert "zebra" not in mail
        assert room.told()[-1] == "max: forwarded this ticket to the lamp maker by email"


@pytest.mark.parametrize("line", ["!forward", "!fwd"])
async def test_in_slack_it_can_be_typed_and_is_then_asked(line: str) -> None:
    async with mailbox() as side, open_room(SMTP_URL=side.address, **MAIL) as room:
        await room.asked()
        await room.write(room.max, line)
        asked = room.slack.shown_to(room.max)[-1]
        await room.press(room.max, "Forward by email…", asked)
        assert await room.fill(room.max, {"team": "maker"}) is None
        assert len(received(side)) == 1


async def test_in_discord_it_is_asked_to_whom_and_told_in_the_thread(stand_in: Discord) -> None:
    async with mailbox() as side, open_desk(stand_in, SMTP_URL=side.address, **MAIL) as desk:
        await desk.asked("lamp is dark since May")
        await desk.fill(desk.max, "Forward by email…", {"team": "maker"})
        assert len(received(side)) == 1
        assert "Max forwarded this ticket to the lamp maker by email" in desk.lines[-1].text


async def test_on_the_desk_the_address_is_shown_before_it_is_sent() -> None:
    async with mailbox() as side, open_place(SMTP_URL=side.address, MAIL_FROM="bot@fix.example") as place:
        maria = Customer(place)
        await maria.come()
        await maria.does(Escalated())
        async with place.client() as client:
            ana = await signed_in(place, client, "Ana")
            at = await maria.at()
            await ana.open(f"/desk/c/{at.id}")
            assert "Conductor support (support@conductor.is)" in ana.page
            await ana.do(at, "forward", team="conductor")
            assert "forwarded this ticket to Conductor support by email" in ana.text
            await place.app.outbox.idle()
        assert [mail.headers["To"] for mail in side.received][-1] == "support@conductor.is"


async def test_where_nobody_can_be_mailed_the_agent_is_told_why(stand_in: Discord) -> None:
    async with open_room() as room:
        await room.asked()
        await room.press(room.max, "Forward by email…")
        assert "no one to forward this to" in str(room.slack.shown_to(room.max)[-1])
    async with open_desk(stand_in) as desk:
        await desk.asked()
        assert "no one to forward this to" in await desk.press(desk.max, "Forward by email…")
