"""The one Bolt app: hears everything Slack can say in one place, and acknowledges it only after it was heard.

Events, clicks, shortcuts, commands and views each have one listener for all of them, because Bolt asks its listeners
one after the other, and because Slack repeats an event that nobody listens to. Read in slack-bolt 1.30.
"""

import asyncio
import logging
import os
import re
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal, Protocol

from pydantic import Field, ValidationError
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.preflight import Identity
from bot.ports import Contended, RevisionUnreadable, StoreDown
from bot.telemetry import log
from flows.values import Frozen

Kind = Literal["event", "action", "shortcut", "command", "view", "view_closed"]

EVERYTHING: Final = re.compile("")
"""Bolt searches with it: whatever the name, it matches."""


class Ack(Frozen):
    """What an acknowledgement carries: words for whoever typed a command, `response_action` for a view."""

    payload: dict[str, Any] = Field(default_factory=dict)


class Hear(Protocol):
    """What is told of all that Slack sends, as Slack sent it."""

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """Return when it is recorded. Whatever is raised leaves it unacknowledged: an event comes again."""


class InFlight:
    """Counts what is being heard, so that a process that stops can wait for it."""

    def __init__(self, hear: Hear) -> None:
        self.count = 0
        self._hear = hear
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """Hand it on. Raises Unheard with the reason as its cause."""
        self.count += 1
        self._idle.clear()
        try:
            return await self._hear(kind, body)
        except Exception as reason:
            raise NotRecorded(kind) from reason
        finally:
            self.count -= 1
            if not self.count:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing is being heard."""
        await self._idle.wait()


class NotRecorded(Exception):
    """Something that Slack sent was not recorded; the cause says why."""


class Unidentified(Exception):
    """The app does not know who it is yet; the cause says why."""


class BoltApp(AsyncApp):
    """Bolt, with the count of what is being heard."""

    hearing: InFlight

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """One request. Whatever it holds there is an answer: Bolt itself stumbles over some, in its handler too."""
        try:
            return await super().async_dispatch(req)
        except Exception as error:  # noqa: BLE001  # Bolt reads fields without a look at their types
            return await _failed(error)


def bolt(hear: Hear, identity: Callable[[], Awaitable[Identity]], client: AsyncWebClient) -> BoltApp:
    """The app. Requests are not verified here: HTTP has its guard before it, and Socket Mode its token.

    `identity` is asked on each request and should remember its answer. Nothing is read from the environment.
    """
    with _nothing_set():
        app = BoltApp(
            name="troubletree",
            logger=_logger(),
            client=client,
            signing_secret="",
            authorize=_authorize(identity),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
    app.hearing = InFlight(hear)
    for kind, listen in _kinds(app).items():
        listen(EVERYTHING)(_listener(app.hearing, kind))
    app.error(_failed)
    return app


def _kinds(app: AsyncApp) -> Mapping[Kind, Callable[..., Any]]:
    return {
        "event": app.event,
        "action": app.action,
        "shortcut": app.shortcut,
        "command": app.command,
        "view": app.view_submission,
        "view_closed": app.view_closed,
    }


@contextmanager
def _nothing_set() -> Iterator[None]:
    """Hide SLACK_ variables while Bolt is made, which reads tokens from them, whatever it is given.

    With SLACK_CLIENT_ID and SLACK_CLIENT_SECRET it would keep installations in files of the home folder.
    """
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _logger() -> logging.Logger:
    """For Bolt and its sockets: at DEBUG and INFO they would write down what people said, and tokens."""
    logger = logging.getLogger("troubletree.slack")
    logger.setLevel(logging.WARNING)
    return logger


def _authorize(identity: Callable[[], Awaitable[Identity]]) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize() -> AuthorizeResult:
        try:
            who = await identity()
        except Exception as reason:
            # Bolt takes a SlackApiError for "not installed here", and would acknowledge what nobody heard.
            raise Unidentified from reason
        return AuthorizeResult(
            enterprise_id=None,
            team_id=who.team,
            bot_token=who.token,
            bot_id=who.bot_id,
            bot_user_id=who.bot_user,
        )

    return authorize


def _listener(hearing: InFlight, kind: Kind) -> Callable[..., Awaitable[BoltResponse]]:
    async def listener(body: dict[str, Any]) -> BoltResponse:
        ack = await hearing(kind, body)
        return BoltResponse(status=200, body=dict(ack.payload) if ack and ack.payload else "")

    return listener


async def _failed(error: Exception) -> BoltResponse:
    """What Slack is answered where nothing was heard: 500 and 503 bring an event again, the others are nonsense."""
    if isinstance(error, NotRecorded):
        _tell(str(error), error.__cause__)
        return BoltResponse(status=500)
    if isinstance(error, Unidentified):
        log("slack").error(
            "an event was not acknowledged: the app's identity is not known yet",
            reason=_reason(error.__cause__),
        )
        return BoltResponse(status=503)
    if isinstance(error, BoltUnhandledRequestError):
        log("slack").warning("Slack sent an event of an unknown kind")
        return BoltResponse(status=404)
    log("slack").warning("Slack sent an event that cannot be read", reason=type(error).__name__)
    return BoltResponse(status=400)


def _tell(kind: str, cause: BaseException | None) -> None:
    """Log why something was not heard, never what it was."""
    if isinstance(cause, StoreDown | Contended | RevisionUnreadable):
        log("slack").error(
            "an event was not acknowledged: it could not be recorded", kind=kind, reason=_reason(cause)
        )
        return
    log("slack").error(
        "an event was not acknowledged", kind=kind, reason=_reason(cause), traceback=_frames(cause)
    )


def _reason(error: BaseException | None) -> str:
    """The error in words; pydantic's would repeat what it was given, so only the places are named."""
    if isinstance(error, ValidationError):
        places = ", ".join(".".join(map(str, one["loc"])) or "itself" for one in error.errors())
        return f"{type(error).__name__}: {error.title}: {places}"
    return f"{type(error).__name__}: {error}"


def _frames(error: BaseException | None) -> str:
    """Where it came from, causes first, without the values that were at hand."""
    lines: list[str] = []
    while error is not None:
        lines.insert(0, "".join([*traceback.format_tb(error.__traceback__), _reason(error)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(lines)
