"""Shows admins the damaged data that was set aside, and lets them put it back or delete it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.desk.context import DeskContext
from adapters.web.desk.sessions import Session
from adapters.web.failures import Failure

SHOWN: Final = 200
"""Number of entries on the page; the command line lists all of them."""


class DamageRoutes:
    """Serves the page of damaged data."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.quarantine = desk.deps.quarantine

    def routes(self) -> list[Route]:
        """Return the routes: /desk/damaged, and the forms that put an entry back or delete it."""
        return [
            Route("/desk/damaged", self.page),
            Route("/desk/damaged/{entry}/{deed}", self.do, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Show the damaged entries."""
        session = await self.desk.entered(request)
        _need_admin(session)
        return await self._draw(session)

    async def do(self, request: Request) -> Response:
        """Put an entry back, or delete it. The role comes from the account, not from the form (law L11)."""
        session, _, _ = await self.desk.form(request)
        _need_admin(session)
        entry, deed = str(request.path_params["entry"])[:40], str(request.path_params["deed"])
        if deed not in ("retry", "discard"):
            raise Failure(404, "not_found", "This page doesn't exist.")
        done = await (self.quarantine.retry(entry) if deed == "retry" else self.quarantine.discard(entry))
        if not done:
            notice = "This entry can't be put back, or another admin already handled it."
            return await self._draw(session, 409, notice)
        return self.desk.go("/desk/damaged")

    async def _draw(self, session: Session, status: int = 200, notice: str = "") -> Response:
        entries = await self.quarantine.entries()
        return self.desk.show(
            "damaged", session, status, entries=entries[-SHOWN:], total=len(entries), notice=notice
        )


def _need_admin(session: Session) -> None:
    if session.account.role != "admin":
        raise Failure(403, "not_admin", "Only admins can see damaged data.")
