"""Records what the Bolt app passes on. The handler can be slow, fail or answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.bolt_app import Ack, BoltApp, Kind, bolt
from adapters.slack.api.preflight import Identity
from tests.fakes.slack import Slack


def client(slack: Slack, **given: Any) -> AsyncWebClient:
    """Make Slack's own client without a token, without retries."""
    return AsyncWebClient(**{"base_url": slack.api, "retry_handlers": [], **given})


class Ears:
    """Records events in `heard`. While `held` is clear, handling waits; `failing` is raised."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.begun: list[tuple[Kind, dict[str, Any]]] = []
        self.heard: list[tuple[Kind, dict[str, Any]]] = []
        self.held = asyncio.Event()
        self.held.set()
        self.failing: Exception | None = None
        self.answering: Ack | None = None
        self.unknown: Exception | None = None

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        self.begun.append((kind, body))
        self.slack.bell.ring()
        await self.held.wait()
        if self.failing is not None:
            raise self.failing
        self.heard.append((kind, body))
        self.slack.bell.ring()
        return self.answering

    async def identity(self) -> Identity:
        if self.unknown is not None:
            raise self.unknown
        at = self.slack.workspace
        return Identity(
            token=self.slack.token,
            team=at.team,
            bot_user=at.bot_user,
            bot_id=at.bot_id,
            url="https://acme.slack.com/",
        )

    def app(self) -> BoltApp:
        return bolt(self, self.identity, client(self.slack))

    def texts(self) -> list[str]:
        """Return the texts of the recorded messages."""
        return [body["event"]["text"] for kind, body in self.heard if kind == "event"]


class _Server(uvicorn.Server):
    """Signals when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI application on a port of this machine. Yields its address."""
    server = _Server(
        uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False, ws="none")
    )
    serving = asyncio.create_task(server._serve())
    try:
        await server.answers.wait()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
