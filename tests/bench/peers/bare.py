"""No engine at all: one bare script call for each event, the one of `tests/bench/floor.py`."""

import asyncio

from adapters.storage.connections.clients import connect
from tests.bench.floor import FLOOR
from tests.bench.peers.measured import END, STEPS, TEXT, arguments, measure


async def main() -> None:
    """Play and print."""
    port, conversations, at_once = arguments()
    client = connect(f"redis://127.0.0.1:{port}/0")
    script = client.register_script(FLOOR)

    async def play(name: str) -> str:
        turns = 0
        for turn in range(len(STEPS) + 1):
            turns = await script(keys=[f"{{bench}}{name}", f"{{bench}}{name}j"], args=[turn, TEXT])
        return END if turns == len(STEPS) + 1 else str(turns)

    await measure(play, port, conversations, at_once)
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main())
