"""Lets admins erase a customer's data: asks first, says what will happen, and then what it could not reach."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.desk.context import DeskContext
from adapters.web.desk.sessions import Session
from adapters.web.failures import Failure
from bot.ports import Clue, Erased, KnownPerson

PATIENCE_S: Final = 20.0
"""Seconds for which the page waits for the result. The erasure continues after that."""


class ErasureRoutes:
    """Serves the page that erases a customer's data."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.eraser = desk.deps.eraser
        self._running: set[asyncio.Task[Erased]] = set()

    def routes(self) -> list[Route]:
        """Return the routes: the question, and the form that answers it."""
        path = "/desk/c/{conversation}/erase"
        return [Route(path, self.page), Route(path, self.erase, methods=["POST"])]

    async def page(self, request: Request) -> Response:
        """Say what would be erased."""
        session = await self.desk.entered(request)
        _need_admin(session)
        person, conversation = await self._person(request)
        return self.desk.show("erase", session, person=person, conversation=conversation, result=None)

    async def erase(self, request: Request) -> Response:
        """Erase the data. The role comes from the account, not from the form (law L11)."""
        session, _, _ = await self.desk.form(request)
        _need_admin(session)
        person, conversation = await self._person(request)
        running = asyncio.create_task(self.eraser.erase(person), name="erasure")
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        await asyncio.wait((running,), timeout=PATIENCE_S)
        result = running.result() if running.done() else Erased(later=("the erasure is still running",))
        return self.desk.show("erase", session, person=person, conversation=conversation, result=result)

    async def _person(self, request: Request) -> tuple[KnownPerson, str]:
        conversation = str(request.path_params["conversation"])[:40]
        person = await self.eraser.found(Clue(kind="conversation", text=conversation))
        if person is None:
            raise Failure(404, "not_found", "This page doesn't exist.")
        return person, conversation


def _need_admin(session: Session) -> None:
    if session.account.role != "admin":
        raise Failure(403, "not_admin", "Only admins can erase people's data.")
