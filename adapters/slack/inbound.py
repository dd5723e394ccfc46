"""From what Slack delivers to what happened: one frozen value each, or None for what does not concern us. Pure.

Keys name the happening (law L1): a message is its channel and ts, so that `app_mention` and `message` of one mention
are one; a click is its message, its action and the time of the action; commands, shortcuts and forms have ids of
their own. Every field is what Slack says of a person it has authenticated; nothing a person can type gets into a key.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.slack import forms
from adapters.slack.happenings import Called, Pointed, Pressed, Reworded, Submitted, Visited, Written
from adapters.slack.places import Person, Place
from adapters.slack.speech import addressed, mentions, typed
from flows.button import Button
from flows.events import REASONS, SHARED_AT_ONCE, File

Json = Mapping[str, Any]

HEARD: Final = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person has written; all others tell of joins, topics, bots and the like."""

SYSTEM: Final = "USLACK"
"""Slack's own user, whose messages in the Messages tab bear no subtype."""


# ---------------------------------------------------------------- events


def event(body: Json, bot_user: str) -> Written | Reworded | Visited | None:
    """What an event tells."""
    told = body.get("event") or {}
    workspace = _workspace(body)
    match told.get("type"):
        case "app_home_opened":
            if told.get("tab") != "home" or not told.get("user"):
                return None
            return Visited(person=Person(team=workspace, user=told["user"]), workspace=workspace)
        case "message" | "app_mention":
            return _message(told, body, workspace, bot_user)
        case _:
            return None


def _message(told: Json, body: Json, workspace: str, bot_user: str) -> Written | Reworded | None:
    subtype = told.get("subtype")
    if subtype == "message_changed":
        return _changed(told, workspace, bot_user, str(body.get("event_id", "")))
    if subtype == "message_deleted":
        return _deleted(told, workspace, str(body.get("event_id", "")))
    if subtype not in HEARD or not _by_a_person(told):
        return None
    text = str(told.get("text") or "")
    # An app_mention says nothing of where it happened but its channel; direct messages never have one.
    direct = told.get("channel_type") == "im"
    ts, thread = str(told.get("ts", "")), str(told.get("thread_ts") or "")
    files = [one for one in told.get("files") or () if isinstance(one, Mapping)]
    return Written(
        person=_author(told, workspace),
        place=_place(workspace, told, direct),
        ts=ts,
        text=typed(addressed(text, bot_user)),
        files=shared(files),
        hidden=tuple(str(one.get("id")) for one in files if one.get("file_access") == "check_file_info"),
        mention=told.get("type") == "app_mention" or mentions(text, bot_user),
        root=direct or thread in ("", ts),
        shared=bool(body.get("is_ext_shared_channel")),
    )


def _changed(told: Json, workspace: str, bot_user: str, event_id: str) -> Reworded | None:
    now, before = told.get("message") or {}, told.get("previous_message") or {}
    if not _by_a_person(now) or now.get("text") == before.get("text"):
        return None
    if now.get("subtype") == "tombstone":  # what is left of the root of a thread that was deleted
        now = {**now, "text": ""}
    place = _place(workspace, {**now, "channel": told.get("channel")}, told.get("channel_type") == "im")
    return Reworded(
        person=_author(before if now.get("subtype") == "tombstone" else now, workspace),
        place=place,
        ts=str(now.get("ts", "")),
        text=typed(addressed(str(now.get("text") or ""), bot_user)),
        event=event_id,
    )


def _deleted(told: Json, workspace: str, event_id: str) -> Reworded | None:
    gone = told.get("previous_message") or {}
    if not _by_a_person(gone):
        return None
    place = _place(workspace, {**gone, "channel": told.get("channel")}, told.get("channel_type") == "im")
    return Reworded(
        person=_author(gone, workspace), place=place, ts=str(gone.get("ts", "")), text="", event=event_id
    )


def _by_a_person(told: Json) -> bool:
    """Not by a bot, ours or another's: two that answer each other would never stop."""
    user = told.get("user")
    return bool(user) and user != SYSTEM and not told.get("bot_id") and told.get("subtype") != "bot_message"


def _author(told: Json, workspace: str) -> Person:
    """Who wrote it; with Slack Connect their team is another than ours."""
    team = told.get("user_team") or told.get("source_team") or told.get("team") or workspace
    return Person(team=str(team), user=str(told.get("user", "")))


def _place(workspace: str, told: Json, direct: bool) -> Place:
    """The thread a message stands in or may begin; direct messages are one place."""
    thread = "" if direct else str(told.get("thread_ts") or told.get("ts") or "")
    return Place(workspace=workspace, channel=str(told.get("channel") or ""), thread=thread)


def _workspace(body: Json) -> str:
    """The team whose installation was told: in a shared channel that is not always the one named first."""
    authorizations: Sequence[Json] = body.get("authorizations") or ({},)
    return str(authorizations[0].get("team_id") or body.get("team_id") or "")


def shared(files: Iterable[Json]) -> tuple[File, ...]:
    """The files of a message by id, name, type and bytes."""
    found = (
        File(
            id=str(one.get("id", "")),
            name=str(one.get("name") or one.get("title") or "")[:200],
            kind=str(one.get("mimetype") or "")[:100],
            size=_whole(one.get("size")),
        )
        for one in files
        if one.get("id")
    )
    return tuple(found)[:SHARED_AT_ONCE]


def _whole(number: object) -> int:
    return number if isinstance(number, int) and number > 0 else 0


# ---------------------------------------------------------------- what is pressed, called for and sent back


def action(body: Json, workspace: str) -> Pressed | None:
    """What was pressed; `workspace` is ours, which a click does not always name."""
    pressed = next(iter(body.get("actions") or ()), None)
    person = _presser(body, workspace)
    if pressed is None or person is None:
        return None
    chosen = pressed.get("selected_option") or {}
    value = str(chosen.get("value") or pressed.get("value") or "")
    container = body.get("container") or {}
    ts = str(container.get("message_ts") or "")
    channel = str(container.get("channel_id") or (body.get("channel") or {}).get("id") or "")
    place = None
    if channel:
        thread = str(container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or "")
        place = Place(workspace=workspace, channel=channel, thread=thread)
    view = str(container.get("view_id") or "")
    name = (channel or view, ts, str(pressed.get("action_ts", "")), str(pressed.get("action_id", "")))
    return Pressed(
        person=person,
        place=place,
        value=value,
        key="/".join(name),
        trigger=str(body.get("trigger_id") or ""),
        ts=ts,
        hidden=bool(container.get("is_ephemeral")),
    )


def command(body: Json, workspace: str) -> Called | None:
    """A slash command."""
    user = str(body.get("user_id") or "")
    if not user:
        return None
    trigger = str(body.get("trigger_id") or "")
    return Called(
        person=Person(team=str(body.get("team_id") or workspace), user=user),
        workspace=workspace,
        text=typed(str(body.get("text") or "")),
        key=trigger,
        trigger=trigger,
    )


def shortcut(body: Json, workspace: str) -> Called | Pointed | None:
    """A shortcut: on a message, or everywhere."""
    person = _presser(body, workspace)
    if person is None:
        return None
    trigger = str(body.get("trigger_id") or "")
    if body.get("type") != "message_action":
        return Called(person=person, workspace=workspace, text="", key=trigger, trigger=trigger)
    message = body.get("message") or {}
    ts = str(message.get("ts") or body.get("message_ts") or "")
    channel = str((body.get("channel") or {}).get("id") or "")
    direct = channel.startswith("D")
    return Pointed(
        person=person,
        author=_author(message, workspace) if _by_a_person(message) else None,
        place=_place(workspace, {**message, "ts": ts, "channel": channel}, direct),
        ts=ts,
        text=typed(str(message.get("text") or "")),
        key=trigger,
        answer=str(body.get("response_url") or ""),
        files=shared(one for one in message.get("files") or () if isinstance(one, Mapping)),
    )


def view(body: Json, workspace: str) -> Submitted | None:
    """A form that was sent."""
    shown = body.get("view") or {}
    person = _presser(body, workspace)
    button = Button.parse(str(shown.get("private_metadata") or ""))
    form = shown.get("callback_id")
    if person is None or button is None or form not in (forms.DETAILS, forms.LATER, forms.COLLEAGUE):
        return None
    values = (shown.get("state") or {}).get("values") or {}

    def given(name: str) -> Json:
        found = (values.get(name) or {}).get(name) or {}
        return found if isinstance(found, Mapping) else {}

    reason = str((given(forms.REASON).get("selected_option") or {}).get("value") or "")
    return Submitted(
        person=person,
        form=form,
        button=button,
        key=f"{shown.get('id', '')}/{shown.get('hash', '')}",
        reason=reason if reason in REASONS else "",
        text=str(given(forms.WHAT).get("value") or "").strip(),
        reach=str(given(forms.REACH).get("value") or "").strip(),
        files=shared(given(forms.FILES).get("files") or ()),
        until=str((given(forms.UNTIL).get("selected_option") or {}).get("value") or ""),
        who=str(given(forms.WHO).get("selected_user") or ""),
    )


def _presser(body: Json, workspace: str) -> Person | None:
    user = body.get("user") or {}
    if not user.get("id"):
        return None
    return Person(team=str(user.get("team_id") or workspace), user=str(user["id"]))
