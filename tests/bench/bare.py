"""What a click is measured against: a bare Bolt app with one listener and one script call.

As a process of its own: `python -m tests.bench.bare API_ADDRESS DATA_DIR`, over sockets until it is ended.
"""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.storage.store import Store, open_store
from tests.bench.floor import FLOOR
from tests.fakes.slack import Slack


def bare(store: Store, api: str, token: str, signing_secret: str) -> AsyncApp:
    """Bolt at its fastest: it answers when the listener returns, and polls for nothing."""
    script: Callable[..., Awaitable[Any]] = store.wire.client.register_script(FLOOR)
    app = AsyncApp(
        client=AsyncWebClient(token=token, base_url=api),
        signing_secret=signing_secret,
        process_before_response=True,
    )

    async def pressed(ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        conversation, turn, choice = body["actions"][0]["value"].split(":")
        keys = [f"{{bench}}{conversation}", f"{{bench}}{conversation}j"]
        await script(keys=keys, args=[int(turn, 36) - 1, choice])
        await ack()

    app.action(re.compile(""))(pressed)
    return app


async def main(api: str, data: Path) -> None:
    """Hear the stand-in at that address, with what it gives by default."""
    slack = Slack("xoxb-stand-in", "xapp-1-stand-in", "stand-in-signing-secret", "T1")
    store = await open_store(None, data)
    app = bare(store, api, slack.token, slack.signing_secret)
    web = AsyncWebClient(base_url=api)
    handler: Any = AsyncSocketModeHandler(app, slack.app_token, web_client=web)
    await handler.start_async()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
