"""Tells people what an acknowledgement could no longer carry, because Slack would not have waited for it."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.api.ack_budget import budget_now
from adapters.slack.api.addresses import Person
from adapters.slack.api.bolt_app import Ack, Kind
from adapters.slack.api.client import FAILURES
from adapters.slack.api.payload import text, thing
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.render.card import note
from adapters.slack.render.texts import said
from adapters.slack.unrecognized import ephemeral
from bot.telemetry import log


def late_acks() -> Mapping[Kind, Ack]:
    """Return what acknowledgements carry that go out before the work is done: nothing is promised yet."""
    shown = note(said("still_opening"))
    return {"command": ephemeral(shown.text, list(shown.blocks))}


async def in_time(on: SlackConversations, body: dict[str, Any], ack: Ack | None) -> Ack | None:
    """Return what the acknowledgement carries. If it went out before, tell the person in another way."""
    budget = budget_now()
    if ack is None or budget is None or not budget.acknowledged:
        return ack
    if address := text(body.get("response_url")):
        try:
            await on.client.respond(address, ack.payload["text"], ack.payload["blocks"])
        except FAILURES as failure:
            log("slack").warning("a person could not be answered", reason=type(failure).__name__)
        return None
    # The form is closed by now, so its errors go to the person's direct messages.
    user = thing(body.get("user"))
    errors = map(str, thing(ack.payload.get("errors")).values())
    person = Person(team=text(user.get("team_id")), user=text(user.get("id")))
    await on.tell(person, note(" ".join(errors) or said("no_form")))
    return None
