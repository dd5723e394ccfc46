"""Apache Burr: an application that is resumed for each answer from the persister for Redis, as for a web server."""

import asyncio
from typing import Any, Final

from burr.core import Application, ApplicationBuilder, Result, State, action, when
from burr.integrations.persisters.b_redis import AsyncRedisBasePersister

from tests.bench.peers.measured import END, STEPS, STILL, TEXT, arguments, measure


@action(reads=["step", "path"], writes=["step", "path", "prompt"])
async def answer(state: State, choice: str) -> State:
    """Take an answer, or the start, which is none."""
    step = state["step"]
    if choice != STILL:
        return state.update(step=STEPS[0], path=[], prompt=TEXT)
    place = STEPS.index(step)
    after = STEPS[place + 1] if place + 1 < len(STEPS) else END
    return state.update(step=after, path=[*state["path"], step], prompt=TEXT)


ENDS: Final = when(step=END)


async def main() -> None:
    """Play and print."""
    port, conversations, at_once = arguments()
    persister = AsyncRedisBasePersister.from_values(
        host="127.0.0.1", port=port, db=0, redis_client_kwargs={"max_connections": 100}
    )

    async def resumed(name: str) -> Application[Any]:
        return await (
            ApplicationBuilder()
            .with_actions(answer, end=Result("step"))
            .with_transitions(("answer", "end", ENDS), ("answer", "answer"))
            .with_identifiers(app_id=name, partition_key=name)
            .initialize_from(
                persister,
                resume_at_next_action=True,
                default_state={"step": "", "path": [], "prompt": ""},
                default_entrypoint="answer",
            )
            .with_state_persister(persister)
            .abuild()
        )

    async def play(name: str) -> str:
        for choice in ("start", *[STILL] * len(STEPS)):
            app = await resumed(name)
            await app.astep(inputs={"choice": choice})
        stored = await persister.load(name, name)
        return str(stored["state"]["step"]) if stored else ""

    await measure(play, port, conversations, at_once)
    await persister.connection.aclose()


if __name__ == "__main__":
    asyncio.run(main())
