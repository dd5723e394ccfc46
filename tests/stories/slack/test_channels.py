"""Tours the life of channels: one gets another id, one is archived, and the bot is removed from one."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.wiring.problems import report
from tests.adapters.slack.support.workspace import open_office
from tests.fakes.slack import Slack, lifetimes
from tests.fakes.slack.answers import Delivery
from tests.stories.agents.support.slack_room import AGENTS, DESK, Room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """Run an office with a channel for agents."""
    async with open_office(agents=AGENTS, DESK_ROOM=f"slack:{DESK}") as office:
        yield Room(office)


async def history(room: Room, thread: str) -> list[str]:
    """Return what agents read on the desk about the ticket."""
    dossier = await room.office.app.reader.dossier((await room.at(thread)).id)
    assert dossier is not None
    return [line.in_full for line in dossier.lines]


@pytest.mark.row("slack", "A channel gets another id")
async def test_a_conversation_and_its_thread_of_agents_follow_channels_whose_ids_change(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    office, slack = room.office, room.slack
    thread = await room.asked()
    packet = room.packet()
    lifetimes.renumber(slack, office.help, "C1NEW")
    lifetimes.renumber(slack, DESK, "C9NEW")
    await slack.settled()
    assert f"new=C9NEW old={DESK}" in "".join(capsys.readouterr())
    await room.press(room.max, "Claim", packet)
    await office.write(room.max, "!Is it plugged in?", packet["thread_ts"], "C9NEW")
    assert office.said("C1NEW", thread)[-1] == "max: Is it plugged in?"
    await office.write(room.ana, "Yes, it is", thread, "C1NEW")
    lines = slack.by_the_app("C9NEW", packet["thread_ts"])
    assert str(lines[-1]["text"]).endswith("ana: Yes, it is")
    assert (await room.at(thread)).holder == "slack:T1:U9MAX"
    await office.restart(DESK_ROOM="slack:C9NEW")  # the operator puts in the new id
    await office.write(room.max, "!Thanks", packet["thread_ts"], "C9NEW")
    assert office.said("C1NEW", thread)[-1] == "max: Thanks"
    fresh = await office.mention(room.ana, "lamp is dark", "C1NEW")
    assert office.said("C1NEW", fresh)[-1] == "Step 1 of 3: Plug it in"
    assert await office.store.backlog.buried() == ()


@pytest.mark.row(
    "slack", "The bot is removed from a customer's channel, or the channel is archived or deleted"
)
@pytest.mark.parametrize("happens", [lifetimes.remove_app, lifetimes.archive, lifetimes.delete])
async def test_the_agents_of_an_open_ticket_learn_that_its_channel_is_lost(
    room: Room, happens: Callable[[Slack, str], Delivery]
) -> None:
    thread = await room.asked()
    happens(room.slack, room.office.help)
    await room.office.quiet()
    (line,) = [one for one in await history(room, thread) if "don't reach the customer" in one]
    assert line in "\n".join(room.told())


@pytest.mark.row("slack", "A customer with an open ticket leaves their channel")
async def test_the_agents_of_an_open_ticket_learn_that_the_customer_left_the_channel(room: Room) -> None:
    thread = await room.asked()
    for who in ("U2BEN", room.ana.id, room.ana.id):
        lifetimes.remove_member(room.slack, room.office.help, who)
        await room.office.quiet()
    left = [one for one in await history(room, thread) if "left the channel" in one]
    assert len(left) == 2
    assert left[0] in "\n".join(room.told())
    await room.office.write(room.ana, "Still here", thread)
    assert room.told()[-1].endswith("ana: Still here")


@pytest.mark.row(
    "slack", "The bot is removed from the agents' channel, or the channel is archived or deleted"
)
async def test_an_operator_learns_that_an_agents_channel_is_lost_and_tickets_stay_on_the_desk(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    app = room.office.app
    lifetimes.rename(room.slack, DESK, "lamp-desk")
    await room.slack.settled()
    assert await app.problems() == {}
    lifetimes.share(room.slack, DESK, "T5")
    await room.slack.settled()
    assert "shared with another company" in "".join(capsys.readouterr())
    assert "use a channel of your own" in str(await app.problems())
    lifetimes.remove_member(room.slack, DESK, room.slack.workspace.bot_user)
    await room.slack.settled()
    assert "an agents' channel no longer has the bot in it" in "".join(capsys.readouterr())
    ((what, problem),) = (await app.problems()).items()
    assert what == f"slack channel #lamp-desk ({DESK})"
    assert "type /invite" in problem
    await report(app, "slack")  # as at the start
    assert f"channel #lamp-desk ({DESK}) does not have the bot in it" in "".join(capsys.readouterr())
    thread = await room.office.mention(room.ana, "lamp is dark")
    await room.office.press(room.ana, room.live(thread), "Talk to a person")
    assert [each.ticket for each in (await room.office.app.queue.look()).open] == [
        (await room.at(thread)).ticket
    ]


@pytest.mark.row("slack", "The app lacks the scopes `channels:read` and `groups:read`")
async def test_without_the_scopes_agents_learn_of_a_lost_channel_with_their_next_reply(room: Room) -> None:
    thread = await room.asked()
    room.slack.scopes.difference_update({"channels:read", "groups:read"})
    lifetimes.remove_app(room.slack, room.office.help)
    await room.office.quiet()
    assert not [one for one in await history(room, thread) if "don't reach the customer" in one]
    ts = await room.write(room.max, "!Is it plugged in?")
    assert room.marks(ts) == ["warning"]
    await report(room.office.app, "slack")
    assert await room.office.app.problems() == {}
