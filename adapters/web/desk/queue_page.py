"""Serves the queue's page. The page's script polls it, and gets 304 until something changes."""

from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.desk import queue_rows
from adapters.web.desk.context import DeskContext, fetched
from adapters.web.desk.queue_rows import PAGE, QueueFilter, QueueView
from adapters.web.desk.sessions import Session
from bot.ports import Aged, Overview, TicketPage


class QueueRoutes:
    """Serves the queue and its search."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.deps = desk.deps

    def routes(self) -> list[Route]:
        """Return the routes: /desk shows the queue, /desk/find searches."""
        return [Route("/desk", self.queue), Route("/desk/find", self.find)]

    async def queue(self, request: Request) -> Response:
        """Show the queue. The page's script polls every few seconds, and gets 304 if nothing has changed."""
        part = fetched(request)
        session = await self.desk.entered(request, busy=not part)
        asked = QueueFilter.of(request.query_params)
        seen = await self.deps.queue.look()
        ended = await self.deps.queue.ended(seen, asked.team, asked.reason)
        listing = await self._listing(asked, seen, ended if asked.tab == "resolved" else seen.guiding)
        mark = _mark(asked, session.actor, seen, ended, listing, self.desk.site.now() // queue_rows.MINUTE)
        if part and request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers={"etag": mark})
        view = await self._view(session, asked, seen, ended, listing)
        answer = self._show(session, view, "queue_part") if part else await self._page(session, view)
        answer.headers["etag"] = mark
        return answer

    async def find(self, request: Request) -> Response:
        """Open a conversation by its ticket, its id, or the address of its page."""
        session = await self.desk.entered(request)
        wanted = request.query_params.get("q", "")[:300]
        conversation_id = await self.deps.queue.find(wanted)
        if conversation_id is not None:
            return self.desk.go(f"/desk/c/{conversation_id}")
        seen = await self.deps.queue.look()
        view = await self._view(session, QueueFilter(), seen, seen.ended, None)
        notice = f"No conversation matches “{wanted}”. Check the ticket number or link."
        return await self._page(session, view, notice)

    async def _page(self, session: Session, view: QueueView, notice: str = "") -> Response:
        """Draw the whole page, with the active incidents at the top because customers will ask about them.

        Admins also see how much data is damaged.
        """
        outages = (await self.deps.noticeboard.look()).outages
        broken = [each for each in outages if each.notice or each.paused]
        admin = session.account.role == "admin"
        damaged = len(await self.deps.quarantine.entries()) if admin else 0
        return self._show(session, view, "queue", notice=notice, broken=broken, damaged=damaged)

    def _show(self, session: Session, view: QueueView, name: str, **more: Any) -> Response:
        listed: dict[str, Any] = {"waits": queue_rows.WAITS, "turns": queue_rows.TURNS}
        return self.desk.show(name, session, view=view, asked=view.asked, **listed, **more)

    async def _listing(self, asked: QueueFilter, seen: Overview, total: int) -> TicketPage | None:
        """Return a page of resolved tickets or guided conversations; None for the tabs of open tickets."""
        if not asked.aged:
            return None
        tab: Aged = "guiding" if asked.tab == "guiding" else "resolved"
        skip = (min(asked.page, queue_rows.pages(total)) - 1) * PAGE
        return await self.deps.queue.aged(seen, tab, skip, PAGE, asked.team, asked.reason)

    async def _view(
        self, session: Session, asked: QueueFilter, seen: Overview, ended: int, listing: TicketPage | None
    ) -> QueueView:
        now = self.desk.site.now()
        chosen = queue_rows.choose(seen, asked, session.actor, now)
        counts = {**chosen.counts, "guiding": seen.guiding, "resolved": ended}
        total = listing.total if listing else len(chosen.shown)
        page = min(asked.page, queue_rows.pages(total))
        shown = chosen.shown[(page - 1) * PAGE : page * PAGE]
        cases = await self.deps.queue.cases(listing.lines if listing else shown)
        known = {} if listing else {each.conversation: each for each in shown}
        return QueueView(
            asked=asked,
            rows=tuple(
                queue_rows.row(case, session.actor, known.get(case.conversation.id), now) for case in cases
            ),
            counts=counts,
            teams=queue_rows.team_names(seen, self.deps.teams()),
            reasons=queue_rows.reason_labels(seen, asked),
            total=total,
            page=page,
            pages=queue_rows.pages(total),
            owed=queue_rows.owed(seen, session.actor),
        )


def _mark(
    asked: QueueFilter, actor: str, seen: Overview, ended: int, listing: TicketPage | None, minute: int
) -> str:
    """Return an ETag that changes as soon as anything shown changes."""
    lines = () if listing is None else listing.lines
    text = repr((asked, actor, seen.stamp, seen.guiding, seen.ended, ended, lines, minute))
    return f'"{sha256(text.encode()).hexdigest()[:24]}"'
