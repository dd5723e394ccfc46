"""Feeds the parsers of Slack's and Discord's payloads: whatever arrives is read or ignored, and nothing raises."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel

from adapters.discord.inbound import parse as discord
from adapters.discord.inbound import reactions as discord_reactions
from adapters.discord.inbound import snapshots, thread_states
from adapters.slack.inbound import changes, history, mentioned, rich_text, shares
from adapters.slack.inbound import parse as slack
from flows.button import Button
from tests.adapters.slack.support import deliveries
from tests.fakes.slack import payloads
from tests.fakes.slack.state import Channel, User
from tests.fuzz.doors import Feed
from tests.fuzz.mutation import Mutator
from tests.fuzz.texts import door, messages

Parse = Callable[[Any], object]

BUTTON: Final = Button(conversation="05n23tfww7gvg4s74o", turn=3, choice="fixed")
RICH: Final[list[Any]] = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "dark", "style": {"bold": True}},
                    {"type": "link", "url": "https://a.b", "text": "here"},
                    {"type": "user", "user_id": "U1"},
                    {"type": "emoji", "name": "wave", "unicode": "1f44b"},
                    {"type": "date", "timestamp": 1700000000, "format": "{date}", "fallback": "then"},
                ],
            },
            {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": []},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        ],
    }
]


def _slack_shapes() -> list[tuple[Any, Parse]]:
    bot = deliveries.BOT
    seen = {"text": "no light", "user": "U1", "ts": "1700000000.000001", "blocks": RICH}

    def event(body: Any) -> object:
        return slack.event(body, bot, "", {"U1": "Ana"})

    command = payloads.command(
        deliveries.slack(), User("U1", "T1", "Ana"), Channel("C1", "help"), "/fix", "a"
    )
    reaction = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "+1",
        "item": {"channel": "C1", "ts": "1.2"},
    }
    changed = {"event": {"type": "channel_rename", "channel": {"id": "C1", "name": "x"}}, "team_id": "T1"}
    return [
        (deliveries.message(), event),
        (deliveries.message(blocks=RICH, channel_type="im"), event),
        (deliveries.message(subtype="file_share", files=[{"id": "F1", "name": "a", "size": 3}]), event),
        (deliveries.message(attachments=[{"is_share": True, "text": "x", "message_blocks": RICH}]), event),
        (deliveries.changed(), event),
        (deliveries.changed(after=None), event),
        ({"event": reaction, "team_id": "T1"}, event),
        (payloads.envelope(deliveries.slack(), {"type": "app_home_opened", "user": "U1", "tab": "home"}, None), event),
        (deliveries.click(), lambda body: slack.action(body, "T1")),
        (deliveries.pointed(), lambda body: slack.shortcut(body, "T1")),
        (deliveries.submission({"text": {"value": "x"}}), lambda body: slack.view(body, "T1")),
        (dict(command), lambda body: slack.command(body, "T1")),
        (changed, lambda body: changes.change(body, bot)),
        ([seen, seen], lambda body: history.waits(body, "U1")),
        (seen, lambda body: shares.words(body, bot)),
        (RICH, lambda body: rich_text.rich_text(body, {})),
        ({"a": deliveries.message()}, lambda body: mentioned.mentioned(body, bot)),
    ]  # fmt: skip


def slack_inbound() -> Feed:
    return _feed([(shape, _given_object(parse, shape)) for shape, parse in _slack_shapes()])


def _given_object(parse: Parse, shape: Any) -> Parse:
    """Return the parser behind what calls it, which drops payloads that are no JSON object."""
    return lambda body: parse(body) if isinstance(body, type(shape)) else None


_ANA: Final[dict[str, Any]] = {"id": "7", "username": "ana", "global_name": "Ana"}
_MESSAGE: Final[dict[str, Any]] = {
    "id": "500", "channel_id": "20", "guild_id": "10", "type": 0, "content": "no **light** <@8> <t:1700000000:R>",
    "author": _ANA, "member": {"nick": "Ana B.", "roles": ["31"]}, "mentions": [_ANA], "mention_roles": ["31"],
    "attachments": [{"id": "1", "filename": "a.png", "content_type": "image/png", "size": 3}],
    "message_snapshots": [{"message": {"content": "x", "attachments": []}}], "embeds": [], "edited_timestamp": None,
    "message_reference": {"message_id": "499", "channel_id": "20"}, "referenced_message": {"author": {"id": "99"}},
}  # fmt: skip
_PRESSED: Final[dict[str, Any]] = {
    "id": "900", "token": "aW50ZXI", "application_id": "99", "type": 3, "guild_id": "10", "locale": "de",
    "data": {"component_type": 2, "custom_id": str(BUTTON), "values": ["x"]}, "app_permissions": "1024",
    "member": {"user": _ANA, "nick": None, "roles": []}, "message": {"id": "600", "flags": 32768},
    "channel": {"id": "21", "type": 12, "parent_id": "20"}, "channel_id": "21",
}  # fmt: skip
_OPTION: Final[dict[str, Any]] = {"name": "text", "type": 3, "value": "no light", "focused": True}
_COMMAND: Final[dict[str, Any]] = _PRESSED | {
    "type": 2,
    "data": {"id": "1", "name": "fix", "type": 1, "options": [_OPTION]},
}
_MENU: Final[dict[str, Any]] = {
    "id": "1",
    "name": "Get help",
    "type": 3,
    "target_id": "500",
    "resolved": {"messages": {"500": _MESSAGE}},
}
_ROWS: Final[list[Any]] = [{"type": 18, "component": {"type": 4, "custom_id": "text", "value": "x"}}]
_FORM: Final[dict[str, Any]] = {
    "custom_id": "t:claim:05n23tfww7gvg4s74o:",
    "components": _ROWS,
    "resolved": {"attachments": {}},
}
_THREAD: Final[dict[str, Any]] = {
    "id": "21",
    "type": 11,
    "guild_id": "10",
    "parent_id": "20",
    "thread_metadata": {"archived": True},
}
_REACTED: Final[dict[str, Any]] = {
    "user_id": "7",
    "channel_id": "20",
    "message_id": "5",
    "guild_id": "10",
    "emoji": {"name": "✅"},
}
_ENTRY: Final[dict[str, Any]] = {
    "target_id": "21",
    "user_id": "7",
    "action_type": 111,
    "changes": [{"key": "locked", "new_value": True}],
}


def _discord_shapes() -> list[tuple[Any, Parse]]:
    return [
        (_MESSAGE, lambda body: discord.written(body, "99", "31", {"8": "Bo"})),
        (_MESSAGE, lambda body: discord.reworded(body, "99", "31")),
        (_MESSAGE, discord.deleted),
        (_MESSAGE, lambda body: snapshots.words(body, "no", {})),
        (_MESSAGE, lambda body: snapshots.attached(body, "discord|10|20||")),
        (_MESSAGE, snapshots.blank),
        (_THREAD, discord.deleted_thread),
        (_THREAD, thread_states.thread_state),
        ({"audit_log_entries": [_ENTRY]}, lambda body: thread_states.archivers(body, "21")),
        ({"guild_id": "10", "user": _ANA}, discord.left),
        (_REACTED, lambda body: discord_reactions.reaction(body, taken_back=False)),
        (_PRESSED, discord.interaction),
        (_COMMAND, discord.interaction),
        (_PRESSED | {"type": 4, "data": _COMMAND["data"]}, discord.interaction),
        (_PRESSED | {"type": 2, "data": _MENU}, discord.interaction),
        (_PRESSED | {"type": 5, "data": _FORM}, discord.interaction),
    ]


def discord_inbound() -> Feed:
    return _feed([(shape, _given_object(parse, shape)) for shape, parse in _discord_shapes()])


def _feed(shapes: list[tuple[Any, Parse]]) -> Feed:
    known = messages()

    def feed(draw: Mutator) -> None:
        shape, parse = draw.pick(shapes)
        body = draw.payload(shape)
        if isinstance(body, dict) and draw.numbers.random() < 0.3:
            event = body.get("event")
            holder: dict[str, Any] = event if isinstance(event, dict) else body
            holder["content" if "content" in body else "text"] = draw.text(known)
        found = parse(body)
        if isinstance(found, BaseModel):
            found.model_dump_json(
                exclude={"data"}
            )  # what was read can be stored; `data` is the payload itself

    return feed


DOORS: Final = (door("slack", 250, slack_inbound), door("discord", 250, discord_inbound))
