"""What deciding costs: the CPU of each part of one plain answer, without a store and without a channel.

`python -m tests.bench.deciding [ROUNDS]` prints a figure a line.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

from bot.desk.event_words import answers_unread, confirms, files_of, masked, styled_of, words_of
from bot.wiring.app import read_flows
from bot.wiring.settings import load_settings
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import advance, apply
from flows.events import Answered, Event, Started
from flows.flow import Flow
from tests.bench.floor import ANSWERS

Step = tuple[Conversation, Event, Change]
"""One step of a walk: the conversation before it, the event, and what the event does."""


def shelf() -> Catalogue:
    """The library's flows."""
    return read_flows(load_settings({})).catalogue


def deciding(rounds: int = 400) -> float:
    """Microseconds of CPU of `advance` and `apply` for one answer, median over walks of seven."""
    catalogue = shelf()
    flow = catalogue.by_id["connection-not-active"]
    costs = []
    for n in range(rounds):
        at = _started(catalogue, str(n))
        began = time.thread_time()
        for index, choice in enumerate(ANSWERS):
            event = Answered(key=f"k{index}", actor="web:a", turn=at.turn, choice=choice)
            verdict = advance(flow, at, event, catalogue)
            if not isinstance(verdict, Change):
                raise SystemExit(f"refused: {verdict}")
            at = apply(at, verdict).model_copy(update={"version": at.version + 1})
        costs.append((time.thread_time() - began) / len(ANSWERS) * 1e6)
    return statistics.median(costs)


def _started(catalogue: Catalogue, name: str) -> Conversation:
    event = Started(key=name, actor="web:a", address="web||||a", flow="connection-not-active", door="web/a")
    verdict = advance(catalogue.picker, Conversation(id="07" + name), event, catalogue)
    if not isinstance(verdict, Change):
        raise SystemExit(f"refused: {verdict}")
    return apply(Conversation(id="07" + name), verdict.model_copy(update={"version": 1}))


def steps(catalogue: Catalogue, flow: Flow) -> tuple[Step, ...]:
    """The seven steps of the walk."""
    at, found = _started(catalogue, "steps"), []
    for index, choice in enumerate(ANSWERS):
        event = Answered(
            key=f"web:a/k{index}", actor="web:a", conversation=at.id, turn=at.turn, choice=choice
        )
        verdict = advance(flow, at, event, catalogue)
        if not isinstance(verdict, Change):
            raise SystemExit(f"refused: {verdict}")
        found.append((at, event, verdict))
        at = apply(at, verdict.model_copy(update={"version": at.version + 1}))
    return tuple(found)


def parts(catalogue: Catalogue, flow: Flow) -> dict[str, Callable[[Step], object]]:
    """What happens to an event between its arrival and its commit, by name."""
    return {
        "take its key": lambda step: step[1].model_copy(update={"key": "web:a/k"}),
        "mask": lambda step: masked(step[1], flow, step[0]),
        "decide": lambda step: advance(flow, step[0], step[1], catalogue),
        "apply": lambda step: apply(step[0], step[2]),
        "keep its words": lambda step: (
            words_of(step[1]),
            styled_of(step[1]),
            files_of(step[1]),
            answers_unread(step[1], step[2]),
            confirms(*step),
        ),
    }


REPEATS: Final = 20
"""Walks in one measurement, so that the clock's own cost does not count."""


def main(rounds: int = 200) -> None:
    """Print the median CPU of each part, of all parts together, and of `advance` and `apply` in a fresh walk."""
    catalogue = shelf()
    flow = catalogue.by_id["connection-not-active"]
    walk, works = steps(catalogue, flow), parts(catalogue, flow)
    costs: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.thread_time()
            for _ in range(REPEATS):
                for step in walk:
                    work(step)
            costs[name].append((time.thread_time() - began) / (REPEATS * len(walk)) * 1e6)
    for name, found in costs.items():
        print(f"{name:28} {statistics.median(found):8.2f} µs of CPU an answer")
    print(f"{'all parts':28} {sum(map(statistics.median, costs.values())):8.2f} µs of CPU an answer")
    print(f"{'advance + apply':28} {deciding():8.2f} µs of CPU an answer")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
