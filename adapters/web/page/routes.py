"""Serves the customers' page: conversations, their events, files and streams, and health checks."""

import secrets
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.failures import Failure, no_conversation, why_not
from adapters.web.files import UploadedFile, brought, handed_out, named
from adapters.web.forms import number_in, read_form
from adapters.web.guard import allow_event, network_of
from adapters.web.inbound import BadRequest, clean, event_of_form, version_of_form
from adapters.web.limits import act_of_form, allow
from adapters.web.page.markup import Way
from adapters.web.page.render import PageVisit, Renderer
from adapters.web.read_position import last_seen, saw
from adapters.web.site import Site
from adapters.web.stream import Streams
from adapters.web.texts import PAGE
from adapters.web.uploads import record, shares_of_customer, uploads_of
from adapters.web.visitors import Visitor
from bot.ports import StoreDown
from flows.views.screen import Screen

FIELDS: Final = 20
"""Most fields of a form."""

REFUSALS: Final = ("past_turn", "future_turn", "not_offered", "not_now", "too_much")
"""The refusals that the page explains after a click that changed nothing."""


class PageRoutes:
    """Serves the pages of one site."""

    def __init__(self, site: Site, renderer: Renderer, streams: Streams) -> None:
        """`streams` are the process's open streams."""
        self.site = site
        self.renderer = renderer
        self.streams = streams

    def routes(self) -> list[Route]:
        """Return the routes: /c/{conversation_id} and below, and the two health checks."""
        return [
            Route("/c/{conversation_id}", self.conversation),
            Route("/c/{conversation_id}/events", self.event, methods=["POST"]),
            Route("/c/{conversation_id}/stream", self.stream),
            Route("/c/{conversation_id}/seen", self.seen, methods=["POST"]),
            Route("/c/{conversation_id}/files/{version}/{number}", self.file),
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
        ]

    # ------------------------------------------------------------ a conversation

    async def conversation(self, request: Request) -> Response:
        """Show a conversation: the whole page, or for the page's script only the part that changes."""
        who, screen = await self.entered(request)
        why = request.query_params.get("notice", "")
        return await self.show(request, who, screen, notice=why_not(screen, why) if why in REFUSALS else "")

    async def event(self, request: Request) -> Response:
        """Record a pressed button or a written message, and show the result."""
        who, fields, sent = await self.brought(request)
        conversation_id = _id(request)
        await allow(self.site, request, who.person, act_of_form(fields))
        try:
            if sent:
                await self.entered(request)  # files are stored only in the visitor's own conversation
            uploads = uploads_of(self.site, sent, conversation_id, who.actor, fields.get("key", ""))
            files = tuple(upload.file for upload in uploads)
            event = event_of_form(fields, conversation_id, who.actor, files)
            shares = shares_of_customer(self.site, who.person, network_of(request))
            outcome = await record(self.site, event, uploads, shares)
        except BadRequest as error:
            return await self._show_error(request, fields, str(error))
        if outcome is None or (outcome.refusal and outcome.refusal.why == "not_yours"):
            raise no_conversation()
        why = outcome.refusal.why if outcome.refusal else ""
        written = getattr(event, "text", "") if why else ""
        if _fetched(request) or written:
            _, screen = await self.entered(request)
            notice = why_not(screen, why) if why else ""
            return await self.show(request, who, screen, 409 if why else 200, notice, written)
        place = "asked" if outcome.conversation.suggested else "now"
        return RedirectResponse(f"/c/{conversation_id}{f'?notice={why}' if why else ''}#{place}", 303)

    async def seen(self, request: Request) -> Response:
        """Record up to which version the customer has had the conversation in view."""
        who, fields = await self.form(request)
        await allow_event(self.site, who.person)
        _, screen = await self.entered(request)
        await saw(self.site, screen, version_of_form(fields))
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        """Serve a file that was sent in the conversation, to visitors who may see the conversation."""
        _, screen = await self.entered(request)
        file = named(screen.messages, number_in(request, "version"), number_in(request, "number"))
        return await handed_out(self.site, screen.conversation, file)

    async def _show_error(self, request: Request, fields: Mapping[str, str], why: str) -> Response:
        """Show the same page again with the error, and keep the written text."""
        who, screen = await self.entered(request)
        return await self.show(request, who, screen, 422, why, clean(fields.get("text", "")))

    async def stream(self, request: Request) -> Response:
        """Stream the version and the mark of the notices, now and after every change.

        The page's script then loads the changed part.
        """
        who, screen = await self.entered(request)

        async def draw(version: int) -> str:
            return f"{version} {await self.streams.notices.mark()}".rstrip()

        return self.streams.open(request, screen.conversation.id, who.person, "version", draw)

    # ------------------------------------------------------------ health

    async def alive(self, _request: Request) -> Response:
        """Report that the process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Report whether the store is fit for use, or what is wrong with it. A problem of a chat platform is named, but
        the process stays ready: the page works without it.
        """
        try:
            wrong = dict(await self.site.health.check())
        except StoreDown as error:
            wrong = {"reachable": str(error) or "the store does not answer"}
        if wrong:
            return JSONResponse({"status": "unready", "wrong": wrong}, 503)
        problems = dict(await self.site.problems())
        return JSONResponse({"status": "ok"} | ({"problems": problems} if problems else {}))

    # ------------------------------------------------------------ shared by the routes

    async def entered(self, request: Request) -> tuple[Visitor, Screen]:
        """Return the visitor and the screen of their conversation. Raises Failure: an id alone gives no access."""
        who = visitors.visitor(self.site, request)
        screen = None if who.fresh else await self.site.look(_id(request))
        if screen is None or not screen.conversation.may_answer(who.actor):
            raise no_conversation()
        return who, screen

    async def form(self, request: Request) -> tuple[Visitor, dict[str, str]]:
        """Return the fields of a form that our page made for this visitor. Raises Failure for a forged form."""
        who, fields, _ = await self.brought(request)
        return who, fields

    async def brought(self, request: Request) -> tuple[Visitor, dict[str, str], tuple[UploadedFile, ...]]:
        """Return a form's fields with its files. Raises Failure for a forged form."""
        who = visitors.visitor(self.site, request)
        form = await read_form(request, FIELDS)
        fields, sent = _text_fields(form), await brought(form)
        ours = visitors.same_origin(self.site, request)
        if not ours or not visitors.proven(self.site, who, fields.get("proof", "")):
            raise Failure(403, "forged", PAGE["page_expired"])
        return who, fields, sent

    def visit(self, who: Visitor) -> PageVisit:
        """Return the proof and a new key for the forms of a page."""
        return PageVisit(proof=visitors.proof(self.site, who), key=secrets.token_urlsafe(9))

    async def show(
        self,
        request: Request,
        who: Visitor,
        screen: Screen,
        status: int = 200,
        notice: str = "",
        draft: str = "",
        way: Way | None = None,
    ) -> Response:
        """Draw a conversation, and record that the customer has seen it, unless their browser reports that itself."""
        if not visitors.reports_views(request):
            await saw(self.site, screen)
        page = self.renderer.conversation(
            screen,
            self.visit(who),
            self.site.now(),
            _fetched(request),
            notice=notice,
            draft=draft,
            way=way,
            notices=await self.streams.notices.mark(),
            seen=await last_seen(self.site, screen),
        )
        answer = HTMLResponse(page, status, {"vary": "x-requested-with"})
        visitors.remember(self.site, request, answer, who, screen.conversation.id)
        return answer


def _id(request: Request) -> str:
    """Return the conversation's id in the address. Raises Failure for an impossible one."""
    conversation_id = str(request.path_params["conversation_id"])
    if not visitors.good_id(conversation_id):
        raise no_conversation()
    return conversation_id


def _fetched(request: Request) -> bool:
    """Return whether the page's script sent the request. The script replaces only the part that changes."""
    return request.headers.get("x-requested-with") == "fetch"


def _text_fields(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}
