"""What comes in, read: forms of the page and bodies of the API become events, or are said to make no sense. Pure."""

import re
from collections.abc import Callable, Mapping
from hashlib import blake2s
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from flows.conversation import Address
from flows.events import (
    REASONS,
    Answered,
    Back,
    Detailed,
    Escalated,
    Event,
    Joined,
    Nap,
    Napped,
    Reopened,
    Restarted,
    Said,
    Started,
    Withdrawn,
)

TEXT_LIMIT: Final = 4000
"""Characters a person may say at once."""

REACH_LIMIT: Final = 200
_UNREADABLE: Final = "That form cannot be read. Please open the page again."
_TURN_LIMIT: Final = 2**31
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


class Misread(Exception):
    """What came in makes no sense; the text says why, to a person."""


def clean(text: str) -> str:
    """A person's words with one kind of line end and without characters nobody can see."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the character NUL is not allowed")
    return clean(text)


def _with_words(text: str) -> str:
    if not text:
        raise ValueError("there is nothing in it")
    return text


def _known_reason(reason: str) -> str:
    if reason and reason not in REASONS:
        raise ValueError(f"expected one of {', '.join(REASONS)}")
    return reason


# ---------------------------------------------------------------- bodies of the API

_Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_without_nul)]
_Reach = Annotated[str, Field(max_length=REACH_LIMIT), AfterValidator(_without_nul)]
_Reason = Annotated[str, AfterValidator(_known_reason), Field(json_schema_extra={"enum": ["", *REASONS]})]
_Slug = Annotated[str, Field(max_length=64), AfterValidator(_without_nul)]
_Turn = Annotated[StrictInt, Field(ge=0, lt=_TURN_LIMIT, description="The turn the answer was shown with.")]
_Key = Annotated[
    str,
    Field(
        pattern=rf"^{_KEY.pattern}$",
        description="Names this happening: sent again with the same key it counts once. Without one it is new.",
    ),
]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class Start(_Body):
    """A customer comes: with the flow they picked, or with what they say is wrong."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"flow": "connection-not-active", "key": "k7Jq0xVb2mWcR9tYp4LzAa"}]},
    )
    flow: _Slug | None = Field(None, description="The id of a flow; see GET /api/flows.")
    text: _Text | None = Field(
        None, description="The error message, or the problem in the customer's own words."
    )
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")] | None = Field(
        None,
        description=(
            "22 to 64 random URL-safe characters. Where there is no cookie it stands for the visitor: sent again, "
            "it gives the same conversation and token. Keep it as you would keep the token."
        ),
    )


class AnsweredBody(_Body):
    """One of the prompt's choices was pressed."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [{"type": "answered", "turn": 1, "choice": "still-failing", "key": "click-1"}]
        },
    )
    type: Literal["answered"]
    turn: _Turn
    choice: _Slug
    key: _Key | None = None


class SaidBody(_Body):
    """The customer wrote something; where it is plain it counts as the answer it means."""

    type: Literal["said"]
    text: Annotated[_Text, AfterValidator(_with_words)]
    turn: _Turn | None = None
    key: _Key | None = None


class MoveBody(_Body):
    """Back, or Start over."""

    type: Literal["back", "restart"]
    turn: _Turn | None = None
    key: _Key | None = None


class EscalateBody(_Body):
    """Talk to a person."""

    type: Literal["escalate"]
    reason: _Reason = ""
    key: _Key | None = None


class LaterBody(_Body):
    """No nudges until then."""

    type: Literal["later"]
    until: Nap
    key: _Key | None = None


class DetailsBody(_Body):
    """What the customer adds to an open ticket; at least one of the three."""

    type: Literal["details"]
    reason: _Reason = ""
    text: _Text = ""
    reach: _Reach = ""
    key: _Key | None = None


class PlainBody(_Body):
    """It's back (reopen), or the ticket is taken back (withdraw)."""

    type: Literal["reopen", "withdraw"]
    key: _Key | None = None


EventBody = Annotated[
    AnsweredBody | SaidBody | MoveBody | EscalateBody | LaterBody | DetailsBody | PlainBody,
    Field(discriminator="type"),
]


def event_of_body(body: EventBody, conversation: str, actor: str, key: str) -> Event:
    """The event a body of the API means. Raises Misread where details hold nothing."""
    who: dict[str, Any] = {"conversation": conversation, "actor": actor, "key": key}
    match body:
        case AnsweredBody():
            return Answered(turn=body.turn, choice=body.choice, **who)
        case SaidBody():
            return Said(turn=body.turn, text=body.text, **who)
        case MoveBody():
            return (Back if body.type == "back" else Restarted)(turn=body.turn, **who)
        case EscalateBody():
            return Escalated(reason=body.reason or "asked", **who)
        case LaterBody():
            return Napped(until=body.until, **who)
        case DetailsBody():
            return _details(body.reason, body.text, body.reach, who)
        case PlainBody():
            return (Reopened if body.type == "reopen" else Withdrawn)(**who)


def started(person: str, actor: str, key: str, flow: str = "", text: str = "") -> Started:
    """A visitor at their door; there is a door for each flow, and one where no flow was picked."""
    address = Address(channel="web", person=person)
    return Started(
        door=f"web/{person}/{flow}", address=str(address), key=key, actor=actor, flow=flow, text=text
    )


def joined(conversation: str, actor: str, link: str) -> Joined:
    """A further device of the customer came by a one-time link."""
    return Joined(conversation=conversation, actor=actor, key=f"join.{digest(link)}")


# ---------------------------------------------------------------- forms of the page


def event_of_form(fields: Mapping[str, str], conversation: str, actor: str) -> Event:
    """The event a form of the page means. Raises Misread.

    The field `do` says what was pressed ("answered:fixed", "later:hour", "back"). A form's key is made once when
    it is drawn; what was pressed and typed becomes part of it, so that a double click counts once and another
    button of the same page counts as well.
    """
    do, _, value = fields.get("do", "").partition(":")
    text = clean(fields.get("text", "")[:TEXT_LIMIT])
    reach = clean(fields.get("reach", "")[:REACH_LIMIT]).replace("\n", " ")
    who: dict[str, Any] = {
        "conversation": conversation,
        "actor": actor,
        "key": _form_key(fields, f"{do}\n{value}\n{text}\n{reach}"),
    }
    turn = _turn(fields)
    makers: dict[str, Callable[[], Event]] = {
        "answered": lambda: Answered(turn=turn, choice=clean(value)[:64], **who),
        "said": lambda: Said(turn=turn, text=_words(text), **who),
        "back": lambda: Back(turn=turn, **who),
        "restart": lambda: Restarted(turn=turn, **who),
        "escalate": lambda: Escalated(**who),
        "later": lambda: Napped(until=_nap(value), **who),
        "details": lambda: _details(value, text, reach, who),
        "reopen": lambda: Reopened(**who),
        "withdraw": lambda: Withdrawn(**who),
    }
    if do not in makers:
        raise Misread(_UNREADABLE)
    return makers[do]()


def start_of_form(fields: Mapping[str, str], person: str, actor: str) -> Started:
    """The start a form of the front page means. Raises Misread.

    `do` is "flow:ID", "text" (with `text`) or "person", which begins at the question which problem it is.
    """
    do, _, flow = fields.get("do", "").partition(":")
    text = clean(fields.get("text", "")[:TEXT_LIMIT]) if do == "text" else ""
    key = _form_key(fields, f"{do}\n{flow}\n{text}")
    if do == "text" and not text:
        raise Misread("Paste the error message, or say in your own words what is wrong.")
    if do not in ("flow", "text", "person"):
        raise Misread(_UNREADABLE)
    return started(person, actor, key, flow=clean(flow)[:64] if do == "flow" else "", text=text)


def digest(text: str) -> str:
    """A short name for a text, for keys."""
    return blake2s(text.encode(), digest_size=8).hexdigest()


def _form_key(fields: Mapping[str, str], pressed: str) -> str:
    key = fields.get("key", "")
    if not _KEY.fullmatch(key):
        raise Misread(_UNREADABLE)
    return f"{key}.{digest(pressed)}"


def _turn(fields: Mapping[str, str]) -> int:
    turn = fields.get("turn", "")
    if not re.fullmatch(r"[0-9]{1,9}", turn):
        raise Misread(_UNREADABLE)
    return int(turn)


def _nap(value: str) -> Nap:
    for nap in get_args(Nap):
        if value == nap:
            return nap  # type: ignore[no-any-return]  # get_args knows no types
    raise Misread("Later means in an hour, tomorrow, or when you are at that computer.")


def _words(text: str) -> str:
    if not text:
        raise Misread("There was nothing written yet.")
    return text


def _details(reason: str, text: str, reach: str, who: dict[str, Any]) -> Detailed:
    if reason and reason not in REASONS:
        raise Misread(f"A reason is one of {', '.join(REASONS)}.")
    if not (reason or text or reach):
        raise Misread("There was nothing to add yet.")
    return Detailed(reason=reason, text=text, reach=reach, **who)
