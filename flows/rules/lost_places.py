"""Decides what follows when a place is gone: a deleted thread, an archived channel, closed direct messages."""

from flows.conversation import Status
from flows.effects import Change, Refusal
from flows.events import PlaceLost
from flows.rules.case import Case, Verdict
from flows.rules.machine import live


def place_lost(case: Case) -> Verdict:
    """Record the loss if someone needs to know: agents of an open ticket, or the bot, which then asks no more."""
    event = case.event
    assert isinstance(event, PlaceLost)
    if event.end == "agents":
        current = case.at.ticket_open and event.of == case.at.thread_effect
        return Change(event=event) if current else Refusal(why="not_now")
    if event.end != "customer":
        return Refusal(why="not_now")
    if case.at.ticket_open:
        return Change(event=event)
    closed = live(case.at.status, "expire") if case.at.status is Status.GUIDING else None
    if closed is None or event.part != "thread":
        return Refusal(why="not_now")  # a channel can be unarchived, and direct messages opened again
    return case.silenced(set={"status": closed.value}, timers=())
