"""Tells a person that nothing happened: Slack did not say in time who they are, or the conversation is damaged."""

from typing import Any

from adapters.slack.api.bolt_app import Ack, Kind
from adapters.slack.api.payload import text, thing, things
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound import parse
from adapters.slack.inbound.events import MessageShortcut, Written
from adapters.slack.render.card import Message, note
from adapters.slack.render.forms import DETAILS, WHAT
from adapters.slack.render.texts import said


async def ask_again(on: SlackConversations, kind: Kind, body: dict[str, Any], workspace: str) -> Ack | None:
    """Tell the person that nothing happened. Return what the acknowledgement carries."""
    return await _tell(on, kind, body, workspace, note(said("unrecognized")))


async def say_damaged(on: SlackConversations, kind: Kind, body: dict[str, Any], workspace: str) -> Ack | None:
    """Tell the person that the conversation is damaged, and whom to write to instead."""
    return await _tell(on, kind, body, workspace, note(on.sorry("damaged")))


async def _tell(
    on: SlackConversations, kind: Kind, body: dict[str, Any], workspace: str, shown: Message
) -> Ack | None:
    """Show the person a note instead of what was asked for. Return what the acknowledgement carries."""
    match kind:
        case "event":
            happened = parse.event(body, "", workspace)
            if isinstance(happened, Written):
                await on.whisper(happened.place, happened.person, shown)
        case "command":
            return ephemeral(shown.text, list(shown.blocks))
        case "view":
            return form_error(body, shown.text)
        case "action" if pressed := parse.action(body, workspace):
            await on.whisper(pressed.place, pressed.person, shown)
        case "shortcut" if used := parse.shortcut(body, workspace):
            place = used.beside if isinstance(used, MessageShortcut) else None
            await on.whisper(place, used.person, shown)
    return None


def ephemeral(text: str, blocks: list[dict[str, Any]]) -> Ack:
    """Answer a command below it."""
    return Ack(payload={"response_type": "ephemeral", "text": text, "blocks": blocks})


def form_error(body: dict[str, Any], reason: str) -> Ack:
    """Keep a form open with the typed text, and show the reason under one of its questions."""
    view = thing(body.get("view"))
    inputs = (text(row.get("block_id")) for row in things(view.get("blocks")) if row.get("type") == "input")
    block = WHAT if view.get("callback_id") == DETAILS else next(inputs, WHAT)
    return Ack(payload={"response_action": "errors", "errors": {block: reason}})
