"""Tours Slack: how little people notice when Slack or the store is busy, wrong or down."""

import pytest

from adapters.slack.api.manifest import START, TROUBLESHOOT
from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.flow import Flow, Image
from tests.adapters.slack.support.workspace import SUPPORT, Office, open_office
from tests.fakes.flows import lamp
from tests.fakes.slack import labels

STORY = [
    "Two sentences on lamps.",
    "Plug it in · Still failing",
    "Step 2 of 3: Look at the bulb",
]


async def test_slack_asks_to_wait_and_is_obeyed_and_the_order_is_kept(office: Office) -> None:
    office.slack.faults.busy("chat.postMessage", 1)
    thread = await office.mention(office.ana, "lamp is dark")
    assert office.said(office.help, thread) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
    refused, *rest = office.slack.calls("chat.postMessage")
    assert refused.status == 429
    assert rest[0].at - refused.at >= 1
    assert len(rest) == 2


async def test_a_picture_that_slack_cannot_fetch_costs_nothing_but_the_picture() -> None:
    async with open_office(Catalogue(flows=(pictured(),))) as office:
        office.slack.faults.refuse("chat.postMessage", "invalid_blocks")
        thread = await office.mention(office.ana, "lamp is dark")
        refused, again = office.slack.calls("chat.postMessage")[-2:]
        assert "https://lamps.example/plug.png" in str(refused.args)
        assert "https://lamps.example/plug.png" not in str(again.args)
        assert labels(office.live(office.help, thread))[0] == "Fixed it"


def pictured() -> Flow:
    """The lamp's flow without an introduction, its first step with a picture."""
    flow = lamp()
    picture = Image(src="https://lamps.example/plug.png", alt="A plug")
    first = flow.steps[0].model_copy(update={"image": picture})
    return flow.model_copy(update={"intro": "", "steps": (first, *flow.steps[1:])})


async def test_an_answer_that_is_lost_makes_no_second_message(office: Office) -> None:
    office.slack.faults.lose_answer("chat.postMessage")
    thread = await office.mention(office.ana, "lamp is dark")
    assert office.said(office.help, thread) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
    assert len(office.slack.calls("conversations.replies")) == 1


async def test_with_the_store_down_events_come_again_and_nothing_is_lost(office: Office) -> None:
    office.slack.post.ack_within, office.slack.post.retry_after = 0.2, (0.05,) * 20
    office.cut_the_store()
    thread = await office.ana.mentions(office.help, "lamp is dark")
    await office.slack.until(lambda: sum(one.attempts for one in office.slack.deliveries) >= 4)
    assert not any(one.acked for one in office.slack.deliveries)
    office.mend_the_store()
    await office.quiet()
    assert office.said(office.help, thread) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]


async def test_with_the_store_down_a_click_says_so_and_whom_to_write_to(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    office.cut_the_store()
    for label in ("Still failing", "Talk to a person", "Later"):
        assert (await office.ana.presses(shown, label)).acked
    answer = await office.ana.runs("/fix", "lamp is dark")
    office.mend_the_store()
    told = office.noted(office.ana)
    assert len(told) == 3
    assert all("try again" in text and SUPPORT in text for text in told)
    assert answer.payload is not None
    assert SUPPORT in answer.payload["text"]
    await office.press(office.ana, shown, "Still failing")
    assert office.said(office.help, thread) == STORY


async def test_with_the_store_down_the_shortcuts_say_so_too(office: Office) -> None:
    ts = await office.write(office.ana, "my lamp is dark", channel=office.help)
    office.cut_the_store()
    await office.ana.uses_shortcut(START)
    await office.ben.uses_shortcut(TROUBLESHOOT, message=ts)
    assert SUPPORT in office.said(office.ana.dm)[0]
    assert SUPPORT in office.noted(office.ben)[-1]


async def test_events_in_disorder_are_each_heard(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    office.slack.faults.reorder_events(2)
    await office.ana.writes(office.help, "it hums at night, every night", thread=thread)
    await office.ana.writes(office.help, "and the cat is afraid of it", thread=thread)
    await office.quiet()
    words = await office.words(await office.at(office.help, thread))
    assert sorted(words[1:]) == ["and the cat is afraid of it", "it hums at night, every night"]


async def test_where_slack_does_not_tell_who_somebody_is_they_are_helped_all_the_same(office: Office) -> None:
    office.slack.faults.answer("users.info", 500, times=2)
    thread = await office.mention(office.ana, "lamp is dark")
    at = await office.at(office.help, thread)
    assert (at.name, at.locale, at.status) == ("", "", Status.GUIDING)
    await office.press(office.ben, office.live(office.help, thread), "Fixed it")
    assert office.noted(office.ben)[0].startswith("Only the person who asked for help can answer here.")


async def test_where_direct_messages_cannot_be_opened_the_command_says_so(office: Office) -> None:
    office.slack.faults.refuse("conversations.open", "user_disabled")
    answer = await office.ana.runs("/fix", "lamp is dark")
    assert answer.payload is not None
    assert answer.payload["text"].startswith("I couldn't open our direct messages")


async def test_a_channel_that_was_archived_costs_one_message_and_no_more(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    office.slack.workspace.channels[office.help].is_archived = True
    await office.press(office.ana, office.live(office.help, thread), "Still failing")
    (letter,) = await office.store.backlog.buried()
    assert letter.reason == "is_archived"


@pytest.mark.parametrize(
    ("method", "label"), [("views.open", "Talk to a person"), ("chat.postEphemeral", "Fixed it")]
)
async def test_a_slack_that_dawdles_makes_no_click_fail(office: Office, method: str, label: str) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    if label == "Fixed it":
        await office.press(office.ana, shown, "Still failing")
    office.slack.faults.delay(method, 5)
    answer = await office.ana.presses(shown, label)
    assert answer.acked
    assert answer.seconds < 2.5


async def test_a_damaged_conversation_says_so_and_whom_to_write_to_and_a_new_one_starts(
    office: Office,
) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    (at,) = await office.of(office.ana)
    record = office.store.wire.keys.shard(at.id).records + at.id
    await office.store.wire.ask("HSET", record, "s", "?")
    for label in ("Still failing", "Talk to a person"):
        assert (await office.ana.presses(shown, label)).acked
    told = office.noted(office.ana)
    assert len(told) == 2
    assert all("damaged" in text and SUPPORT in text for text in told)
    again = await office.mention(office.ana, "lamp is dark")
    assert office.said(office.help, again)[-1] == "Step 1 of 3: Plug it in"
