"""What the web desk costs with many tickets: its queue's page, and twenty desks that stay open while tickets come.

As a process of its own: `python -m tests.bench.desk [TICKETS]`.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.storage.keys import conversation_id
from adapters.storage.store import Store, open_store
from bot.ports import Commit
from bot.telemetry import configure
from bot.wiring.app import compose, read_flows, sign_in
from bot.wiring.settings import load_settings
from bot.wiring.web import web
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Answered, Started

FETCH: Final = {"x-requested-with": "fetch"}
DESKS: Final = 20
"""Desks that are open at once."""

LOOKS: Final = 5
"""Looks of each of them, as its script makes them."""

AT_ONCE: Final = 30
"""Commits under way while tickets are made."""

FLOW: Final = "connection-not-active"


async def filled(store: Store, tickets: int, revision: str) -> list[Conversation]:
    """So many tickets: of ten, two wait, one is held, seven have ended."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Conversation:
        async with gate:
            return await _ticket(store, number, revision)

    return list(await asyncio.gather(*map(one, range(tickets))))


async def _ticket(store: Store, number: int, revision: str) -> Conversation:
    door, contact = f"web/b{number}/c", f"web:b{number}"
    fields = {"contact": contact, "name": f"Person {number}", "flow": FLOW, "revision": revision}
    begun = Commit(
        before=Conversation(id=conversation_id(door, "s")),
        change=Change(
            event=Started(actor=contact),
            set={**fields, "step": "auto-run", "turn": 1, "customer": f"web||||b{number}"},
            stamp=("began_at",),
        ),
        key="s",
        door=door,
    )
    at = (await store.conversations.commit(begun)).conversation
    opening = {"status": "waiting", "team": ("conductor", "product")[number % 2], "reasons": ("asked",)}
    at = await _changed(
        store, at, "o", Change(event=_answered(at), set=opening, stamp=("ticket_at",), take_ticket=True)
    )
    if number % 10 > 2:
        return await _changed(store, at, "r", Change(event=_answered(at), set={"status": "resolved"}))
    if number % 10 == 2:
        held = {"status": "with_agent", "holder": f"desk:{number % 7}"}
        return await _changed(store, at, "c", Change(event=_answered(at), set=held))
    return at


def _answered(at: Conversation) -> Answered:
    return Answered(actor=at.contact, turn=at.turn, choice="x")


async def _changed(store: Store, at: Conversation, key: str, change: Change) -> Conversation:
    return (await store.conversations.commit(Commit(before=at, change=change, key=key))).conversation


@asynccontextmanager
async def desks(store: Store, many: int) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Agents who signed in, at a site of this process."""
    settings = load_settings({"ALLOWED_HOSTS": "help.example"})
    app = compose(settings, store, read_flows(settings))
    asgi: Any = await web(app)
    opened = []
    try:
        for number in range(many):
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(asgi, client=(f"10.0.0.{number}", 1)),
                base_url="https://help.example",
            )
            opened.append(client)
            token = await sign_in(app).invite("agent", f"Agent {number}")
            page = (await client.get(f"/desk/in/{token}")).text
            proof = {name: _hidden(page, name) for name in ("proof", "key")}
            await client.post(f"/desk/in/{token}", data={**proof, "name": f"Agent {number}"})
        yield opened
    finally:
        for client in opened:
            await client.aclose()


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


async def page(client: httpx.AsyncClient, path: str, times: int = 5) -> float:
    """Milliseconds of a page, the best of a few after the first."""
    costs = []
    for _ in range(times + 1):
        began = time.perf_counter()
        answer = await client.get(path)
        costs.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or "<table" not in answer.text:
            raise SystemExit(f"{path}: {answer.status_code}")
    return min(costs[1:])


async def open_desks(
    store: Store, clients: Sequence[httpx.AsyncClient], held: Sequence[Conversation]
) -> float:
    """Milliseconds of this process for a look of one of many open desks, while a ticket changes before each round."""
    marks = [""] * len(clients)

    async def look(number: int) -> None:
        given = {"if-none-match": marks[number]} if marks[number] else {}
        answer = await clients[number].get("/desk", headers=FETCH | given)
        marks[number] = answer.headers["etag"]

    await asyncio.gather(*map(look, range(len(clients))))
    spent = 0.0
    for turn in range(LOOKS):
        at = held[turn]
        await _changed(store, at, f"n{turn}", Change(event=_answered(at), set={"name": "Another"}))
        began = time.process_time()
        await asyncio.gather(*map(look, range(len(clients))))
        spent += time.process_time() - began
    return spent * 1000 / (LOOKS * len(clients))


async def figures(store: Store, tickets: int) -> AsyncIterator[str]:
    """The lines of the bench."""
    revision = next(
        flow.revision for flow in read_flows(load_settings({})).catalogue.flows if flow.id == FLOW
    )
    async with desks(store, DESKS) as clients:
        await filled(store, 100, revision)
        few = await page(clients[0], "/desk?tab=open")
        made = await filled(store, tickets, revision)
        costs = [await page(clients[0], path) for path in PAGES]
        yield (
            f"desk's queue, {tickets:,} tickets".ljust(28)
            + f" {max(costs):8.1f} ms the slowest page ({few:.1f} of 100)"
        )
        waiting = [at for at in made if at.status.value == "waiting"]
        cost = await open_desks(store, clients, waiting)
        yield f"{DESKS} desks open".ljust(28) + f" {cost:8.2f} ms of a processor a look, with news each time"


PAGES: Final = (
    "/desk",
    "/desk?tab=open&page=9",
    "/desk?tab=resolved",
    "/desk?tab=resolved&team=product",
    "/desk?wait=&reason=asked",
)


async def main(tickets: int = 20_000) -> None:
    """Print the figures alone."""
    configure("human", "warning")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        async for line in figures(store, tickets):
            print(line, flush=True)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
