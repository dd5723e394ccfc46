"""Opens a conversation from an email's one-time link. Only the button on its page spends the link."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.failures import Failure, no_conversation
from adapters.web.inbound import joined
from adapters.web.page.routes import PageRoutes
from adapters.web.texts import PAGE
from bot.ports import RETURN
from flows.views.screen import Screen


class _Target(NamedTuple):
    """The target of a link: the conversation, and the version of the emailed message."""

    conversation: str
    version: int


class MailLinkRoutes:
    """Serves the links in emails.

    Opening a link does not spend it, because email programs open links, too. In a browser that already has the
    conversation, a link opens it directly, even after it was spent.
    """

    def __init__(self, pages: PageRoutes) -> None:
        self.pages = pages
        self.site = pages.site

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
            raise _spent()
        page = self.pages.renderer.page("go", visit=self.pages.visit(who), action=request.url.path)
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def confirm(self, request: Request) -> Response:
        """Spend the link after the customer pressed the button, and let their browser use the conversation."""
        who, _ = await self.pages.form(request)
        _, conversation_id, token = self._parsed(request)
        target = _parse_target(await self.site.vault.peek(token), conversation_id)
        if target is None or await self.site.vault.take(token) is None:
            raise _spent()
        outcome = await self.site.receive(joined(conversation_id, who.actor, token))
        screen = await self.site.look(conversation_id)
        if outcome is None or screen is None:
            raise no_conversation()
        answer = RedirectResponse(_page_address(screen, target), 303)
        visitors.remember(self.site, request, answer, who, conversation_id)
        return answer

    def _parsed(self, request: Request) -> tuple[visitors.Visitor, str, str]:
        """Return the request's visitor, conversation id and token. Raises Failure for an impossible id."""
        conversation_id = str(request.path_params["conversation_id"])
        if not visitors.good_id(conversation_id):
            raise no_conversation()
        return visitors.visitor(self.site, request), conversation_id, str(request.path_params["token"])


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


def _spent() -> Failure:
    return Failure(404, "spent", PAGE["email_link_expired"])
