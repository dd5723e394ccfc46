"""Tests Slack's sender: how it understands each answer, and how it finds out what has arrived."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import REFUSED_RETRY_S, SlackClient, session
from adapters.slack.sender import DELIVERY
from adapters.slack.sender import SlackSender as Sender
from bot.ports import Busy, Delivery, Undeliverable, Unsure
from flows.conversation import Address
from flows.effects import Ask, Effect, Retire, Tell
from flows.prompts import prompt
from flows.text.markup.words import parse
from tests.adapters.slack.support.limiter import Rates
from tests.adapters.slack.support.prompts import flow
from tests.adapters.slack.support.schema_check import conversation
from tests.fakes.slack import Slack, labels


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.channel("C1", "help")
        yield running


@pytest.fixture
def rates() -> Rates:
    return Rates()


@pytest.fixture
async def sender(slack: Slack, rates: Rates) -> AsyncIterator[Sender]:
    opened = session()
    yield Sender(SlackClient(opened, lambda _team: slack.token, slack.api), rates)
    await opened.close()


@pytest.fixture
async def thread(slack: Slack) -> str:
    return await slack.person("U1", name="Ana").writes("C1", "it is dark")


def delivery(effect: Effect, thread: str = "", **more: Any) -> Delivery:
    """To channel C1 or into that thread, of a conversation that changed just now."""
    at = conversation(flow(), changed_at=int(float(thread or 0) * 1000))
    address = Address(channel="slack", workspace="T1", room="C1", thread=thread, person="U1")
    return Delivery(effect=effect, conversation=at, address=address, **more)


def told(thread: str = "", id: str = "effect.0") -> Delivery:
    return delivery(Tell(id=id, words="intro"), thread, words=parse("Two sentences."))


def asked(thread: str) -> Delivery:
    at = conversation(flow())
    return delivery(Ask(id="effect.1", turn=at.turn), thread, prompt=prompt(flow(), at, {}))


async def test_a_message_goes_into_its_thread_and_its_receipt_says_where_it_is(
    slack: Slack, sender: Sender, thread: str
) -> None:
    receipt = await sender.send(asked(thread))
    (posted,) = slack.by_the_app("C1", thread)
    assert receipt == f"C1:{posted['ts']}"
    assert posted["metadata"] == {"event_type": DELIVERY, "event_payload": {"id": "effect.1"}}
    (call,) = slack.calls("chat.postMessage")
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)


async def test_where_there_is_no_thread_it_stands_by_itself(slack: Slack, sender: Sender) -> None:
    await sender.send(told())
    assert "thread_ts" not in slack.calls("chat.postMessage")[0].args


async def test_what_shows_nothing_is_not_sent(slack: Slack, sender: Sender) -> None:
    assert (await sender.send(delivery(Tell(id="e", words="intro"))), slack.calls()) == ("", [])


async def test_each_channel_and_each_workspace_has_its_own_rate(
    slack: Slack, sender: Sender, rates: Rates, thread: str
) -> None:
    await sender.send(told(thread))
    assert rates.asked == [("effect.0", 1, "post/C1", "post")]
    for name, seconds in (("slack/T1/post/C1", 1.5), ("slack/T1/post", 2.5)):
        rates.waits = {name: seconds}
        with pytest.raises(Busy) as busy:
            await sender.send(told(thread))
        assert busy.value.seconds == seconds
    assert len(slack.calls("chat.postMessage")) == 1


# ---------------------------------------------------------------- Slack's answers


async def test_asked_to_wait_it_waits_as_long_as_slack_says_and_so_do_others_there(
    slack: Slack, sender: Sender, rates: Rates
) -> None:
    slack.faults.busy("chat.postMessage", 7)
    with pytest.raises(Busy) as busy:
        await sender.send(told())
    assert busy.value.seconds == 7
    assert rates.held == [("post/C1", 7.0)]


@pytest.mark.parametrize("error", ["rate_limited", "message_limit_exceeded"])
async def test_a_limit_in_words_is_a_limit_too(slack: Slack, sender: Sender, error: str) -> None:
    slack.faults.refuse("chat.postMessage", error)
    with pytest.raises(Busy):
        await sender.send(told())


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_without_a_token_it_waits_for_the_operator_and_says_so(
    slack: Slack, sender: Sender, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.revoke(error)
    with pytest.raises(Busy) as busy:
        await sender.send(told())
    assert busy.value.seconds == REFUSED_RETRY_S
    assert error in "".join(capsys.readouterr())


async def test_without_a_scope_it_waits_as_well(slack: Slack, sender: Sender) -> None:
    slack.scopes.discard("chat:write")
    with pytest.raises(Busy):
        await sender.send(told())


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel", "channel_not_found", "msg_too_long"])
async def test_what_slack_will_always_refuse_is_undeliverable(
    slack: Slack, sender: Sender, error: str
) -> None:
    slack.faults.refuse("chat.postMessage", error)
    with pytest.raises(Undeliverable, match=error):
        await sender.send(told())


async def test_a_server_error_leaves_it_unknown(slack: Slack, sender: Sender) -> None:
    slack.faults.answer("chat.postMessage", 500)
    slack.faults.html("chat.postMessage")
    slack.faults.refuse("chat.postMessage", "internal_error")
    for _answer in range(3):
        with pytest.raises(SlackApiError):
            await sender.send(told())


async def test_an_answer_that_is_lost_leaves_it_unknown_and_nothing_is_tried_twice(
    slack: Slack, sender: Sender
) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await sender.send(told())
    assert len(slack.calls("chat.postMessage")) == 1


async def test_refused_blocks_are_sent_once_more_without_the_picture(
    slack: Slack, sender: Sender, thread: str
) -> None:
    slack.faults.refuse("chat.postMessage", "invalid_blocks")
    assert await sender.send(asked(thread))
    first, second = slack.calls("chat.postMessage")
    assert [block["type"] for block in first.args["blocks"]].count("image") == 1
    assert [block["type"] for block in second.args["blocks"]].count("image") == 0


async def test_blocks_that_are_refused_in_every_form_are_undeliverable(slack: Slack, sender: Sender) -> None:
    slack.faults.refuse("chat.postMessage", "invalid_blocks", times=3)
    with pytest.raises(Undeliverable, match="invalid_blocks"):
        await sender.send(told())


# ---------------------------------------------------------------- has it arrived?


@pytest.mark.parametrize("threaded", [True, False])
async def test_what_arrived_is_found_by_its_metadata(
    slack: Slack, sender: Sender, thread: str, threaded: bool
) -> None:
    at = thread if threaded else ""
    receipt = await sender.send(told(at))
    assert await sender.settle(told(at)) == receipt
    assert await sender.settle(told(at, "effect.9")) is None


async def test_messages_of_others_and_without_metadata_are_looked_past(
    slack: Slack, sender: Sender, thread: str
) -> None:
    other = {"event_type": "something_else", "event_payload": {"id": "effect.0"}}
    calls = sender._client
    await calls.ask("T1", "chat.postMessage", channel="C1", thread_ts=thread, text="a", metadata=other)
    await calls.ask("T1", "chat.postMessage", channel="C1", thread_ts=thread, text="b")
    assert await sender.settle(told(thread)) is None


async def test_where_history_may_not_be_read_it_cannot_say(slack: Slack, sender: Sender, thread: str) -> None:
    slack.hide_history()
    with pytest.raises(Unsure):
        await sender.settle(told(thread))


async def test_where_there_is_more_than_was_looked_at_it_cannot_say(
    slack: Slack, sender: Sender, thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.sender.LOOKED_AT", 1)
    for number in range(2):
        await sender.send(told(thread, f"other.{number}"))
    with pytest.raises(Unsure):
        await sender.settle(told(thread))


async def test_a_thread_that_is_gone_cannot_say(sender: Sender) -> None:
    with pytest.raises(Unsure):
        await sender.settle(told("1700000000.000001"))


async def test_asked_too_often_it_waits_before_it_asks_again(
    slack: Slack, sender: Sender, rates: Rates, thread: str
) -> None:
    slack.faults.busy("conversations.replies", 3)
    with pytest.raises(Busy) as busy:
        await sender.settle(told(thread))
    assert busy.value.seconds == 3
    assert rates.asked == [("effect.0", 1, "history")]


async def test_a_slack_that_is_broken_while_it_is_asked_is_asked_again_before_anything_is_sent(
    slack: Slack, sender: Sender, thread: str
) -> None:
    """It did not say that it cannot say, and to ask is no attempt to send."""
    slack.faults.answer("conversations.replies", 500)
    slack.faults.html("conversations.replies")
    slack.faults.refuse("conversations.replies", "internal_error")
    for _answer in range(3):
        with pytest.raises(Busy):
            await sender.settle(told(thread))
    assert await sender.settle(told(thread)) is None


# ---------------------------------------------------------------- buttons are taken away


async def retired(sender: Sender, thread: str) -> Delivery:
    """A card was sent; this takes its buttons away."""
    receipt = await sender.send(asked(thread))
    retire = Retire(id="effect.2", of="effect.1", step="plug", answer="fixed")
    return delivery(retire, thread, of=receipt, words=parse("Plug it in · Fixed it"))


async def test_a_message_collapses_to_a_line_with_a_new_block(
    slack: Slack, sender: Sender, rates: Rates, thread: str
) -> None:
    retire = await retired(sender, thread)
    assert await sender.send(retire) == retire.of
    (message,) = slack.by_the_app("C1", thread)
    assert (message["text"], labels(message)) == ("Plug it in · Fixed it", [])
    assert slack.workspace.reused_block_ids == []
    assert rates.asked[-1] == (f"chat.update {retire.of}", 1, "edit")


async def test_taking_buttons_away_twice_does_no_harm_so_nobody_is_asked(
    slack: Slack, sender: Sender, thread: str
) -> None:
    retire = await retired(sender, thread)
    slack.faults.lose_answer("chat.update")
    with pytest.raises(aiohttp.ClientError):
        await sender.send(retire)
    assert await sender.settle(retire) is None
    assert await sender.send(retire) == retire.of
    assert not slack.calls("conversations.replies")


async def test_a_message_that_is_gone_has_no_buttons_to_take_away(
    slack: Slack, sender: Sender, thread: str
) -> None:
    retire = await retired(sender, thread)
    slack.workspace.remove(slack.workspace.channels["C1"], retire.of.partition(":")[2])
    assert await sender.send(retire) == ""


async def test_too_many_edits_wait(slack: Slack, sender: Sender, rates: Rates, thread: str) -> None:
    retire = await retired(sender, thread)
    rates.waits = {"slack/T1/edit": 4.0}
    with pytest.raises(Busy):
        await sender.send(retire)
    assert not slack.calls("chat.update")
