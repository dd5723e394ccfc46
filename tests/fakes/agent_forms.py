"""Makes every form for agents, with a given number of options and with long titles."""

from flows.agent_forms import FORMS, Form, FormContext, finish_form, form_for
from flows.conversation import Conversation
from flows.orders import Order
from flows.rules.agents.forward_targets import Recipient
from tests.fakes.flows import lamp

HERE = "05n23tfww7gvg4s74o"


def every_form(text: str, count: int) -> list[Form]:
    """Return one form of each kind, with `count` options, `text` in every name, and long titles of steps."""
    flow = lamp()
    steps = tuple(
        flow.steps[0].model_copy(update={"id": f"s{n}", "title": f"Step {n} " + 60 * "x"})
        for n in range(count)
    )
    flow = flow.model_copy(update={"steps": steps, "title": f"The lamp {text}"})
    at = Conversation(id=HERE, flow=flow.id, revision=flow.revision, step=f"s{count - 1}", name=text)
    listed = tuple((f"i{n}", f"{n} {text}") for n in range(count))
    known = FormContext(
        at=at,
        flow=flow,
        guides=tuple(flow.model_copy(update={"id": name}) for name, _ in listed),
        teams=dict(listed),
        saved=listed,
        recipients=tuple(Recipient(team=name, name=title, address="a@b.example") for name, title in listed),
    )
    orders = [Order(verb=verb, conversation=HERE) for verb in sorted(FORMS)]
    forms = [form_for(order, known) for order in orders]
    bare = form_for(Order(verb="reply", conversation=HERE), FormContext(at=at, flow=flow))
    finish = finish_form(Order(verb="reply", conversation=HERE), at, text * 50)
    return [form for form in (*forms, bare, finish) if form is not None]
