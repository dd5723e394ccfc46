"""LangGraph: a graph that is interrupted at each step and resumed with the answer, with the saver for SQLite.

Its saver for Redis needs the modules for search and JSON, which neither Debian's Redis nor Valkey brings.
"""

import asyncio
import tempfile
from operator import add
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END as LAST
from langgraph.graph import START, StateGraph
from langgraph.types import Command, interrupt

from tests.bench.peers.measured import END, STEPS, STILL, TEXT, arguments, measure


class Guide(TypedDict):
    """The state of a conversation."""

    step: str
    path: Annotated[list[str], add]


def graph() -> Any:
    """Return the flow: each step asks, and waits for the answer."""
    built = StateGraph(Guide)
    for step, after in zip(STEPS, (*STEPS[1:], END), strict=True):

        def ask(_state: Guide, step: str = step, after: str = after) -> dict[str, Any]:
            choice = interrupt(TEXT)
            return {"step": after if choice == STILL else step, "path": [step]}

        built.add_node(step, ask)
    for step, after in zip((START, *STEPS), (*STEPS, LAST), strict=True):
        built.add_edge(step, after)
    return built


async def main() -> None:
    """Play and print."""
    _, conversations, at_once = arguments()
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncSqliteSaver.from_conn_string(str(Path(folder) / "states.db")) as saver:
            compiled = graph().compile(checkpointer=saver)

            async def play(name: str) -> str:
                place: Any = {"configurable": {"thread_id": name}}
                await compiled.ainvoke({"step": STEPS[0], "path": []}, place, durability="sync")
                for _ in STEPS:
                    await compiled.ainvoke(Command(resume=STILL), place, durability="sync")
                return str((await compiled.aget_state(place)).values["step"])

            await measure(play, 0, conversations, at_once)


if __name__ == "__main__":
    asyncio.run(main())
