"""What agents do on the desk. Each act has an address of its own: a note can never arrive as a reply (law L12)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.desk import inbound
from adapters.web.desk.context import fetched
from adapters.web.desk.conversation import ConversationRoutes
from adapters.web.desk.sessions import Session
from adapters.web.failures import no_conversation
from adapters.web.files import brought, uploaded
from adapters.web.guard import allow_event
from adapters.web.inbound import BadRequest, clean
from flows.orders import refused
from flows.text.agent_phrases import phrase

SURE: Final = "yes"
"""The field `sure` of a note that was asked about, and is to be one."""


class ActRoutes:
    """The routes of the acts."""

    def __init__(self, pages: ConversationRoutes) -> None:
        """`pages` are the desk's."""
        self.pages = pages
        self.room = pages.room
        self.office = pages.office

    def routes(self) -> list[Route]:
        """One for each act."""
        return [
            Route(f"/desk/c/{{conversation_id}}/{act}", self._doing(act), methods=["POST"])
            for act in inbound.ACTS
        ]

    def _doing(self, act: str) -> Callable[[Request], Awaitable[Response]]:
        async def do(request: Request) -> Response:
            return await self.do(request, act)

        return do

    async def do(self, request: Request, act: str) -> Response:
        """Who is signed in does it, if the form is ours and makes sense."""
        session, fields, form = await self.room.form(request)
        sent = await brought(form)
        conversation_id = str(request.path_params["conversation_id"])
        if not visitors.good_id(conversation_id):
            raise no_conversation()
        await allow_event(self.room.site, session.actor)
        try:
            if act == "note" and self._doubtful(fields):
                return await self._asked_about(request, session, fields)
            given = await self._handed_to(fields) if act == "transfer" else fields
            done = await self._done(fields, form, request) if act == "hand-back" else ()
            files = await uploaded(self.room.site, sent, conversation_id) if act == "reply" else ()
            event = inbound.event_of_form(act, given, done, conversation_id, session.account, files)
        except BadRequest as misread:
            return await self._again(request, session, act, fields, 422, str(misread))
        outcome = await self.room.site.receive(event)
        if outcome is None:
            raise no_conversation()
        if outcome.refusal is not None:
            return await self._again(
                request, session, act, fields, 409, refused(outcome.conversation, outcome.refusal)
            )
        if fetched(request):
            return await self.pages.draw(request, session, await self.pages.dossier(request))
        return self.room.go(f"/desk/c/{conversation_id}#{_LANDS.get(act, 'acts')}")

    def _doubtful(self, fields: Mapping[str, str]) -> bool:
        """A note that begins with the mark of a reply: asked about, never sent silently."""
        return inbound.marked(clean(fields.get("text", ""))) and fields.get("sure") != SURE

    async def _asked_about(self, request: Request, session: Session, fields: Mapping[str, str]) -> Response:
        dossier = await self.pages.dossier(request)
        return await self.pages.draw(request, session, dossier, 409, doubt=inbound.words(fields))

    async def _handed_to(self, fields: dict[str, str]) -> dict[str, str]:
        kind, _, to = fields.get("to", "").partition(":")
        if kind == "team" and to in self.office.teams():
            return fields
        account = await self.office.accounts.get(to) if kind == "agent" else None
        if account is None:
            raise BadRequest(phrase("choose_transfer"))
        return {**fields, "to_name": account.name}

    async def _done(self, fields: Mapping[str, str], form: FormData, request: Request) -> tuple[str, ...]:
        """The steps that are done: those ticked, and with `before` all that come before the one to go on at.

        Raises Misread where one that was ticked is none of the guide's.
        """
        guide, _, step = fields.get("at", "").rpartition("/")
        if guide:
            found = self.office.catalogue().by_id.get(guide)
        else:
            dossier = await self.pages.dossier(request)
            found = await self.office.flow(dossier.conversation.revision)
        ticked = [value for value in form.getlist("done") if isinstance(value, str)]
        known = [each.id for each in found.steps] if found is not None else []
        if not known or not set(ticked) <= set(known):
            raise BadRequest(phrase("refused_no_choice"))
        if fields.get("before") and step in known:
            ticked = known[: known.index(step)]
        return tuple(ticked)

    async def _again(
        self,
        request: Request,
        session: Session,
        act: str,
        fields: Mapping[str, str],
        status: int,
        why: str,
    ) -> Response:
        """The same page, with why nothing was done; what was written is kept, each in its own box."""
        dossier = await self.pages.dossier(request)
        text = clean(fields.get("text", ""))
        return await self.pages.draw(
            request,
            session,
            dossier,
            status,
            notice=why,
            draft=text if act == "reply" else "",
            back=text if act == "note" else "",
        )


_LANDS: Final[Mapping[str, str]] = {"reply": "reply", "note": "note"}
"""Where the page without a script goes on after an act."""
