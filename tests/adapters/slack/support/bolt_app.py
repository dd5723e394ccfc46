"""Runs a real Bolt app on the stand-in as the adapter does: Socket Mode, with listeners before the ack."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Slack

CHOICES: list[dict[str, Any]] = [
    {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "*Plug it in*"}},
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            {
                "type": "button",
                "action_id": "flow:fixed",
                "value": "v1|c|1|fixed",
                "text": {"type": "plain_text", "text": "Fixed it"},
            },
            {
                "type": "overflow",
                "action_id": "flow:more",
                "options": [
                    {"text": {"type": "plain_text", "text": "Talk to a person"}, "value": "person"},
                    {"text": {"type": "plain_text", "text": "Back"}, "value": "back"},
                ],
            },
            {
                "type": "static_select",
                "action_id": "flow:which",
                "options": [{"text": {"type": "plain_text", "text": "Red"}, "value": "red"}],
            },
        ],
    },
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "details",
    "title": {"type": "plain_text", "text": "Talk to a person"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What happened?"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


def client(slack: Slack, **given: Any) -> AsyncWebClient:
    """Make Slack's own client, without retries unless a test asks for them."""
    return AsyncWebClient(**{"token": slack.token, "base_url": slack.api, "retry_handlers": [], **given})


class Heard:
    """A bot that answers a mention with choices and a press with a modal, and records everything."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.bodies: list[dict[str, Any]] = []
        self.failing = False
        self.answering: dict[str, Any] = {}
        self.app = AsyncApp(
            client=client(slack),
            signing_secret=slack.signing_secret,
            process_before_response=True,
        )
        everything = re.compile(".*")
        for listens in (self.app.action, self.app.command, self.app.shortcut, self.app.view):
            listens(everything)(self.asked)
        self.app.view_closed(everything)(self.asked)
        self.app.event(everything)(self.told)

    def events(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        """Return the received events of that type, oldest first."""
        found = [body["event"] for body in self.bodies if "event" in body]
        return [one for one in found if one["type"] == kind and one.get("subtype") == subtype]

    async def told(self, body: dict[str, Any]) -> None:
        if self.failing:
            raise RuntimeError("the store is down")
        self.bodies.append(body)
        self.slack.bell.ring()
        event = body["event"]
        if event["type"] == "app_mention":
            await self.app.client.chat_postMessage(
                channel=event["channel"], thread_ts=event["ts"], text="Plug it in", blocks=CHOICES
            )

    async def asked(self, ack: Any, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        await ack(**self.answering)
        if body.get("type") in ("block_actions", "shortcut"):
            await self.app.client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@asynccontextmanager
async def connected(heard: Heard, sockets: int = 1) -> AsyncIterator[list[AsyncSocketModeHandler]]:
    """Connect the bot with that many sockets."""
    slack = heard.slack
    handlers = [
        AsyncSocketModeHandler(
            heard.app, slack.app_token, web_client=client(slack, token=None), ping_interval=1
        )
        for _number in range(sockets)
    ]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt gives it no types
        await slack.connected(sockets)
        yield handlers
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]  # as above
