"""Runs the stand-in as a process: prints its address, and serves until the process ends."""

import argparse
import asyncio

from tests.fakes.slack.stand import Slack


async def serve(port: int) -> None:
    slack = await Slack.start(port=port)
    print(slack.address, flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await slack.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Slack.")
    parser.add_argument("--port", type=int, default=0, help="0 is any that is free")
    try:
        asyncio.run(serve(parser.parse_args().port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
