"""Runs one side of Slack's benchmark as a process: the product, or a bare Bolt app with one listener and one script.

`python -m tests.bench.slack_processes SIDE DOOR API_ADDRESS DATA_DIR PORT` runs until it is terminated. SIDE is
`product` or `bare`; DOOR is `http`, on the same server for both sides, or `socket`, which ignores PORT.
"""

import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.manifest import PATH
from adapters.slack.app import Access, SlackApp
from adapters.storage.store import Store, open_store
from bot.commands.processes.garbage_collection import collect_less
from bot.telemetry import configure
from bot.wiring.app import compose, read_flows
from bot.wiring.product import Platforms
from bot.wiring.settings import load_settings
from bot.wiring.slack import slack_ports
from tests.bench.floor import FLOOR
from tests.fakes.slack import Slack
from tests.fakes.unlimited import Unlimited


async def main(side: str, door: str, api: str, data: str, port: str) -> None:
    """Run a side behind a door, with the stand-in's default tokens."""
    configure("human", "error")
    slack = Slack("xoxb-stand-in", "xapp-1-stand-in", "stand-in-signing-secret", "T1")
    store = await open_store(None, Path(data))
    run = _product if side == "product" else _bare
    await run(slack, store, api, int(port) if door == "http" else 0)


async def _product(slack: Slack, store: Store, api: str, port: int) -> None:
    """Run the product's Slack side without Slack's rates, which would be measured in its place."""
    store.limiter = Unlimited(store.wire)
    platform = SlackApp(
        Access(
            bot_token=slack.token,
            app_token=slack.app_token,
            signing_secret=slack.signing_secret,
            api_url=api,
        )
    )
    settings = load_settings({})
    app = compose(settings, store, read_flows(settings), (), Platforms((platform,)))
    collect_less()  # as every process of the product does once it has started
    if port:
        await _serve(platform.guard(slack_ports(app), time.time), port)
    else:
        await platform.hear(slack_ports(app), asyncio.Event())


async def _bare(slack: Slack, store: Store, api: str, port: int) -> None:
    """Run Bolt as fast as it can be: it answers once the listener returns, and never polls for an ack."""
    script: Callable[..., Awaitable[Any]] = store.wire.client.register_script(FLOOR)
    app = AsyncApp(
        client=AsyncWebClient(token=slack.token, base_url=api),
        signing_secret=slack.signing_secret,
        process_before_response=True,
    )

    async def pressed(ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        conversation, turn, choice = body["actions"][0]["value"].split(":")
        keys = [f"{{bench}}{conversation}", f"{{bench}}{conversation}j"]
        await script(keys=keys, args=[int(turn, 36) - 1, choice])
        await ack()

    app.action(re.compile(""))(pressed)
    collect_less()
    if port:
        handler: Any = AsyncSlackRequestHandler(app, PATH)
        await _serve(handler, port)
    else:
        web = AsyncWebClient(base_url=api)
        sockets: Any = AsyncSocketModeHandler(app, slack.app_token, web_client=web)
        await sockets.start_async()


async def _serve(app: Any, port: int) -> None:
    config = uvicorn.Config(
        app, port=port, http="h11", ws="none", lifespan="off", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
