"""Words an event as a sentence that agents read after the name of the person who acted."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from flows.acts import (
    Allowed,
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Released,
    Showed,
    Snoozed,
    Transferred,
    Woken,
)
from flows.conversation import Status
from flows.events import (
    Answered,
    Detailed,
    Edited,
    Escalated,
    Event,
    PlaceLost,
    Rated,
    Reacted,
    Reopened,
    Shared,
    TimerRang,
    Withdrawn,
)
from flows.prompts import Settings, owner
from flows.rules.agents.sla import PROMISES
from flows.text.agent_phrases import phrase
from flows.text.markup.words import Words, fill, parse
from flows.text.phrases import reason_label
from flows.views.act_phrases import ACTS
from flows.views.trail import label_of, title_of
from flows.views.walk import Frame


def returned(frame: Frame) -> Words:
    """Say who is assigned after an ended conversation went back to agents; empty words otherwise."""
    if not frame.before.status.ended or frame.after.status.ended or not frame.before.last_agent:
        return ()
    name = "reopen_held" if frame.after.status is Status.WITH_AGENT else "reopen_waiting"
    return fill(parse(ACTS[name]), {"agent": frame.before.last_agent_name or phrase("an_agent")})


def sentence(frame: Frame, settings: Settings) -> Words | None:
    """Say what happened, without its subject. None for events that agents need not read."""
    event = frame.change.event
    if isinstance(event, Reopened) and (back := returned(frame)):
        return back
    values = _VALUES.get(type(event), _nothing)(event, frame, settings)
    if values is None:
        return None
    words = ACTS.get(values.pop("sentence", event.type))
    return fill(parse(words), values) if words else None


Values = dict[str, str]


def _nothing(_event: Event, _frame: Frame, _settings: Settings) -> Values:
    return {}


def _answered(_event: Event, frame: Frame, settings: Settings) -> Values:
    return {"title": title_of(frame.was, frame.before.step, settings), "label": label_of(frame)}


def _escalated(_event: Event, frame: Frame, _settings: Settings) -> Values | None:
    fresh = [reason for reason in frame.after.reasons if reason not in frame.before.reasons]
    return {"reason": "; ".join(map(reason_label, fresh))} if fresh else None


def _transferred(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Transferred)
    if not event.to:
        return {"sentence": "transferred_team", "team": event.team}
    return {"to": event.to_name or event.to} if event.to != event.actor else {"sentence": "claimed"}


def _handed_back(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, HandedBack)
    return {"title": title_of(frame.now, frame.after.step, settings)}


def _concluded(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Concluded)
    return {"reason": event.reason} if event.reason else {"sentence": "concluded_plainly"}


def _snoozed(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Snoozed)
    return {"sentence": f"snoozed_{event.until}"}


def _forwarded(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, Forwarded)
    return {"team": owner(frame.now, event.team, settings)[0]}


def _edited(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Edited)
    if not event.version:
        return {}
    return {"sentence": "edited_gone" if event.gone else "edited_changed"}


def _showed(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, Showed)
    return {"title": title_of(frame.now, event.step, settings)}


def _reacted(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Reacted)
    return {"sign": event.sign, "sentence": "reacted_back" if event.taken_back else "reacted"}


def _shared(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Shared)
    named = {"to": event.name or event.to}
    return named | {"sentence": "shared_direct"} if event.way == "direct" else named


def _rated(event: Event, frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Rated)
    return {"score": str(event.score), "sentence": "rated_why" if frame.before.rated else "rated"}


def _withdrawn(_event: Event, frame: Frame, _settings: Settings) -> Values:
    if frame.before.hushed:
        return {"sentence": "continued"}
    return {"sentence": "went_on" if frame.before.status is Status.WITH_AGENT else "withdraw"}


def _rang(event: Event, frame: Frame, settings: Settings) -> Values | None:
    assert isinstance(event, TimerRang)
    changed = frame.before.status is not frame.after.status
    if not (changed or event.kind == "nudge" or event.kind in PROMISES):
        return None
    team, _ = owner(frame.now, frame.after.team, settings)
    # Earlier versions closed the ticket with the clock that now reminds the team every day.
    kind = "daily" if event.kind == "abandoned" and not changed else event.kind
    return {"sentence": f"rang_{kind}", "team": team, "ticket": str(frame.after.ticket)}


def _place_lost(event: Event, frame: Frame, _settings: Settings) -> Values | None:
    assert isinstance(event, PlaceLost)
    if event.how == "open" and frame.before.place_closed != "locked":
        return None
    if event.how != "gone":
        return {"sentence": f"customer_{event.how}"}
    return {"sentence": f"lost_customer_{event.part}" if event.end == "customer" else f"lost_{event.part}"}


_VALUES: Final[Mapping[type, Callable[[Event, Frame, Settings], Values | None]]] = MappingProxyType(
    {
        Answered: _answered,
        Detailed: _escalated,
        Escalated: _escalated,
        Allowed: _nothing,
        Claimed: _nothing,
        Withdrawn: _withdrawn,
        Released: _nothing,
        Transferred: _transferred,
        HandedBack: _handed_back,
        Concluded: _concluded,
        Snoozed: _snoozed,
        Woken: _nothing,
        Showed: _showed,
        Forwarded: _forwarded,
        Edited: _edited,
        Reacted: _reacted,
        Shared: _shared,
        Rated: _rated,
        PlaceLost: _place_lost,
        TimerRang: _rang,
    }
)
