"""The forms of agents: reply, hand back at a step, solve, hand over to a team, put aside, send a step. Pure."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from adapters.discord.api.limits import FIELD_DESCRIPTION, FIELD_LABEL, INPUT, MODAL_TITLE, OPTIONS, cut
from adapters.discord.render.components import (
    LABEL_TYPE,
    SELECT_TYPE,
    TEXT_INPUT_TYPE,
    USER_SELECT_TYPE,
    Part,
    option,
)
from adapters.discord.render.forms import LONG, WORDS
from flows.orders import UNTILS, Order, Verb
from flows.rules.forward_targets import Recipient
from flows.text.agent_phrases import phrase

FORMS: Final[frozenset[Verb]] = frozenset(
    {"reply", "back", "guide", "resolve", "transfer", "show", "snooze", "forward"}
)
"""Orders that ask with a form first, which can only be the first answer to a press."""

STEP: Final = "step"
DONE: Final = "done"
REASON: Final = "reason"
TEAM: Final = "team"
AGENT: Final = "agent"
UNTIL: Final = "until"
GUIDE: Final = "guide"
READY: Final = "ready"
"""The ids of the menus, as they come back with what was chosen."""

Listed = Sequence[tuple[str, str]]
"""Ids and what they are called."""


def reply_form(order: Order, who: str, replies: Listed = ()) -> dict[str, Any]:
    """Words for the customer, a reply that is kept ready before them if one is chosen."""
    asked = [_label(phrase("reply_asks", who=who), _typed(required=not replies))]
    if replies:
        asked.append(
            _label(phrase("saved_asks"), _menu(READY, replies, required=False), phrase("saved_hint_as_is"))
        )
    return _form(order, phrase("reply_title"), asked)


def back_form(order: Order, steps: Listed, left: str) -> dict[str, Any]:
    """At which step the bot goes on, and what is done already; `left` is offered first."""
    asked = [_label(phrase("back_asks"), _menu(STEP, steps, first=left))]
    asked.append(_label(phrase("done_asks"), _menu(DONE, steps, several=True)))
    return _form(order, phrase("back_title"), asked)


def resolve_form(order: Order, solutions: Sequence[str]) -> dict[str, Any]:
    """What solved it, and words for the record."""
    listed = [(solution, solution) for solution in solutions]
    asked = [_label(phrase("solved_asks"), _menu(REASON, listed, required=False))]
    asked.append(_label(phrase("record_asks"), _typed(), phrase("record_hint")))
    return _form(order, phrase("resolve_title"), asked)


def transfer_form(order: Order, teams: Mapping[str, str]) -> dict[str, Any]:
    """To whom: an agent, or a team."""
    person = {
        "type": USER_SELECT_TYPE,
        "custom_id": AGENT,
        "required": False,
        "min_values": 0,
        "max_values": 1,
    }
    asked = [_label(phrase("agent_asks"), person)]
    if teams:
        asked.append(_label(phrase("team_asks"), _menu(TEAM, tuple(teams.items()), required=False)))
    return _form(order, phrase("transfer_title"), asked)


def forward_form(order: Order, recipients: Sequence[Recipient]) -> dict[str, Any]:
    """To whom it is mailed; the address is shown before it is."""
    listed = [(each.team, f"{each.name} ({each.address})") for each in recipients]
    first = listed[0][0] if len(listed) == 1 else ""
    asked = _label(phrase("forward_asks"), _menu(TEAM, listed, first=first), phrase("forward_hint"))
    return _form(order, phrase("forward_title"), [asked])


def guide_form(order: Order, guides: Listed) -> dict[str, Any]:
    """Which guide to start; at which step is asked next."""
    return _form(order, phrase("guide_title"), [_label(phrase("guide_asks"), _menu(GUIDE, guides))])


def snooze_form(order: Order) -> dict[str, Any]:
    """For how long."""
    untils = [(until, phrase(f"until_{until}")) for until in UNTILS]
    asked = _label(phrase("snooze_asks"), _menu(UNTIL, untils, first="reply"), phrase("snooze_hint"))
    return _form(order, phrase("snooze_title"), [asked])


def show_form(order: Order, steps: Listed) -> dict[str, Any]:
    """Which step to send as a message."""
    return _form(
        order, phrase("show_title"), [_label(phrase("show_asks"), _menu(STEP, steps), phrase("show_hint"))]
    )


def _form(order: Order, title: str, fields: Sequence[Part]) -> dict[str, Any]:
    return {"custom_id": str(order), "title": cut(title, MODAL_TITLE), "components": list(fields)}


def _label(name: str, component: Part, meaning: str = "") -> Part:
    label: Part = {"type": LABEL_TYPE, "label": cut(name, FIELD_LABEL), "component": component}
    return label | ({"description": cut(meaning, FIELD_DESCRIPTION)} if meaning else {})


def _typed(required: bool = False) -> Part:
    asked = {"custom_id": WORDS, "style": LONG, "required": required, "max_length": INPUT}
    return {"type": TEXT_INPUT_TYPE, **asked}


def _menu(
    custom_id: str, listed: Listed, *, first: str = "", several: bool = False, required: bool = True
) -> Part:
    """As many as Discord takes, that one among them and chosen."""
    ordered = sorted(listed, key=lambda one: one[0] != first) if len(listed) > OPTIONS else listed
    options = [
        option(name, which) | ({"default": True} if which == first else {})
        for which, name in islice(ordered, OPTIONS)
    ]
    needed = required and not several
    bounds = {"min_values": int(needed), "max_values": len(options) if several else 1}
    return {"type": SELECT_TYPE, "custom_id": custom_id, "options": options, "required": needed, **bounds}
