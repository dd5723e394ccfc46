"""The way back from a mail: a link to exactly this conversation, which is only spent by whoever presses the button."""

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


class _Way(NamedTuple):
    """Where a link leads: the conversation, and the version that it shows."""

    conversation: str
    version: int


class MailLinkRoutes:
    """The routes of links in mails.

    Programs that look at mails open links, so that looking spends nothing. Where the conversation was seen before, the
    link just opens it, also when it is spent.
    """

    def __init__(self, pages: PageRoutes) -> None:
        """`pages` are the site's."""
        self.pages = pages
        self.site = pages.site

    def routes(self) -> list[Route]:
        """The link in a mail, /c/{conversation_id}/mail/{token}: opened, and confirmed."""
        path = "/c/{conversation_id}/mail/{token}"
        return [Route(path, self.arrive), Route(path, self.go, methods=["POST"])]

    async def arrive(self, request: Request) -> Response:
        """Somebody opened the link."""
        who, found, token = self._asked(request)
        way = _way(await self.site.vault.peek(token), found)
        screen = None if who.fresh else await self.site.look(found)
        if screen is not None and screen.conversation.may_answer(who.actor):
            return RedirectResponse(_place(screen, way), 303)
        if way is None:
            raise _spent()
        page = self.pages.renderer.page("go", visit=self.pages.visit(who), action=request.url.path)
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def go(self, request: Request) -> Response:
        """They pressed the button: the link is spent, and their browser may press the conversation's buttons."""
        who, _ = await self.pages.form(request)
        _, found, token = self._asked(request)
        way = _way(await self.site.vault.peek(token), found)
        if way is None or await self.site.vault.take(token) is None:
            raise _spent()
        outcome = await self.site.receive(joined(found, who.actor, token))
        screen = await self.site.look(found)
        if outcome is None or screen is None:
            raise no_conversation()
        answer = RedirectResponse(_place(screen, way), 303)
        visitors.remember(self.site, request, answer, who, found)
        return answer

    def _asked(self, request: Request) -> tuple[visitors.Visitor, str, str]:
        found = str(request.path_params["conversation_id"])
        if not visitors.good_id(found):
            raise no_conversation()
        return visitors.visitor(self.site, request), found, str(request.path_params["token"])


def _way(text: str | None, conversation: str) -> _Way | None:
    """Read what is kept under a link; None for anything but a link from a mail to that conversation."""
    if text is None or not text.startswith(f"{RETURN}{conversation}/"):
        return None
    return _Way(conversation, int(text.rpartition("/")[2]))


def _place(screen: Screen, way: _Way | None) -> str:
    """The page at what an agent said in the mail, or at what is asked now."""
    place = f"m{way.version}" if way is not None else ""
    said = any(message.who == "agent" and f"m{message.id}" == f"{place}.0" for message in screen.messages)
    return f"/c/{screen.conversation.id}#{place if said else 'now'}"


def _spent() -> Failure:
    return Failure(404, "spent", PAGE["email_link_expired"])
