"""Serves the front page and its form, which starts a conversation or asks which one the words are about."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.failures import no_conversation
from adapters.web.inbound import TEXT_LIMIT, BadRequest, clean, start_of_form
from adapters.web.limits import act_of_start, allow
from adapters.web.page.routes import PageRoutes
from adapters.web.site import OfferedFlow
from adapters.web.start import begin, begin_anew, placed, recent_screens
from adapters.web.visitors import Visitor
from bot.ports import Outcome
from flows.events import Escalated, Started
from flows.rules.placement import Placement
from flows.text.phrases import PHRASES
from flows.views.screen import Screen

SHOWN: Final = 5
"""Conversations that the front page lists."""

ASKED: Final = 3
"""Open conversations that pasted words may be about, as buttons."""


class HomeRoutes:
    """Serves the front page of one site."""

    def __init__(self, pages: PageRoutes) -> None:
        """`pages` are the pages of conversations."""
        self.pages = pages
        self.site = pages.site
        self.renderer = pages.renderer

    def routes(self) -> list[Route]:
        """Return the routes: the front page and its form."""
        return [Route("/", self.home), Route("/start", self.start, methods=["POST"])]

    async def home(self, request: Request) -> Response:
        """Show the front page: choose a problem, paste an error, ask for a person, or continue a conversation."""
        text = clean(request.query_params.get("text", "")[:TEXT_LIMIT])
        return await self._home(request, text=text, picked=request.query_params.get("flow", ""))

    async def _home(
        self, request: Request, text: str, notice: str = "", picked: str = "", status: int = 200
    ) -> Response:
        who = visitors.visitor(self.site, request)
        offers = self.site.offers()
        page = self.renderer.page(
            "home",
            offers=offers,
            picked=_chosen_flow(offers, picked),
            notices=await self.site.notices(),
            unfinished=(await recent_screens(self.site, request, who))[:SHOWN],
            now=self.site.now(),
            text=text,
            notice=notice,
            visit=self.pages.visit(who),
        )
        answer = HTMLResponse(page, status)
        visitors.remember(self.site, request, answer, who)
        return answer

    # ------------------------------------------------------------ starting

    async def start(self, request: Request) -> Response:
        """Start a conversation with the chosen problem, the pasted text, or a request for a person.

        Text that may be about an open conversation is asked about first.
        """
        who, fields = await self.pages.form(request)
        try:
            event = start_of_form(fields, who.person, who.actor)
        except BadRequest as error:
            return await self._home(request, clean(fields.get("text", "")), str(error), status=422)
        await allow(self.site, request, who.person, act_of_start(fields))
        do, _, chosen = fields["do"].partition(":")
        if do == "here":
            return await self._say(request, who, event, chosen)
        if do == "new":
            return await self._enter(request, who, event, await begin_anew(self.site, event))
        placement = Placement()
        if event.text:
            mine = await recent_screens(self.site, request, who)
            placement = placed(self.site, event.text, [screen.conversation for screen in mine])
            if placement.asks:
                return self._ask(request, who, event.text, placement, mine)
        outcome = await begin(self.site, event, placement)
        if do == "person" and outcome.conversation.version:
            at = outcome.conversation.id
            await self.site.receive(Escalated(conversation=at, actor=who.actor, key=f"{event.key}.person"))
        return await self._enter(request, who, event, outcome)

    async def _enter(self, request: Request, who: Visitor, event: Started, outcome: Outcome) -> Response:
        """Send the browser to the conversation, or back to the front page if its flow does not exist."""
        at = outcome.conversation
        if at.version == 0:
            return await self._home(request, event.text, PHRASES["unknown_flow"], status=422)
        answer = RedirectResponse(f"/c/{at.id}{'#asked' if at.suggested else ''}", 303)
        visitors.remember(self.site, request, answer, who, at.id)
        return answer

    def _ask(
        self, request: Request, who: Visitor, text: str, placement: Placement, mine: Sequence[Screen]
    ) -> Response:
        """Ask whether the pasted text is about an open conversation or about something new."""
        screens = {screen.conversation.id: screen for screen in mine}
        about = [screens[at.id] for at in placement.asks[:ASKED]]
        page = self.renderer.page(
            "which", about=about, text=text, now=self.site.now(), visit=self.pages.visit(who)
        )
        answer = HTMLResponse(page)
        visitors.remember(self.site, request, answer, who)
        return answer

    async def _say(self, request: Request, who: Visitor, event: Started, chosen: str) -> Response:
        """Say the text in the conversation that the customer chose. Raises Failure if it is not theirs."""
        said = event.said_in(chosen) if visitors.good_id(chosen) else None
        outcome = await self.site.receive(said) if said is not None else None
        if outcome is None or (outcome.refusal and outcome.refusal.why == "not_yours"):
            raise no_conversation()
        return await self._enter(request, who, event, outcome)


def _chosen_flow(offers: tuple[OfferedFlow, ...], flow: str) -> OfferedFlow | None:
    return next((offer for offer in offers if offer.id == flow), None)
