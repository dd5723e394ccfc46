"""Signs agents in by one-time links, signs them out, and lets admins manage accounts."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.desk import sessions
from adapters.web.desk.context import DeskContext, forged, texts
from adapters.web.desk.sessions import Session
from adapters.web.doors.addresses import network
from adapters.web.failures import Failure
from adapters.web.forms import read_form
from adapters.web.inbound import BadRequest
from bot.ports import Account, Invitation, Role

TRIES: Final = 20
"""Most sign-in links that one network address may open in a minute."""

_ROLES: Final[dict[str, Role]] = {"agent": "agent", "admin": "admin"}


class SignInRoutes:
    """Serves the pages for signing in and for accounts."""

    def __init__(self, desk: DeskContext) -> None:
        self.desk = desk
        self.deps = desk.deps

    def routes(self) -> list[Route]:
        """Return the routes: /desk/sign-in, the links at /desk/in/{token}, /desk/out, and /desk/accounts."""
        return [
            Route("/desk/sign-in", self.sign_in_page),
            Route("/desk/in/{token}", self.open_link),
            Route("/desk/in/{token}", self.accept, methods=["POST"]),
            Route("/desk/out", self.sign_out, methods=["POST"]),
            Route("/desk/accounts", self.accounts),
            Route("/desk/accounts/invite", self.invite, methods=["POST"]),
            Route("/desk/accounts/{account_id}/link", self.link, methods=["POST"]),
            Route("/desk/accounts/{account_id}/remove", self.remove, methods=["POST"]),
        ]

    # ------------------------------------------------------------ signing in and out

    async def sign_in_page(self, request: Request) -> Response:
        """Show the sign-in page, or the desk if someone is signed in."""
        if await self.desk.sessions.whose(request) is not None:
            return self.desk.go("/desk")
        issuer = self.deps.issuer
        label = issuer.client.label if issuer is not None else ""
        left = label and "left" in request.query_params
        return self.desk.show("sign_in", None, label=label, left=left, links=self.deps.links)

    async def open_link(self, request: Request) -> Response:
        """Show a link's page. Opening a link does not spend it, because email programs and chats open links, too."""
        invitation = await self._invitation(request)
        return self._show_link(request, invitation)

    async def accept(self, request: Request) -> Response:
        """Spend the link and sign this browser in."""
        who = visitors.visitor(self.desk.site, request)
        fields = texts(await read_form(request, 20))
        ours = visitors.same_origin(self.desk.site, request)
        if who.fresh or not ours or not visitors.proven(self.desk.site, who, fields.get("proof", "")):
            raise forged()
        invitation = await self._invitation(request)
        name = fields.get("name", "")[:200]
        try:
            account = await self.deps.sign_in.accept(request.path_params["token"], name)
        except ValueError as error:
            return self._show_link(request, invitation, name, str(error), 422)
        if account is None:
            raise _spent()
        answer = self.desk.go(sessions.way(request))
        sessions.remember(request, answer, await self.desk.sessions.begin(account))
        sessions.remember_way(request, answer, "")
        return answer

    async def sign_out(self, request: Request) -> Response:
        """Sign the agent out."""
        session, _, _ = await self.desk.form(request)
        await self.desk.sessions.end(session)
        answer = self.desk.go("/desk/sign-in?left" if session.account.source else "/desk/sign-in")
        sessions.remember(request, answer, None)
        return answer

    async def _invitation(self, request: Request) -> Invitation:
        """Return what the link opens. Raises TooMany, and Failure for a link that no longer works."""
        host = request.client.host if request.client else ""
        await self.desk.allowed(f"desk/in/{network(host)}", TRIES)
        invitation = await self.deps.sign_in.peek(request.path_params["token"])
        if invitation is None:
            raise _spent()
        return invitation

    def _show_link(
        self, request: Request, invitation: Invitation, name: str = "", notice: str = "", status: int = 200
    ) -> Response:
        who = visitors.visitor(self.desk.site, request)
        answer = self.desk.show(
            "arrive",
            None,
            status,
            invitation=invitation,
            token=request.path_params["token"],
            own=visitors.proof(self.desk.site, who),
            name=name or invitation.name,
            notice=notice,
        )
        visitors.remember(self.desk.site, request, answer, who)
        return answer

    # ------------------------------------------------------------ accounts

    async def accounts(self, request: Request) -> Response:
        """List everyone who can sign in."""
        return await self._show_accounts(_require_admin(await self.desk.entered(request)))

    async def invite(self, request: Request) -> Response:
        """Create an invite link and show it once."""
        session, fields, _ = await self.desk.form(request)
        _require_admin(session)
        self._check_links()
        role = _ROLES.get(fields.get("role", ""))
        if role is None:
            raise BadRequest("Choose a role: agent or admin.")
        name = " ".join(fields.get("name", "").split())[:40]
        token = await self.deps.sign_in.invite(role, name)
        return await self._show_accounts(session, self._link_address(request, token), name, role=role, days=3)

    async def link(self, request: Request) -> Response:
        """Create a sign-in link to an existing account and show it once."""
        session, _, _ = await self.desk.form(request)
        account = await self._account(_require_admin(session), request)
        self._check_links()
        if account.source:
            raise BadRequest(
                f"{account.name} signs in with {account.source}, so sign-in links aren't available."
            )
        token = await self.deps.sign_in.link(account)
        return await self._show_accounts(session, self._link_address(request, token), account.name, days=1)

    async def remove(self, request: Request) -> Response:
        """Remove an account at once. Admins cannot remove their own, so at least one admin stays."""
        session, _, _ = await self.desk.form(request)
        account = await self._account(_require_admin(session), request)
        if account.id == session.account.id:
            raise BadRequest("You can't remove your own account. Ask another admin.")
        await self.deps.accounts.remove(account.id)
        return self.desk.go("/desk/accounts")

    async def _show_accounts(
        self, session: Session, link: str = "", whose: str = "", *, role: str = "", days: int = 0
    ) -> Response:
        """Draw the accounts, with a new link if there is one. `role` is set if the link is an invitation."""
        accounts = await self.deps.accounts.all()
        new_link: dict[str, Any] = {
            "link": link,
            "whose": whose,
            "returning": not role,
            "role": role,
            "days": days,
        }
        return self.desk.show("accounts", session, accounts=accounts, links=self.deps.links, **new_link)

    def _check_links(self) -> None:
        """Raise BadRequest if links are off."""
        if not self.deps.links:
            raise BadRequest("Links are off (DESK_LINKS). Everyone signs in through the identity provider.")

    async def _account(self, _session: Session, request: Request) -> Account:
        account = await self.deps.accounts.get(request.path_params["account_id"])
        if account is None:
            raise Failure(404, "no_account", "This account no longer exists.")
        return account

    def _link_address(self, request: Request, token: str) -> str:
        return f"{visitors.address_of(self.desk.site, request)}/desk/in/{token}"


def _require_admin(session: Session) -> Session:
    """Return the session of an admin. Raises Failure for anyone else."""
    if session.account.role != "admin":
        raise Failure(403, "not_admin", "Only admins can manage accounts.")
    return session


def _spent() -> Failure:
    detail = "Links work once and for a limited time. Ask an admin for a new one."
    return Failure(404, "spent", detail)
