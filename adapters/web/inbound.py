"""Turns the page's forms into events, or raises BadRequest. Pure."""

import re
from collections.abc import Callable, Mapping
from hashlib import blake2s
from typing import Any, Final, get_args

from adapters.web.texts import PAGE
from flows.conversation import Address
from flows.events import (
    REASONS,
    Answered,
    Back,
    Detailed,
    Dismissed,
    Escalated,
    Event,
    File,
    Joined,
    Nap,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Said,
    Started,
    Withdrawn,
)
from flows.text.visible import visible

TEXT_LIMIT: Final = 40_000
"""Most characters of one message, as in Slack. All of them are read; of a long message, less is kept."""

REACH_LIMIT: Final = 200
KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class BadRequest(Exception):
    """A form or a body cannot be turned into an event. The message says why, for the customer or agent."""


def clean(text: str) -> str:
    """Normalize the line ends of a person's text and remove invisible characters."""
    return visible(text).strip()


def text_of(fields: Mapping[str, str]) -> str:
    """Return a form's text. Raises BadRequest if it is too long: nothing is ever cut unsaid."""
    text = clean(fields.get("text", ""))
    if len(text) > TEXT_LIMIT:
        raise BadRequest(PAGE.say("too_long", count=f"{TEXT_LIMIT:,}"))
    return text


def started(person: str, actor: str, key: str, flow: str = "", text: str = "") -> Started:
    """Make the event that starts a visitor's conversation. Each flow has its own door; one is for no chosen flow."""
    address = Address(channel="web", person=person)
    return Started(
        door=f"web/{person}/{flow}", address=str(address), key=key, actor=actor, flow=flow, text=text
    )


def joined(conversation: str, actor: str, link: str) -> Joined:
    """Make the event of a customer's other device that opened a one-time link."""
    return Joined(conversation=conversation, actor=actor, key=f"join.{digest(link)}")


# ---------------------------------------------------------------- forms of the page


def event_of_form(
    fields: Mapping[str, str], conversation: str, actor: str, files: tuple[File, ...] = ()
) -> Event:
    """Make the event of a form with its files. Raises BadRequest.

    The field `do` names the pressed button ("answered:fixed", "later:hour", "back"). A form gets its key when it is
    drawn. The event's key adds the button and the text, so that a double click counts once, but another button of the
    same page counts, too.
    """
    do, _, value = fields.get("do", "").partition(":")
    text = text_of(fields)
    reach = clean(fields.get("reach", "")[:REACH_LIMIT]).replace("\n", " ")
    who: dict[str, Any] = {
        "conversation": conversation,
        "actor": actor,
        "key": _form_key(
            fields, "\n".join((do, value, text, reach, *(f"{file.name} {file.id}" for file in files)))
        ),
    }
    turn = _turn(fields)
    makers: dict[str, Callable[[], Event]] = {
        "answered": lambda: Answered(turn=turn, choice=clean(value)[:64], **who),
        "said": lambda: Said(turn=turn, text=text if files else _words(text), files=files, **who),
        "dismissed": lambda: Dismissed(turn=turn, **who),
        "back": lambda: Back(turn=turn, **who),
        "restart": lambda: Restarted(turn=turn, **who),
        "escalate": lambda: Escalated(**who),
        "later": lambda: Napped(until=_nap(value), **who),
        "details": lambda: details(value, text, reach, who, files),
        "rated": lambda: Rated(score=_score(value), text=text, **who),
        "reopen": lambda: Reopened(**who),
        "withdraw": lambda: Withdrawn(**who),
    }
    if do not in makers:
        raise BadRequest(PAGE["page_expired"])
    return makers[do]()


def start_of_form(fields: Mapping[str, str], person: str, actor: str) -> Started:
    """Make the start event of a form on the front page. Raises BadRequest.

    `do` is "flow:ID", "text" (with `text`) or "person", which starts with the picker. After a question about the text,
    `do` is "here:ID" of the conversation that the text is about, or "new".
    """
    do, _, flow = fields.get("do", "").partition(":")
    text = text_of(fields) if do in _WITH_TEXT else ""
    key = _form_key(fields, f"{do}\n{flow}\n{text}")
    if do in _WITH_TEXT and not text:
        raise BadRequest(PAGE["paste_first"])
    if do not in ("flow", "person", *_WITH_TEXT):
        raise BadRequest(PAGE["page_expired"])
    return started(person, actor, key, flow=clean(flow)[:64] if do == "flow" else "", text=text)


_WITH_TEXT: Final = ("text", "here", "new")
"""The buttons that send the pasted text."""


def digest(text: str) -> str:
    """Return a text's short hash, for keys."""
    return blake2s(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _form_key(fields: Mapping[str, str], pressed: str) -> str:
    key = fields.get("key", "")
    if not KEY.fullmatch(key):
        raise BadRequest(PAGE["page_expired"])
    return f"{key}.{digest(pressed)}"


def _turn(fields: Mapping[str, str]) -> int:
    return _number(fields, "turn")


def _number(fields: Mapping[str, str], name: str) -> int:
    number = fields.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise BadRequest(PAGE["page_expired"])
    return int(number)


def version_of_form(fields: Mapping[str, str]) -> int:
    """Return the version that a form names. Raises BadRequest."""
    return _number(fields, "version")


def _score(value: str) -> int:
    if not re.fullmatch("[1-5]", value):
        raise BadRequest(PAGE["score_range"])
    return int(value)


def _nap(value: str) -> Nap:
    for nap in get_args(Nap):
        if value == nap:
            return nap  # type: ignore[no-any-return]  # get_args returns Any
    raise BadRequest(PAGE["later_choices"])


def _words(text: str) -> str:
    if not text:
        raise BadRequest(PAGE["write_first"])
    return text


def details(
    reason: str, text: str, reach: str, who: dict[str, Any], files: tuple[File, ...] = ()
) -> Detailed:
    """Make the event that adds details to a ticket. Raises BadRequest if there are none."""
    if reason and reason not in REASONS:
        raise BadRequest(PAGE.say("reasons", reasons=", ".join(REASONS)))
    if not (reason or text or reach or files):
        raise BadRequest(PAGE["add_first"])
    return Detailed(reason=reason, text=text, reach=reach, files=files, **who)
