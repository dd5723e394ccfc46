"""The OpenAPI document: how one enters, what may go wrong, and everything FastAPI cannot know by itself."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from adapters.web import visitors
from adapters.web.state import Problem

ENTERED: Final[dict[str, Any]] = {"security": [{"token": []}, {"cookie": []}]}
"""What an operation says that needs the token or the cookie."""

_WAYS: Final[dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of the conversation, as POST /api/conversations gave it.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": visitors.COOKIE,
        "description": "The page's own cookie, which counts on its own origin alone.",
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation says about going wrong."""
    media = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"description": _MEANING[status], "content": media} for status in statuses}


_MEANING: Final = {
    401: "No token, or not this conversation's.",
    404: "There is no such conversation for whoever asks.",
    409: "It has moved on: the turn has passed, or that cannot be done now. `state` says where it stands.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "The body is not what is expected, or the choice is not offered (then with `state`).",
    429: "Too often; `Retry-After` says when it is welcome.",
    503: "The store cannot be reached; nothing was recorded. `support` is whom to write to.",
}

STREAM: Final[dict[str, Any]] = {
    "description": "Events of type `state`; data is the state as JSON, id is its version.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, with the problem documents and the ways in, and without FastAPI's own form of problems."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        made["components"]["securitySchemes"] = _WAYS
        schemas = made["components"]["schemas"]
        schemas[Problem.__name__] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas[Problem.__name__].pop("$defs", None)
        for path in made["paths"].values():
            for operation in path.values():
                given = operation["responses"].get("422", {}).get("content", {})
                if "application/json" in given:
                    del operation["responses"]["422"]
        app.openapi_schema = made
    return app.openapi_schema
