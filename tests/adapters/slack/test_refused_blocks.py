"""Tests that blocks which Slack refuses never mean silence: people get simpler ones, and the log says what is wrong."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.simpler_forms import simpler
from tests.fakes.slack import Slack, labels
from tests.stories.agents.support.slack_room import open_room

POINTER = "[ERROR] must be less than 76 characters [json-pointer:/blocks/3/elements/0/text]"


def kinds(shown: dict[str, Any]) -> list[str]:
    return [block["type"] for block in shown.get("blocks", ())]


@pytest.mark.row("slack", "Slack refuses what a message shows")
async def test_customers_and_agents_go_on_with_plain_messages_and_forms(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As if Slack no longer took rich text and pictures: in cards, packets, lines, on the Home tab and in a modal."""
    async with open_room() as room:
        slack, office = room.slack, room.office
        slack.faults.unsupported |= {"rich_text", "image", "header", "context"}
        thread = await room.asked()
        assert {"section", "actions"} >= {
            kind for one in slack.by_the_app(office.help, thread) for kind in kinds(one)
        }
        assert "Claim" in labels(room.packet())
        assert "lamp is dark" in str(room.packet()["blocks"])
        await room.press(room.max, "Reply")
        await room.fill(room.max, {"text": "Is it plugged in?"})
        assert "max: Is it plugged in?" in office.said(office.help, thread)
        await room.ana.opens_home()
        await office.quiet()
        assert "The lamp stays dark" in str(slack.home_of(room.ana))
        assert "json-pointer:/blocks/" in capsys.readouterr().out
        slack.faults.unsupported |= {"actions", "section", "input"}
        await room.press(room.max, "Reply")
        assert office.noted(room.max)[-1] == "I couldn't open the form. Press the button again."
        await room.write(room.max, "!Press the plug in")
        assert office.said(office.help, thread)[-1] == "max: Press the plug in"
        assert not await office.store.backlog.buried()


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "invalid_attachments"])
async def test_each_attempt_is_simpler_and_the_last_is_text_alone(
    error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}, "value": "v"}
    picture = {"type": "image", "image_url": "https://x.example/y.png", "alt_text": "A plug"}
    parts = [{"type": "text", "text": "Plug "}, {"type": "text", "text": "<it>", "style": {"bold": True}}]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}
    blocks = [rich, picture, {"type": "actions", "elements": [button]}]
    async with session() as opened, Slack.running() as slack:
        slack.channel("C1")
        client = SlackClient(opened, lambda _team: slack.token, slack.api)
        slack.faults.refuse("chat.postMessage", error, 3, [POINTER])
        await client.ask("T1", "chat.postMessage", channel="C1", text="Plug", blocks=blocks)
        assert [kinds(call.args) for call in slack.calls("chat.postMessage")] == [
            ["rich_text", "image", "actions"],
            ["rich_text", "actions"],
            ["section", "actions"],
            [],
        ]
        assert slack.messages("C1")[0]["text"] == "Plug &lt;it&gt;"
        assert POINTER in capsys.readouterr().out
        slack.faults.refuse("chat.update", error, 4)
        with pytest.raises(SlackApiError):
            await client.ask("T1", "chat.update", channel="C1", ts="1.1", text="Plug", blocks=blocks)
        slack.faults.refuse("chat.postMessage", "is_archived")
        with pytest.raises(SlackApiError):
            await client.ask("T1", "chat.postMessage", channel="C1", text="Plug", blocks=blocks)
        assert len(slack.calls("chat.postMessage")) == 5


def test_a_form_keeps_its_fields_without_the_one_that_is_refused() -> None:
    fields: list[Any] = [{"type": "input", "block_id": name, "element": {}} for name in ("a", "b")]
    lead = {"type": "header", "text": {"type": "plain_text", "text": "Details"}}
    view = {"type": "modal", "submit": {}, "blocks": [lead, *fields]}
    said = ["[ERROR] invalid label [json-pointer:/view/blocks/2/label]"]
    forms = [
        [block.get("block_id", "") for block in form["view"]["blocks"]]
        for _, form in simpler({"view": view}, said)
    ]
    assert forms == [["", "a", "b"], ["", "a"]]
