"""Turns errors into failures with a status, a code and a sentence, and writes problem documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.web.api.responses import Problem, State
from adapters.web.guard import TooMany
from adapters.web.inbound import BadRequest
from adapters.web.limits import StoreFull
from adapters.web.texts import PAGE
from bot.ports import Contended, Damaged, StoreDown, Unreadable
from flows.conversation import Status
from flows.hours import duration
from flows.text.phrases import PHRASES, apology
from flows.views.screen import Screen

RETRY: Final = {"retry-after": "2"}
RETRY_LATER: Final = {"retry-after": "600"}


@dataclass(eq=False)
class Failure(Exception):
    """The reason why a request failed. `detail` is a sentence for people, `code` a name for programs.

    `words` are the text of a form that was refused, for its author to keep.
    """

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


def no_conversation() -> Failure:
    """Say that there is no such conversation, even if there is one that belongs to someone else."""
    return Failure(404, "no_conversation", PHRASES["no_conversation"])


def why_not(screen: Screen, why: str) -> str:
    """Explain why a click changed nothing. Once an agent has taken the conversation, that is the reason."""
    at = screen.conversation
    if at.status is Status.WITH_AGENT:
        return PHRASES["with_agent"].format(agent=at.holder_name or PHRASES["a_person"])
    return PHRASES[why]


def failure_of(error: Exception) -> Failure:
    """Turn an error into the failure to show."""
    match error:
        case Failure():
            return error
        case StoreDown():
            return Failure(503, "store_down", apology("store_down", ""), RETRY)
        case Contended():
            return Failure(503, "contended", PHRASES["contended"], RETRY)
        case Damaged():
            return Failure(503, "damaged", PAGE["damaged"])
        case Unreadable():
            return Failure(
                503,
                "revision_unreadable",
                PAGE["newer_version"],
                {"retry-after": "60"},
            )
        case TooMany():
            wait = {"retry-after": str(max(1, ceil(error.seconds)))}
            return Failure(429, "too_many", _too_many(error), wait, words=error.words)
        case StoreFull():
            return Failure(503, "store_full", PAGE["store_full"], RETRY_LATER)
        case BadRequest():
            return Failure(422, "misread", str(error))
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return _http(error)
        case _:
            return Failure(500, "broken", PAGE["broken"])


def _too_many(error: TooMany) -> str:
    """Return the sentence about too many requests, with the whole minutes or seconds to wait if that may take long."""
    if not error.everyone:
        return PAGE["too_many"]
    unit = 60 if error.seconds > 60 else 1
    return PAGE.say("too_many_here", wait=duration(1000 * unit * ceil(error.seconds / unit)))


def _http(error: HTTPException) -> Failure:
    plain = {
        400: ("malformed", PAGE["unreadable"]),
        404: ("not_found", PAGE["no_page"]),
        405: ("method", PAGE["no_method"]),
        413: ("too_large", str(error.detail)),
    }
    code, detail = plain.get(error.status_code, ("http", str(error.detail)))
    return Failure(error.status_code, code, detail, error.headers or {})


def _invalid(error: RequestValidationError) -> Failure:
    """List what is wrong with a body, without repeating its values."""
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return Failure(400, "malformed", "The body isn't valid JSON.")
    lines = [
        f"{_field_path(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors()
    ]
    return Failure(422, "invalid", _what_is_wrong(error), members={"errors": lines})


def _what_is_wrong(error: RequestValidationError) -> str:
    """Return the sentence about a body: a text that is too long is named with the limit."""
    for fault in error.errors():
        if fault["type"] == "string_too_long":
            return f"{_field_path(fault['loc'])} has more than {fault['ctx']['max_length']:,} characters."
    return "The body doesn't match the schema."


def _field_path(place: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in place if part != "body"]
    return ".".join(parts)[:80].encode("ascii", "replace").decode() or "body"


def problem(failure: Failure, support: str = "") -> Response:
    """Write the failure as a problem document (RFC 9457)."""
    if failure.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS) and support:
        failure = Failure(
            failure.status,
            failure.code,
            failure.detail,
            failure.headers,
            {**failure.members, "support": support},
        )
    document = Problem(
        title=HTTPStatus(failure.status).phrase,
        status=failure.status,
        detail=failure.detail,
        code=failure.code,
        **failure.members,
    )
    members = {
        name: value
        for name, value in document.model_dump(mode="json", by_alias=True).items()
        if value is not None
    }
    return Response(
        orjson.dumps(members),
        status_code=failure.status,
        headers=dict(failure.headers),
        media_type="application/problem+json",
    )


def refused(status: int, why: str, state: State) -> Failure:
    """Refuse an event that changed nothing, and return the conversation's current state."""
    return Failure(status, why, PHRASES[why], members={"state": state})
