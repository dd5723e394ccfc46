"""Serves a conversation on the desk, its files, and the stream that keeps it live."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.desk.context import DeskContext, fetched
from adapters.web.desk.inbound import looks_like_a_command
from adapters.web.desk.packet import packet
from adapters.web.desk.phrases import shown_to
from adapters.web.desk.queue_rows import ASIDE, state
from adapters.web.desk.sessions import Session, actor
from adapters.web.failures import no_conversation
from adapters.web.files import handed_out
from adapters.web.forms import number_in
from flows.conversation import Status
from flows.flow import solutions
from flows.orders import UNTILS
from flows.prompts import step_choices
from flows.replies import Canned
from flows.views.dossier import Dossier


class ConversationRoutes:
    """Serves a conversation's page on the desk."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.deps = desk.deps

    def routes(self) -> list[Route]:
        """Return the routes: /desk/c/{conversation_id}, its stream and its files."""
        return [
            Route("/desk/c/{conversation_id}", self.conversation),
            Route("/desk/c/{conversation_id}/stream", self.stream),
            Route("/desk/c/{conversation_id}/files/{version}/{number}", self.file),
        ]

    # ------------------------------------------------------------ a conversation

    async def conversation(self, request: Request) -> Response:
        """Show the conversation to any agent who is signed in; `ready` names a saved reply to fill in."""
        part = fetched(request)
        session = await self.desk.entered(request, busy=not part)
        dossier = await self.dossier(request)
        chosen = request.query_params.get("ready", "")
        saved = await self._saved_replies(dossier, session) if chosen else ()
        draft = next((reply.text for reply in saved if reply.id == chosen), "")
        return await self.draw(request, session, dossier, draft=draft)

    async def _saved_replies(self, dossier: Dossier, session: Session) -> tuple[Canned, ...]:
        """Return the saved replies, filled in for that agent and conversation."""
        return await self.deps.replies(dossier.conversation, session.account.name)

    async def dossier(self, request: Request) -> Dossier:
        """Return the dossier of the conversation in the address. Raises Failure if there is none."""
        conversation_id = str(request.path_params["conversation_id"])
        dossier = await self.deps.inspect(conversation_id) if visitors.good_id(conversation_id) else None
        if dossier is None:
            raise no_conversation()
        return dossier

    async def draw(
        self,
        request: Request,
        session: Session,
        dossier: Dossier,
        status: int = 200,
        *,
        notice: str = "",
        draft: str = "",
        doubt: str = "",
        back: str = "",
    ) -> Response:
        """Draw a conversation. `draft` is a reply and `back` a refused note to keep in its box; `doubt` is a note that
        begins with "!", for the agent to confirm.
        """
        at = dossier.conversation
        flow = await self.deps.flow(at.revision)
        screen = dossier.screen
        words = self.deps.words
        known, address = packet(dossier), at.address("customer")
        accounts = await self.deps.accounts.all()
        standing = await self.deps.standing(at.id) if at.ticket_open else None
        return self.desk.show(
            "conversation_part" if fetched(request) else "conversation",
            session,
            status,
            at=at,
            screen=screen,
            prompt=screen.prompt,
            ticket=screen.ticket,
            image=self.desk.assets.image(at.revision, screen.prompt.image),
            again=(),
            lines=dossier.lines,
            kept=await self._saved_replies(dossier, session),
            arrivals=await self.deps.arrivals.of(at),
            actor=session.actor,
            packet=known,
            shown=shown_to(known.who, address.channel if address is not None else ""),
            state=state(at),
            standing=standing,
            promise=standing.promise(self.desk.site.now()) if standing else None,
            untils=UNTILS,
            aside=ASIDE.get(at.snoozed, "") if at.ticket_open else "",
            mine=at.status is Status.WITH_AGENT and at.holder == session.actor,
            taken=at.status is Status.WITH_AGENT and at.holder != session.actor,
            steps=step_choices(flow, words),
            guides=[(each.id, each.title, step_choices(each, words)) for each in self.deps.catalogue().flows],
            colleagues=[each for each in accounts if actor(each.id) != at.holder],
            teams=self.deps.teams(),
            solutions=solutions(flow),
            recipients=await self.deps.recipients(at),
            notice=notice,
            draft=draft,
            doubt=doubt,
            lone=looks_like_a_command(doubt),
            back=back,
        )

    async def file(self, request: Request) -> Response:
        """Serve a file of the conversation or of its notes."""
        await self.desk.entered(request)
        dossier = await self.dossier(request)
        line, number = dossier.at(number_in(request, "version")), number_in(request, "number")
        file = line.files[number] if line is not None and number < len(line.files) else None
        return await handed_out(self.desk.site, dossier.conversation, file)

    async def stream(self, request: Request) -> Response:
        """Stream the version, now and after every change, until the agent signs out.

        The page's script then loads the changed part.
        """
        session = await self.desk.entered(request, busy=False)
        dossier = await self.dossier(request)

        async def draw(version: int) -> str | None:
            again = await self.desk.sessions.whose(request, busy=False)
            return str(version) if again is not None else None

        return self.desk.streams.open(request, dossier.conversation.id, session.actor, "version", draw)
