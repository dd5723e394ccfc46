"""Draws agents' forms as modals, and reads the submitted ones. Pure."""

from itertools import islice
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.addresses import Person
from adapters.slack.api.payload import Json, text, thing, things
from adapters.slack.render.blocks import context, label, option, select
from adapters.slack.render.emoji_names import with_emoji
from adapters.slack.render.forms import modal, question, typed
from flows.agent_forms import AGENT, FINISHED, FIRST, TEXT, Answers, Field, Form
from flows.orders import PREFIX, Order
from flows.text.agent_phrases import phrase
from flows.values import Frozen

Drawn = dict[str, Any]

CHECKBOXES: Final = 10
"""Options of checkboxes; more become a select for several options."""


class Filled(Frozen):
    """A form that an agent submitted: who submitted it, its order, and the answers.

    `agent` is the id of the user whom the agent chose. `finishing` says that it was the second page of a reply.
    """

    person: Person
    order: Order
    key: str
    answers: Answers
    agent: str = ""
    finishing: bool = False

    @property
    def complains_at(self) -> str:
        """The block that shows what is wrong with the form."""
        return FINISHED if self.finishing else FIRST.get(self.order.verb, TEXT)


def agent_form(form: Form) -> Drawn:
    """Draw a form's modal, as `views.open` and a `response_action` take it."""
    blocks: list[Drawn] = [context(form.lead)] if form.lead else []
    blocks += [
        question(field.id, field.label, _element(field), field.hint, optional=not field.required)
        for field in form.fields
    ]
    callback, metadata = _callback(form.order), str(form.order)
    return modal(callback, form.title, blocks, metadata, close=phrase("cancel"), submit=form.submit)


def filled_form(body: Json) -> Filled | None:
    """Read a `view_submission`; None if the form is not for agents."""
    shown, user = thing(body.get("view")), thing(body.get("user"))
    order = Order.parse(text(shown.get("private_metadata")))
    if order is None or text(shown.get("callback_id")) != _callback(order) or not text(user.get("id")):
        return None
    values = {name: thing(thing(each).get(name)) for name, each in _values(shown).items()}
    written = text(values.get(FINISHED, {}).get("value")) or text(values.get(TEXT, {}).get("value"))
    return Filled(
        person=Person(team=text(user.get("team_id")), user=text(user["id"])),
        order=order,
        key=f"{text(shown.get('id'))}/{text(shown.get('hash'))}",
        answers=Answers(
            text=with_emoji(written.strip()),
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


def _element(field: Field) -> Drawn:
    match field.kind:
        case "text":
            return _text(field)
        case "radio":
            options = _options(field)
            chosen = _first(field, options)
            return {"type": "radio_buttons", "action_id": field.id, "options": options, **chosen}
        case "choice":
            options = _options(field)
            drawn = select(options, field.id, phrase("choose")) | {"action_id": field.id}
            return drawn | _first(field, options)
        case "choices":
            return _several(field)
        case "agent":
            placeholder = label(phrase("choose"), limits.PLACEHOLDER)
            return {"type": "users_select", "action_id": field.id, "placeholder": placeholder}


def _text(field: Field) -> Drawn:
    drawn = typed(field.id, limits.INPUT, lines=True)
    return drawn | ({"initial_value": limits.head(field.first, limits.INPUT)} if field.first else {})


def _options(field: Field) -> list[Drawn]:
    """Draw as many options as Slack takes, including the chosen one."""
    listed = field.options
    if len(listed) > limits.OPTIONS:
        listed = tuple(sorted(listed, key=lambda choice: choice[0] != field.first))
    return [option(name, value) for value, name in islice(listed, limits.OPTIONS)]


def _first(field: Field, options: list[Drawn]) -> Drawn:
    chosen = next((choice for choice in options if choice["value"] == field.first), None)
    return {"initial_option": chosen} if chosen else {}


def _several(field: Field) -> Drawn:
    options = _options(field)
    if len(options) <= CHECKBOXES:
        return {"type": "checkboxes", "action_id": field.id, "options": options}
    placeholder = label(phrase("choose"), limits.PLACEHOLDER)
    return {
        "type": "multi_static_select",
        "action_id": field.id,
        "options": options,
        "placeholder": placeholder,
    }
