"""The modals of agents: reply, hand back at a step, start a guide, solve, hand over, put aside, send a step. Pure."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.render.agent_answers import (
    AGENT,
    DONE_STEPS,
    FINISHED,
    GUIDE,
    READY,
    REASON,
    STEP,
    TEAM,
    TEXT,
    UNTIL,
    callback,
)
from adapters.slack.render.blocks import context, label, option, select
from adapters.slack.render.forms import modal, question, typed
from flows.orders import UNTILS, Order
from flows.rules.forward_targets import Recipient
from flows.text.agent_phrases import phrase

Json = dict[str, Any]
Listed = Sequence[tuple[str, str]]
"""Ids and what they are called."""

TICKS: Final = 10
"""Options of checkboxes; more become a menu in which several can be chosen."""


def reply_form(order: Order, who: str, replies: Listed = ()) -> Json:
    """Draw the form of a reply: words for the customer, or a saved reply to edit first."""
    asked = typed(TEXT, limits.INPUT, lines=True)
    blocks = [question(TEXT, phrase("reply_asks", who=who), asked, optional=bool(replies))]
    if replies:
        blocks.append(
            question(READY, phrase("saved_asks"), _menu(READY, replies), phrase("saved_hint_first"))
        )
    return _modal(order, phrase("reply_title"), blocks, phrase("reply_sends"))


def finish_form(order: Order, who: str, written: str) -> Json:
    """A reply that was kept ready, to be finished and sent."""
    asked = typed(FINISHED, limits.INPUT, lines=True) | {"initial_value": limits.head(written, limits.INPUT)}
    blocks = [question(FINISHED, phrase("reply_asks", who=who), asked, optional=False)]
    return _modal(order, phrase("reply_title"), blocks, phrase("reply_sends"))


def back_form(order: Order, title: str, steps: Listed, left: str) -> Json:
    """At which step of that guide the bot goes on, and what is done already; `left` is offered first."""
    blocks = [
        context(phrase("back_lead", guide=title)),
        question(STEP, phrase("back_asks"), _menu(STEP, steps, left), optional=False),
        question(DONE_STEPS, phrase("done_asks"), _ticks(steps)),
    ]
    return _modal(order, phrase("back_title"), blocks, phrase("back_sends"))


def guide_form(order: Order, guides: Listed) -> Json:
    """Which guide to start; its steps are asked next."""
    blocks = [question(GUIDE, phrase("guide_asks"), _menu(GUIDE, guides), optional=False)]
    return _modal(order, phrase("guide_title"), blocks, phrase("guide_sends"))


def resolve_form(order: Order, solutions: Sequence[str]) -> Json:
    """What solved it, and words for the record."""
    listed = [(solution, solution) for solution in solutions]
    blocks = [
        question(REASON, phrase("solved_asks"), _menu(REASON, listed)),
        question(TEXT, phrase("record_asks"), typed(TEXT, limits.INPUT, lines=True), phrase("record_hint")),
    ]
    return _modal(order, phrase("resolve_title"), blocks, phrase("resolve_sends"))


def transfer_form(order: Order, teams: Listed) -> Json:
    """To whom: an agent, or a team."""
    person = {
        "type": "users_select",
        "action_id": AGENT,
        "placeholder": label(phrase("choose"), limits.PLACEHOLDER),
    }
    blocks = [question(AGENT, phrase("agent_asks"), person)]
    if teams:
        blocks.append(question(TEAM, phrase("team_asks"), _menu(TEAM, teams)))
    return _modal(order, phrase("transfer_title"), blocks, phrase("transfer_sends"))


def forward_form(order: Order, recipients: Sequence[Recipient]) -> Json:
    """To whom it is mailed; the address is shown before it is."""
    listed = [(each.team, f"{each.name} ({each.address})") for each in recipients]
    first = listed[0][0] if len(listed) == 1 else ""
    asked = question(
        TEAM, phrase("forward_asks"), _menu(TEAM, listed, first), phrase("forward_hint"), optional=False
    )
    return _modal(order, phrase("forward_title"), [asked], phrase("forward_sends"))


def snooze_form(order: Order) -> Json:
    """For how long."""
    options = [option(phrase(f"until_{until}"), until) for until in UNTILS]
    asked = {"type": "radio_buttons", "action_id": UNTIL, "options": options, "initial_option": options[0]}
    blocks = [question(UNTIL, phrase("snooze_asks"), asked, phrase("snooze_hint"), optional=False)]
    return _modal(order, phrase("snooze_title"), blocks, phrase("snooze_sends"))


def show_form(order: Order, steps: Listed) -> Json:
    """Which step to send as a message."""
    blocks = [question(STEP, phrase("show_asks"), _menu(STEP, steps), phrase("show_hint"), optional=False)]
    return _modal(order, phrase("show_title"), blocks, phrase("show_sends"))


def _menu(asked: str, listed: Listed, first: str = "") -> Json:
    """As many as Slack takes, that one among them and chosen."""
    ordered = sorted(listed, key=lambda one: one[0] != first) if len(listed) > limits.OPTIONS else listed
    options = [option(text, name) for name, text in islice(ordered, limits.OPTIONS)]
    chosen = next((one for one in options if one["value"] == first), None)
    drawn = select(options, asked, phrase("choose")) | {"action_id": asked}
    return drawn | ({"initial_option": chosen} if chosen else {})


def _ticks(listed: Listed) -> Json:
    options = [option(text, name) for name, text in islice(listed, limits.OPTIONS)]
    if len(options) <= TICKS:
        return {"type": "checkboxes", "action_id": DONE_STEPS, "options": options}
    placeholder = label(phrase("choose"), limits.PLACEHOLDER)
    return {
        "type": "multi_static_select",
        "action_id": DONE_STEPS,
        "options": options,
        "placeholder": placeholder,
    }


def _modal(order: Order, title: str, blocks: list[Json], submit: str) -> Json:
    return modal(callback(order.verb), title, blocks, str(order), close=phrase("cancel"), submit=submit)
