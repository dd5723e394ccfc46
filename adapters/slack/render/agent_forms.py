"""Draws a form of the agents' as a modal, and reads what comes back of it. Pure."""

from itertools import islice
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.addresses import Person
from adapters.slack.api.payload import Json, text, thing, things
from adapters.slack.render.blocks import context, label, option, select
from adapters.slack.render.forms import modal, question, typed
from flows.agent_forms import AGENT, FINISHED, FIRST, TEXT, Answers, Field, Form
from flows.orders import PREFIX, Order
from flows.text.agent_phrases import phrase
from flows.values import Frozen

Drawn = dict[str, Any]

CHECKBOXES: Final = 10
"""Options of checkboxes; more become a menu in which several can be chosen."""


class Filled(Frozen):
    """A form of the agents' that was sent: who sent it, the order it is about, and the answers.

    `agent` is the id of the user whom they chose. `finishing` says that it was the second page of a reply.
    """

    person: Person
    order: Order
    key: str
    answers: Answers
    agent: str = ""
    finishing: bool = False

    @property
    def complains_at(self) -> str:
        """The block that says what is wrong with the form."""
        return FINISHED if self.finishing else FIRST.get(self.order.verb, TEXT)


def agent_form(form: Form) -> Drawn:
    """Draw the modal of a form, as `views.open` and a `response_action` take it."""
    blocks: list[Drawn] = [context(form.lead)] if form.lead else []
    blocks += [
        question(asked.id, asked.label, _element(asked), asked.hint, optional=not asked.required)
        for asked in form.fields
    ]
    callback, metadata = _callback(form.order), str(form.order)
    return modal(callback, form.title, blocks, metadata, close=phrase("cancel"), submit=form.submit)


def filled_form(body: Json, workspace: str) -> Filled | None:
    """Read a `view_submission`; None where it is no form of the agents'."""
    shown, user = thing(body.get("view")), thing(body.get("user"))
    order = Order.parse(text(shown.get("private_metadata")))
    if order is None or text(shown.get("callback_id")) != _callback(order) or not text(user.get("id")):
        return None
    values = {name: thing(thing(each).get(name)) for name, each in _values(shown).items()}
    written = text(values.get(FINISHED, {}).get("value")) or text(values.get(TEXT, {}).get("value"))
    return Filled(
        person=Person(team=text(user.get("team_id")) or workspace, user=text(user["id"])),
        order=order,
        key=f"{text(shown.get('id'))}/{text(shown.get('hash'))}",
        answers=Answers(
            text=written.strip(),
            chosen={name: _chosen(each) for name, each in values.items() if _chosen(each)},
        ),
        agent=text(values.get(AGENT, {}).get("selected_user")),
        finishing=FINISHED in values,
    )


def _callback(order: Order) -> str:
    return f"{PREFIX}:{order.verb}"


def _values(shown: Json) -> Json:
    return thing(thing(shown.get("state")).get("values"))


def _chosen(answer: Json) -> tuple[str, ...]:
    one, several = thing(answer.get("selected_option")), things(answer.get("selected_options"))
    return tuple(value for each in (one, *several) if (value := text(each.get("value"))))


def _element(asked: Field) -> Drawn:
    match asked.kind:
        case "text":
            return _text(asked)
        case "radio":
            options = _options(asked)
            chosen = _first(asked, options)
            return {"type": "radio_buttons", "action_id": asked.id, "options": options, **chosen}
        case "choice":
            options = _options(asked)
            drawn = select(options, asked.id, phrase("choose")) | {"action_id": asked.id}
            return drawn | _first(asked, options)
        case "choices":
            return _several(asked)
        case "agent":
            placeholder = label(phrase("choose"), limits.PLACEHOLDER)
            return {"type": "users_select", "action_id": asked.id, "placeholder": placeholder}


def _text(asked: Field) -> Drawn:
    drawn = typed(asked.id, limits.INPUT, lines=True)
    return drawn | ({"initial_value": limits.head(asked.first, limits.INPUT)} if asked.first else {})


def _options(asked: Field) -> list[Drawn]:
    """As many as Slack takes, the one that is chosen among them."""
    listed = asked.options
    if len(listed) > limits.OPTIONS:
        listed = tuple(sorted(listed, key=lambda one: one[0] != asked.first))
    return [option(name, value) for value, name in islice(listed, limits.OPTIONS)]


def _first(asked: Field, options: list[Drawn]) -> Drawn:
    chosen = next((one for one in options if one["value"] == asked.first), None)
    return {"initial_option": chosen} if chosen else {}


def _several(asked: Field) -> Drawn:
    options = _options(asked)
    if len(options) <= CHECKBOXES:
        return {"type": "checkboxes", "action_id": asked.id, "options": options}
    placeholder = label(phrase("choose"), limits.PLACEHOLDER)
    return {
        "type": "multi_static_select",
        "action_id": asked.id,
        "options": options,
        "placeholder": placeholder,
    }
