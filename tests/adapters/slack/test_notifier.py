"""Tests direct messages to agents in Slack: sent once, with a link, and given up where no one can be reached."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.preflight import Identity
from adapters.slack.api.users import Directory
from adapters.slack.sender import SlackSender as Sender
from bot.ports import Busy, Delivery
from flows.conversation import Address
from flows.effects import Notify
from flows.views.quotes import verbatim
from tests.adapters.slack.support.limiter import Rates
from tests.adapters.slack.support.prompts import flow
from tests.adapters.slack.support.schema_check import conversation
from tests.fakes.slack import Person, Slack

URL = "https://acme.slack.com/"
DESK = "https://fix.example/desk/c/7"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        yield running


@pytest.fixture
def kim(slack: Slack) -> Person:
    return slack.person("U8KIM", name="Kim")


@pytest.fixture
async def sender(slack: Slack) -> AsyncIterator[Sender]:
    async def identity() -> Identity:
        return Identity(token="", team="T1", url=URL, bot_user="U0BOT", bot_id="B0BOT")

    opened = session()
    yield Sender(SlackClient(opened, lambda _team: slack.token, slack.api), Rates(), identity)
    await opened.close()


def notice(to: str = "slack:T1:U8KIM", **more: Any) -> Delivery:
    """Ana's words for the agent, whose thread is in Slack unless `agents` says otherwise."""
    at = conversation(flow(), agents=more.pop("agents", "slack||C9"))
    words = verbatim("Ana wrote in ticket #7: “<!channel> *hi*”")
    given = {"words": words, "of": "C9:1764000000.000100", "desk": DESK} | more
    address = Address(channel="slack", person=to)
    return Delivery(effect=Notify(id="n.0", to=to, version=3), conversation=at, address=address, **given)


async def test_it_is_sent_once_with_a_link_to_the_thread(slack: Slack, sender: Sender, kim: Person) -> None:
    receipt = await sender.send(notice())
    (shown,) = slack.by_the_app(kim.dm)
    assert receipt == f"{kim.dm}:{shown['ts']}"
    assert shown["text"] == "Ana wrote in ticket #7: “&lt;!channel&gt; *hi*”"
    ts = "1764000000.000100"
    assert f"{URL}archives/C9/p{ts.replace('.', '')}?thread_ts={ts}&cid=C9" in str(shown["blocks"])
    assert await sender.settle(notice()) == receipt, "an attempt that arrived is found"
    assert await sender.settle(notice().model_copy(update={"effect": Notify(id="n.1")})) is None


async def test_a_lost_answer_is_looked_up_in_the_direct_messages(
    slack: Slack, sender: Sender, kim: Person
) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await sender.send(notice())
    assert await sender.settle(notice()) == f"{kim.dm}:{slack.by_the_app(kim.dm)[0]['ts']}"


async def test_a_thread_elsewhere_is_opened_at_the_desk(slack: Slack, sender: Sender, kim: Person) -> None:
    await sender.send(notice(agents="discord||1", of="1:2"))
    await sender.send(notice(of="", desk=""))
    at_the_desk, without_a_way = slack.by_the_app(kim.dm)
    assert DESK in str(at_the_desk["blocks"])
    assert "url" not in str(without_a_way["blocks"])


@pytest.mark.row(
    "slack", "An agent can't get direct messages, because their account is deactivated or they left"
)
@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_who_cannot_be_reached_holds_nothing_up(
    slack: Slack, sender: Sender, kim: Person, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.faults.refuse(method, "user_disabled")
    assert await sender.send(notice()) == ""
    assert "user_disabled" in capsys.readouterr().out
    assert slack.by_the_app(kim.dm) == []
    assert await sender.settle(notice("slack:T1:U0GONE")) == ""


async def test_who_is_no_agent_anymore_reads_nothing(
    slack: Slack, sender: Sender, kim: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    async def no_one(_person: object, _workspace: str) -> bool:
        return False

    opened = session()
    other = Sender(
        SlackClient(opened, lambda _team: slack.token, slack.api), Rates(), sender._identity, is_agent=no_one
    )
    assert await other.send(notice()) == ""
    assert slack.by_the_app(kim.dm) == []
    assert "no longer an agent" in capsys.readouterr().out
    await opened.close()


async def test_while_slack_does_not_say_who_is_an_agent_the_message_waits(
    slack: Slack, sender: Sender, kim: Person
) -> None:
    client = sender._client
    directory = Directory(client, ["S0AGENTS"])
    other = Sender(client, Rates(), sender._identity, is_agent=directory.recognizes)
    slack.workspace.usergroups["S0AGENTS"] = ["U8KIM"]
    slack.faults.refuse("usergroups.users.list", "internal_error")
    with pytest.raises(Busy):
        await other.send(notice())
    assert slack.by_the_app(kim.dm) == []
    await directory.close()


async def test_a_rate_limit_waits_and_nothing_was_sent(slack: Slack, sender: Sender, kim: Person) -> None:
    slack.faults.busy("conversations.open", 7)
    with pytest.raises(Busy) as busy:
        await sender.send(notice())
    assert busy.value.seconds == 7
    assert slack.by_the_app(kim.dm) == []
