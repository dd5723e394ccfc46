"""Keeps agents informed: opens a thread for each open ticket, adds what follows, and says which places are gone."""

from typing import Final

from flows.acts import Noted, Replied
from flows.conversation import Address, Status
from flows.effects import Amend, Brief, Change, Effect, Packet, Recap, Refusal, Relay
from flows.events import Edited, Event, PlaceLost, TimerRang
from flows.rules.agents.sla import PROMISES
from flows.rules.case import Case, Verdict
from flows.rules.closed_places import place_changed
from flows.rules.machine import live

HEAD: Final = frozenset(
    {"status", "holder", "step", "team", "ticket", "snoozed", "alert_level", "turn", "replied_at"}
)
"""Fields that the first message of a thread shows; when one changes, the bot updates that message."""


def informed(case: Case, change: Change) -> Change:
    """Return the change with the effects that the agents' end needs."""
    with_people = change.set.get("status", case.at.status) in WITH_PEOPLE
    room = case.catalogue.room(str(change.set.get("team", case.at.team))) if with_people else ""
    if isinstance(case.event, PlaceLost) and case.event.end == "agents":
        return _renew_thread(case, change, room) if case.event.part == "thread" and room else change
    if room and room != case.at.agents:
        return _open_thread(case, change, room)
    if not case.at.thread_effect:
        return change
    effects = list(change.effects)
    if isinstance(case.event, Edited) and case.event.version:
        effects.append(
            Amend(
                id=case.name(len(effects)),
                version=case.event.version,
                by=case.at.version + 1,
                of=case.at.thread_effect,
            )
        )
    elif _belongs_in_thread(case, change):
        effects.append(
            Relay(
                id=case.name(len(effects)),
                version=case.at.version + 1,
                of=case.at.thread_effect,
                alert=alerts(case.event) or _reopened_by_customer(case, change),
            )
        )
    if (change.set.keys() | set(change.stamp)) & HEAD:
        effects.append(Recap(id=case.name(len(effects)), of=case.at.thread_effect))
    return change.model_copy(update={"effects": tuple(effects)})


WITH_PEOPLE: Final = frozenset({Status.WAITING.value, Status.WITH_AGENT.value})


def _open_thread(case: Case, change: Change, room: str) -> Change:
    """Open a thread in the team's channel.

    The earlier thread says where the ticket went, on whichever platform it is.
    """
    effects: list[Effect] = list(change.effects)
    if case.at.thread_effect:
        left = case.at.agents if case.at.agents != room else ""
        effects.append(Recap(id=case.name(len(effects)), of=case.at.thread_effect, room=left))
    packet = Packet(id=case.name(len(effects)), briefed=True)
    effects += (packet, Brief(id=case.name(len(effects) + 1), of=packet.id))
    fields = {**change.set, "agents": room, "thread_effect": packet.id}
    return change.model_copy(update={"effects": tuple(effects), "set": fields})


def _renew_thread(case: Case, change: Change, room: str) -> Change:
    """Open a new thread for one that was deleted, and repeat in it what could not be posted."""
    event, opened = case.event, _open_thread(case, change, room)
    assert isinstance(event, PlaceLost)
    if not event.version:
        return opened
    relay = Relay(
        id=case.name(len(opened.effects)), version=event.version, of=str(opened.set["thread_effect"])
    )
    return opened.model_copy(update={"effects": (*opened.effects, relay)})


def place_lost(case: Case) -> Verdict:
    """Record the loss if someone needs to know: agents of an open ticket, or the bot, which then asks no more."""
    event = case.event
    assert isinstance(event, PlaceLost)
    if event.end == "agents":
        current = case.at.ticket_open and event.of == case.at.thread_effect
        return Change(event=event) if current else Refusal(why="not_now")
    if event.end != "customer":
        return Refusal(why="not_now")
    if event.how not in ("gone", "removed"):
        return place_changed(case)
    if case.at.ticket_open:
        return Change(event=event)
    closed = live(case.at.status, "expire") if case.at.status is Status.GUIDING else None
    if closed is None or event.part != "thread":
        return Refusal(why="not_now")  # a channel can be unarchived, and direct messages opened again
    return case.silenced(set={"status": closed.value}, timers=())


def _belongs_in_thread(case: Case, change: Change) -> bool:
    """Return whether the thread needs the event: not if it was written there, and not what a clock does on its own."""
    event = change.event
    if isinstance(event, Noted | Replied):
        return event.aside or event.actor.partition(":")[0] != _platform(case.at.agents)
    return not isinstance(event, TimerRang) or "status" in change.set or alerts(event)


def alerts(event: Event) -> bool:
    """Return whether the event alerts agents because a target or another promise was missed."""
    return isinstance(event, TimerRang) and event.kind in PROMISES - {"parted"}


def _reopened_by_customer(case: Case, change: Change) -> bool:
    """Return whether the customer brought an ended conversation back to agents; agents who claim one need no alert."""
    back = case.at.status.ended and change.set.get("status") in WITH_PEOPLE
    return back and case.at.may_answer(case.event.actor)


def _platform(address: str) -> str:
    return Address.parse(address).channel
