"""Serves the web channel with a real desk and a store in memory that a test can switch off."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from adapters.storage.store import Store
from adapters.web import Site, create
from bot.desk.likeness_meter import LikenessMeter
from bot.ports import Cost, Encoder, Outcome, StoreDown, Wait
from bot.wiring.app import compose, read_flows
from bot.wiring.flow_files import FlowFiles
from bot.wiring.product import App
from bot.wiring.settings import load_settings
from bot.wiring.web import site as web_site
from flows.events import Event
from flows.flow import Flow
from flows.views.screen import Screen
from tests.fakes.world import store_in_memory

ADDRESS = "https://help.example"
GUIDE = "connection-not-active"
LONGEST = ("still-failing",) * 3 + (
    "has-a-value",
    "have-it",
    "still-failing",
    "empty",
    "have-it",
    "still-failing",
)
"""The answers of the longest way through the guide, through both procedures, to a person."""


@dataclass
class Power:
    """Switches the store off: every call then raises StoreDown. `later` sets the page's clock forward by ms."""

    on: bool = True
    later: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(
    frozen=True, repr=False
)  # the loop spells out what a fixture returns, and that is half the product
class Place:
    """A site that answers, with its parts."""

    app: App
    site: Site
    asgi: FastAPI
    power: Power

    def client(self, **more: Any) -> httpx.AsyncClient:
        """Make a browser without JavaScript, or a program."""
        transport = httpx.ASGITransport(self.asgi, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ADDRESS, **more)


class _Plug:
    """The site's ports to the store, with the switch between them."""

    def __init__(self, site: Site, power: Power) -> None:
        self._site = site
        self._power = power

    async def receive(self, event: Event) -> Outcome | None:
        self._check()
        return await self._site.receive(event)

    async def look(self, conversation_id: str) -> Screen | None:
        self._check()
        return await self._site.look(conversation_id)

    async def wait_for(self, who: str, per_minute: int) -> float:
        self._check()
        return await self._site.limiter.wait_for(who, per_minute)

    async def spend(self, costs: Mapping[str, Sequence[Cost]]) -> Wait:
        self._check()
        return await self._site.budgets.spend(costs)

    async def check(self) -> Mapping[str, str]:
        self._check()
        return self._power.wrong

    async def problems(self) -> Mapping[str, str]:
        return self._power.problems

    def now(self) -> int:
        return self._site.now() + self._power.later

    def _check(self) -> None:
        if not self._power.on:
            raise StoreDown("no answer")


@cache
def _library() -> FlowFiles:
    return read_flows(load_settings({}))


@asynccontextmanager
async def open_place(
    *extra: Flow,
    changes: Mapping[str, Any] | None = None,
    encoder: Encoder | None = None,
    store: Store | None = None,
    **settings: str,
) -> AsyncIterator[Place]:
    """Make a site with the library's flows and `extra`. Settings go by name, `changes` replace fields of the Site.

    `store` replaces the store in memory.
    """
    given = {
        "product_name": "Acme Books",
        "support_name": "Acme support",
        "support_email": "help@acme.example",
        "allowed_hosts": "help.example",
    }
    known = load_settings(given | settings)
    store = store or store_in_memory()
    flow_files = read_flows(known, extra) if extra or known.flows_dir else _library()
    app = compose(known, store, flow_files, hearing=LikenessMeter(encoder))
    for flow in app.catalogue.by_id.values():
        await store.revisions.keep(flow)
    real = await web_site(app)
    power = Power()
    plug = _Plug(real, power)
    plugged: dict[str, Any] = {
        "receive": plug.receive,
        "look": plug.look,
        "limiter": plug,
        "budgets": plug,
        "health": plug,
        "problems": plug.problems,
        "now": plug.now,
    }
    site = replace(real, **(plugged | dict(changes or {})))
    try:
        yield Place(app=app, site=site, asgi=create(site), power=power)
    finally:
        await store.close()
