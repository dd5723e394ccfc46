"""Tests `/metrics`: who may read it, what it counts, and that docs/monitoring.md names everything it shows."""

import re
from pathlib import Path
from typing import Final

import fakeredis
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.ports import ProcessMetrics
from tests.adapters.web.support.site import GUIDE, Place, open_place
from tests.fakes.world import store_in_memory

TOKEN: Final = "a token of operators"
DOCS: Final = Path(__file__).parents[3] / "docs" / "monitoring.md"


async def scrape(client: httpx.AsyncClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return every sample by its name and labels, without the process."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted((k, v) for k, v in sample.labels.items() if k != "process"))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def labels(**given: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(given.items()))


@pytest.mark.row("security", "A stranger reads the metrics")
async def test_metrics_are_for_those_who_have_the_token(place: Place) -> None:
    async with place.client() as client:
        off = await client.get("/metrics")
        assert (off.status_code, "METRICS_TOKEN" in off.text) == (404, True)
    async with open_place(metrics_token=TOKEN) as opened, opened.client() as client:
        for given in ({}, {"Authorization": "Bearer another"}, {"Authorization": f"Bearer {TOKEN}x"}):
            refused = await client.get("/metrics", headers=given)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert "troubletree_" not in refused.text


async def test_events_commits_and_requests_are_counted() -> None:
    async with open_place(metrics_token=TOKEN) as place, place.client() as client:
        start = {"flow": GUIDE, "key": "start".ljust(24, "0")}
        given = (await client.post("/api/conversations", json=start)).json()
        path = f"/api/conversations/{given['id']}"
        bearer = {"Authorization": f"Bearer {given['token']}"}
        click = {"type": "answered", "turn": 1, "choice": "still-failing", "key": "click"}
        for _ in range(2):
            assert (await client.post(f"{path}/events", json=click, headers=bearer)).status_code == 200
        old = {**click, "key": "another"}
        await client.post(f"{path}/events", json=old, headers=bearer)
        await client.get("/nowhere")
        found = await scrape(client)
    events = "troubletree_events_total"
    assert found[events, labels(type="started", outcome="recorded")] == 1
    assert found[events, labels(type="answered", outcome="recorded")] == 1
    assert found[events, labels(type="answered", outcome="repeated")] == 1
    assert found[events, labels(type="answered", outcome="refused")] == 1
    assert found["troubletree_event_seconds_count", ()] == 4
    assert found["troubletree_commits_total", labels(outcome="committed")] == 2
    assert found["troubletree_http_requests_total", labels(status="4xx")] >= 1
    assert found["troubletree_http_requests_total", labels(status="2xx")] >= 3
    assert found["troubletree_store_up", ()] == 1
    assert found["troubletree_open_tickets", ()] == 0


async def test_open_tickets_and_other_processes_are_shown() -> None:
    async with open_place(metrics_token=TOKEN) as place, place.client() as client:
        given = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
        bearer = {"Authorization": f"Bearer {given['token']}"}
        ask = {"type": "escalate"}
        await client.post(f"/api/conversations/{given['id']}/events", json=ask, headers=bearer)
        text = '# TYPE troubletree_sockets gauge\ntroubletree_sockets{platform="slack"} 2\n'
        await place.app.store.metrics.publish(ProcessMetrics(process="slack-x", text=text))
        found = await scrape(client)
        assert found["troubletree_open_tickets", ()] == found["troubletree_unassigned_tickets", ()] == 1
        assert found["troubletree_sockets", labels(platform="slack")] == 2


async def test_without_the_store_the_page_says_so_and_shows_its_own_counts() -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with (
        open_place(metrics_token=TOKEN, store=store_in_memory(server)) as place,
        place.client() as client,
    ):
        await client.post("/api/conversations", json={"flow": GUIDE})
        server.connected = False
        found = await scrape(client)
    assert found["troubletree_store_up", ()] == 0
    assert found["troubletree_events_total", labels(type="started", outcome="recorded")] == 1


async def test_the_page_on_monitoring_names_every_metric_and_no_other() -> None:
    async with open_place(metrics_token=TOKEN) as place, place.client() as client:
        await client.post("/api/conversations", json={"flow": GUIDE})
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    shown = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(answer.text)
    }
    table = DOCS.read_text().partition("## Metrics")[2]
    named = set(re.findall(r"`(troubletree_[a-z_]+)`", table))
    processes = {name for name in shown if name.startswith("troubletree_process_")}
    assert processes
    assert named == shown - processes
