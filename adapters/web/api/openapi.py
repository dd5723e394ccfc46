"""Completes FastAPI's OpenAPI document: how to authenticate, and which problem documents an operation returns."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from adapters.web import visitors
from adapters.web.api.responses import Problem

ENTERED: Final[dict[str, Any]] = {"security": [{"token": []}, {"cookie": []}]}
"""Marks an operation that needs the token or the cookie."""

_SCHEMES: Final[dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The conversation's token, as returned by POST /api/conversations.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": visitors.COOKIE,
        "description": "The support page's own cookie. It only works on the page's own origin.",
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of an operation."""
    media = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"description": _MEANING[status], "content": media} for status in statuses}


_MEANING: Final = {
    401: "The token is missing, or belongs to another conversation.",
    403: "Another site's page sent this browser's cookies along.",
    404: "The conversation doesn't exist, or the caller may not see it.",
    409: "The conversation has moved on: the turn has passed, or the event isn't possible now. See `state`.",
    413: "The body is too large.",
    415: "The body isn't JSON.",
    422: "The body doesn't match the schema, or the choice isn't available (then with `state`).",
    429: "Too many requests. `Retry-After` says how long to wait.",
    503: "Storage is unavailable. Nothing was recorded. `support` is an email address for help.",
}

STREAM: Final[dict[str, Any]] = {
    "description": "Events of type `state`. Their data is the state as JSON, their id its version.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document with our problem documents and authentication, and without FastAPI's own error schema."""
    if app.openapi_schema is None:
        openapi = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        openapi["components"]["securitySchemes"] = _SCHEMES
        schemas = openapi["components"]["schemas"]
        schemas[Problem.__name__] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas[Problem.__name__].pop("$defs", None)
        for path in openapi["paths"].values():
            for operation in path.values():
                invalid = operation["responses"].get("422", {}).get("content", {})
                if "application/json" in invalid:
                    del operation["responses"]["422"]
        app.openapi_schema = openapi
    return app.openapi_schema
