"""Makes a step with every feature, its cards, and deliveries to draw."""

from typing import Any

from adapters.slack.render import card as slack_card
from adapters.slack.render.card import Message
from bot.ports import Delivery
from flows.conversation import Address
from flows.effects import Effect
from flows.flow import Flow, HelpLink, Image, Step
from flows.prompts import prompt
from flows.text.markup.words import parse
from tests.adapters.slack.support.schema_check import conversation, faults
from tests.fakes.flows import FIXED_IT, failing, lamp

EVERYTHING = Step(
    id="plug",
    title="Plug it in",
    text="Take the **plug** and:\n\n1. Push it in, *gently*.\n   - until it clicks\n2. Type `on`.\n\nThen wait.",
    warn="Never with wet hands.",
    why="Without power it stays dark.",
    test="**Fixed it** means that it shines.",
    image=Image(src="https://lamps.example/plug.png", alt="A plug in a socket"),
    links=(HelpLink(label="The manual", url="https://lamps.example/manual"),),
    secret="password",
    choices=(FIXED_IT, failing()),
)


def flow(**changes: object) -> Flow:
    """Return a lamp's flow of one step."""
    step = EVERYTHING.model_copy(update=changes)
    return lamp().model_copy(update={"steps": (step,), "again": "The lamp stands on the **desk**."})


def card(of: Flow | None = None, again: bool = False, **fields: Any) -> Message:
    """Return the card of a conversation at the first step, which Slack accepts."""
    of = of or flow()
    at = conversation(of, **fields)
    drawn = slack_card.card(prompt(of, at, {}), at, "effect.1", again)
    assert faults(drawn) == []
    return drawn


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def delivery(effect: Effect, words: str = "", **fields: Any) -> Delivery:
    return Delivery(
        effect=effect,
        conversation=conversation(flow(), **fields),
        address=Address(channel="slack"),
        words=parse(words) if words else (),
    )
