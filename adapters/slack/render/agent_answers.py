"""The agents' forms as they come back: which order they fill in, and what was answered. Pure."""

from typing import Any, Final

from adapters.slack.api.addresses import Person
from adapters.slack.api.payload import Json, text, thing, things
from flows.orders import PREFIX, Order, Verb
from flows.values import Frozen

TEXT: Final = "text"
STEP: Final = "step"
DONE_STEPS: Final = "done"
REASON: Final = "reason"
AGENT: Final = "agent"
TEAM: Final = "team"
UNTIL: Final = "until"
GUIDE: Final = "guide"
READY: Final = "ready"
FINISHED: Final = "finished"
"""Ids of the questions; the block and the answer within it have the same. `FINISHED` is `TEXT` once a
ready reply stands in it: under one id Slack would keep what was typed before.
"""


class Filled(Frozen):
    """A form of the agents' that was sent; what was not asked is empty."""

    person: Person
    order: Order
    key: str
    text: str = ""
    step: str = ""
    done: tuple[str, ...] = ()
    reason: str = ""
    agent: str = ""
    team: str = ""
    until: str = ""
    guide: str = ""
    ready: str = ""
    finishing: bool = False


def filled(body: Json, workspace: str) -> Filled | None:
    """A form as Slack sends it; None where it is none of these."""
    shown, user = thing(body.get("view")), thing(body.get("user"))
    order = Order.parse(text(shown.get("private_metadata")))
    if order is None or text(shown.get("callback_id")) != callback(order.verb) or not text(user.get("id")):
        return None
    values = thing(thing(shown.get("state")).get("values"))

    def given(name: str) -> Json:
        return thing(thing(values.get(name)).get(name))

    def chosen(name: str) -> str:
        return text(thing(given(name).get("selected_option")).get("value"))

    several = things(given(DONE_STEPS).get("selected_options"))
    fields: dict[str, Any] = {
        "person": Person(team=text(user.get("team_id")) or workspace, user=text(user["id"])),
        "order": order,
        "key": f"{text(shown.get('id'))}/{text(shown.get('hash'))}",
        "text": (text(given(FINISHED).get("value")) or text(given(TEXT).get("value"))).strip(),
        "finishing": FINISHED in values,
        "done": tuple(text(one.get("value")) for one in several),
        "agent": text(given(AGENT).get("selected_user")),
    }
    chosen_in = {name: chosen(name) for name in (STEP, REASON, TEAM, UNTIL, GUIDE, READY)}
    return Filled.model_validate(fields | chosen_in)


def callback(verb: Verb) -> str:
    """What a form of that order calls itself."""
    return f"{PREFIX}:{verb}"
