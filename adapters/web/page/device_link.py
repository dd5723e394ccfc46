"""Moves a conversation to another device: a one-time link with a QR code. Only the page's button spends the link."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.failures import Failure, no_conversation
from adapters.web.guard import allow_event
from adapters.web.inbound import joined
from adapters.web.page.markup import MINUTES, Way, qr
from adapters.web.page.routes import PageRoutes
from adapters.web.texts import PAGE

_KIND: Final = "web/join/"
"""The prefix of the text stored under a link, so that no other entry of the vault works as a link."""


class DeviceLinkRoutes:
    """Serves the link to another device."""

    def __init__(self, pages: PageRoutes) -> None:
        self.pages = pages
        self.site = pages.site

    def routes(self) -> list[Route]:
        """Return the routes: /c/{conversation_id}/link makes a link, /go/{token} opens it."""
        return [
            Route("/c/{conversation_id}/link", self.link, methods=["POST"]),
            Route("/go/{token}", self.open_link),
            Route("/go/{token}", self.confirm, methods=["POST"]),
        ]

    async def link(self, request: Request) -> Response:
        """Make a link and show it on the conversation's page."""
        who, _ = await self.pages.form(request)
        await allow_event(self.site, who.person)
        _, screen = await self.pages.entered(request)
        token = await self.site.vault.put(_KIND + screen.conversation.id, MINUTES * 60)
        address = f"{visitors.address_of(self.site, request)}/go/{token}"
        return await self.pages.show(request, who, screen, way=Way(address=address, code=qr(address)))

    async def open_link(self, request: Request) -> Response:
        """Show the page with the button. Opening a link does not spend it, because email programs open links, too."""
        who = visitors.visitor(self.site, request)
        text = await self.site.vault.peek(request.path_params["token"])
        if text is None or not text.startswith(_KIND):
            raise _spent()
        page = self.pages.renderer.page("go", visit=self.pages.visit(who), action=request.url.path)
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def confirm(self, request: Request) -> Response:
        """Spend the link after the customer pressed the button, and let their browser use the conversation."""
        who, _ = await self.pages.form(request)
        token = request.path_params["token"]
        text = await self.site.vault.take(token)
        if text is None or not text.startswith(_KIND):
            raise _spent()
        conversation_id = text.removeprefix(_KIND)
        outcome = await self.site.receive(joined(conversation_id, who.actor, token))
        if outcome is None:
            raise no_conversation()
        answer = RedirectResponse(f"/c/{conversation_id}#now", 303)
        visitors.remember(self.site, request, answer, who, conversation_id)
        return answer


def _spent() -> Failure:
    return Failure(404, "spent", PAGE["link_expired"])
