"""Records what agents do on the desk. Each act has its own address, so a note can never become a reply (law L12)."""

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
from adapters.web.files import brought
from adapters.web.guard import allow_event
from adapters.web.inbound import BadRequest, clean
from adapters.web.uploads import record, shares_of_agent, uploads_of
from flows.orders import refused
from flows.text.agent_phrases import phrase

SURE: Final = "yes"
"""The value of the field `sure` after the agent confirmed that the text is a note."""


class ActRoutes:
    """Serves the forms of a conversation's page on the desk."""

    def __init__(self, pages: ConversationRoutes) -> None:
        """`pages` draws the conversation after an act."""
        self.pages = pages
        self.desk = pages.desk
        self.deps = pages.deps

    def routes(self) -> list[Route]:
        """Return a route for each act."""
        return [
            Route(f"/desk/c/{{conversation_id}}/{act}", self._endpoint(act), methods=["POST"])
            for act in inbound.ACTS
        ]

    def _endpoint(self, act: str) -> Callable[[Request], Awaitable[Response]]:
        async def do(request: Request) -> Response:
            return await self.do(request, act)

        return do

    async def do(self, request: Request, act: str) -> Response:
        """Record the act of the signed-in agent and show the result, or show the form again with the error."""
        session, fields, form = await self.desk.form(request)
        sent = await brought(form)
        conversation_id = str(request.path_params["conversation_id"])
        if not visitors.good_id(conversation_id):
            raise no_conversation()
        await allow_event(self.desk.site, session.actor)
        try:
            if act == "note" and self._is_doubtful(fields):
                return await self._ask_to_confirm(request, session, fields)
            complete = await self._with_assignee(fields) if act == "transfer" else fields
            done = await self._done_steps(fields, form, request) if act == "hand-back" else ()
            uploads = (
                uploads_of(self.desk.site, sent, conversation_id, session.actor, fields.get("key", ""))
                if act == "reply"
                else ()
            )
            files = tuple(upload.file for upload in uploads)
            event = inbound.event_of_form(act, complete, done, conversation_id, session.account, files)
            outcome = await record(self.desk.site, event, uploads, shares_of_agent(self.desk.site))
        except BadRequest as error:
            return await self._show_error(request, session, act, fields, 422, str(error))
        if outcome is None:
            raise no_conversation()
        if outcome.refusal is not None:
            return await self._show_error(
                request, session, act, fields, 409, refused(outcome.conversation, outcome.refusal)
            )
        if fetched(request):
            return await self.pages.draw(request, session, await self.pages.dossier(request))
        return self.desk.go(f"/desk/c/{conversation_id}#{_ANCHORS.get(act, 'acts')}")

    def _is_doubtful(self, fields: Mapping[str, str]) -> bool:
        """Return whether an unconfirmed note begins with "!", which marks a reply in chats."""
        return inbound.marked(clean(fields.get("text", ""))) and fields.get("sure") != SURE

    async def _ask_to_confirm(
        self, request: Request, session: Session, fields: Mapping[str, str]
    ) -> Response:
        """Ask the agent whether a doubtful note is a note or a reply."""
        dossier = await self.pages.dossier(request)
        return await self.pages.draw(request, session, dossier, 409, doubt=inbound.words(fields))

    async def _with_assignee(self, fields: dict[str, str]) -> dict[str, str]:
        """Add the new assignee's name to a transfer's fields. Raises BadRequest for an unknown team or agent."""
        kind, _, to = fields.get("to", "").partition(":")
        if kind == "team" and to in self.deps.teams():
            return fields
        account = await self.deps.accounts.get(to) if kind == "agent" else None
        if account is None:
            raise BadRequest(phrase("choose_transfer"))
        return {**fields, "to_name": account.name}

    async def _done_steps(
        self, fields: Mapping[str, str], form: FormData, request: Request
    ) -> tuple[str, ...]:
        """Return the steps marked as done; with `before`, all steps before the one to continue at.

        Raises BadRequest if a marked step does not belong to the guide.
        """
        guide, _, step = fields.get("at", "").rpartition("/")
        if guide:
            flow = self.deps.catalogue().by_id.get(guide)
        else:
            dossier = await self.pages.dossier(request)
            flow = await self.deps.flow(dossier.conversation.revision)
        ticked = [value for value in form.getlist("done") if isinstance(value, str)]
        known = [each.id for each in flow.steps] if flow is not None else []
        if not known or not set(ticked) <= set(known):
            raise BadRequest(phrase("refused_no_choice"))
        if fields.get("before") and step in known:
            ticked = known[: known.index(step)]
        return tuple(ticked)

    async def _show_error(
        self,
        request: Request,
        session: Session,
        act: str,
        fields: Mapping[str, str],
        status: int,
        why: str,
    ) -> Response:
        """Show the same page with the error. The written text stays in its box, reply or note."""
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


_ANCHORS: Final[Mapping[str, str]] = {"reply": "reply", "note": "note"}
"""The anchor that a page without a script opens after an act."""
