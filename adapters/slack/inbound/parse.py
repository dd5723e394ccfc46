"""Parses Slack's payloads into events of our own, or None for a payload that does not concern the bot. Pure.

Keys name the event (law L1): a message's key is its channel and ts, so that `app_mention` and `message` of one
mention are one; a click's key is its message, its action and the time of the action; commands, shortcuts and forms
have ids of their own. Every field is what Slack says about a user it authenticated; no text that a user can type gets
into a key.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.slack.api.addresses import SLACK, Person, Place
from adapters.slack.api.payload import Json, text, thing, things, whole
from adapters.slack.inbound import shares
from adapters.slack.inbound.events import (
    CommandCalled,
    HomeOpened,
    MessageEdited,
    MessageShortcut,
    MessagesOpened,
    Pressed,
    Submitted,
    Written,
    microseconds,
)
from adapters.slack.inbound.mrkdwn import NO_NAMES, Names, mentions, typed
from adapters.slack.inbound.reactions import Reaction, reaction
from adapters.slack.inbound.shares import LONGEST, Mentioned
from adapters.slack.inbound.tabs import opened_tab
from adapters.slack.render import forms
from adapters.slack.render.emoji_names import with_emoji
from adapters.slack.render.tokens import read_token
from flows.button import Button
from flows.conversation import Address
from flows.events import REASONS, SHARED_AT_ONCE, File
from flows.text.markup.typed_words import TypedWords

HEARD: Final = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person wrote; all others are about joins, topics, bots and the like."""

SYSTEM: Final = "USLACK"
"""Slack's own user, whose messages in the Messages tab have no subtype."""

SUBMITTED: Final = (forms.DETAILS, forms.LATER, forms.COLLEAGUE, forms.WHY)
"""Forms that a customer submits."""


# ---------------------------------------------------------------- events


def event(
    body: Json, bot_user: str, workspace: str = "", names: Names = NO_NAMES
) -> Written | MessageEdited | Reaction | HomeOpened | MessagesOpened | None:
    """Parse an event: a message, an edit, a reaction, or an opened tab.

    `workspace` is the one that received it, `names` are those of mentioned people, channels and groups, by their ids.
    """
    data, workspace = thing(body.get("event")), workspace or _workspace(body)
    match data.get("type"):
        case "app_home_opened":
            return opened_tab(data, workspace)
        case "reaction_added" | "reaction_removed":
            return reaction(data, workspace, bot_user)
        case "message" | "app_mention":
            return _message(data, body, workspace, Mentioned(bot_user, names))
        case _:
            return None


def _message(data: Json, body: Json, workspace: str, by_id: Mentioned) -> Written | MessageEdited | None:
    subtype = text(data.get("subtype"))
    if subtype in ("message_changed", "message_deleted"):
        event_id = text(body.get("event_id"))
        was = thing(data.get("previous_message"))
        now = thing(data.get("message")) if subtype == "message_changed" else None
        return _edited(data, now, was, workspace, by_id, event_id)
    place, ts = _place(workspace, data), text(data.get("ts"))
    if subtype not in HEARD or not _by_a_person(data) or not (ts and place.channel):
        return None
    content = text(data.get("text"))[:LONGEST]
    files, bot_user = shares.files(data), by_id.bot_user
    said = shares.words(data, *by_id)
    return Written(
        person=_author(data, workspace),
        place=place,
        ts=ts,
        text=said.text,
        styled=said.styled,
        files=shared(files, workspace),
        hidden=_hidden(files),
        mention=data.get("type") == "app_mention" or mentions(content, bot_user),
        shared=bool(body.get("is_ext_shared_channel")),
        public=_public(data, body, place),
        group=data.get("channel_type") == "mpim",
        ours=bool(bot_user) and data.get("parent_user_id") == bot_user,
    )


def _edited(
    data: Json, now: Json | None, was: Json, workspace: str, by_id: Mentioned, event_id: str
) -> MessageEdited | None:
    """Parse an edited or deleted message. A thread's deleted root leaves a tombstone, which counts as deleted.

    The preview of a link is no edit of words.
    """
    if now is not None and now.get("subtype") != "tombstone":
        message, content, words = now, text(now.get("text"))[:LONGEST], shares.words(now, *by_id)
        if shares.same_words(now, was):
            return None
    else:
        message, content, words = was or (now or {}), "", TypedWords("")
    place, ts = (
        _place(workspace, {**data, **message, "channel": data.get("channel")}),
        text(message.get("ts")),
    )
    if not _by_a_person(message) or not (ts and place.channel and event_id):
        return None
    when = microseconds(text(data.get("event_ts")) or text(data.get("ts")))
    return MessageEdited(
        person=_author(message, workspace),
        place=place,
        ts=ts,
        text=words.text,
        styled=words.styled,
        event=event_id,
        moment=when,
        mention=mentions(content, by_id.bot_user),
    )


def _by_a_person(data: Json) -> bool:
    """Whether a person wrote the message, no bot, ours or another's: two bots could answer each other forever."""
    user = text(data.get("user"))
    return bool(user) and user != SYSTEM and not data.get("bot_id") and data.get("subtype") != "bot_message"


def _author(data: Json, workspace: str) -> Person:
    """Read the author; with Slack Connect, authors may belong to another team."""
    teams = (text(data.get(name)) for name in ("user_team", "source_team", "team"))
    return Person(team=next(filter(None, teams), workspace), user=text(data.get("user")))


def _place(workspace: str, data: Json) -> Place:
    """Read the thread that a message is in or may start; direct messages are one place.

    An `app_mention` names no place but its channel; it never comes from direct messages.
    """
    channel = text(data.get("channel"))
    direct = data.get("channel_type") == "im" or channel.startswith("D")
    thread = "" if direct else text(data.get("thread_ts")) or text(data.get("ts"))
    return Place(workspace=workspace, channel=channel, thread=thread)


def _public(data: Json, body: Json, place: Place) -> bool:
    """Whether everyone in the workspace can write there. A channel shared with a customer's company is theirs.

    An `app_mention` does not name the kind of its channel, which is then taken for public.
    """
    kind = text(data.get("channel_type")) or "channel"
    return not place.direct and kind == "channel" and not body.get("is_ext_shared_channel")


def _workspace(body: Json) -> str:
    """Read the team whose installation received the event: in a shared channel that is not always the first one."""
    authorizations: Sequence[Json] = things(body.get("authorizations")) or ({},)
    return text(authorizations[0].get("team_id")) or text(body.get("team_id"))


def shared(files: Iterable[Json], workspace: str = "") -> tuple[File, ...]:
    """Read a message's files: id, name, type and bytes, with the workspace as their address."""
    at = str(Address(channel=SLACK, workspace=workspace))
    parsed = (
        File(
            id=text(row.get("id")),
            name=(text(row.get("name")) or text(row.get("title")))[:200],
            kind=text(row.get("mimetype"))[:100],
            size=whole(row.get("size")),
            at=at,
        )
        for row in files
        if text(row.get("id"))
    )
    return tuple(parsed)[:SHARED_AT_ONCE]


def _hidden(files: Iterable[Json]) -> tuple[str, ...]:
    """List the ids of files about which Slack says nothing else."""
    kept = [row for row in files if text(row.get("id"))][:SHARED_AT_ONCE]
    return tuple(text(row["id"]) for row in kept if row.get("file_access") == "check_file_info")


# ---------------------------------------------------------------- buttons, commands, shortcuts and forms


def action(body: Json, workspace: str) -> Pressed | None:
    """Parse a click; `workspace` is ours, which a click does not always name."""
    pressed = next(iter(things(body.get("actions"))), None)
    person = _presser(body)
    if pressed is None or person is None:
        return None
    chosen = text(thing(pressed.get("selected_option")).get("value"))
    container = thing(body.get("container"))
    ts = text(container.get("message_ts"))
    channel = text(container.get("channel_id")) or text(thing(body.get("channel")).get("id"))
    place = None
    if channel:
        thread = text(container.get("thread_ts")) or text(thing(body.get("message")).get("thread_ts"))
        place = _place(workspace, {"channel": channel, "thread_ts": thread})
    view = text(container.get("view_id"))
    return Pressed(
        person=person,
        place=place,
        action=read_token(chosen or text(pressed.get("value"))),
        key="/".join((channel or view, ts, text(pressed.get("action_ts")), text(pressed.get("action_id")))),
        trigger=text(body.get("trigger_id")),
        ts=ts,
    )


def command(body: Json, workspace: str) -> CommandCalled | None:
    """Parse a slash command."""
    user, trigger = text(body.get("user_id")), text(body.get("trigger_id"))
    if not user:
        return None
    return CommandCalled(
        person=Person(team=text(body.get("team_id")), user=user),
        workspace=workspace,
        text=with_emoji(typed(text(body.get("text")))),
        key=trigger,
        trigger=trigger,
    )


def shortcut(body: Json, workspace: str, names: Names = NO_NAMES) -> CommandCalled | MessageShortcut | None:
    """Parse a shortcut: on a message, or the global one."""
    person, trigger = _presser(body), text(body.get("trigger_id"))
    if person is None:
        return None
    if body.get("type") != "message_action":
        return CommandCalled(person=person, workspace=workspace, text="", key=trigger, trigger=trigger)
    message = thing(body.get("message"))
    ts = text(message.get("ts")) or text(body.get("message_ts"))
    channel = text(thing(body.get("channel")).get("id"))
    if not (ts and channel):
        return None
    files, said = shares.files(message), shares.words(message, names=names)
    return MessageShortcut(
        person=person,
        author=_author(message, workspace) if _by_a_person(message) else None,
        place=_place(workspace, {**message, "ts": ts, "channel": channel}),
        ts=ts,
        text=said.text,
        styled=said.styled,
        key=trigger,
        answer=text(body.get("response_url")),
        shortcut=text(body.get("callback_id")),
        files=shared(files, workspace),
        hidden=_hidden(files),
    )


def view(body: Json, workspace: str) -> Submitted | None:
    """Parse a submitted form."""
    shown, person = thing(body.get("view")), _presser(body)
    button = Button.parse(text(shown.get("private_metadata")))
    form = text(shown.get("callback_id"))
    if person is None or button is None or form not in SUBMITTED:
        return None
    values = thing(thing(shown.get("state")).get("values"))

    def field(name: str) -> Json:
        return thing(thing(values.get(name)).get(name))

    reason = text(thing(field(forms.REASON).get("selected_option")).get("value"))
    return Submitted.model_validate(
        {
            "person": person,
            "form": form,
            "button": button,
            "key": f"{text(shown.get('id'))}/{text(shown.get('hash'))}",
            "reason": reason if reason in REASONS else "",
            "text": with_emoji(text(field(forms.WHAT).get("value")).strip()),
            "reach": text(field(forms.REACH).get("value")).strip(),
            "files": shared(things(field(forms.FILES).get("files")), workspace),
            "until": text(thing(field(forms.UNTIL).get("selected_option")).get("value")),
            "who": text(field(forms.WHO).get("selected_user")),
        }
    )


def _presser(body: Json) -> Person | None:
    """Read who pressed; the team is '' if Slack does not name it: no one counts as ours unasked."""
    user = thing(body.get("user"))
    if not text(user.get("id")):
        return None
    return Person(team=text(user.get("team_id")), user=text(user["id"]))
