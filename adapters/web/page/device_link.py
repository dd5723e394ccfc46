"""Continue on another device: a one-time link with a QR code, which is only spent by whoever presses the button."""

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
"""What the text kept under a link begins with, so that nothing else in the vault can be used as one."""


class DeviceLinkRoutes:
    """The routes of moving to another device."""

    def __init__(self, pages: PageRoutes) -> None:
        """`pages` are the site's."""
        self.pages = pages
        self.site = pages.site

    def routes(self) -> list[Route]:
        """/c/{conversation_id}/link, which makes a link, and /go/{token}, which follows it."""
        return [
            Route("/c/{conversation_id}/link", self.link, methods=["POST"]),
            Route("/go/{token}", self.arrive),
            Route("/go/{token}", self.go, methods=["POST"]),
        ]

    async def link(self, request: Request) -> Response:
        """Make a link and show it."""
        who, _ = await self.pages.form(request)
        await allow_event(self.site, who.person)
        _, screen = await self.pages.entered(request)
        token = await self.site.vault.put(_KIND + screen.conversation.id, MINUTES * 60)
        address = f"{visitors.address_of(self.site, request)}/go/{token}"
        return await self.pages.show(request, who, screen, way=Way(address=address, code=qr(address)))

    async def arrive(self, request: Request) -> Response:
        """Somebody opened the link. Looking spends nothing: mail programs and chats open links, too."""
        who = visitors.visitor(self.site, request)
        text = await self.site.vault.peek(request.path_params["token"])
        if text is None or not text.startswith(_KIND):
            raise _spent()
        page = self.pages.renderer.page("go", visit=self.pages.visit(who), action=request.url.path)
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def go(self, request: Request) -> Response:
        """They pressed the button: the link is spent, and their browser may press the conversation's buttons."""
        who, _ = await self.pages.form(request)
        token = request.path_params["token"]
        text = await self.site.vault.take(token)
        if text is None or not text.startswith(_KIND):
            raise _spent()
        found = text.removeprefix(_KIND)
        outcome = await self.site.receive(joined(found, who.actor, token))
        if outcome is None:
            raise no_conversation()
        answer = RedirectResponse(f"/c/{found}#now", 303)
        visitors.remember(self.site, request, answer, who, found)
        return answer


def _spent() -> Failure:
    return Failure(404, "spent", PAGE["link_expired"])
