"""Checks whether Discord would accept a message and how its Markdown reads, and makes every prompt to check."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.discord.render.card import USUAL, Manner, Message, card, payload
from adapters.discord.render.card_buttons import ANSWER, MORE
from adapters.discord.render.tokens import (
    ChooseDirectMessages,
    HelpOffer,
    StartForMe,
    WriteMessage,
    read_token,
)
from bot.wiring.flow_files import read_flow_files
from bot.wiring.settings import LIBRARY
from flows.button import Button
from flows.conversation import Conversation, Status
from flows.flow import Flow
from flows.prompts import Prompt, prompt
from tests.conftest import need
from tests.fakes.discord import api_description
from tests.fakes.discord.components import check_components
from tests.fakes.discord.modals import check_modal
from tests.fakes.discord.refusals import Refusal
from tests.fakes.flows import catalogue

HERE: Final = "07abcdefghijklmnop"
"""A conversation's id in the store's form."""

_FOLDER: Final = Path(__file__).parents[1]


def read_markdown(texts: Sequence[str]) -> list[Any]:
    """Return how a reader of Discord's Markdown takes each text; skips the test if the reader is not installed."""
    node = shutil.which("node")
    need("what npm brings for the tests of Discord", node and (_FOLDER / "node_modules/.installed").is_file())
    command = [str(node), str(_FOLDER / "markdown.mjs")]
    asked = json.dumps(list(texts))
    run = subprocess.run(command, check=False, input=asked, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    found: list[Any] = json.loads(run.stdout)
    return found


def faults_by_schema(schema: str, values: Iterable[Any]) -> list[list[str]]:
    """Return the faults of each value by Discord's published schema of that name; skips the test without schemas."""
    need("what npm brings for the tests of Discord", api_description.installed())
    return [api_description.faults(schema, json.loads(json.dumps(value))) for value in values]


def faults(message: Message) -> list[str]:
    """Return what the stand-in refuses in a message, and buttons whose token the product would not understand."""
    body = json.loads(json.dumps(payload(message), ensure_ascii=False).encode())
    found = []
    try:
        check_components(body["components"], body["flags"], set())
    except Refusal as refused:
        found.append(json.dumps(refused.body))
    units = sum(len(text.encode("utf-16-le")) // 2 for text in texts(message))
    found += [f"{units} units of text"] if units > 4000 else []
    found += [f"a blank text {text!r}" for text in texts(message) if not text.strip()]
    found += [f"nobody understands {back!r}" for back in sent(message) if not understood(back)]
    return found


def faults_of_a_form(form: dict[str, Any]) -> list[str]:
    """Return what the stand-in refuses in a modal."""
    try:
        check_modal(json.loads(json.dumps(form)))
    except Refusal as refused:
        return [json.dumps(refused.body)]
    return []


def understood(sent: str) -> bool:
    """Return whether the product understands a token."""
    if sent.startswith((ANSWER, MORE)):
        return True
    token = read_token(sent)
    if isinstance(token, ChooseDirectMessages | HelpOffer | StartForMe):
        return True
    button = token.step if isinstance(token, WriteMessage) else token
    return isinstance(button, Button) and button.conversation == HERE


def parts(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return every component, including nested ones."""
    for part in components:
        yield part
        yield from parts(part.get("components", ()))


def texts(message: Message) -> list[str]:
    """Return the texts of a message, one by one."""
    return [part["content"] for part in parts(message.components) if part["type"] == 10]


def shown(message: Message) -> str:
    """Return all text of a message."""
    return "\n".join(texts(message))


def sent(message: Message) -> Iterator[str]:
    """Return every token that a message can send."""
    for part in parts(message.components):
        if "custom_id" in part:
            yield part["custom_id"]
        for option in part.get("options", ()):
            yield option["value"]


def pressed(message: Message) -> dict[str, str]:
    """Return the labels that can be pressed or chosen, each with its token. Built-in ones begin with `=`."""
    found = {}
    for part in parts(message.components):
        for one in part.get("options") or [part]:
            if "label" in one:
                value = one.get("value") or one.get("custom_id") or one["url"]
                found[one["label"]] = value.removeprefix(f"{HERE}:1:")
    return found


def edge(message: Message) -> int | None:
    """Return the color of a message's edge."""
    return message.components[0].get("accent_color")


def every_flow() -> tuple[Flow, ...]:
    """Return the library's flows, the tests' flows, and the picker of each."""
    shelves = (read_flow_files((LIBRARY,)).catalogue, catalogue())
    return tuple(flow for shelf in shelves for flow in shelf.by_id.values())


def conversation(flow: Flow, **fields: Any) -> Conversation:
    """Make a conversation at the flow's first step."""
    at: dict[str, Any] = {
        "version": 1,
        "turn": 1,
        "flow": flow.id,
        "revision": flow.revision,
        "step": flow.first.id,
    }
    return Conversation(**({"id": HERE} | at | fields))


def asked(**fields: Any) -> Prompt:
    """Make a step's prompt by hand."""
    given: dict[str, Any] = {"kind": "step", "turn": 1, "step": "plug", "title": "Plug", "text": ()}
    return Prompt(**(given | fields))


def drawn(made: Prompt, tried: str = "", manner: Manner = USUAL) -> Message:
    """Return a prompt's card, as for a customer who comes back."""
    return card(made, conversation(catalogue().flows[0]), tried, True, manner)


def every_prompt() -> Iterator[tuple[str, Prompt, Conversation]]:
    """Yield every step of every flow in every status, exited or not, with a ticket if the status has one."""
    for flow in every_flow():
        for step in flow.steps:
            for status in Status:
                for exited in {False, status is not Status.GUIDING}:
                    at = conversation(
                        flow,
                        step=step.id,
                        status=status,
                        exited=exited,
                        path=(flow.first.id,),
                        ticket=0 if status is Status.GUIDING else 71,
                        team=flow.escalate.team,
                    )
                    yield f"{flow.id}/{step.id}/{status}/{exited}", prompt(flow, at, {}), at
