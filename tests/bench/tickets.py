"""How long many tickets take that are opened at once for one room, at the rate at which Slack takes messages."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from adapters.slack.app import Access, SlackApp
from adapters.storage.store import Store, open_store
from bot.views.reader import Library
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import work
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from flows.catalogue import Catalogue
from flows.events import Escalated, Started
from tests.fakes.slack import Slack

ROOM: Final = "C8DESK"
MESSAGES: Final = 2
"""Messages of a ticket: the line in the room, and the packet in its thread."""

TIMEOUT_S: Final = 600
LOOK_S: Final = 0.05
"""Seconds between two looks at the room."""


async def figures(shelf: Catalogue, tickets: int) -> AsyncIterator[str]:
    """A figure a line: so many tickets, opened at once by customers of the page, in a store of their own."""
    with TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        yield await _figure(store, shelf, tickets)
        await store.close()


async def _figure(store: Store, shelf: Catalogue, tickets: int) -> str:
    async with Slack.running() as slack:
        slack.channel(ROOM)
        slack.limits.real()
        access = Access(bot_token=slack.token, app_token=slack.app_token, api_url=slack.api)
        given = {"SUPPORT_EMAIL": "help@lamps.example", "DESK_ROOM": f"slack:{ROOM}"}
        flows = FlowFiles(catalogue=shelf, readings=())
        bot = SlackApp(access)
        await bot.identity()
        app = compose(load_settings(given), store, flows, (), Platforms((bot,)))
        await Library(store.revisions, app.catalogue).keep()
        stop = asyncio.Event()
        working = asyncio.create_task(work(app, stop))
        began = time.monotonic()
        numbers = [await _opened(app, f"burst{n}") for n in range(tickets)]
        stood = await _all_stand(slack, tickets)
        spent = time.monotonic() - began
        stop.set()
        await working
        await app.outbox.idle()
        await bot.close()
        least = max(0.0, (tickets * MESSAGES - slack.limits.burst) / (slack.limits.posts or 1))
        ratio = f"{spent / least:.2f} times the {least:.0f} s that Slack's rate takes" if least else "at once"
        label = f"{tickets} tickets at once"
        refused = sum(call.status == 429 for call in slack.calls())
        return (
            f"{label:28} {spent:8.1f} s until all stand, {ratio}; {_overtaken(numbers, stood)} out of order,"
            f" {refused} calls refused by Slack"
        )


async def _opened(app: App, name: str) -> int:
    """Let a customer of the page ask for a person. Return the ticket's number."""
    actor = f"web:{name}"
    place = {"door": f"web/{name}", "address": f"web||||{name}", "flow": "connection-not-active"}
    began = await app.receive(Started.model_validate({"actor": actor, "key": f"{name}.1", **place}))
    if began is None or began.refusal is not None:
        raise SystemExit(f"refused: {began}")
    asks = Escalated(conversation=began.conversation.id, reason="asked", actor=actor, key=f"{name}.2")
    asked = await app.receive(asks)
    if asked is None or asked.refusal is not None:
        raise SystemExit(f"refused: {asked}")
    return asked.conversation.ticket


async def _all_stand(slack: Slack, tickets: int) -> list[str]:
    """Wait until each ticket has its line and its packet. Return the lines in their order."""
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            shown = slack.by_the_app(ROOM)
            inside = {one["thread_ts"] for one in shown if one.get("thread_ts", one["ts"]) != one["ts"]}
            lines = [str(one["text"]) for one in shown if one["ts"] in inside]
            if len(lines) >= tickets:
                return lines
            await asyncio.sleep(LOOK_S)


def _overtaken(numbers: list[int], lines: list[str]) -> int:
    """Count the tickets whose line stands after the line of a ticket that was opened later."""
    places = {
        number: at for at, line in enumerate(lines) for number in numbers if f"#{number}" in line.split()
    }
    order = [places[number] for number in numbers]
    return sum(place > min(order[at:]) for at, place in enumerate(order))
