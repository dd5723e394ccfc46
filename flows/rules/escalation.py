"""Decides about tickets, their reasons and details, ratings, and who else may press the buttons."""

from typing import Any, Final

from flows.acts import Act
from flows.cards import may_explain, may_rate
from flows.conversation import Status
from flows.effects import Change, Refusal, Tell
from flows.events import REASONS, Detailed, Escalated, Rated, Shared, Withdrawn
from flows.flow import Escalation
from flows.rules.case import NUDGE, Case, Verdict
from flows.rules.customer_mail import mail_address, mails
from flows.rules.machine import live
from flows.rules.public_talk import continued
from flows.text.phrases import PHRASES

BY_AGENT: Final = "by_agent"
"""The reason of a ticket that an agent opens for a customer who has none."""

OF_THE_BOT: Final = ("idle", "asker_left", "damaged", BY_AGENT)
"""Reasons beside REASONS that only the bot gives: no receiver accepts them from anyone else."""

BEST: Final = 5
"""The best rating that a customer can give."""

MAY_PRESS: Final = 20
"""Further people who may press the buttons of one conversation: it keeps the record short."""


def ticket(case: Case, escalation: Escalation) -> dict[str, Any]:
    """Return the fields that open a ticket, or that add a reason to an open one."""
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
    """Open a ticket for that reason; the customer can still use the step (law L7)."""
    status = live(case.at.status, "escalate")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, escalation)
    fields = {"status": status.value, **opening.pop("set")}
    shows = case.turned if case.at.hushed else case.change
    return shows("escalated", set=fields, timers=(), **opening)


def escalated(case: Case) -> Verdict:
    """Open a ticket when the customer asks for a person, whatever the turn; an open ticket stays as it is (law L1)."""
    event = case.event
    assert isinstance(event, Escalated)
    if case.at.ticket_open:
        return case.change()
    reason = event.reason if event.reason in (*REASONS, *OF_THE_BOT) else REASONS[0]
    return escalate(case, Escalation(team=case.flow.escalate.team, reason=reason))


def diverted(case: Case, change: Change) -> Change:
    """Send a customer who would walk a paused flow straight to an agent; leave every other change as it is.

    What an agent starts stays, and so does the choice of a customer who cancels the ticket to continue alone.
    """
    flow = change.set.get("flow", case.at.flow)
    walks = change.set.get("status", case.at.status) == Status.GUIDING and "turn" in change.set
    if flow not in case.catalogue.paused or not walks or isinstance(case.event, Act | Withdrawn):
        return change
    escalate_to = case.catalogue.by_id.get(str(flow), case.flow).escalate
    opening = ticket(case, Escalation(team=escalate_to.team, reason="paused"))
    fields = {**change.set, **opening["set"], "status": Status.WAITING.value, "exited": True}
    updates = {
        "set": fields,
        "stamp": (*change.stamp, *opening.get("stamp", ())),
        "take_ticket": opening.get("take_ticket", False),
        "timers": (),
    }
    return change.model_copy(update=updates)


def withdrawn(case: Case) -> Verdict:
    """Cancel the customer's ticket and continue the guide; with an assignee, only if the agent allowed it."""
    if case.at.status is Status.WITH_AGENT:
        return _continue_guide(case)
    if case.at.hushed:
        return continued(case)
    status = live(case.at.status, "withdraw")
    if status is None:
        return Refusal(why="not_now")
    fields: dict[str, Any] = {"status": status.value, "exited": False}
    if case.at.helper:  # who wrote beside the ticket does not pause the guide that the customer continues
        fields |= {"helper": "", "keeps_guide": True}
    if case.at.exited:
        return case.turned("withdrawn", set=fields)
    return case.change("withdrawn", set=fields, timers=NUDGE)


def _continue_guide(case: Case) -> Verdict:
    status = live(case.at.status, "hand_back")
    if status is None or not case.at.may_go_on:
        return Refusal(why="not_now")
    fields = {"status": status.value, "holder": "", "holder_name": "", "snoozed": "", "exited": False}
    return case.turned("withdrawn", set=fields)


def detailed(case: Case) -> Verdict:
    """Add a reason to the ticket. The store keeps the customer's text beside the journal."""
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
    """Record the customer's rating, once and only after a solution.

    A comment may come with the rating, or once after it under the same score.
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


def joined(case: Case) -> Verdict:
    """Let a further person press the buttons."""
    return _let_press(case, case.event.actor)


def shared(case: Case) -> Verdict:
    """Let the contact, and no one else, share the buttons with a colleague, and say so to both."""
    event = case.event
    assert isinstance(event, Shared)
    if event.actor != case.at.contact:
        return Refusal(why="not_yours")
    if event.to in ("", case.at.contact):
        return Refusal(why="not_now")
    verdict = _let_press(case, event.to)
    if isinstance(verdict, Refusal):
        return verdict
    if event.way == "direct":
        tell = Tell(id=case.name(0), words="handed_direct", agent=event.name)
    else:
        customer = case.at.name or PHRASES["someone"].capitalize()
        tell = Tell(id=case.name(0), words="handed_here", agent=customer, to=event.to)
    return verdict.model_copy(update={"effects": (tell, *verdict.effects)})


def _let_press(case: Case, person: str) -> Verdict:
    if case.at.may_answer(person):
        return case.change()
    if len(case.at.may_press) >= MAY_PRESS:
        return Refusal(why="not_now")
    return case.change(set={"may_press": (*case.at.may_press, person)})
