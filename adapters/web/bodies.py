"""What programs send: the bodies of the API, and the event each of them means. Pure."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from adapters.web.inbound import KEY, REACH_LIMIT, TEXT_LIMIT, clean, details
from flows.events import (
    REASONS,
    Answered,
    Back,
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


_Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_without_nul)]
_Reach = Annotated[str, Field(max_length=REACH_LIMIT), AfterValidator(_without_nul)]
_Reason = Annotated[str, AfterValidator(_known_reason), Field(json_schema_extra={"enum": ["", *REASONS]})]
_Slug = Annotated[str, Field(max_length=64), AfterValidator(_without_nul)]
_Turn = Annotated[StrictInt, Field(ge=0, lt=_TURN_LIMIT, description="The turn the answer was shown with.")]
_Key = Annotated[
    str,
    Field(
        pattern=rf"^{KEY.pattern}$",
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


class RatedBody(_Body):
    """How it went, after a solution: 1 (badly) to 5 (well); once."""

    type: Literal["rated"]
    score: Annotated[StrictInt, Field(ge=1, le=5)]
    text: _Text = ""
    key: _Key | None = None


class PlainBody(_Body):
    """It's back (reopen), or the ticket is taken back (withdraw)."""

    type: Literal["reopen", "withdraw"]
    key: _Key | None = None


EventBody = Annotated[
    AnsweredBody | SaidBody | MoveBody | EscalateBody | LaterBody | DetailsBody | RatedBody | PlainBody,
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
            return details(body.reason, body.text, body.reach, who)
        case RatedBody():
            return Rated(score=body.score, text=body.text, **who)
        case PlainBody():
            return (Reopened if body.type == "reopen" else Withdrawn)(**who)
