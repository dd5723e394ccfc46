"""The way to a person: tickets and their reasons, and who else may press the buttons."""

from typing import Any, Final

from flows.acts import Act
from flows.conversation import Status
from flows.effects import Amend, Change, Refusal
from flows.events import REASONS, Detailed, Edited, Escalated, Rated, Shared, Withdrawn
from flows.flow import Escalation
from flows.prompts import may_explain, may_rate
from flows.rules.case import NUDGE, Case, Verdict
from flows.rules.customer_mail import mail_address, mails
from flows.rules.machine import live

OF_THE_BOT: Final = ("idle", "asker_left")
"""Reasons beside REASONS that only the bot itself gives: receivers let nobody else's event bear them."""

BEST: Final = 5
"""The best that a customer can say of how it went."""

MAY_PRESS: Final = 20
"""Further people who may press the buttons of one conversation; more would be a crowd, and a record without end."""


def ticket(case: Case, escalation: Escalation) -> dict[str, Any]:
    """What opening a ticket, or adding a reason to one, sets."""
    known = case.at.reasons if case.at.ticket_open else ()
    reasons = known if escalation.reason in known else (*known, escalation.reason)
    if case.at.ticket_open:
        return {"set": {"reasons": reasons, "team": escalation.team}}
    return {
        "set": {"reasons": reasons, "team": escalation.team},
        "stamp": ("ticket_at",),
        "take_ticket": case.at.ticket == 0,
    }


def escalate(case: Case, escalation: Escalation) -> Verdict:
    """To a person for that reason; the step stays usable (law L7)."""
    status = live(case.at.status, "escalate")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, escalation)
    fields = {"status": status.value, **opening.pop("set")}
    return case.change("escalated", set=fields, timers=(), **opening)


def escalated(case: Case) -> Verdict:
    """Talk to a person: once, whatever the turn; it does nothing while a ticket is open (law L1)."""
    event = case.event
    assert isinstance(event, Escalated)
    if case.at.ticket_open:
        return case.change()
    reason = event.reason if event.reason in (*REASONS, *OF_THE_BOT) else REASONS[0]
    return escalate(case, Escalation(team=case.flow.escalate.team, reason=reason))


def diverted(case: Case, change: Change) -> Change:
    """The change, unless it leaves the customer walking a flow that is paused: then they go straight to a person.

    What an agent starts, and who takes their ticket back to go on alone, is left to it.
    """
    flow = change.set.get("flow", case.at.flow)
    walks = change.set.get("status", case.at.status) == Status.GUIDING and "turn" in change.set
    if flow not in case.catalogue.paused or not walks or isinstance(case.event, Act | Withdrawn):
        return change
    escalate_to = case.catalogue.by_id.get(str(flow), case.flow).escalate
    opening = ticket(case, Escalation(team=escalate_to.team, reason="paused"))
    fields = {**change.set, **opening["set"], "status": Status.WAITING.value, "exited": True}
    news = {
        "set": fields,
        "stamp": (*change.stamp, *opening.get("stamp", ())),
        "take_ticket": opening.get("take_ticket", False),
        "timers": (),
    }
    return change.model_copy(update=news)


def withdrawn(case: Case) -> Verdict:
    """The customer takes the ticket back, and goes on with the guide; from an agent where they let them."""
    if case.at.status is Status.WITH_AGENT:
        return _gone_on(case)
    status = live(case.at.status, "withdraw")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "exited": False}
    if case.at.exited:
        return case.turned("withdrawn", set=fields)
    return case.change("withdrawn", set=fields, timers=NUDGE)


def _gone_on(case: Case) -> Verdict:
    status = live(case.at.status, "hand_back")
    if status is None or not case.at.may_go_on:
        return Refusal(why="not_now")
    fields = {"status": status.value, "holder": "", "holder_name": "", "snoozed": "", "exited": False}
    return case.turned("withdrawn", set=fields)


def detailed(case: Case) -> Verdict:
    """A reason and words for the ticket; the words lie beside the journal."""
    event = case.event
    assert isinstance(event, Detailed)
    if case.at.ticket == 0:
        return Refusal(why="not_now")
    reasons = case.at.reasons
    if event.reason in REASONS and event.reason not in reasons:
        reasons = (*reasons, event.reason)
    address = mail_address(event.reach) if mails(case) else ""
    if address:
        return case.change("details_mailed", set={"reasons": reasons, "mail": address})
    return case.change("details_kept", set={"reasons": reasons})


def rated(case: Case) -> Verdict:
    """How it went, once and after a solution; nothing waits for it, and nothing follows.

    Words may come with it, or once after it under the same score.
    """
    event = case.event
    assert isinstance(event, Rated)
    if may_explain(case.at) and event.score == case.at.rated and event.text:
        return case.change(set={"rating_has_words": True})
    if not may_rate(case.at):
        return Refusal(why="not_now")
    if not 1 <= event.score <= BEST:
        return Refusal(why="not_offered", offered=tuple(str(score) for score in range(1, BEST + 1)))
    return case.change("rated", set={"rated": event.score, "rating_has_words": bool(event.text)})


def edited(case: Case) -> Verdict:
    """Words that were changed or taken back lie beside the journal; what was decided by them stays decided. A reply is
    changed where the customer is, and nothing else ever is (law L12).
    """
    event = case.event
    assert isinstance(event, Edited)
    change = case.change()
    if event.was != "replied":
        return change
    amend = Amend(id=case.name(0), end="customer", version=event.version, by=case.at.version + 1)
    return change.model_copy(update={"effects": (amend,)})


def joined(case: Case) -> Verdict:
    """A further person may press the buttons."""
    return _pressing(case, case.event.actor)


def shared(case: Case) -> Verdict:
    """The contact, and nobody else, lets a colleague press them."""
    event = case.event
    assert isinstance(event, Shared)
    if event.actor != case.at.contact:
        return Refusal(why="not_yours")
    return _pressing(case, event.to) if event.to else Refusal(why="not_now")


def _pressing(case: Case, person: str) -> Verdict:
    if case.at.may_answer(person):
        return case.change()
    if len(case.at.may_press) >= MAY_PRESS:
        return Refusal(why="not_now")
    return case.change(set={"may_press": (*case.at.may_press, person)})
