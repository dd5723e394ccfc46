"""A naive machine on `transitions`: for each answer the state is read, a machine made, moved, and the state written."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import redis.asyncio as redis
from transitions import Machine

from tests.bench.peers.measured import END, STEPS, STILL, TEXT, arguments, measure

STATES = [*STEPS, END]


class Guide:
    """The model that a machine moves."""

    state: str


def moved(stored: dict[str, Any]) -> dict[str, Any]:
    """Return what is stored after an answer."""
    guide = Guide()
    machine = Machine(guide, states=STATES, initial=stored["state"], auto_transitions=False)
    for here, there in pairwise(STATES):
        machine.add_transition(STILL, here, there)
    guide.trigger(STILL)  # type: ignore[attr-defined] # the machine adds it
    return {"state": guide.state, "path": [*stored["path"], stored["state"]], "prompt": TEXT}


async def main() -> None:
    """Play and print."""
    port, conversations, at_once = arguments()
    client = redis.Redis(port=port, decode_responses=True, max_connections=100)

    async def play(name: str) -> str:
        await client.set(name, json.dumps({"state": STEPS[0], "path": [], "prompt": TEXT}))
        for _ in STEPS:
            stored = json.loads(await client.get(name) or "")
            await client.set(name, json.dumps(moved(stored)))
        return str(json.loads(await client.get(name) or "")["state"])

    await measure(play, port, conversations, at_once)
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main())
