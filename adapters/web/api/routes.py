"""Serves the REST API that other products embed, documented at /openapi.json."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Path, Request
from starlette.responses import Response

from adapters.web import visitors
from adapters.web.api.openapi import ENTERED, STREAM, problems
from adapters.web.api.requests import EventBody, Start, event_of_body
from adapters.web.api.responses import Created, FlowsState, FlowState, State, created, state
from adapters.web.failures import Failure, no_conversation, refused, why_not
from adapters.web.inbound import digest, started
from adapters.web.limits import VisitorAct, allow
from adapters.web.page.assets import Assets
from adapters.web.read_position import saw
from adapters.web.site import Site
from adapters.web.start import begin, placed, recent_screens
from adapters.web.stream import Streams
from flows.text.phrases import PHRASES
from flows.views.screen import Screen

CONFLICTS: Final = frozenset({"past_turn", "future_turn", "not_now"})
"""Refusals that mean that the conversation has moved on."""


@dataclass(frozen=True)
class Caller:
    """A caller who may use a conversation: by its token, or by the browser's cookie."""

    conversation: str
    actor: str


async def _authenticate(
    request: Request, conversation_id: Annotated[str, Path(description="The conversation's id.")]
) -> Caller:
    """Authenticate a caller by token or cookie. Checking a token does not read the store."""
    site: Site = request.app.state.site
    if not visitors.good_id(conversation_id):
        raise no_conversation()
    header = request.headers.get("authorization")
    if header is None:
        return Caller(conversation_id, _cookie_actor(site, request))
    scheme, _, bearer = header.partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        raise _unauthorized("Send the conversation's token as `Authorization: Bearer …`.")
    person = visitors.person_by_token(site, conversation_id, bearer.strip())
    if person is None:
        raise _unauthorized("This token isn't valid for this conversation.", ' error="invalid_token"')
    return Caller(conversation_id, visitors.actor(person))


def _cookie_actor(site: Site, request: Request) -> str:
    who = visitors.visitor(site, request)
    if who.fresh or not visitors.same_origin(site, request):
        raise _unauthorized("An id alone gives no access. Send the token as `Authorization: Bearer …`.")
    return who.actor


Entrant = Annotated[Caller, Depends(_authenticate)]


class ApiRoutes:
    """Serves the API's routes for one site."""

    def __init__(self, site: Site, streams: Streams, assets: Assets) -> None:
        """`streams` are the process's open streams; `assets` gives the addresses of pictures."""
        self.site = site
        self.streams = streams
        self.assets = assets

    def router(self) -> APIRouter:
        """Return the routes, with their OpenAPI descriptions."""
        router = APIRouter(prefix="/api", tags=["conversations"])
        router.add_api_route(
            "/flows", self.flows, response_model=FlowsState, summary="List the available problems"
        )
        router.add_api_route(
            "/conversations",
            self.start,
            methods=["POST"],
            status_code=201,
            response_model=Created,
            responses=problems(403, 413, 415, 422, 429, 503),
            dependencies=[Depends(_json_only)],
            summary="Start a conversation",
        )
        router.add_api_route(
            "/conversations/{conversation_id}",
            self.look,
            response_model=State,
            responses=problems(401, 404, 503),
            openapi_extra=ENTERED,
            summary="Get a conversation",
        )
        router.add_api_route(
            "/conversations/{conversation_id}/events",
            self.event,
            methods=["POST"],
            response_model=State,
            responses=problems(401, 404, 409, 413, 415, 422, 429, 503),
            dependencies=[Depends(_json_only)],
            openapi_extra=ENTERED,
            summary="Send what the customer did",
        )
        router.add_api_route(
            "/conversations/{conversation_id}/stream",
            self.stream,
            response_class=Response,
            responses=problems(401, 404, 429, 503) | {200: STREAM},
            openapi_extra=ENTERED,
            summary="Stream every change (server-sent events)",
        )
        return router

    async def flows(self) -> Response:
        """List the flows that a customer can choose, in the order to show them."""
        return _answer(FlowsState(flows=[FlowState(**vars(offer)) for offer in self.site.offers()]))

    async def start(self, request: Request, body: Annotated[Start, Body()]) -> Response:
        """Start a conversation with a flow, or with the customer's own description of the problem.

        If no flow recognizes the text, the customer is asked to choose a problem. The flow `picker` asks right away.
        If the visitor, or the key, already has an open conversation in the same flow, the text is said in that one, and
        that one is returned. A text that no flow recognizes continues the conversation that began with such a text.
        """
        flow, text = body.flow or "", body.text or ""
        if not flow and not text:
            raise Failure(422, "invalid", "Send a `flow` or a `text`.")
        if visitors.acts_for_another_site(self.site, request):
            raise Failure(
                403, "foreign_origin", "Requests with cookies are only accepted from this site's own pages."
            )
        who = self._browser(request)
        person = self._starter(request, body.key)
        await allow(self.site, request, person, VisitorAct(text, start=True))
        key = body.key or secrets.token_urlsafe(16)
        own = f"{key}.{digest(text)}" if text else key  # the same customer may start again with other words
        event = started(person, visitors.actor(person), own, flow=flow, text=text)
        mine = await recent_screens(self.site, request, who) if who is not None and not flow else ()
        placement = placed(self.site, text, [screen.conversation for screen in mine]) if not flow else None
        outcome = await begin(self.site, event, placement)
        conversation_id = outcome.conversation.id
        if outcome.conversation.version == 0:
            raise self._unknown_flow()
        screen = await self._screen(conversation_id, event.actor)
        document = created(self._state(request, screen), visitors.token(self.site, conversation_id, person))
        answer = _answer(document, 201, {"location": f"/api/conversations/{conversation_id}"})
        if who is not None:
            visitors.remember(self.site, request, answer, who, conversation_id)
        return answer

    async def look(self, request: Request, entrant: Entrant) -> Response:
        """Return the current state. The token is not repeated."""
        screen = await self._screen(entrant.conversation, entrant.actor)
        await saw(self.site, screen)
        return _answer(self._state(request, screen))

    async def event(self, request: Request, entrant: Entrant, body: Annotated[EventBody, Body()]) -> Response:
        """Record an event. Return 200 with the new state, also if the key was used before and nothing changed."""
        await allow(self.site, request, entrant.actor, _act_of(body))
        key = body.key or secrets.token_urlsafe(12)
        outcome = await self.site.receive(event_of_body(body, entrant.conversation, entrant.actor, key))
        if outcome is None or (outcome.refusal and outcome.refusal.why == "not_yours"):
            raise no_conversation()
        screen = await self._screen(entrant.conversation, entrant.actor)
        await saw(self.site, screen)
        if outcome.refusal is not None:
            why = outcome.refusal.why
            state = self._state(request, screen, why_not(screen, why))
            status = 429 if why == "too_much" else 409 if why in CONFLICTS else 422
            raise refused(status, why, state)
        return _answer(self._state(request, screen))

    async def stream(self, request: Request, entrant: Entrant) -> Response:
        """Send an event `state` now and after every change. Its data is the state, its id the version."""
        await self._screen(entrant.conversation, entrant.actor)

        async def draw(_version: int) -> str | None:
            screen = await self.site.look(entrant.conversation)
            if screen is not None:
                await saw(self.site, screen)
            return self._state(request, screen).model_dump_json(by_alias=True) if screen else None

        return self.streams.open(request, entrant.conversation, entrant.actor, "state", draw)

    def _state(self, request: Request, screen: Screen, notice: str | None = None) -> State:
        base = visitors.address_of(self.site, request)
        return state(
            screen, self.assets.image(screen.conversation.revision, screen.prompt.image, base), notice
        )

    def _starter(self, request: Request, key: str | None) -> str:
        """Return who starts: the browser on our own page, or the visitor of the key, or a new one."""
        who = self._browser(request)
        if who is not None:
            return who.person
        return visitors.person_by_key(self.site, key) if key else visitors.newcomer(self.site).person

    def _browser(self, request: Request) -> visitors.Visitor | None:
        """Return the browser on our own page that sent the request; None for any other client."""
        who = visitors.visitor(self.site, request)
        return who if not who.fresh and visitors.same_origin(self.site, request) else None

    async def _screen(self, conversation_id: str, actor: str) -> Screen:
        screen = await self.site.look(conversation_id)
        if screen is None or not screen.conversation.may_answer(actor):
            raise no_conversation()
        return screen

    def _unknown_flow(self) -> Failure:
        ids = [offer.id for offer in self.site.offers()]
        return Failure(422, "unknown_flow", PHRASES["unknown_flow"], members={"flows": ids})


def _act_of(body: EventBody) -> VisitorAct:
    """Return what the body of an event does."""
    words = getattr(body, "text", "") + getattr(body, "reach", "")
    return VisitorAct(words, person=body.type == "escalate")


async def _json_only(request: Request) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Failure(415, "media_type", "Send JSON with `Content-Type: application/json`.")


def _unauthorized(detail: str, more: str = "") -> Failure:
    return Failure(401, "unauthorised", detail, {"www-authenticate": f"Bearer{more}"})


def _answer(
    content: State | Created | FlowsState, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(content.model_dump_json(by_alias=True), status, headers, "application/json")
