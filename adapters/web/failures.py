"""When something does not work: one list of what can go wrong, shown as a page or as a problem document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.web.guard import TooMany
from adapters.web.inbound import Misread
from adapters.web.state import Problem, State
from bot.ports import Contended, RevisionUnreadable, StoreDown
from flows.conversation import Status
from flows.phrases import PHRASES
from flows.screen import Screen

RETRY: Final = {"retry-after": "2"}


@dataclass(eq=False)
class Failure(Exception):
    """Why there is no answer: `detail` is a sentence for people, `code` a name for programs."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)


def no_conversation() -> Failure:
    """It does not exist, or is somebody else's: from outside there is no difference."""
    return Failure(404, "no_conversation", PHRASES["no_conversation"])


def why_not(screen: Screen, why: str) -> str:
    """What somebody is told whose click changed nothing. Where a person has it meanwhile, that is why."""
    at = screen.conversation
    if at.status is Status.WITH_AGENT:
        return PHRASES["with_agent"].format(agent=at.held_by or "a person")
    return PHRASES[why]


def failure_of(error: Exception) -> Failure:
    """What to say about an error."""
    match error:
        case Failure():
            return error
        case StoreDown():
            return Failure(503, "store_down", PHRASES["store_down"], RETRY)
        case Contended():
            return Failure(503, "contended", PHRASES["contended"], RETRY)
        case RevisionUnreadable():
            return Failure(
                503,
                "revision_unreadable",
                "This conversation began with a newer version of this page. Please try again in a minute.",
                {"retry-after": "60"},
            )
        case TooMany():
            detail = "That was a lot at once. Please wait a moment and press it again."
            return Failure(429, "too_many", detail, {"retry-after": str(max(1, ceil(error.seconds)))})
        case Misread():
            return Failure(422, "misread", str(error))
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return _http(error)
        case _:
            return Failure(500, "broken", "Something is broken on our side. Nothing you did was wrong.")


def _http(error: HTTPException) -> Failure:
    plain = {
        400: ("malformed", "What was sent cannot be read."),
        404: ("not_found", "There is no page at this address."),
        405: ("method", "That cannot be done at this address."),
        413: ("too_large", str(error.detail)),
    }
    code, detail = plain.get(error.status_code, ("http", str(error.detail)))
    return Failure(error.status_code, code, detail, error.headers or {})


def _invalid(error: RequestValidationError) -> Failure:
    """What is wrong with a body, without repeating what was in it."""
    if any(found["type"] == "json_invalid" for found in error.errors()):
        return Failure(400, "malformed", "The body cannot be read as JSON.")
    lines = [
        f"{_place(found['loc'])}: {found['msg'].removeprefix('Value error, ')}" for found in error.errors()
    ]
    return Failure(422, "invalid", "The body is not what is expected here.", members={"errors": lines})


def _place(place: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in place if part != "body"]
    return ".".join(parts)[:80].encode("ascii", "replace").decode() or "body"


def problem(failure: Failure, support: str = "") -> Response:
    """The failure as a problem document (RFC 9457)."""
    if failure.status == HTTPStatus.SERVICE_UNAVAILABLE and support:
        failure = Failure(
            failure.status,
            failure.code,
            failure.detail,
            failure.headers,
            {**failure.members, "support": support},
        )
    told = Problem(
        title=HTTPStatus(failure.status).phrase,
        status=failure.status,
        detail=failure.detail,
        code=failure.code,
        **failure.members,
    )
    members = {
        name: value
        for name, value in told.model_dump(mode="json", by_alias=True).items()
        if value is not None
    }
    return Response(
        orjson.dumps(members),
        status_code=failure.status,
        headers=dict(failure.headers),
        media_type="application/problem+json",
    )


def refused(status: int, why: str, state: State) -> Failure:
    """An event that changed nothing, with where the conversation stands."""
    return Failure(status, why, PHRASES[why], members={"state": state})
