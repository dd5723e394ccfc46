"""Decides which agents an event notifies: the assignee of new words, the receiver of a transfer, the one a note names.

Agents are notified once for a burst of the customer's words, and never of what they did themselves. Everything is read
from the journal, so that a repeated attempt decides the same.
"""

from collections.abc import Sequence
from typing import Final

from flows.acts import Act, Noted, Transferred
from flows.conversation import Conversation
from flows.effects import Change, Effect, Notify
from flows.events import Edited, Escalated, Event
from flows.rules.case import Case
from flows.rules.reply_turn import SPOKEN

SILENCE_MS: Final = 30 * 60_000
"""Milliseconds of the customer's silence after which further words notify the assignee again."""


def concerned(at: Conversation, event: Event) -> tuple[str, ...]:
    """Return the actors of the agents whom the event may notify: `notified` decides once it is in the journal.

    An edit updates the direct message about the words, if the assignee got one.
    """
    if isinstance(event, Edited):
        return (at.holder,) if event.version and at.holder not in ("", event.actor) else ()
    if isinstance(event, Transferred):
        return _others(event, event.to, bursts=False)
    assignee = at.holder or at.last_agent
    return _others(event, assignee, bursts=assignee != "" and isinstance(event, SPOKEN))


def with_direct_messages(case: Case, change: Change) -> Change:
    """Return the change with a direct message to each agent whom the event may notify and who wants one."""
    if not case.catalogue.direct:
        return change
    wanted = [actor for actor in concerned(case.at, case.event) if actor in case.catalogue.direct]
    if not wanted:
        return change
    effects: list[Effect] = list(change.effects)
    version, by = case.at.version + 1, 0
    if isinstance(case.event, Edited):
        version, by = case.event.version, version
    for actor in wanted:
        effects.append(Notify(id=case.name(len(effects)), to=actor, version=version, by=by))
    return change.model_copy(update={"effects": tuple(effects)})


def notified(rows: Sequence[Change], version: int) -> tuple[str, ...]:
    """Return the actors of the agents whom the event of that version notifies; `rows` are the journal from its start.

    The customer's words begin a burst when the assignee has acted since the customer's last words, or after a silence.
    """
    assignee, spoken_at = "", 0
    for row in rows:
        event, earlier = row.event, assignee
        assignee = str(row.set.get("holder", assignee))
        speaks = _speaks(row) and assignee != ""
        if _begins_anew(row, assignee, earlier):
            spoken_at = 0
        if row.version == version:
            bursts = speaks and (spoken_at == 0 or row.at - spoken_at >= SILENCE_MS)
            if isinstance(event, Transferred) and assignee == earlier:
                return ()  # they had the ticket already
            return _others(event, assignee, bursts=bursts)
        if speaks:
            spoken_at = row.at
    return ()


def _others(event: Event, assignee: str, *, bursts: bool) -> tuple[str, ...]:
    """Return whom the event notifies, without its own author."""
    found: tuple[str, ...] = ()
    if bursts or (isinstance(event, Transferred) and event.to == assignee):
        found = (assignee,)
    elif isinstance(event, Noted):
        found = event.mentions
    return tuple(actor for actor in found if actor not in ("", event.actor)) if found else ()


def _speaks(row: Change) -> bool:
    """Return whether the customer did something that agents see: asking for a person again shows nothing."""
    asks_again = isinstance(row.event, Escalated) and "status" not in row.set
    return isinstance(row.event, SPOKEN) and not asks_again


def _begins_anew(row: Change, assignee: str, earlier: str) -> bool:
    """Return whether the assignee needs to know of the next words: they acted, or are new, or someone replied."""
    acted = isinstance(row.event, Act) and row.event.actor == assignee
    return acted or assignee != earlier or "replied_at" in row.stamp
