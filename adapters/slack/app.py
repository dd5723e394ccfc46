"""Builds the Slack app: one session, the bot's identity, its sender and receiver, Socket Mode and HTTP."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.agents.delivery_marks import DeliveryMarks
from adapters.slack.api.addresses import SLACK
from adapters.slack.api.agent_groups import AgentGroups
from adapters.slack.api.bolt_app import BoltApp, bolt
from adapters.slack.api.client import FAILURES, INTERACTION_TIMEOUT_S, SLACK_API, SlackClient, session
from adapters.slack.api.files import Files
from adapters.slack.api.preflight import Identity, PreflightRefused, check_app_token, identify
from adapters.slack.api.rooms import Rooms
from adapters.slack.api.shared_files import SharedFiles
from adapters.slack.api.signature import SignatureGuard
from adapters.slack.api.socket_mode import run
from adapters.slack.api.token_state import TokenState
from adapters.slack.api.users import Directory
from adapters.slack.customers.deadline import soon
from adapters.slack.customers.unanswered import SlackOfferer
from adapters.slack.guarded_sender import GuardedSender
from adapters.slack.late_answers import late_acks
from adapters.slack.ports import Ports
from adapters.slack.receiver import Receiver
from adapters.slack.retraction import SlackRetractor
from adapters.slack.sender import SlackSender
from adapters.slack.step_copies import CopyingSender
from adapters.slack.uploads import SlackUploads
from adapters.slack.workspace_changes import WorkspaceChanges
from bot.ports import Bookmarks, Limiter, Look, PlatformCheck, Receive, Retrace
from bot.ports import Files as Fetching
from bot.telemetry import log
from flows.values import Frozen

MAX_RETRY_S: Final = 30.0
"""Seconds between two attempts, at most, while Slack cannot be reached at the start."""


class Access(Frozen):
    """Holds the tokens of the app and the ids of its agents, as the operator set them. `api_url` ends in a slash."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = SLACK_API
    agents: tuple[str, ...] = ()


class SlackApp:
    """Runs the app in one workspace. Callers ask for the token by workspace, so that there may be several one day."""

    name = SLACK

    def __init__(self, access: Access) -> None:
        """Open the session, so a loop must be running; `close` closes it."""
        self.access = access
        self._session = session()
        self.token_state = TokenState(self._probe)
        self._client = SlackClient(self._session, self.token, access.api_url, self.token_state.heard)
        self._rooms = Rooms(self._client)
        self._groups = AgentGroups(self._client, access.agents)
        self._directory = Directory(self._client, access.agents)
        self._known: Identity | None = None
        self._deaf = ""
        self._shared_files = SharedFiles()
        self._bookmarks: Bookmarks | None = None
        self._asking = asyncio.Lock()
        self._log = log("slack")

    def token(self, workspace: str) -> str:
        """Return the bot token of the workspace; there is only one."""
        del workspace
        return self.access.bot_token

    def attach(self, bookmarks: Bookmarks) -> None:
        """Keep in a store what every process needs to know of the workspace."""
        self._client.channel_ids.attach(bookmarks)
        self._shared_files.attach(bookmarks)
        self._bookmarks = bookmarks

    def sender(self, limiter: Limiter, files: Fetching, retrace: Retrace) -> GuardedSender:
        """Make the outbox's sender; `files` downloads files to copy. `retrace` is unused: Slack steps show no trail."""
        del retrace
        uploads = SlackUploads(self._client, self._session, files, self._shared_files)
        is_agent = self._directory.recognizes
        sender = SlackSender(self._client, limiter, self.identity, uploads, is_agent=is_agent)
        copying = CopyingSender(sender, self._client, self.identity, lambda: self._bookmarks)
        return GuardedSender(copying, self.token_state)

    def marker(self) -> DeliveryMarks:
        """Make the marks that show agents what became of their messages."""
        return DeliveryMarks(self._client, self.identity)

    def retractor(self, limiter: Limiter) -> SlackRetractor:
        """Make what takes back the bot's messages to a person whose data is erased."""
        return SlackRetractor(self._client, limiter, self.identity)

    def files(self) -> Files:
        """Make the downloader of files that were sent in Slack."""
        return Files(self._client, self._session)

    async def identity(self) -> Identity:
        """Look up the bot's identity, once. Raises PreflightRefused, and whatever a failed call raises."""
        if self._known is None:
            async with self._asking:
                if self._known is None:
                    self._known = await identify(self._web_client(), self.access.bot_token)
        return self._known

    async def checks(self, rooms: Iterable[str]) -> Sequence[PlatformCheck]:
        """Ask Slack about the token and the agents' channels. Raises nothing."""
        token = await self._token_check()
        if token.problem or token.unchecked:
            return (token,)
        deaf = (PlatformCheck(what="app token", problem=self._deaf),) if self._deaf else ()
        return (token, *deaf, *await self._rooms.checks(rooms), *await self._groups.checks())

    async def _token_check(self) -> PlatformCheck:
        try:
            async with asyncio.timeout(INTERACTION_TIMEOUT_S):
                await self.identity()
                problem = await self.token_state.check()
        except PreflightRefused as refused:
            problem = str(refused)
        except FAILURES:
            return PlatformCheck(what="token", unchecked="Slack does not answer")
        return PlatformCheck(what="token", problem=problem)

    async def preflight(self, stop: asyncio.Event) -> bool:
        """Check the tokens, again and again while Slack cannot be reached. Return False if `stop` is set first.

        Raises PreflightRefused as soon as Slack refuses a token.
        """
        pause = 1.0
        while not stop.is_set():
            try:
                await self.identity()
                if self.access.app_token:
                    await check_app_token(self._web_client(), self.access.app_token)
            except PreflightRefused:
                raise
            except FAILURES as failure:
                self._log.warning(
                    "Slack cannot be reached; trying again", seconds=pause, reason=str(failure)[:200]
                )
            else:
                return True
            try:
                async with asyncio.timeout(pause):
                    await stop.wait()
            except TimeoutError:
                pause = min(2 * pause, MAX_RETRY_S)
        return False

    def listening(self, ports: Ports) -> BoltApp:
        """Build the Bolt app with our receiver behind it."""
        self.attach(ports.bookmarks)
        changes = WorkspaceChanges(ports, self.token_state, self._client.channel_ids, self._rooms)
        receiver = Receiver(soon(ports), self._client, self._directory, self.identity, self.marker(), changes)
        return bolt(receiver.hear, self.identity, self._web_client(token=""), late_acks())

    async def hear(
        self, ports: Ports, stop: asyncio.Event, on_state: Callable[[int], None] = lambda _open: None
    ) -> None:
        """Receive requests in Socket Mode until `stop` is set, then drain. Raises PreflightRefused."""
        if await self.preflight(stop):
            app = self.listening(ports)
            try:
                await run(
                    app,
                    self.access.app_token,
                    self._web_client(),
                    stop,
                    on_state=on_state,
                    ahead=ports.ahead,
                )
            except PreflightRefused as refused:
                self._deaf = str(refused)
                raise

    async def _probe(self) -> None:
        await self._web_client().auth_test()

    def guard(self, ports: Ports, now: Callable[[], float]) -> SignatureGuard:
        """Build the ASGI application that receives requests over HTTP."""
        return SignatureGuard(self.listening(ports), self.access.signing_secret, now, ports.ahead)

    def offerer(self) -> SlackOfferer:
        """Make what offers help below messages that no one answered."""
        return SlackOfferer(self._client)

    def timers(self, receive: Receive, look: Look) -> Receive:
        """Return the handler of timers unchanged: in Slack a quiet conversation ends as on any channel."""
        del look
        return receive

    async def close(self) -> None:
        """End what goes on in the background, and close the session."""
        await self._directory.close()
        await self._session.close()

    def _web_client(self, token: str | None = None) -> AsyncWebClient:
        """Make a Web API client; Bolt's has no token, since `identity` returns one and Bolt would warn of a second."""
        options: dict[str, Any] = {"session": self._session, "retry_handlers": []}
        token = self.access.bot_token if token is None else token
        return AsyncWebClient(token=token or None, base_url=self.access.api_url, **options)
