"""Our desk and store: each event from its arrival to its record, with journal, dedupe, timers and index."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from adapters.storage.store import open_store
from bot.commands.processes.garbage_collection import collect_less
from bot.telemetry import configure
from flows.catalogue import Catalogue
from flows.events import Answered, Started
from flows.flow import Choice, Escalation, Flow, Step, Team
from tests.bench.peers.measured import END, STEPS, STILL, TEXT, arguments, measure
from tests.fakes.world import World

EXHAUSTED: Final = Escalation(team="support", reason="guide_exhausted")


def guide() -> Flow:
    """Return the six steps."""
    steps = tuple(
        Step(
            id=step,
            title=f"Step {step}",
            text=TEXT,
            choices=(
                Choice(id="fixed", label="Fixed it", fixed=True),
                Choice(id=STILL, label="Still failing", to=after)
                if after
                else Choice(id=STILL, label="Still failing", escalate=EXHAUSTED),
            ),
        )
        for step, after in zip(STEPS, (*STEPS[1:], None), strict=True)
    )
    return Flow(
        id="lamp",
        title="The lamp stays dark",
        start=("lamp is dark",),
        teams=(Team(id="support", name="Support", email="help@lamps.example"),),
        escalate=EXHAUSTED,
        steps=steps,
    )


async def main() -> None:
    """Play and print."""
    port, conversations, at_once = arguments()
    configure("human", "warning")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"redis://127.0.0.1:{port}/0", Path(folder))
    world = World(store=store, shelf=Catalogue(flows=(guide(),)), channels=())
    receive = world.app.receive

    async def play(name: str) -> str:
        actor = f"web:{name}"
        start = Started(key=name, actor=actor, door=f"web/{name}/c", address=f"web||||{name}", flow="lamp")
        outcome = await receive(start)
        for number in range(len(STEPS)):
            if outcome is None or outcome.refusal is not None:
                return f"refused: {outcome}"
            at = outcome.conversation
            answer = Answered(
                key=f"{name}.{number}", actor=actor, conversation=at.id, turn=at.turn, choice=STILL
            )
            outcome = await receive(answer)
        stored = await store.conversations.load(outcome.conversation.id) if outcome else None
        exhausted = stored is not None and stored.status == "waiting" and "guide_exhausted" in stored.reasons
        return END if exhausted else str(stored)

    collect_less()
    await measure(play, port, conversations, at_once)
    await world.close()


if __name__ == "__main__":
    asyncio.run(main())
