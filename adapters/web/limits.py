"""Limits what visitors may do: each of them, everyone at one network address, and all together.

An event or start costs acts of the minute, and bytes of the store. The bytes that an address may bring follow from the
store's memory, so that one address fills a small part of it in a day; `STARTS_PER_MINUTE` raises all limits of an
address. Asking for a person in an open conversation costs no bytes (law L7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

from adapters.web.guard import TooMany, network_of
from adapters.web.site import Site
from bot.ports import Cost
from bot.telemetry import log
from flows.text.kept_text import KEPT

START_BYTES: Final = 3000
"""Bytes that the store needs for a new conversation beside its words."""

EVENT_BYTES: Final = 700
"""Bytes that it needs for an event beside its words."""

USUAL_STARTS: Final = 600
"""Starts a minute from one address for which the parts below are meant; with more, an address may bring more bytes."""

OFFICE: Final = 25
"""Visitors at one address who may all use up their events of a minute."""

TOWN: Final = 10
"""Addresses that may all use up their starts of a minute."""

PERSONS_PER_MINUTE: Final = 120
"""Requests for a person from one address, which cost no bytes."""

MINUTE_PART: Final = 1 / 128
"""Part of the store's memory that one address may bring in a minute (4 MB of 512)."""

DAY_PART: Final = 1 / 32
"""Part of the store's memory that one address may bring in a day (16 MB of 512)."""

ALL_PART: Final = 1 / 4
"""Part of the store's memory that all visitors together may bring in a day. The last quarter of it is for events in
open conversations."""

LEAST_MINUTE: Final = 1024 * 1024
LEAST_DAY: Final = 8 * 1024 * 1024
"""Bytes that an address may bring whatever the size of the store."""

UNLIMITED: Final = 4 * 1024**3
"""Memory that a store counts as that has no limit."""

NEAR: Final = 0.85
"""Fullness of the store from which no conversations are started, unless someone asks for a person, and customers'
files are refused. What is left is for open conversations."""

FULL: Final = 0.95
"""Fullness from which no conversations at all are started."""

DAY_MINUTES: Final = 24 * 60


class StoreFull(Exception):
    """The store is nearly full, so no new conversation is started. Open ones go on."""


@dataclass(frozen=True)
class VisitorAct:
    """What a visitor is about to do: a start or an event, with its words; `person` says that they ask for a person."""

    words: str = ""
    start: bool = False
    person: bool = False

    @property
    def bytes(self) -> int:
        """Return the bytes that the store needs."""
        return (START_BYTES if self.start else EVENT_BYTES) + len(self.words[:KEPT].encode())


def act_of_form(fields: Mapping[str, str]) -> VisitorAct:
    """Return what a form on a conversation's page does."""
    words = fields.get("text", "") + fields.get("reach", "")
    return VisitorAct(words, person=fields.get("do", "") == "escalate")


def act_of_start(fields: Mapping[str, str]) -> VisitorAct:
    """Return what a form on the front page does: it starts a conversation, or says something in an open one."""
    do = fields.get("do", "").partition(":")[0]
    return VisitorAct(fields.get("text", ""), start=do != "here", person=do == "person")


async def allow(site: Site, connection: HTTPConnection, person: str, act: VisitorAct) -> None:
    """Count an act of a visitor, in one round trip to the store. Raises TooMany and StoreFull."""
    visitor, address = f"web/visitor/{person}", f"web/network/{network_of(connection)}"
    costs: dict[str, Sequence[Cost]] = {visitor: (_one("events", site.events_per_minute),)}
    if act.person and not act.start:
        costs[address] = (_one("persons", PERSONS_PER_MINUTE),)
    else:
        use = await site.memory.look()
        if act.start and use.fullness >= (FULL if act.person else NEAR):
            await _warn(site, use.fullness)
            raise StoreFull
        memory = use.limit or UNLIMITED
        costs[address] = costs_of_address(site, memory, act)
        costs["web/all"] = costs_of_all(site, memory, act)
    wait = await site.budgets.spend(costs)
    if wait.seconds > 0:
        raise TooMany(wait.seconds, everyone=wait.who != visitor, words=act.words)


async def _warn(site: Site, fullness: float) -> None:
    """Log at most once a minute that starts are refused."""
    if await site.limiter.wait_for("web/store-full", 1) == 0:
        log("web").warning("the store is nearly full, so new conversations are refused", fullness=fullness)


def costs_of_address(site: Site, memory: int, act: VisitorAct) -> Sequence[Cost]:
    """Return what an act costs its network address, with a store of so many bytes."""
    size = site.starts_per_minute / USUAL_STARTS
    minute = int(max(memory * MINUTE_PART, LEAST_MINUTE) * size)
    day = int(max(memory * DAY_PART, LEAST_DAY) * size)
    return (
        _acts(act, site.starts_per_minute, site.events_per_minute * OFFICE),
        Cost(budget="minute", amount=act.bytes, per_minute=minute, at_once=minute),
        Cost(budget="day", amount=act.bytes, per_minute=day / DAY_MINUTES, at_once=day),
    )


def costs_of_all(site: Site, memory: int, act: VisitorAct) -> Sequence[Cost]:
    """Return what an act costs all visitors together, with a store of so many bytes."""
    day = int(memory * ALL_PART * max(1.0, site.starts_per_minute / USUAL_STARTS))
    at_once = day * 3 // 4 if act.start else day
    return (
        _acts(act, site.starts_per_minute * TOWN, site.events_per_minute * OFFICE * TOWN),
        Cost(budget="day", amount=act.bytes, per_minute=day / DAY_MINUTES, at_once=at_once),
    )


def _acts(act: VisitorAct, starts: int, events: int) -> Cost:
    return _one("starts", starts) if act.start else _one("events", events)


def _one(budget: str, most: int) -> Cost:
    """Return the cost of one act of which so many are allowed in a minute."""
    return Cost(budget=budget, amount=1, per_minute=most, at_once=most)
