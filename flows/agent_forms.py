"""Defines the form of each agents' action and what its answers mean: the same in Slack, in Discord and on the desk.

A `Form` is free of platform: Slack and Discord each draw a modal from it; the desk has its own HTML and uses only
`act_for`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from flows.acts import (
    Allowed,
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Released,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Woken,
)
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.events import Event, File
from flows.flow import Flow, solutions
from flows.orders import UNTILS, Order, Verb
from flows.prompts import step_choices
from flows.rules.agents.forward_targets import Recipient
from flows.text.agent_phrases import customer_name, phrase
from flows.values import Frozen

TEXT: Final = "text"
STEP: Final = "step"
DONE: Final = "done"
REASON: Final = "reason"
AGENT: Final = "agent"
TEAM: Final = "team"
UNTIL: Final = "until"
GUIDE: Final = "guide"
SAVED: Final = "ready"
FINISHED: Final = "finished"
"""Ids of the fields. `FINISHED` is the reply's text with a saved reply already in it: it needs an id of its own,
because Slack would keep what the agent typed under `TEXT`. The ids are part of forms that are open while a new version
starts, so they never change."""

FORMS: Final[frozenset[Verb]] = frozenset(
    {"reply", "back", "guide", "resolve", "transfer", "show", "snooze", "forward"}
)
"""Actions that open a form. Every other action takes effect at once."""

FIRST: Final[Mapping[Verb, str]] = MappingProxyType(
    {"transfer": AGENT, "forward": TEAM, "guide": GUIDE, "back": STEP, "show": STEP, "snooze": UNTIL}
)
"""The field at which a form shows an error about its answers; for all other actions it is `TEXT`."""

Options = tuple[tuple[str, str], ...]
"""Ids and labels of the options of a field."""


class Field(Frozen):
    """A question of a form. `first` is the option or the text that the field holds when the form opens."""

    id: str
    label: str
    kind: Literal["text", "choice", "radio", "choices", "agent"]
    options: Options = ()
    first: str = ""
    required: bool = False
    hint: str = ""


class Form(Frozen):
    """The questions of one action. `order` comes back with the answers."""

    order: Order
    title: str
    submit: str
    fields: tuple[Field, ...]
    lead: str = ""


@dataclass(frozen=True)
class FormContext:
    """Holds what a form is made from: the conversation, its flow, and what an operator has set up.

    `guides` are the available flows, `teams` names by id, `saved` the saved replies by id with their titles,
    `recipients` the teams that a ticket can be forwarded to by email. `forms_follow` says that a form may open another
    form.
    """

    at: Conversation
    flow: Flow
    guides: Sequence[Flow] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    saved: Options = ()
    recipients: Sequence[Recipient] = ()
    forms_follow: bool = True


class Chosen(Frozen):
    """The agent chosen in a form: their actor, their name, and whether they really are an agent."""

    actor: str
    name: str
    is_agent: bool = True


class Answers(Frozen):
    """The answers of a filled form: its text, the options chosen in each field, the agent chosen, and the files."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = {}
    agent: Chosen | None = None
    files: tuple[File, ...] = ()

    def one(self, name: str) -> str:
        """Return the option chosen in a field that takes one; '' for none."""
        return next(iter(self.chosen.get(name, ())), "")


class Who(Frozen):
    """The agent who acts, and the key of the act (law L1): one key for each click, message or form."""

    actor: str
    name: str
    key: str

    def of(self, conversation: str) -> dict[str, Any]:
        """Return the fields that all of this agent's acts in a conversation share."""
        return {"conversation": conversation, "actor": self.actor, "name": self.name, "key": self.key}


def act_at_once(verb: Verb, conversation: str, who: Who) -> Event | None:
    """Return the act that an order makes without a form; None if it needs one.

    `resolve` works with and without a form.
    """
    given = who.of(conversation)
    match verb:
        case "claim":
            return Claimed(**given)
        case "take":
            return Transferred(to=who.actor, to_name=who.name, **given)
        case "release":
            return Released(**given)
        case "allow":
            return Allowed(**given)
        case "wake":
            return Woken(**given)
        case "resolve":
            return Concluded(**given)
        case _:
            return None


def form_for(order: Order, known: FormContext) -> Form | None:
    """Return the form of an action; None if it has no form, or if the ticket cannot be forwarded to anyone."""
    match order.verb:
        case "reply":
            return _reply_form(order, known)
        case "back" if order.of or known.at.flow != PICKER:
            return _back_form(order, known)
        case "back" | "guide":
            return _guide_form(order, known)
        case "resolve":
            return _resolve_form(order, known.flow)
        case "transfer":
            return _transfer_form(order, known.teams)
        case "show":
            question = _choice(
                STEP, "show_asks", step_choices(known.flow, {}), hint=phrase("show_hint"), required=True
            )
            return _form(order, "show", (question,))
        case "snooze":
            options = tuple((until, phrase(f"until_{until}")) for until in UNTILS)
            hint = phrase("snooze_hint")
            question = _choice(UNTIL, "snooze_asks", options, first=UNTILS[0], hint=hint, required=True)
            return _form(order, "snooze", (question.model_copy(update={"kind": "radio"}),))
        case "forward" if known.recipients:
            return _forward_form(order, known.recipients)
        case _:
            return None


def finish_form(order: Order, at: Conversation, written: str) -> Form:
    """Return the second page of a reply, to edit and send: what the agent wrote, with the saved reply after it."""
    question = phrase("reply_asks", who=customer_name(at))
    text = Field(id=FINISHED, label=question, kind="text", first=written, required=True)
    return _form(order, "reply", (text,))


def _form(order: Order, name: str, fields: tuple[Field, ...], lead: str = "") -> Form:
    title, submit = phrase(f"{name}_title"), phrase(f"{name}_sends")
    return Form(order=order, title=title, submit=submit, fields=fields, lead=lead)


def _choice(
    name: str, asks: str, options: Options, *, first: str = "", hint: str = "", required: bool = False
) -> Field:
    label = phrase(asks)
    return Field(
        id=name, label=label, kind="choice", options=options, first=first, hint=hint, required=required
    )


def _reply_form(order: Order, known: FormContext) -> Form:
    label = phrase("reply_asks", who=customer_name(known.at))
    text = Field(id=TEXT, label=label, kind="text", required=not known.saved)
    hint = phrase("saved_hint_first" if known.forms_follow else "saved_hint_as_is")
    saved = (_choice(SAVED, "saved_asks", known.saved, hint=hint),) if known.saved else ()
    return _form(order, "reply", (text, *saved))


def _back_form(order: Order, known: FormContext) -> Form:
    """Ask at which step the bot continues, in the present guide or in another one that `order.of` names."""
    other = next((flow for flow in known.guides if flow.id == order.of), None)
    flow, first = (other, other.first.id) if other else (known.flow, known.at.step)
    steps = step_choices(flow, {})
    done = Field(id=DONE, label=phrase("done_asks"), kind="choices", options=steps)
    fields = (_choice(STEP, "back_asks", steps, first=first, required=True), done)
    return _form(order, "back", fields, lead=phrase("back_lead", guide=flow.title))


def _guide_form(order: Order, known: FormContext) -> Form:
    """Ask which guide to start. The next form asks for its step."""
    guides = tuple((flow.id, flow.title) for flow in known.guides)
    asks = order.model_copy(update={"verb": "guide"})
    return _form(asks, "guide", (_choice(GUIDE, "guide_asks", guides, required=True),))


def _resolve_form(order: Order, flow: Flow) -> Form:
    listed = tuple((solution, solution) for solution in solutions(flow))
    note = Field(id=TEXT, label=phrase("record_asks"), kind="text", hint=phrase("record_hint"))
    return _form(order, "resolve", (_choice(REASON, "solved_asks", listed), note))


def _transfer_form(order: Order, teams: Mapping[str, str]) -> Form:
    agent = Field(id=AGENT, label=phrase("agent_asks"), kind="agent")
    team = (_choice(TEAM, "team_asks", tuple(teams.items())),) if teams else ()
    return _form(order, "transfer", (agent, *team))


def _forward_form(order: Order, recipients: Sequence[Recipient]) -> Form:
    """Ask which team gets the ticket by email; each option shows the team's address."""
    listed = tuple((each.team, f"{each.name} ({each.address})") for each in recipients)
    first = listed[0][0] if len(listed) == 1 else ""
    hint = phrase("forward_hint")
    question = _choice(TEAM, "forward_asks", listed, first=first, hint=hint, required=True)
    return _form(order, "forward", (question,))


def act_for(order: Order, answers: Answers, who: Who, teams: Collection[str] = ()) -> Event | str:
    """Return the act that a filled form makes, or the id of the phrase that says what is missing.

    `teams` are the teams that a ticket can be transferred to.
    """
    given = who.of(order.conversation)
    match order.verb:
        case "reply":
            said = answers.text or answers.files
            return (
                Replied(text=answers.text, files=answers.files, aside=True, **given)
                if said
                else "write_first"
            )
        case "back":
            done = answers.chosen.get(DONE, ())
            return HandedBack(flow=order.of, step=answers.one(STEP), done=done, **given)
        case "resolve":
            return Concluded(reason=answers.one(REASON), text=answers.text, **given)
        case "snooze":
            # A form of an older version may still offer "reply".
            until = next((each for each in (*UNTILS, "reply") if each == answers.one(UNTIL)), None)
            return Snoozed(until=until, **given) if until else "choose_snooze"
        case "show":
            return Showed(step=answers.one(STEP), **given) if answers.one(STEP) else "choose_other"
        case "forward":
            team = answers.one(TEAM)
            return Forwarded(team=team, **given) if team else "choose_forward"
        case "transfer":
            return _transferred(answers, given, teams)
        case _:
            return act_at_once(order.verb, order.conversation, who) or "choose_other"


def _transferred(answers: Answers, given: dict[str, Any], teams: Collection[str]) -> Event | str:
    chosen, team = answers.agent, answers.one(TEAM)
    if chosen is not None:
        if not chosen.is_agent:
            return "not_an_agent_chosen"
        return Transferred(to=chosen.actor, to_name=chosen.name, **given)
    return Transferred(team=team, **given) if team in teams else "choose_transfer"
