"""Starts a conversation for the page and for the API, or says the customer's words where they belong."""

import asyncio
from collections.abc import Iterable

from starlette.requests import HTTPConnection

from adapters.web import visitors
from adapters.web.failures import no_conversation
from adapters.web.inbound import digest
from adapters.web.site import Site
from adapters.web.visitors import Visitor
from bot.ports import Outcome, Unreadable
from flows.conversation import Conversation
from flows.events import Started
from flows.rules.placement import Placement, placed_at_start
from flows.views.screen import Screen


async def recent_screens(site: Site, request: HTTPConnection, who: Visitor) -> list[Screen]:
    """Return the recent conversations of a browser that are still readable and its own, open ones first."""
    screens = await asyncio.gather(*(_own_screen(site, each, who) for each in visitors.recent(request)))
    mine = [screen for screen in screens if screen is not None]
    return sorted(mine, key=lambda screen: screen.conversation.status.ended)


async def _own_screen(site: Site, conversation_id: str, who: Visitor) -> Screen | None:
    try:
        screen = await site.look(conversation_id)
    except Unreadable:
        return None
    return screen if screen is not None and screen.conversation.may_answer(who.actor) else None


def placed(site: Site, text: str, mine: Iterable[Conversation]) -> Placement:
    """Place the words of a customer whose conversations are `mine`."""
    latest = sorted(mine, key=lambda at: at.changed_at, reverse=True)
    return placed_at_start(text, latest, site.flows())


async def begin(site: Site, event: Started, placement: Placement | None = None) -> Outcome:
    """Start the chosen flow, or the flow that `placement` names; say the words in an open conversation of that flow.

    Words that may be about anything start, or continue, the conversation at their door. The outcome's refusal is the
    start's: the flow does not exist.
    """
    placement = placement or Placement()
    if placement.at is not None:
        outcome = await _say(site, event, placement.at.id)
        if outcome is not None and not outcome.refusal:
            return outcome
    if not event.flow and placement.flow:
        event = event.model_copy(update={"flow": placement.flow, "door": event.door + placement.flow})
    outcome = await _start(site, event)
    if outcome.found_open:
        return await _say(site, event, outcome.conversation.id) or outcome
    return outcome


async def begin_anew(site: Site, event: Started) -> Outcome:
    """Start another conversation, whatever is open: the customer said that the words are about something new."""
    return await _start(site, at_new_door(event))


def at_new_door(event: Started) -> Started:
    """Return the start at a door of its own, the same one for the same key."""
    return event.model_copy(update={"door": f"{event.door}/{digest(event.key)}"})


async def _start(site: Site, event: Started) -> Outcome:
    outcome = await site.receive(event)
    if outcome is not None and outcome.found_open and event.flow not in ("", outcome.conversation.flow):
        # The conversation that began at this door went on to another flow.
        outcome = await site.receive(at_new_door(event))
    if outcome is None:
        raise no_conversation()
    return outcome


async def _say(site: Site, event: Started, conversation: str) -> Outcome | None:
    said = event.said_in(conversation, f"{event.key}.said")
    return await site.receive(said) if said is not None else None
