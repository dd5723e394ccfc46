"""Tells what happened to one conversation, in the order of time: people, faults, journal."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tests.chaos.campaign.evidence import Evidence
from tests.chaos.campaign.ledger import Ledger


def timeline(one: Evidence, ledger: Ledger) -> Iterator[str]:
    """Yield a line for each thing that happened to a conversation, or to the product meanwhile."""
    case = one.case
    yield f"{case.script}"
    yield f"conversation {case.conversation or '(none)'} of {case.contact or 'a visitor'}"
    ended = max([act.at for act in case.acts], default=case.began) + 10
    rows = [(act.at, f"  people   {_act(act)}") for act in case.acts]
    rows += [(at, f"  fault    {what}") for at, what in ledger.faults if case.began <= at <= ended]
    for row in one.journal:
        effects = " ".join(f"{effect.kind}:{effect.id}" for effect in row.effects)
        words = one.words[row.version].text[:60] if row.version in one.words else ""
        what = f"{row.version} {row.event.type} by {row.event.actor} {words} → {effects}"
        rows.append((row.at / 1000, f"  journal  {what}"))
    for at, line in sorted(rows, key=lambda row: row[0]):
        yield f"{datetime.fromtimestamp(at, UTC):%H:%M:%S.%f}"[:-3] + line
    for end, there in (("customer", one.customer), ("agents", one.agents)):
        for sent in there:
            yield f"  {end}'s place, {sent.order}: {sent.effect or '(no effect)'}"


def _act(act: object) -> str:
    given = vars(act)
    shown = {
        name: value
        for name, value in given.items()
        if name not in ("at", "what") and value not in ("", 0, -1)
    }
    return f"{given['what']} {shown}"
