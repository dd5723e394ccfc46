"""What the bot understands of free text: acted on, asked about, or left alone, on labeled sentences.

`python -m tests.bench.hearing` measures the sentences that no threshold was chosen on, with the encoder;
`--development` those that they were chosen on, `--phrases` without the encoder, and `--wrong` lists what went wrong.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table

from adapters.hearing.encoder import SentenceEncoder
from bot.desk.likeness_meter import LikenessMeter
from bot.wiring.app import read_flows
from bot.wiring.labeled_examples import EXAMPLES
from bot.wiring.settings import load_settings
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Suggest
from flows.engine import advance
from flows.events import Answered, Event, Reopened, Said, Started
from flows.flow import FIXED, STILL_FAILING, Choice, Escalation, Flow, Step, Team
from flows.text.likely import parse_examples

TEXTS: Final = Path(__file__).parents[1] / "flows" / "text"
HELD_OUT: Final = TEXTS / "heldout.txt"
DEVELOPMENT: Final = TEXTS / "development.txt"
NOTHING: Final = "-"


class Row(NamedTuple):
    """A labeled sentence: the screen it is written at, what it means there ("-" for no answer), and its language."""

    screen: str
    meaning: str
    language: str
    text: str


class Heard(NamedTuple):
    """What the bot made of a row: what it did at once, what it asked, and the CPU time in ms."""

    row: Row
    did: str
    asked: tuple[str, ...]
    cpu_ms: float

    @property
    def acted_wrongly(self) -> bool:
        """Whether it did what the sentence does not mean."""
        return self.did not in ("", self.row.meaning)

    @property
    def right(self) -> bool:
        """Whether it did or asked what the sentence means."""
        return self.did == self.row.meaning or (not self.did and self.row.meaning in self.asked)

    @property
    def asked_wrongly(self) -> bool:
        """Whether it asked about a sentence that means no answer."""
        return self.row.meaning == NOTHING and not self.did and bool(self.asked)


def rows(path: Path) -> tuple[Row, ...]:
    """Read a file of labeled sentences."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Row(*line.split(" | ", 3)) for line in lines if line.strip() and not line.startswith("#"))


# ---- the screens -----------------------------------------------------------------------------------------------------


def _tried() -> Flow:
    """A flow whose step asks nothing: try this, fixed or still failing."""
    out = Escalation(team="us", reason="guide_exhausted")
    second = Step(id="two", title="Restart it", text="Turn it off and on.", choices=_buttons("two"))
    first = Step(id="one", title="Check the cable", text="Push the cable in.", choices=_buttons("two"))
    return Flow(id="try", title="Try", teams=(Team(id="us", name="us"),), escalate=out, steps=(first, second))


def _buttons(target: str) -> tuple[Choice, ...]:
    return (
        Choice(id=FIXED, label="Fixed it", fixed=True),
        Choice(id=STILL_FAILING, label="Still failing", to=target),
    )


def screen(name: str, catalogue: Catalogue) -> tuple[Flow, Conversation]:
    """Return the flow and the conversation of a row's screen."""
    tried, walked = _tried(), Conversation(id="aa", version=5, turn=3, contact="a", path=("one",))
    at = walked.model_copy(update={"flow": "try", "revision": tried.revision, "step": "two"})
    if name == "try":
        return tried, at
    if name == "ended":
        return tried, at.model_copy(update={"status": Status.RESOLVED, "solved_by": "a"})
    if name == "waiting":
        return tried, at.model_copy(update={"status": Status.WAITING, "exited": True, "ticket": 7})
    flow_id, _, step = name.partition("/")
    flow = catalogue.by_id[flow_id]
    return flow, walked.model_copy(update={"flow": flow.id, "revision": flow.revision, "step": step})


def _event(row: Row) -> Event:
    if row.screen == "start":
        return Started(key="k", actor="a", door="d", text=row.text)
    return Said(key="k", actor="a", conversation="aa", turn=3, text=row.text)


async def heard(row: Row, catalogue: Catalogue, hearing: LikenessMeter) -> Heard:
    """Take one row through the engine, as the desk does."""
    flow, at = (
        (catalogue.picker, Conversation(id="aa")) if row.screen == "start" else screen(row.screen, catalogue)
    )
    began = time.process_time()
    event = await hearing.measured(_event(row), flow, at, catalogue)
    verdict = advance(flow, at, event, catalogue)
    spent = (time.process_time() - began) * 1000
    effects = getattr(verdict, "effects", ())
    asked = next((effect.choices for effect in effects if isinstance(effect, Suggest)), ())
    named = tuple("again" if choice == "reopen" else choice for choice in asked)
    return Heard(row, _did(getattr(verdict, "event", None), getattr(verdict, "set", {})), named, spent)


def _did(event: Event | None, fields: Mapping[str, object]) -> str:
    if isinstance(event, Started):
        flow = str(fields.get("flow", ""))
        return "person" if "reasons" in fields else "" if flow == "picker" else flow
    if isinstance(event, Answered):
        return event.choice
    if isinstance(event, Reopened):
        return "again"
    return {"escalate": "person", "back": "back", "restart": "restart", "later": "later"}.get(
        event.type if event is not None else "", ""
    )


# ---- figures ---------------------------------------------------------------------------------------------------------


class Figures(NamedTuple):
    """What must be reached, as counts."""

    mean_something: int
    right: int
    mean_nothing: int
    asked_wrongly: int
    acted_wrongly: int

    @classmethod
    def of(cls, found: Iterable[Heard]) -> "Figures":
        """Count."""
        every = tuple(found)
        something = [one for one in every if one.row.meaning != NOTHING]
        return cls(
            len(something),
            sum(one.right for one in something),
            len(every) - len(something),
            sum(one.asked_wrongly for one in every),
            sum(one.acted_wrongly for one in every),
        )


def measure(path: Path, *, encoder: bool, rounds: int = 1) -> tuple[Heard, ...]:
    """Hear every row of a file. The last round counts: by then the words of answers have been encoded."""
    return asyncio.run(_measure(rows(path), encoder=encoder, rounds=rounds))


async def _measure(every: Sequence[Row], *, encoder: bool, rounds: int) -> tuple[Heard, ...]:
    catalogue = read_flows(load_settings({})).catalogue
    found = SentenceEncoder(parse_examples(EXAMPLES.read_text(encoding="utf-8")))
    if encoder:
        await found.warm()
    hearing = LikenessMeter(found if encoder else None)
    told: list[Heard] = []
    for _ in range(rounds):
        told = [await heard(row, catalogue, hearing) for row in every]
    await found.close()
    return tuple(told)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else NOTHING


def table(title: str, found: Sequence[Heard], group: Callable[[Heard], str]) -> Table:
    """Draw the figures of each group."""
    drawn = Table(title=title)
    for name in ("", "mean an answer", "understood or asked", "mean none", "asked wrongly", "acted wrongly"):
        drawn.add_column(name, justify="left" if not name else "right", overflow="fold", no_wrap=not name)
    groups: dict[str, list[Heard]] = defaultdict(list)
    for one in found:
        groups[group(one)].append(one)
    for name, members in [*sorted(groups.items()), ("all", list(found))]:
        counts = Figures.of(members)
        drawn.add_row(
            name,
            str(counts.mean_something),
            _share(counts.right, counts.mean_something),
            str(counts.mean_nothing),
            _share(counts.asked_wrongly, counts.mean_nothing),
            str(counts.acted_wrongly),
        )
    return drawn


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--development", action="store_true")
    asked.add_argument("--phrases", action="store_true")
    asked.add_argument("--wrong", action="store_true")
    given = asked.parse_args()
    found = measure(DEVELOPMENT if given.development else HELD_OUT, encoder=not given.phrases, rounds=2)
    console = Console(width=110)
    console.print(table("By screen", found, lambda one: one.row.screen))
    console.print(table("By language", found, lambda one: one.row.language))
    spent = sorted(one.cpu_ms for one in found)
    console.print(
        f"CPU for each sentence: {spent[len(spent) // 2]:.1f} ms, p95 {spent[len(spent) * 95 // 100]:.1f} ms"
    )
    for one in found if given.wrong else ():
        if one.acted_wrongly or one.asked_wrongly or (one.row.meaning != NOTHING and not one.right):
            console.print(
                f"{one.row.screen} | {one.row.meaning} | did {one.did or NOTHING}, asked {one.asked}: {one.row.text}"
            )


if __name__ == "__main__":
    main()
