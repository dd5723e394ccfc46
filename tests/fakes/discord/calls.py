"""A call of the REST interface as it was made, and the table that says who answers it."""

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
    """A call, its answer and when it came, in seconds since 1970; `status` 0 is one that got no answer."""

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
        """The number at that place of the path."""
        try:
            return int(self.ids[index])
        except ValueError:
            raise Refusal(50035) from None

    @property
    def body(self) -> Json:
        """The body where it has to be an object."""
        if not isinstance(self.json, dict):
            raise Refusal(50109)
        return self.json


Handler = Callable[[World, Call], Any]
"""Does the work and returns what is sent as JSON, or None for no content."""

Route = tuple[str, str, Handler]
"""A method, a path with {} for what differs, and who answers it."""


class Table:
    """Finds who answers a call."""

    def __init__(self, *routes: Route) -> None:
        self._routes = [
            (method, re.compile(re.escape(path).replace(r"\{\}", "([^/]+)")), handler)
            for method, path, handler in routes
        ]

    def find(self, call: Call) -> Handler:
        """Who answers; what differs in the path is noted in the call."""
        for method, path, handler in self._routes:
            found = path.fullmatch(call.path)
            if found and method == call.method:
                call.ids = list(found.groups())
                return handler
        raise unknown_route()
