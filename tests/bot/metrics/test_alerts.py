"""Tests every alert of docs/monitoring: made to fire by its fault in the real product, judged by Prometheus's own tool.

A test scrapes `/metrics` while all is well, causes a fault, and scrapes again. Prometheus's tool gets the first values
for five minutes, then the second ones, and says which alerts fire.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from adapters.storage.server.embedded import Embedded
from adapters.storage.store import Store, connect
from tests.adapters.web.support.site import Place, open_place
from tests.conftest import need
from tests.contracts.support.commits import HOUR, begun, record, tell
from tests.contracts.support.servers import short_folder

MONITORING: Final = Path(__file__).parents[3] / "docs" / "monitoring"
RULES: Final = MONITORING / "alerts.yaml"
TOKEN: Final = "a token of operators"
PROMTOOL: Final = Path(sys.executable).with_name("promtool")
Values = dict[str, float]


@pytest.fixture
def promtool() -> str:
    found = str(PROMTOOL) if PROMTOOL.exists() else shutil.which("promtool") or ""
    need("promtool", found)
    return found


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Place, Embedded]]:
    """Open the product on a real store of 16 MB, connected to Slack."""
    folder = short_folder()
    server = await Embedded.attach(folder, 16)
    store = Store(connect(f"unix://{server.socket}"))
    await store.prepare()
    try:
        async with open_place(metrics_token=TOKEN, store=store) as place:
            place.app.meters.sockets.labels("slack").set(2)
            yield place, server
    finally:
        await store.close()
        await server.release()
        shutil.rmtree(folder)


async def scrape(place: Place) -> Values:
    """Return the value of each series, named as Prometheus names it."""
    async with place.client() as client:
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        f"{sample.name}{{{','.join(f'{k}={json.dumps(v)}' for k, v in sample.labels.items())}}}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def judged(promtool: str, folder: Path, cases: dict[str, tuple[Values, Values, set[str]]]) -> None:
    """Let Prometheus's tool say for each case whether exactly the expected alerts fire after a fault of ten minutes."""
    shutil.copy(RULES, folder)
    every = [rule["alert"] for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]]
    tests = [_case(name, well, ill, every, expected) for name, (well, ill, expected) in cases.items()]
    (folder / "tests.yaml").write_text(yaml.safe_dump({"rule_files": [RULES.name], "tests": tests}))
    done = subprocess.run(
        [promtool, "test", "rules", "tests.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _case(name: str, well: Values, ill: Values, every: list[str], expected: set[str]) -> dict[str, Any]:
    series = [
        {
            "series": each,
            "values": f"{_spelled(well.get(each))}x20 {_spelled(ill.get(each))}x40",
        }
        for each in sorted(well.keys() | ill.keys())
        if not re.search(r"_(bucket|created)\b", each)
    ]
    alerts = {rule["alert"]: rule for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]}
    checks = []
    for minutes, firing in ((5, set[str]()), (15, expected)):
        for alert in every:
            fires = [_fired(alerts[alert])] if alert in firing else []
            checks.append({"eval_time": f"{minutes}m", "alertname": alert, "exp_alerts": fires})
    return {"name": name, "interval": "15s", "input_series": series, "alert_rule_test": checks}


def _spelled(value: float | None) -> str:
    return "_" if value is None else f"{value!r}+0"


def _fired(rule: dict[str, Any]) -> dict[str, Any]:
    """Return an alert as the tool expects it. Only the alert on platforms has a label of its own."""
    platform = {"platform": "slack"} if "$labels.platform" in json.dumps(rule) else {}
    texts = {
        name: text.replace("{{ $labels.platform }}", "slack") for name, text in rule["annotations"].items()
    }
    return {"exp_labels": rule["labels"] | platform, "exp_annotations": texts}


async def test_every_alert_fires_for_its_fault_and_for_no_other(promtool: str, tmp_path: Path) -> None:
    async with opened() as (place, server):
        store, cases = place.app.store, dict[str, tuple[Values, Values, set[str]]]()
        well = await scrape(place)
        cases["all is well"] = (well, well, set())
        cases["the page is gone"] = (well, {}, {"TroubletreeStoreUnavailable"})

        pieces = 0
        while (found := await store.figures.figures()).memory < 0.88 * found.memory_limit:
            await store.wire.ask("SET", f"filler{pieces}", "x" * 200_000)
            pieces += 1
        cases["the store is nearly full"] = (well, await scrape(place), {"TroubletreeStoreNearlyFull"})
        await store.wire.ask_all([("DEL", f"filler{n}") for n in range(pieces)])

        place.app.meters.sockets.labels("slack").set(0)
        ill = await scrape(place)
        cases["no socket is open"] = (well, ill, {"TroubletreePlatformDisconnected"})
        heard = {name: value for name, value in well.items() if not name.startswith("troubletree_sockets")}
        cases["no process listens"] = (well, heard, {"TroubletreePlatformDisconnected"})
        place.app.meters.sockets.labels("slack").set(2)

        done = await record(store, tell(await begun(store), "a"))
        shard = store.wire.keys.shard(done.conversation.id)
        hold = f"{shard.holds}{done.leases[0].lane}"
        since = done.conversation.changed_at - HOUR  # as if no worker had run for an hour
        await store.wire.ask("HSET", hold, "q", since)
        cases["a message waits"] = (well, await scrape(place), {"TroubletreeLate"})

        await store.outbox.bury(done.leases[0], "DMs closed", HOUR)
        cases["a message was given up"] = (well, await scrape(place), {"TroubletreeNeedsAPerson"})
        await store.wire.ask("DEL", shard.letters)

        await store.wire.ask("ZADD", shard.alarms, since, f"{done.conversation.id} nudge.1.g.1")
        cases["a timer is late"] = (well, await scrape(place), {"TroubletreeLate"})
        await store.wire.ask("DEL", shard.alarms)

        for outcome in ("sent", "limited"):
            place.app.meters.deliveries.labels("mail", outcome)
        before = await scrape(place)
        place.app.meters.deliveries.labels("mail", "limited").inc(8)
        refused = await scrape(place)
        cases["the mail server takes nothing"] = (before, refused, {"TroubletreeLate"})
        place.app.meters.deliveries.labels("mail", "sent").inc()
        cases["the mail server takes some email"] = (before, await scrape(place), set())

        await server.release()
        cases["the store is down"] = (well, await scrape(place), {"TroubletreeStoreUnavailable"})
    judged(promtool, tmp_path, cases)


def test_the_dashboard_shows_series_that_exist(promtool: str, tmp_path: Path) -> None:
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    drawn = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [{"record": f"drawn:{number}", "expr": expr} for number, expr in enumerate(drawn)]
    rules_file = tmp_path / "dashboard.yaml"
    rules_file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = subprocess.run(
        [promtool, "check", "rules", rules_file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    documented = set(
        re.findall(r"`(troubletree_[a-z_]+)`", (MONITORING.parent / "monitoring.md").read_text())
    )
    shown = {
        re.sub(r"_bucket$", "", name) for expr in drawn for name in re.findall(r"troubletree_[a-z_]+", expr)
    }
    assert {name for name in shown if not name.startswith("troubletree_process_")} <= documented
