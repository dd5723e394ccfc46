"""What agents send, read: each form of the desk becomes one event, or is said to make no sense. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, get_args

from adapters.web.desk.sessions import actor
from adapters.web.inbound import TEXT_LIMIT, Misread, clean, digest
from bot.ports import Account
from flows.acts import (
    Allowed,
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Noted,
    Released,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Until,
    Woken,
)
from flows.events import Edited, Event, File
from flows.orders import unanswered
from flows.text.agent_phrases import AGENT_PHRASES, phrase

UNREADABLE: Final = AGENT_PHRASES["form_unreadable"]
EMPTY: Final = AGENT_PHRASES["write_first"]
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_COMMAND: Final = re.compile(r"!\w+")


def marked(text: str) -> bool:
    """Whether a note begins as a reply does where agents talk in a chat."""
    return text.startswith("!")


def looks_like_a_command(text: str) -> bool:
    """`!close` and its like: such a word is never sent to a customer."""
    return _COMMAND.fullmatch(text) is not None


def unmarked(text: str) -> str:
    """The text without the mark."""
    return text.removeprefix("!").lstrip()


def words(fields: Mapping[str, str]) -> str:
    """What was written. Raises Misread for nothing."""
    text = clean(fields.get("text", "")[:TEXT_LIMIT])
    if not text:
        raise Misread(EMPTY)
    return text


def event_of_form(
    act: str,
    fields: Mapping[str, str],
    done: Sequence[str],
    conversation: str,
    by: Account,
    files: tuple[File, ...] = (),
) -> Event:
    """The event that a form means, with the files it brought; `act` is the last part of its address. Raises Misread.

    A form's key is made when it is drawn; what was chosen and written becomes part of it, so that a double click
    counts once.
    """
    names = (file.name for file in files)
    said = "\n".join(
        [*(f"{name}={fields[name]}" for name in sorted(fields) if name != "proof"), *done, *names]
    )
    key = fields.get("key", "")
    if not _KEY.fullmatch(key) or act not in _MAKERS:
        raise Misread(UNREADABLE)
    who: dict[str, Any] = {
        "conversation": conversation,
        "actor": actor(by.id),
        "name": by.name,
        "key": f"{key}.{digest(f'{act} {said}')}",
    }
    return _MAKERS[act](fields, done, who | ({"files": files} if files else {}))


Who = Mapping[str, Any]
Make = Callable[[Mapping[str, str], Sequence[str], Who], Event]


def _transferred(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    """`to` is "team:ID" or "agent:ID", of an account whose name the caller has put into `to_name`."""
    kind, _, to = _short(fields, "to").partition(":")
    if kind == "team" and to:
        return Transferred(team=to, **who)
    if kind == "agent" and to:
        return Transferred(to=actor(to), to_name=fields.get("to_name", ""), **who)
    raise Misread(unanswered("transfer"))


def _handed_back(fields: Mapping[str, str], done: Sequence[str], who: Who) -> Event:
    """`at` is "STEP", or "FLOW/STEP" for another guide."""
    flow, _, step = _short(fields, "at").rpartition("/")
    return HandedBack(flow=flow, step=step, done=tuple(done), **who)


def _concluded(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    return Concluded(reason=_short(fields, "reason"), text=clean(fields.get("text", "")[:TEXT_LIMIT]), **who)


def _snoozed(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    for until in get_args(Until):
        if fields.get("until") == until:
            return Snoozed(until=until, **who)
    raise Misread(unanswered("snooze"))


def _replied(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    text = clean(fields.get("text", "")[:TEXT_LIMIT]) if "files" in who else words(fields)
    if looks_like_a_command(text):
        raise Misread(phrase("sends_no_commands", text=text))
    text = unmarked(text)
    if not text and "files" not in who:
        raise Misread(EMPTY)
    return Replied(text=text, **who)


def _changed(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    """Of a line of one's own, by its version; whether it is one is for the desk to know."""
    return _edited(fields, words(fields), who)


def _taken_back(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    return _edited(fields, "", who)


def _edited(fields: Mapping[str, str], text: str, who: Who) -> Event:
    version = fields.get("version", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise Misread(UNREADABLE)
    given = {name: value for name, value in who.items() if name != "name"}
    return Edited(version=int(version), text=text, **given)


def _forwarded(fields: Mapping[str, str], _done: Sequence[str], who: Who) -> Event:
    return Forwarded(team=_short(fields, "team"), **who)


_MAKERS: Final[Mapping[str, Make]] = {
    "claim": lambda _fields, _done, who: Claimed(**who),
    "release": lambda _fields, _done, who: Released(**who),
    "allow": lambda _fields, _done, who: Allowed(**who),
    "transfer": _transferred,
    "reply": _replied,
    "note": lambda fields, _done, who: Noted(text=words(fields), **who),
    "change": _changed,
    "take-back": _taken_back,
    "hand-back": _handed_back,
    "step": lambda fields, _done, who: Showed(step=_short(fields, "step"), **who),
    "resolve": _concluded,
    "snooze": _snoozed,
    "wake": lambda _fields, _done, who: Woken(**who),
    "forward": _forwarded,
}

ACTS: Final = tuple(_MAKERS)
"""The last part of the address of each form."""


def _short(fields: Mapping[str, str], name: str) -> str:
    return clean(fields.get(name, "")[:80])
