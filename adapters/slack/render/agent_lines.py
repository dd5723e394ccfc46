"""What is carried over in Slack: a line for agents, or an agent's reply for the customer, and nothing else. Pure."""

from adapters.slack.render.agent_thread import line_of, to_customer
from adapters.slack.render.card import Message
from adapters.slack.render.packet import calling
from bot.ports import Delivery


def hushed(delivery: Delivery) -> bool:
    """Whether it is not for a customer's eyes: they are sent agents' replies and nothing else (law L12)."""
    told = delivery.line
    return told is not None and delivery.effect.end == "customer" and told.kind != "reply"


def carried(delivery: Delivery, url: str) -> Message | None:
    """What a Relay looks like; to a customer it is an agent's reply, as whoever made the delivery saw to."""
    told = delivery.line
    if told is None or hushed(delivery):
        return None
    if delivery.effect.end == "customer":
        return to_customer(told, url)
    return calling(line_of(told, delivery.conversation, url), delivery.ping)
