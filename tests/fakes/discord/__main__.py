"""Runs the stand-in as a process: `python -m tests.fakes.discord --port 0` prints its address as a line of JSON."""

import argparse
import asyncio
import json
import signal

from tests.fakes.discord.control import Control
from tests.fakes.discord.whole import TOKEN, Discord


async def serve(port: int, token: str, message_content: bool, members: bool) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    async with Discord.running(
        port=port, token=token, message_content=message_content, members=members
    ) as discord:
        Control(discord)
        where = {"api": discord.api, "gateway": discord.gateway_url, "token": discord.token}
        print(json.dumps({**where, "control": f"{discord.world.url}/control"}), flush=True)
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-message-content", action="store_true", help="the privileged intent is off")
    parser.add_argument("--members", action="store_true", help="the intent for members is on")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.token, not given.no_message_content, given.members))


if __name__ == "__main__":
    main()
