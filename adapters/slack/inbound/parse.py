"""From what Slack delivers to what happened: one frozen value each, or None for what does not concern us. Pure.

Keys name the happening (law L1): a message is its channel and ts, so that `app_mention` and `message` of one mention
are one; a click is its message, its action and the time of the action; commands, shortcuts and forms have ids of
their own. Every field is what Slack says of a person it has authenticated; nothing a person can type gets into a key.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.slack.api.addresses import SLACK, Person, Place
from adapters.slack.api.payload import Json, text, thing, things, whole
from adapters.slack.inbound.events import (
    CommandCalled,
    HomeOpened,
    MessageEdited,
    MessageShortcut,
    Pressed,
    Submitted,
    Written,
    microseconds,
)
from adapters.slack.inbound.mrkdwn import addressed, mentions, typed
from adapters.slack.render import forms
from adapters.slack.render.tokens import read_token
from flows.button import Button
from flows.conversation import Address
from flows.events import REASONS, SHARED_AT_ONCE, File

HEARD: Final = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person has written; all others tell of joins, topics, bots and the like."""

SYSTEM: Final = "USLACK"
"""Slack's own user, whose messages in the Messages tab bear no subtype."""

SUBMITTED: Final = (forms.DETAILS, forms.LATER, forms.COLLEAGUE, forms.WHY)
"""Forms that are sent back."""

LONGEST: Final = 40_000
"""Characters of a message: Slack cuts there as well."""


# ---------------------------------------------------------------- events


def event(body: Json, bot_user: str) -> Written | MessageEdited | HomeOpened | None:
    """What an event tells."""
    told, workspace = thing(body.get("event")), _workspace(body)
    match told.get("type"):
        case "app_home_opened":
            user = text(told.get("user"))
            if told.get("tab") != "home" or not user:
                return None
            return HomeOpened(person=Person(team=workspace, user=user), workspace=workspace)
        case "message" | "app_mention":
            return _message(told, body, workspace, bot_user)
        case _:
            return None


def _message(told: Json, body: Json, workspace: str, bot_user: str) -> Written | MessageEdited | None:
    subtype = text(told.get("subtype"))
    if subtype in ("message_changed", "message_deleted"):
        happening = text(body.get("event_id"))
        was = thing(told.get("previous_message"))
        now = thing(told.get("message")) if subtype == "message_changed" else None
        return _reworded(told, now, was, workspace, bot_user, happening)
    place, ts = _place(workspace, told), text(told.get("ts"))
    if subtype not in HEARD or not _by_a_person(told) or not (ts and place.channel):
        return None
    said = text(told.get("text"))[:LONGEST]
    files = things(told.get("files"))
    return Written(
        person=_author(told, workspace),
        place=place,
        ts=ts,
        text=typed(addressed(said, bot_user)),
        files=shared(files, workspace),
        hidden=_hidden(files),
        mention=told.get("type") == "app_mention" or mentions(said, bot_user),
        shared=bool(body.get("is_ext_shared_channel")),
        ours=bool(bot_user) and told.get("parent_user_id") == bot_user,
    )


def _reworded(
    told: Json, now: Json | None, was: Json, workspace: str, bot_user: str, happening: str
) -> MessageEdited | None:
    """A message that is now so, or gone; what is left of the root of a thread that was deleted is gone as well."""
    if now is not None and now.get("subtype") != "tombstone":
        left, said = now, text(now.get("text"))[:LONGEST]
        if said == text(was.get("text")):
            return None
    else:
        left, said = was or (now or {}), ""
    place, ts = _place(workspace, {**told, **left, "channel": told.get("channel")}), text(left.get("ts"))
    if not _by_a_person(left) or not (ts and place.channel and happening):
        return None
    words = typed(addressed(said, bot_user))
    when = microseconds(text(told.get("event_ts")) or text(told.get("ts")))
    return MessageEdited(
        person=_author(left, workspace),
        place=place,
        ts=ts,
        text=words,
        event=happening,
        moment=when,
        mention=mentions(said, bot_user),
    )


def _by_a_person(told: Json) -> bool:
    """Not by a bot, ours or another's: two that answer each other would never stop."""
    user = text(told.get("user"))
    return bool(user) and user != SYSTEM and not told.get("bot_id") and told.get("subtype") != "bot_message"


def _author(told: Json, workspace: str) -> Person:
    """Who wrote it; with Slack Connect their team is another than ours."""
    teams = (text(told.get(name)) for name in ("user_team", "source_team", "team"))
    return Person(team=next(filter(None, teams), workspace), user=text(told.get("user")))


def _place(workspace: str, told: Json) -> Place:
    """The thread a message stands in or may begin; direct messages are one place.

    An `app_mention` says nothing of where it happened but its channel; direct messages never have one.
    """
    channel = text(told.get("channel"))
    direct = told.get("channel_type") == "im" or channel.startswith("D")
    thread = "" if direct else text(told.get("thread_ts")) or text(told.get("ts"))
    return Place(workspace=workspace, channel=channel, thread=thread)


def _workspace(body: Json) -> str:
    """The team whose installation was told: in a shared channel that is not always the one named first."""
    authorizations: Sequence[Json] = things(body.get("authorizations")) or ({},)
    return text(authorizations[0].get("team_id")) or text(body.get("team_id"))


def shared(files: Iterable[Json], workspace: str = "") -> tuple[File, ...]:
    """The files of a message by id, name, type and bytes; they lie in that workspace."""
    at = str(Address(channel=SLACK, workspace=workspace))
    found = (
        File(
            id=text(one.get("id")),
            name=(text(one.get("name")) or text(one.get("title")))[:200],
            kind=text(one.get("mimetype"))[:100],
            size=whole(one.get("size")),
            at=at,
        )
        for one in files
        if text(one.get("id"))
    )
    return tuple(found)[:SHARED_AT_ONCE]


def _hidden(files: Iterable[Json]) -> tuple[str, ...]:
    """Those of the files taken that Slack tells no more of than that they are there."""
    taken = [one for one in files if text(one.get("id"))][:SHARED_AT_ONCE]
    return tuple(text(one["id"]) for one in taken if one.get("file_access") == "check_file_info")


# ---------------------------------------------------------------- what is pressed, called for and sent back


def action(body: Json, workspace: str) -> Pressed | None:
    """What was pressed; `workspace` is ours, which a click does not always name."""
    pressed = next(iter(things(body.get("actions"))), None)
    person = _presser(body, workspace)
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
    """A slash command."""
    user, trigger = text(body.get("user_id")), text(body.get("trigger_id"))
    if not user:
        return None
    return CommandCalled(
        person=Person(team=text(body.get("team_id")) or workspace, user=user),
        workspace=workspace,
        text=typed(text(body.get("text"))),
        key=trigger,
        trigger=trigger,
    )


def shortcut(body: Json, workspace: str) -> CommandCalled | MessageShortcut | None:
    """A shortcut: on a message, or everywhere."""
    person, trigger = _presser(body, workspace), text(body.get("trigger_id"))
    if person is None:
        return None
    if body.get("type") != "message_action":
        return CommandCalled(person=person, workspace=workspace, text="", key=trigger, trigger=trigger)
    message = thing(body.get("message"))
    ts = text(message.get("ts")) or text(body.get("message_ts"))
    channel = text(thing(body.get("channel")).get("id"))
    if not (ts and channel):
        return None
    files = things(message.get("files"))
    return MessageShortcut(
        person=person,
        author=_author(message, workspace) if _by_a_person(message) else None,
        place=_place(workspace, {**message, "ts": ts, "channel": channel}),
        ts=ts,
        text=typed(text(message.get("text"))[:LONGEST]),
        key=trigger,
        answer=text(body.get("response_url")),
        shortcut=text(body.get("callback_id")),
        files=shared(files, workspace),
        hidden=_hidden(files),
    )


def view(body: Json, workspace: str) -> Submitted | None:
    """A form that was sent."""
    shown, person = thing(body.get("view")), _presser(body, workspace)
    button = Button.parse(text(shown.get("private_metadata")))
    form = text(shown.get("callback_id"))
    if person is None or button is None or form not in SUBMITTED:
        return None
    values = thing(thing(shown.get("state")).get("values"))

    def given(name: str) -> Json:
        return thing(thing(values.get(name)).get(name))

    reason = text(thing(given(forms.REASON).get("selected_option")).get("value"))
    return Submitted.model_validate(
        {
            "person": person,
            "form": form,
            "button": button,
            "key": f"{text(shown.get('id'))}/{text(shown.get('hash'))}",
            "reason": reason if reason in REASONS else "",
            "text": text(given(forms.WHAT).get("value")).strip(),
            "reach": text(given(forms.REACH).get("value")).strip(),
            "files": shared(things(given(forms.FILES).get("files")), workspace),
            "until": text(thing(given(forms.UNTIL).get("selected_option")).get("value")),
            "who": text(given(forms.WHO).get("selected_user")),
        }
    )


def _presser(body: Json, workspace: str) -> Person | None:
    user = thing(body.get("user"))
    if not text(user.get("id")):
        return None
    return Person(team=text(user.get("team_id")) or workspace, user=text(user["id"]))
