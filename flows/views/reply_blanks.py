"""Fills the blanks of saved replies for a conversation, so that no reply is ever sent with a brace in it."""

from collections.abc import Mapping, Sequence

from flows.conversation import Conversation
from flows.flow import Flow
from flows.prompts import Settings, ticket_values
from flows.replies import BLANK, Canned


def ready(
    replies: Sequence[Canned], at: Conversation, flow: Flow, settings: Settings, agent: str
) -> tuple[Canned, ...]:
    """Return the saved replies for a conversation, filled in; `flow` is its flow, `agent` the sender's name."""
    known = ticket_values(flow, at, settings)
    values = {
        "contact": at.name or "there",
        "agent": agent,
        "ticket": f"#{at.ticket}",
        "team": known["team"],
        "flow": known["flow"],
        "step": known["title"],
        "product": settings.get("PRODUCT_NAME") or "the product",
    }
    return tuple(
        reply.model_copy(update={"text": _filled(reply.text, values, numbered=at.ticket > 0)})
        for reply in replies
        if not reply.flows or at.flow in reply.flows
    )


def _filled(said: str, values: Mapping[str, str], *, numbered: bool) -> str:
    """Fill one reply; without a ticket, leave out its number and the space before it."""
    said = said if numbered else said.replace(" {ticket}", "").replace("{ticket}", "")
    return BLANK.sub(lambda blank: values[blank[1]], said)
