"""Tests the stand-in for Slack with people who act and a real Bolt app that listens over Socket Mode."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.support.bolt_app import Heard, connected
from tests.fakes.slack import Person, Slack, labels


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        yield slack


@pytest.fixture
async def bot(slack: Slack) -> AsyncIterator[Heard]:
    heard = Heard(slack)
    async with connected(heard):
        yield heard


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana", locale="de-DE", tz="Europe/Berlin")


async def test_a_mention_is_told_twice_and_answered_in_its_thread(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    ts = await ana.mentions("C1", "my lamp is dark")
    await slack.until(lambda: slack.by_the_app("C1", ts))
    await slack.settled()
    mention, message = bot.events("app_mention")[0], bot.events("message")[0]
    assert mention["ts"] == message["ts"] == ts
    assert mention["client_msg_id"] == message["client_msg_id"]
    assert len({body["event_id"] for body in bot.bodies}) == 2
    assert labels(slack.by_the_app("C1", ts)[0]) == ["Fixed it", "Talk to a person", "Back", "Red"]
    assert slack.message(ts)["reply_count"] == 1


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Fixed it", {"type": "button", "value": "v1|c|1|fixed"}),
        ("Back", {"type": "overflow"}),
        ("Red", {"type": "static_select"}),
    ],
)
async def test_whatever_is_pressed_by_its_words_comes_as_a_block_action(
    slack: Slack, bot: Heard, ana: Person, label: str, told: dict[str, str]
) -> None:
    ts = await ana.mentions("C1", "help")
    await slack.until(lambda: slack.by_the_app("C1", ts))
    shown = slack.by_the_app("C1", ts)[0]
    answer = await ana.presses(shown, label)
    assert answer.acked
    body = next(one for one in bot.bodies if one.get("type") == "block_actions")
    assert body["actions"][0].items() >= told.items()
    assert body["user"]["id"] == "U1"
    assert body["container"]["thread_ts"] == ts
    assert body["message"]["blocks"] == shown["blocks"]
    if label != "Fixed it":
        assert body["actions"][0]["selected_option"]["text"]["text"] == label
    if label == "Red":
        assert body["state"]["values"]["choices"]["flow:which"]["selected_option"]["value"] == "red"


async def test_a_modal_is_filled_in_refused_changed_and_closed(slack: Slack, bot: Heard, ana: Person) -> None:
    await ana.uses_shortcut("start")
    view = slack.view_of(ana)
    assert view is not None
    bot.answering = {"response_action": "errors", "errors": {"what": "say more"}}
    answer = await ana.submits(view, {"words": "It went bang"})
    assert answer.payload == bot.answering
    assert slack.view_of(ana) is not None
    sent = bot.bodies[-1]["view"]["state"]["values"]
    assert sent == {"what": {"words": {"type": "plain_text_input", "value": "It went bang"}}}
    bot.answering = {}
    closed = await ana.closes(view)
    assert closed is not None
    assert closed.acked
    assert slack.view_of(ana) is None
