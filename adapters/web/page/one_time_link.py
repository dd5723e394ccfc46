"""Serves one-time links: to open a conversation on another device or from an email, and to confirm an address.

Opening a link does not spend it, because email programs open links, too. The link shows a page with a button, and the
button spends it.
"""

from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.failures import Failure, no_conversation
from adapters.web.inbound import joined
from adapters.web.limits import VisitorAct, allow
from adapters.web.page.markup import MINUTES, Way, qr
from adapters.web.page.routes import PageRoutes
from adapters.web.texts import PAGE
from bot.ports import CONFIRM, RETURN, named
from flows.views.screen import Screen

_DEVICE: Final = "web/join/"
"""The prefix of the text stored under a link to another device, so that no other entry of the vault works as one."""


class _Links:
    """Draws the page with the button, and lets a browser in once the button was pressed."""

    def __init__(self, pages: PageRoutes) -> None:
        self.pages = pages
        self.site = pages.site

    def ask(self, request: Request, who: visitors.Visitor) -> Response:
        """Show the page with the button, which posts to the address of the request."""
        page = self.pages.renderer.page("go", visit=self.pages.visit(who), action=request.url.path)
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def join(self, who: visitors.Visitor, conversation_id: str, token: str) -> None:
        """Record that the visitor may answer in the conversation. Raises Failure if there is no conversation."""
        if await self.site.receive(joined(conversation_id, who.actor, token)) is None:
            raise no_conversation()

    def enter(self, request: Request, who: visitors.Visitor, conversation_id: str, address: str) -> Response:
        """Send the browser to the address, with the cookie that opens the conversation."""
        answer = RedirectResponse(address, 303)
        visitors.remember(self.site, request, answer, who, conversation_id)
        return answer


class DeviceLinkRoutes(_Links):
    """Serves the link to another device."""

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
        await allow(self.site, request, who.person, VisitorAct())
        _, screen = await self.pages.entered(request)
        token = await self.site.vault.put(_DEVICE + screen.conversation.id, MINUTES * 60)
        address = f"{visitors.address_of(self.site, request)}/go/{token}"
        return await self.pages.show(request, who, screen, way=Way(address=address, code=qr(address)))

    async def open_link(self, request: Request) -> Response:
        """Show the page with the button."""
        _of_device(await self.site.vault.peek(request.path_params["token"]))
        return self.ask(request, visitors.visitor(self.site, request))

    async def confirm(self, request: Request) -> Response:
        """Spend the link and let the browser use the conversation."""
        who, _ = await self.pages.form(request)
        token = request.path_params["token"]
        conversation_id = _of_device(await self.site.vault.take(token))
        await self.join(who, conversation_id, token)
        return self.enter(request, who, conversation_id, f"/c/{conversation_id}#now")


def _of_device(text: str | None) -> str:
    """Return the conversation of the text stored under a link to another device. Raises Failure for any other text."""
    if text is None or not text.startswith(_DEVICE):
        raise Failure(404, "spent", PAGE["link_expired"])
    return text.removeprefix(_DEVICE)


class MailLinkRoutes(_Links):
    """Serves the links in emails.

    In a browser that already has the conversation, a link opens it directly, even after the link was spent.
    """

    def routes(self) -> list[Route]:
        """Return the routes of an email's link, /c/{conversation_id}/mail/{token}: GET opens it, POST confirms."""
        path = "/c/{conversation_id}/mail/{token}"
        return [Route(path, self.open_link), Route(path, self.confirm, methods=["POST"])]

    async def open_link(self, request: Request) -> Response:
        """Open the conversation if this browser has it, or show the page with the button."""
        who, conversation_id, token = self._parsed(request)
        target = _parse_target(await self.site.vault.peek(token), conversation_id)
        screen = None if who.fresh else await self.site.look(conversation_id)
        if screen is not None and screen.conversation.may_answer(who.actor):
            return RedirectResponse(_page_address(screen, target), 303)
        if target is None:
            raise _mail_spent()
        return self.ask(request, who)

    async def confirm(self, request: Request) -> Response:
        """Spend the link and let the browser use the conversation."""
        who, _ = await self.pages.form(request)
        _, conversation_id, token = self._parsed(request)
        target = _parse_target(await self.site.vault.peek(token), conversation_id)
        if target is None or await self.site.vault.take(token) is None:
            raise _mail_spent()
        await self.join(who, conversation_id, token)
        screen = await self.site.look(conversation_id)
        if screen is None:
            raise no_conversation()
        return self.enter(request, who, conversation_id, _page_address(screen, target))

    def _parsed(self, request: Request) -> tuple[visitors.Visitor, str, str]:
        """Return the request's visitor, conversation id and token. Raises Failure for an impossible id."""
        conversation_id = str(request.path_params["conversation_id"])
        if not visitors.good_id(conversation_id):
            raise no_conversation()
        return visitors.visitor(self.site, request), conversation_id, str(request.path_params["token"])


class AddressLinkRoutes(_Links):
    """Serves the link that confirms an email address.

    It lets no browser into the conversation: the address may be a stranger's, mistyped by the customer.
    """

    def routes(self) -> list[Route]:
        """Return the routes of the link, /c/{conversation_id}/confirm/{token}: GET asks, POST confirms."""
        path = "/c/{conversation_id}/confirm/{token}"
        return [Route(path, self.open_link), Route(path, self.confirm, methods=["POST"])]

    async def open_link(self, request: Request) -> Response:
        """Show which address would be confirmed for which ticket, with the button."""
        screen = await self._unconfirmed(request, await self.site.vault.peek(_token(request)))
        who = visitors.visitor(self.site, request)
        visit = self.pages.visit(who)
        answer = HTMLResponse(
            self.pages.renderer.page("confirm", visit=visit, screen=screen, action=request.url.path)
        )
        visitors.remember(self.site, request, answer, who)
        return answer

    async def confirm(self, request: Request) -> Response:
        """Spend the link and confirm the address."""
        await self.pages.form(request)
        screen = await self._unconfirmed(request, await self.site.vault.take(_token(request)))
        at = screen.conversation
        await self.site.addresses.confirm(at.contact, at.mail)
        return HTMLResponse(self.pages.renderer.page("confirmed", screen=screen))

    async def _unconfirmed(self, request: Request, text: str | None) -> Screen:
        """Return the conversation whose present address the link is for. Raises Failure for any other text."""
        conversation_id = str(request.path_params["conversation_id"])
        if not visitors.good_id(conversation_id):
            raise no_conversation()
        screen = await self.site.look(conversation_id)
        at = screen.conversation if screen is not None else None
        if screen is None or at is None or not at.mail or text != f"{CONFIRM}{at.id}/{named(at.mail)}":
            raise Failure(404, "spent", PAGE["confirm_expired"])
        return screen


def _token(request: Request) -> str:
    return str(request.path_params["token"])


class _Target(NamedTuple):
    """The target of an email's link: the conversation, and the version of the emailed message."""

    conversation: str
    version: int


def _parse_target(text: str | None, conversation: str) -> _Target | None:
    """Parse the text stored under a link. None if it is not an email's link to that conversation."""
    if text is None or not text.startswith(f"{RETURN}{conversation}/"):
        return None
    return _Target(conversation, int(text.rpartition("/")[2]))


def _page_address(screen: Screen, target: _Target | None) -> str:
    """Return the page's address with an anchor: the agent's emailed message if it is shown, or the live step."""
    anchor = f"m{target.version}" if target is not None else ""
    is_shown = any(
        message.who == "agent" and f"m{message.id}" == f"{anchor}.0" for message in screen.messages
    )
    return f"/c/{screen.conversation.id}#{anchor if is_shown else 'now'}"


def _mail_spent() -> Failure:
    return Failure(404, "spent", PAGE["email_link_expired"])
