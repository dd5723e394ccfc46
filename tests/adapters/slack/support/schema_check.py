"""Checks whether Slack would accept a message, and makes every prompt to check."""

import json
from collections.abc import Iterator
from typing import Any, Final

from adapters.slack.api.limits import WEIGHT
from adapters.slack.render.card import Message
from bot.wiring.flow_files import read_flow_files
from bot.wiring.settings import LIBRARY
from flows.button import Button
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.flow import Flow
from flows.prompts import Prompt, prompt
from tests.fakes.flows import catalogue
from tests.fakes.slack.surfaces import elements_of, faults_of_a_message

HERE: Final = "07abcdefghijklmnop"
"""A conversation's id in the store's form."""

TEXT: Final = 4000
"""Most characters that Slack recommends for a message's own text."""


def faults(message: Message) -> list[str]:
    """Return what Slack refuses in a message, and empty texts."""
    blocks = json.loads(json.dumps(list(message.blocks), ensure_ascii=False).encode())
    found = faults_of_a_message(blocks)
    if not 0 < len(message.text) <= TEXT:
        found.append(f"text of {len(message.text)} characters")
    if "<" in message.text or ">" in message.text:
        found.append("markup in the text")
    if units(json.dumps(quiet(blocks), ensure_ascii=False)) > WEIGHT + 500:
        found.append("heavier than Slack takes")
    found += [f"nothing to see at {text!r}" for text in texts(blocks) if not text]
    return found


def quiet(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks without buttons."""
    return [block for block in blocks if block["type"] != "actions"]


def units(text: str) -> int:
    """Return the length in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def texts(value: Any) -> Iterator[str]:
    """Return every text shown anywhere in a value."""
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "alt_text", "fallback") and isinstance(inner, str):
                yield inner
            elif name not in ("url", "image_url"):
                yield from texts(inner)


def shown(message: Message) -> str:
    """Return all text of the blocks, without buttons."""
    return "".join(texts(quiet(list(message.blocks))))


def pressed(message: Message) -> dict[str, str]:
    """Return the labels of everything that can be pressed, each with its token. Built-in ones begin with `=`."""
    found = {}
    for element in [one for block in message.blocks for one in elements_of(block)]:
        for option in element.get("options") or [element]:
            button = Button.parse(option.get("value", ""))
            assert button is None or button.conversation == HERE
            sends = (f"={button.built_in}" if button.built_in else button.choice) if button else ""
            found[option["text"]["text"]] = sends or option.get("value", option.get("url", ""))
    return found


def every_flow() -> tuple[Flow, ...]:
    """Return the library's flows, the tests' flows, and the picker of each."""
    return tuple(flow for shelf in (shelf_of_the_library(), catalogue()) for flow in shelf.by_id.values())


def shelf_of_the_library() -> Catalogue:
    """Return the catalogue of a new installation."""
    return read_flow_files((LIBRARY,)).catalogue


def conversation(flow: Flow, **fields: Any) -> Conversation:
    """Make a conversation at the flow's first step."""
    at = Conversation(
        id=HERE,
        version=1,
        turn=1,
        flow=flow.id,
        revision=flow.revision,
        step=flow.first.id,
        customer="slack|T1|C1|1.2|U1",
    )
    return at.model_copy(update=fields)


def every_prompt() -> Iterator[tuple[str, Prompt, Conversation]]:
    """Yield every step of every flow in every status, exited or not, with a ticket if the status has one."""
    for flow in every_flow():
        for step in flow.steps:
            for status in Status:
                for exited in (False, True):
                    ticket = 0 if status is Status.GUIDING else 71
                    at = conversation(
                        flow,
                        step=step.id,
                        status=status,
                        exited=exited and status is not Status.GUIDING,
                        path=(flow.first.id,),
                        ticket=ticket,
                        team=flow.escalate.team,
                    )
                    yield f"{flow.id}/{step.id}/{status}/{exited}", prompt(flow, at, {}), at
