"""Records a REST call, and finds the function that answers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.message_changes import Upload
from tests.fakes.discord.refusals import Refusal, unknown_route
from tests.fakes.discord.state import Json
from tests.fakes.discord.world import World


@dataclass(eq=False)
class Call:
    """A call with its answer and its time in seconds since 1970. `status` 0 means that it got no answer."""

    method: str
    path: str
    json: Any
    uploads: list[Upload]
    query: dict[str, str]
    headers: dict[str, str]
    at: float
    status: int = 0
    answer: Any = None
    ids: list[str] = field(default_factory=list)

    def id(self, index: int) -> int:
        """Return the number at that place of the path."""
        try:
            return int(self.ids[index])
        except ValueError:
            raise Refusal(50035) from None

    @property
    def body(self) -> Json:
        """Return the body, which must be an object."""
        if not isinstance(self.json, dict):
            raise Refusal(50109)
        return self.json


Handler = Callable[[World, Call], Any]
"""Does the work of a call and returns the JSON to send, or None for no content."""

Route = tuple[str, str, Handler]
"""A method, a path with {} for its variable parts, and the function that answers."""


class Table:
    """Finds the function that answers a call."""

    def __init__(self, *routes: Route) -> None:
        self._routes = [
            (method, re.compile(re.escape(path).replace(r"\{\}", "([^/]+)")), handler)
            for method, path, handler in routes
        ]

    def find(self, call: Call) -> Handler:
        """Return the function that answers a call, and note the path's variable parts in the call."""
        for method, path, handler in self._routes:
            found = path.fullmatch(call.path)
            if found and method == call.method:
                call.ids = list(found.groups())
                return handler
        raise unknown_route()
