"""Replays a conversation on the desk: what happened at each point, and what the customer saw then."""

from bisect import bisect_right

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.desk.context import DeskContext
from adapters.web.desk.packet import packet
from adapters.web.desk.queue_rows import state
from adapters.web.failures import no_conversation


class ReplayRoutes:
    """Serves the replay."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.deps = desk.deps

    def routes(self) -> list[Route]:
        """Return the replay's route."""
        return [Route("/desk/c/{conversation_id}/path", self.path)]

    async def path(self, request: Request) -> Response:
        """Show what happened at the version `at` and what the customer saw then; by default the first version."""
        session = await self.desk.entered(request)
        conversation_id = str(request.path_params["conversation_id"])
        whole = await self.deps.inspect(conversation_id) if visitors.good_id(conversation_id) else None
        if whole is None:
            raise no_conversation()
        stops = [line.version for line in whole.lines] or [1]
        place = max(0, bisect_right(stops, _version(request.query_params.get("at", ""))) - 1)
        then = await self.deps.past(conversation_id, stops[place])
        if then is None:
            raise no_conversation()
        at, screen = then.conversation, then.screen
        return self.desk.show(
            "path",
            session,
            at=at,
            number=whole.conversation.ticket,
            screen=screen,
            prompt=screen.prompt,
            ticket=screen.ticket,
            image=self.desk.assets.image(at.revision, screen.prompt.image),
            again=(),
            state=state(at),
            packet=packet(whole),
            lines=whole.lines,
            told=then.at(stops[place]),
            stops=stops,
            place=place,
        )


def _version(text: str) -> int:
    """Return the version that an address asks for; 0, which means the first, if it is not a number."""
    return int(text[:9]) if text.isascii() and text.isdigit() else 0
