"""Parses reactions to the bot's messages. Pure."""

from collections.abc import Mapping
from typing import Final

from adapters.slack.api.addresses import Person
from adapters.slack.api.payload import Json, text, thing
from flows.values import Frozen

NAMES: Final[Mapping[str, str]] = {"white_check_mark": "✅", "+1": "👍", "thumbsup": "👍", "x": "❌"}
"""Slack's names of the signs in `flows.screen_answers.SIGNS`."""


class Reaction(Frozen):
    """A person reacts to a message of the bot, or takes the reaction back. `channel` and `ts` name the message."""

    person: Person
    workspace: str
    channel: str
    ts: str
    sign: str
    taken_back: bool
    key: str


def reaction(event: Json, workspace: str, bot_user: str) -> Reaction | None:
    """Parse a reaction; None for another sign, or to a message of another author. A skin tone says nothing."""
    item, name = thing(event.get("item")), text(event.get("reaction"))
    sign = NAMES.get(name.partition("::")[0])
    channel, ts, user = text(item.get("channel")), text(item.get("ts")), text(event.get("user"))
    ours = text(event.get("item_user")) in ("", bot_user)  # Slack does not name the author of every message
    if sign is None or not ours or not (channel and ts and user):
        return None
    return Reaction(
        person=Person(
            team="", user=user
        ),  # Slack does not say whose; in a shared channel, it may be a stranger
        workspace=workspace,
        channel=channel,
        ts=ts,
        sign=sign,
        taken_back=event.get("type") == "reaction_removed",
        key="/".join((channel, ts, name, text(event.get("event_ts")))),
    )
