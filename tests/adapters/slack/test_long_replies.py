"""Tests that a long reply reaches a customer in Slack whole: in several messages, once each, edited and deleted."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.preflight import Identity
from adapters.slack.rates import MOST_IN_SERIES
from adapters.slack.sender import SlackSender
from adapters.slack.series import HalfSent
from bot.ports import Delivery
from flows.effects import Amend, Relay
from flows.views.dossier import CustomerReply
from flows.views.quotes import verbatim
from tests.adapters.slack.support.limiter import Rates
from tests.adapters.slack.test_sender import delivery
from tests.fakes.slack import Slack

LONG = "\n\n".join(f"Paragraph {number}: " + "press *this* one, then that one. " * 12 for number in range(20))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.channel("C1", "help")
        yield running


@pytest.fixture
def rates() -> Rates:
    return Rates()


class Pauses(list[float]):
    """Notes the seconds of each pause, and waits for none."""

    async def note(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def sender(slack: Slack, rates: Rates, pauses: Pauses) -> AsyncIterator[SlackSender]:
    async def identity() -> Identity:
        return Identity(
            token="", team="T1", bot_user="U0BOT", bot_id="B0BOT", url="https://acme.slack.example/"
        )

    opened = session()
    client = SlackClient(opened, lambda _team: slack.token, slack.api)
    yield SlackSender(client, rates, identity, pause=pauses.note)
    await opened.close()


def said(text: str, since: Literal["", "changed", "gone"] = "", **given: Any) -> Delivery:
    reply = CustomerReply(who="Max", actor="desk:max", words=verbatim(text), since=since)
    if since:
        return delivery(Amend(id="amend.0", end="customer", version=3, by=4), reply=reply, **given)
    return delivery(Relay(id="relay.0", end="customer", version=3), reply=reply)


def shown(slack: Slack) -> list[str]:
    """Return the texts in the blocks of the bot's messages."""
    return ["".join(_texts(one["blocks"])) for one in slack.by_the_app("C1", "")]


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for each in value.values() for text in _texts(each)]


def letters(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def whole(text: str) -> str:
    return "".join(f"Max:{text}".split())


async def test_a_long_reply_is_sent_whole_in_several_messages(
    slack: Slack, sender: SlackSender, rates: Rates, pauses: Pauses
) -> None:
    """The rate is asked once for all of them, and those beyond its burst are a second apart."""
    receipt = await sender.send(said(LONG))
    texts = shown(slack)
    assert rates.asked == [("relay.0", len(texts), "post/C1", "post")]
    assert pauses == [1.0] * (len(texts) - 2)
    assert len(texts) > 2
    assert letters(texts) == whole(LONG)
    assert "desk" not in "".join(texts)
    assert len(receipt.split(" ")) == len(texts)
    assert await sender.settle(said(LONG)) == receipt
    assert shown(slack) == texts


async def test_a_long_reply_that_was_interrupted_is_finished_and_nothing_comes_twice(
    slack: Slack, sender: SlackSender, rates: Rates
) -> None:
    text = "\n\n".join([LONG] * 5)
    rates.left = MOST_IN_SERIES
    with pytest.raises(HalfSent):
        await sender.send(said(text))
    assert len(shown(slack)) == MOST_IN_SERIES
    rates.left = None
    receipt = await sender.settle(said(text))
    assert receipt is not None
    assert letters(shown(slack)) == whole(text)
    assert len(receipt.split(" ")) == len(shown(slack))


async def test_a_message_that_slack_refuses_for_a_moment_follows_in_the_same_attempt(
    slack: Slack, sender: SlackSender, pauses: Pauses
) -> None:
    slack.limits.posts, slack.limits.burst = 0.5, 1

    async def pause(seconds: float) -> None:
        await pauses.note(seconds)
        slack.limits.posts = None

    sender._series._pause = pause
    await sender.send(said(LONG))
    assert pauses[0] == 2.0
    assert [call.status for call in slack.calls("chat.postMessage")][:3] == [200, 429, 200]
    assert letters(shown(slack)) == whole(LONG)


async def test_an_edited_long_reply_uses_its_messages_again_and_a_deleted_one_leaves_none(
    slack: Slack, sender: SlackSender
) -> None:
    receipt = await sender.send(said(LONG))
    count = len(shown(slack))
    longer = await sender.send(said(LONG + LONG, "changed", copied=receipt))
    assert len(shown(slack)) > count
    assert letters(shown(slack)) == whole(LONG + LONG)
    shorter = await sender.send(said("Never mind", "changed", copied=longer))
    assert letters(shown(slack)) == whole("Never mind")
    again = await sender.send(said(LONG, "changed", copied=shorter))
    assert letters(shown(slack)) == whole(LONG)
    await sender.send(said("", "gone", copied=again))
    assert shown(slack) == []
