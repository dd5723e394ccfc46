"""Tests forwarding by email in Slack, and the reason if no one can be emailed."""

import pytest

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


@pytest.mark.parametrize("line", ["!forward", "!fwd"])
async def test_in_slack_it_can_be_typed_and_is_then_asked(line: str) -> None:
    async with mailbox() as side, open_room(SMTP_URL=side.address, **MAIL) as room:
        await room.asked()
        await room.write(room.max, line)
        asked = room.slack.shown_to(room.max)[-1]
        await room.press(room.max, "Forward by email…", asked)
        view = room.slack.view_of(room.max)
        assert view is not None
        chosen = view["blocks"][0]["element"]["initial_option"]
        assert chosen["text"]["text"] == f"the lamp maker ({VENDOR})"
        assert await room.fill(room.max, {"team": "maker"}) is None
        assert len(received(side)) == 1


async def test_where_nobody_can_be_mailed_the_agent_is_told_why(stand_in: Discord) -> None:
    async with open_room() as room:
        await room.asked()
        await room.press(room.max, "Forward by email…")
        assert "no one to forward this to" in str(room.slack.shown_to(room.max)[-1])
    async with open_desk(stand_in) as desk:
        await desk.asked()
        assert "no one to forward this to" in await desk.press(desk.max, "Forward by email…")
