"""Reads what programs send: the bodies of the API, and the event that each means. Pure."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from adapters.web.inbound import KEY, REACH_LIMIT, TEXT_LIMIT, clean, details
from flows.events import (
    REASONS,
    Answered,
    Back,
    Dismissed,
    Escalated,
    Event,
    Nap,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Said,
    Withdrawn,
)

_TURN_LIMIT: Final = 2**31


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the NUL character isn't allowed")
    return clean(text)


def _with_words(text: str) -> str:
    if not text:
        raise ValueError("it must not be empty")
    return text


def _known_reason(reason: str) -> str:
    if reason and reason not in REASONS:
        raise ValueError(f"expected one of {', '.join(REASONS)}")
    return reason


_Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_without_nul)]
_Reach = Annotated[str, Field(max_length=REACH_LIMIT), AfterValidator(_without_nul)]
_Reason = Annotated[str, AfterValidator(_known_reason), Field(json_schema_extra={"enum": ["", *REASONS]})]
_Slug = Annotated[str, Field(max_length=64), AfterValidator(_without_nul)]
_Turn = Annotated[StrictInt, Field(ge=0, lt=_TURN_LIMIT, description="The turn that came with the choices.")]
_Key = Annotated[
    str,
    Field(
        pattern=rf"^{KEY.pattern}$",
        description="Identifies this event: sent again with the same key, it counts once. Without one, it's new.",
    ),
]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class Start(_Body):
    """Starts a conversation with the flow that the customer chose, or with their own description of the problem."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"flow": "connection-not-active", "key": "k7Jq0xVb2mWcR9tYp4LzAa"}]},
    )
    flow: _Slug | None = Field(None, description="The id of a flow. See GET /api/flows.")
    text: _Text | None = Field(
        None, description="The error message, or the problem in the customer's own words."
    )
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")] | None = Field(
        None,
        description=(
            "22 to 64 random URL-safe characters. Without a cookie, the key identifies the visitor: sent again, "
            "it returns the same conversation and token. Keep it as secret as the token."
        ),
    )


class AnsweredBody(_Body):
    """The customer chose one of the prompt's answers, or one that the suggestion asks about."""

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
    """The customer wrote a message.

    If it clearly means one of the answers, it counts as that answer; if it likely does, the state has a `suggestion`.
    """

    type: Literal["said"]
    text: Annotated[_Text, AfterValidator(_with_words)]
    turn: _Turn | None = Field(
        None,
        description="The turn on screen when the customer wrote. Words for a turn that has passed are kept, and answer"
        " nothing. Without it, words that come within four seconds of a new prompt count for the one before.",
    )
    key: _Key | None = None


class DismissedBody(_Body):
    """The customer says that the suggestion isn't what they meant."""

    type: Literal["dismissed"]
    turn: _Turn
    key: _Key | None = None


class MoveBody(_Body):
    """The customer pressed Back or Start over."""

    type: Literal["back", "restart"]
    turn: _Turn | None = None
    key: _Key | None = None


class EscalateBody(_Body):
    """The customer asked for a person."""

    type: Literal["escalate"]
    reason: _Reason = ""
    key: _Key | None = None


class LaterBody(_Body):
    """The customer will continue later: no reminders until then."""

    type: Literal["later"]
    until: Nap
    key: _Key | None = None


class DetailsBody(_Body):
    """The customer added details to an open ticket: at least one of the three."""

    type: Literal["details"]
    reason: _Reason = ""
    text: _Text = ""
    reach: _Reach = ""
    key: _Key | None = None


class RatedBody(_Body):
    """The customer rated a resolved conversation from 1 (poor) to 5 (great). It counts once."""

    type: Literal["rated"]
    score: Annotated[StrictInt, Field(ge=1, le=5)]
    text: _Text = ""
    key: _Key | None = None


class PlainBody(_Body):
    """The problem is happening again (reopen), or the customer canceled the ticket (withdraw)."""

    type: Literal["reopen", "withdraw"]
    key: _Key | None = None


EventBody = Annotated[
    AnsweredBody
    | SaidBody
    | DismissedBody
    | MoveBody
    | EscalateBody
    | LaterBody
    | DetailsBody
    | RatedBody
    | PlainBody,
    Field(discriminator="type"),
]


def event_of_body(body: EventBody, conversation: str, actor: str, key: str) -> Event:
    """Return the event that a body means. Raises BadRequest if details are empty."""
    who: dict[str, Any] = {"conversation": conversation, "actor": actor, "key": key}
    match body:
        case AnsweredBody():
            return Answered(turn=body.turn, choice=body.choice, **who)
        case SaidBody():
            return Said(turn=body.turn, text=body.text, **who)
        case DismissedBody():
            return Dismissed(turn=body.turn, **who)
        case MoveBody():
            return (Back if body.type == "back" else Restarted)(turn=body.turn, **who)
        case EscalateBody():
            return Escalated(reason=body.reason or "asked", **who)
        case LaterBody():
            return Napped(until=body.until, **who)
        case DetailsBody():
            return details(body.reason, body.text, body.reach, who)
        case RatedBody():
            return Rated(score=body.score, text=body.text, **who)
        case PlainBody():
            return (Reopened if body.type == "reopen" else Withdrawn)(**who)
