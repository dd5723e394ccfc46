"""Who says whether Discord would take a message, how its Markdown reads, and every prompt there is to be judged."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.discord.render.card import USUAL, Manner, Message, card, payload
from adapters.discord.render.card_buttons import ANSWER, MORE
from adapters.discord.render.tokens import FlowOffer, WriteMessage, read_token
from bot.wiring.flow_files import read_shelf
from bot.wiring.settings import LIBRARY
from flows.button import Button
from flows.conversation import Conversation, Status
from flows.flow import Flow
from flows.prompts import Prompt, prompt
from tests.conftest import need
from tests.fakes.discord.components import check_components
from tests.fakes.discord.modals import check_modal
from tests.fakes.discord.refusals import Refusal
from tests.fakes.flows import catalogue

HERE: Final = "07abcdefghijklmnop"
"""A conversation's id as the store makes them."""

_FOLDER: Final = Path(__file__).parents[1]


def judged(
    messages: Sequence[Any] = (), modals: Sequence[Any] = (), texts: Sequence[str] = ()
) -> dict[str, list[Any]]:
    """What Discord's own description of its API has against each, and each text as a reader takes it.

    Skips where that is not installed.
    """
    node = shutil.which("node")
    need("what npm brings for the tests of Discord", node and (_FOLDER / "node_modules/.installed").is_file())
    asked = json.dumps({"messages": messages, "modals": modals, "texts": texts})
    command = [str(node), str(_FOLDER / "judge.mjs")]
    run = subprocess.run(command, check=False, input=asked, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    found: dict[str, list[Any]] = json.loads(run.stdout)
    return found


def faults(message: Message) -> list[str]:
    """What the stand-in for Discord refuses, and what comes back from a button that nobody would understand."""
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
    """What the stand-in refuses of a modal."""
    try:
        check_modal(json.loads(json.dumps(form)))
    except Refusal as refused:
        return [json.dumps(refused.body)]
    return []


def understood(sent: str) -> bool:
    """Whether what came back says which conversation and what."""
    if sent.startswith((ANSWER, MORE, FlowOffer.option(""))) or sent == "offer":
        return True
    token = read_token(sent)
    button = token.step if isinstance(token, WriteMessage) else token
    return isinstance(button, Button) and button.conversation == HERE


def parts(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, those within others included."""
    for part in components:
        yield part
        yield from parts(part.get("components", ()))


def texts(message: Message) -> list[str]:
    """What is to be read, text by text."""
    return [part["content"] for part in parts(message.components) if part["type"] == 10]


def shown(message: Message) -> str:
    """What is to be read."""
    return "\n".join(texts(message))


def sent(message: Message) -> Iterator[str]:
    """Everything that can come back from it."""
    for part in parts(message.components):
        if "custom_id" in part:
            yield part["custom_id"]
        for option in part.get("options", ()):
            yield option["value"]


def pressed(message: Message) -> dict[str, str]:
    """The labels of what can be pressed or chosen, and what each sends, `=` first for what is built in."""
    found = {}
    for part in parts(message.components):
        for one in part.get("options") or [part]:
            if "label" in one:
                value = one.get("value") or one.get("custom_id") or one["url"]
                found[one["label"]] = value.removeprefix(f"{HERE}:1:")
    return found


def edge(message: Message) -> int | None:
    """The colour of its edge."""
    return message.components[0].get("accent_color")


def every_flow() -> tuple[Flow, ...]:
    """Those of the library, those the tests are made with, and the picker of each."""
    shelves = (read_shelf((LIBRARY,)).catalogue, catalogue())
    return tuple(flow for shelf in shelves for flow in shelf.by_id.values())


def conversation(flow: Flow, **fields: Any) -> Conversation:
    """One at the flow's first step."""
    at: dict[str, Any] = {
        "version": 1,
        "turn": 1,
        "flow": flow.id,
        "revision": flow.revision,
        "step": flow.first.id,
    }
    return Conversation(**({"id": HERE} | at | fields))


def asked(**fields: Any) -> Prompt:
    """A prompt of a step, made by hand."""
    given: dict[str, Any] = {"kind": "step", "turn": 1, "step": "plug", "title": "Plug", "text": ()}
    return Prompt(**(given | fields))


def drawn(made: Prompt, tried: str = "", manner: Manner = USUAL) -> Message:
    """That prompt's card, for somebody who comes back."""
    return card(made, conversation(catalogue().flows[0]), tried, True, manner)


def every_prompt() -> Iterator[tuple[str, Prompt, Conversation]]:
    """Every step of every flow in every status, at an exit and not, with a ticket where there is one."""
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
