"""Compares the table of docs/privacy.md with the kinds of keys, and both with the keys that a rich story makes."""

import re
from pathlib import Path
from typing import Final

from adapters.storage.erasure.people import RedisPeople
from adapters.storage.keys import FOREVER
from adapters.storage.kinds import KINDS, Lasts, kind_of
from adapters.storage.store import Store
from bot.ports import Cost, KnownPerson, LiveProcess, ProcessMetrics
from tests.contracts.support.commits import all_keys
from tests.contracts.test_erasure import zoraida
from tests.contracts.test_forgetting import everything

PAGE: Final = Path(__file__).parents[2] / "docs" / "privacy.md"
WORDS: Final[dict[str, Lasts]] = {"KEEP_DAYS": "keep", "short": "short", "until deleted": "forever"}
UNUSUAL: Final = {"kept_days"}
"""Kinds that no story makes any more: only earlier versions wrote them."""


GONE: Final = -2
"""What TTL answers for a key that has expired since it was listed."""


def table() -> dict[str, Lasts]:
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\|[^|]*\| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len({name for name, _ in rows}) == len(rows)
    return {name: WORDS[lasts.partition(":")[0]] for name, lasts in rows}


def test_the_page_has_a_row_for_each_kind_of_key_with_the_time_it_lasts() -> None:
    assert table() == {kind.name: kind.lasts for kind in KINDS}


def test_what_never_expires_has_its_reason_beside_the_keys() -> None:
    assert {kind.name for kind in KINDS if kind.lasts == "forever"} == set(FOREVER)


async def test_each_key_that_exists_is_of_a_kind_and_lasts_as_the_page_says(store: Store) -> None:
    await everything(store)
    await zoraida(store)
    await RedisPeople(store.wire).begin(KnownPerson(actors=("slack:T1:U1",)))
    await store.budgets.spend({"address": [Cost(budget="events", amount=1, per_minute=60, at_once=9)]})
    await store.processes.announce(LiveProcess(id="a", roles=("web",), release="1", reads=9))
    await store.health.check()
    await store.metrics.publish(ProcessMetrics(process="a", text=""))
    found = set()
    async for key in all_keys(store):
        kind = kind_of(store.wire.keys.prefix, key)
        assert kind is not None, key
        found.add(kind.name)
        seconds = int(await store.wire.ask("TTL", key))
        if seconds == GONE:
            continue
        match kind.lasts:
            case "forever":
                assert seconds == -1, key
            case "keep":
                assert 0 <= seconds <= store.wire.keep, key
            case "short":
                assert 0 <= seconds <= 366 * 24 * 3600, key
    assert {kind.name for kind in KINDS} - found <= UNUSUAL
