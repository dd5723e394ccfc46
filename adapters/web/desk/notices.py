"""Shows incident notices and paused guides with their history, and lets admins change them.

Below them stands what customers wrote that matched no guide.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.desk.context import DeskContext
from adapters.web.desk.sessions import Session
from adapters.web.failures import Failure
from adapters.web.inbound import BadRequest
from flows.text.markup.words import fill, parse
from flows.text.phrases import PHRASES

SHOWN: Final = 20
"""Number of lines of the history."""

UNMATCHED: Final = 20
"""Number of texts that matched no guide; the command line lists all of them."""

_ACTIONS: Final = ("say", "unsay", "pause", "resume")


class NoticeRoutes:
    """Serves the page of notices."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.board = desk.deps.noticeboard

    def routes(self) -> list[Route]:
        """Return the routes: /desk/notices, and the forms that change a notice."""
        return [
            Route("/desk/notices", self.page),
            Route("/desk/notices/{flow}/{deed}", self.do, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Show the current notices to anyone who is signed in."""
        return await self._draw(await self.desk.entered(request))

    async def do(self, request: Request) -> Response:
        """Make an admin's change. The role comes from the account, not from the form (law L11)."""
        session, fields, _ = await self.desk.form(request)
        flow, deed = str(request.path_params["flow"]), str(request.path_params["deed"])
        if session.account.role != "admin":
            raise Failure(403, "not_admin", "Only admins can post notices and pause guides.")
        if deed not in _ACTIONS:
            raise Failure(404, "not_found", "This page doesn't exist.")
        text, by = fields.get("text", "")[:2000], (session.account.name, session.actor)
        try:
            match deed:
                case "say":
                    await self.board.say(flow, text, *by)
                case "unsay":
                    await self.board.unsay(flow, *by)
                case "pause":
                    await self.board.pause(flow, *by)
                case _:
                    await self.board.resume(flow, *by)
        except ValueError as error:
            if deed != "say":
                raise BadRequest(str(error)) from None
            return await self._draw(session, 422, notice=str(error), drafts={flow: text})
        return self.desk.go(f"/desk/notices#{flow}")

    async def _draw(
        self, session: Session, status: int = 200, notice: str = "", drafts: dict[str, str] | None = None
    ) -> Response:
        """Draw the page. `drafts` are refused texts by flow."""
        board = await self.board.look()
        titles = {outage.flow: outage.title for outage in board.outages}
        return self.desk.show(
            "notices",
            session,
            status,
            outages=board.outages,
            read={each.flow: _as_shown(each.notice) for each in board.outages if each.notice},
            done=[(change, titles.get(change.flow, change.flow)) for change in board.done[:SHOWN]],
            unmatched=(await self.desk.deps.unmatched.all())[:UNMATCHED],
            drafts=drafts or {},
            notice=notice,
        )


def _as_shown(text: str) -> object:
    """Return a notice as customers read it."""
    return fill(parse(PHRASES["notice"]), {"notice": text})
