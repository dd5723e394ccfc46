"""Controls the stand-in from another process: POST /control with a command, answered as JSON."""

import inspect
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from aiohttp import web

from tests.fakes.slack.people import Person
from tests.fakes.slack.stand import Slack

PARTS: Final = ("faults", "sockets")


class Control:
    """Runs `{"do": "channel", "with": {…}}` on the stand-in, `{"do": "faults.busy", …}` on a part of it, and
    `{"who": "U1", "do": "writes", "with": {…}}` for a person made before.
    """

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._people: dict[str, Person] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        try:
            done = self._find(asked)(**asked.get("with", {}))
            done = await done if inspect.isawaitable(done) else done
        except (AssertionError, AttributeError, LookupError, TimeoutError, TypeError, ValueError) as wrong:
            return web.json_response({"ok": False, "error": f"{type(wrong).__name__}: {wrong}"}, status=400)
        return web.json_response({"ok": True, "value": self._shown(done)})

    def _find(self, asked: dict[str, Any]) -> Any:
        """Return the function to call for a command. Names with an underscore are refused."""
        name = str(asked["do"])
        if any(part.startswith("_") for part in name.split(".")):
            raise AttributeError(name)
        if "who" in asked:
            return getattr(self._people[asked["who"]], name)
        part, _, rest = name.rpartition(".")
        owner = getattr(self._slack, part) if part in PARTS else self._slack
        found = getattr(owner, rest)
        return found if callable(found) else lambda: found

    def _shown(self, value: Any) -> Any:
        if isinstance(value, Person):
            self._people[value.id] = value
            return {"id": value.id, "dm": value.dm}
        if isinstance(value, list):
            return [self._shown(one) for one in value]
        return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
