"""Tests direct messages to agents in Discord: sent once, with a link, and given up where no one can be reached."""

import pytest

from adapters.discord.api.users import Directory
from adapters.discord.customers.forum_posts import Forums
from adapters.discord.sender import DiscordSender as Sender
from bot.ports import Delivery
from flows.conversation import Address
from flows.effects import Notify
from flows.views.quotes import verbatim
from tests.adapters.discord.support.sender import Bench, bench
from tests.fakes.discord.client_address import stand_in

__all__ = ["bench", "stand_in"]

DESK = "https://fix.example/desk/c/7"


def notice(bench: Bench, **given: object) -> Delivery:
    """Ana is an agent here, and the ticket's thread is the bench's."""
    to = f"discord:{bench.ana.id}"
    address = Address(channel="discord", person=to)
    words = verbatim("Eve wrote in ticket #7: “**hi**”")
    made = bench.delivery(Notify(id="n.0", to=to, version=3), address=address, words=words, desk=DESK)
    at = made.conversation.model_copy(update={"agents": f"discord||{bench.thread.id}"})
    found = {"conversation": at, "of": f"{bench.thread.id}:{bench.thread.id}"} | given
    return made.model_copy(update=found)


async def test_it_is_sent_once_with_a_link_to_the_thread(bench: Bench) -> None:
    receipt = await bench.sender.send(notice(bench))
    (shown,) = bench.discord.messages(bench.ana.dm)
    assert receipt == f"{bench.ana.dm.id}:{shown.id}"
    assert (shown.text, shown.pinged) == (
        "Eve wrote in ticket #7: “\\*\\*hi\\*\\*”\n-# Messages here don't reach the customer.",
        set(),
    )
    assert bench.thread.guild is not None
    way = f"https://discord.com/channels/{bench.thread.guild.id}/{bench.thread.id}"
    assert [one.get("url") for one in shown.components[1]["components"]] == [way]
    assert await bench.sender.settle(notice(bench)) == receipt


async def test_after_an_edit_the_message_is_updated(bench: Bench) -> None:
    receipt = await bench.sender.send(notice(bench))
    edit = Notify(id="n.1", to=f"discord:{bench.ana.id}", version=3, by=4)
    gone = notice(bench, effect=edit, words=verbatim("Eve deleted a message in ticket #7."), copied=receipt)
    assert await bench.sender.settle(gone) is None, "an edit may be made twice"
    assert await bench.sender.send(gone) == receipt
    (shown,) = bench.discord.messages(bench.ana.dm)
    assert shown.text.startswith("Eve deleted a message in ticket #7.\n")


async def test_a_thread_elsewhere_is_opened_at_the_desk(bench: Bench) -> None:
    await bench.sender.send(notice(bench, of=""))
    (shown,) = bench.discord.messages(bench.ana.dm)
    assert DESK in str(shown.components)


async def test_who_is_no_agent_anymore_reads_nothing(bench: Bench) -> None:
    guild = bench.thread.guild
    assert guild is not None
    helpers = guild.role("Helpers")
    directory = Directory([str(helpers.id)])
    calls, answers = bench.calls, bench.answers
    sender = Sender(calls, bench.limiter, answers, Forums(), bench.now, directory=directory)
    assert await sender.send(notice(bench)) == ""
    assert await sender.send(notice(bench, of="")) == ""
    guild.members[bench.ana.id].roles.append(helpers)
    assert await sender.send(notice(bench)) != ""
    elsewhere = notice(bench, of="", effect=Notify(id="n.2", to=f"discord:{bench.ana.id}", version=3))
    assert await sender.send(elsewhere) != "", "wherever the thread is, the bot's servers say who is an agent"
    await bench.ana.leaves()
    assert await sender.send(notice(bench)) == ""


@pytest.mark.row("discord", "An agent doesn't accept direct messages from the server")
async def test_who_cannot_be_reached_holds_nothing_up(bench: Bench) -> None:
    await bench.ana.closes_dms()
    assert await bench.sender.send(notice(bench)) == ""
    elsewhere = Address(channel="discord", person="slack:T1:U1")
    assert await bench.sender.send(notice(bench, address=elsewhere)) == ""
