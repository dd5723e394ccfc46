"""Runs the one Bolt app, which acknowledges an event, click or command only after the receiver recorded it.

Events, clicks, shortcuts, commands and views have one listener per kind, because Bolt asks its listeners one after
the other, and because Slack repeats an event that no listener takes. Read in slack-bolt 1.30.
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

from adapters.slack.api import ack_budget
from adapters.slack.api.preflight import Identity
from adapters.slack.api.users import IdentityUnknown
from bot.ports import Contended, StoreDown, Unreadable
from bot.telemetry import log
from flows.values import Frozen

Kind = Literal["event", "action", "shortcut", "command", "view", "view_closed"]

EVERYTHING: Final = re.compile("")
"""A pattern that matches any name, because Bolt searches with it."""


class Ack(Frozen):
    """What an acknowledgement carries: a text for the person who typed a command, `response_action` for a view."""

    payload: dict[str, Any] = Field(default_factory=dict)


class Hear(Protocol):
    """Handles each request that Slack sends, in Slack's own form."""

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """Return when the request is recorded. An exception leaves it unacknowledged: Slack repeats events."""


class InFlight:
    """Counts the requests that are being handled, so that a stopping process can wait for them."""

    def __init__(self, hear: Hear, late: Mapping[Kind, Ack]) -> None:
        """`late` is what an acknowledgement carries while the work still goes on."""
        self.count = 0
        self._late = late
        self._hear = hear
        self._works: set[asyncio.Task[Ack | None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """Hand the request to the receiver. Raises NotRecorded with the reason as its cause.

        Slow work goes on after the acknowledgement, which is not sent before the request is recorded.
        """
        self.count += 1
        self._idle.clear()
        budget = ack_budget.begin(repeats=kind == "event")
        work = asyncio.create_task(self._work(kind, body))
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        done = False
        try:
            done = await budget.spend(work)
        finally:
            if not done:  # also when the caller hung up
                work.add_done_callback(_log_late)
        return work.result() if done else self._late.get(kind)

    async def _work(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        try:
            return await self._hear(kind, body)
        except Exception as reason:
            raise NotRecorded(kind) from reason
        finally:
            self.count -= 1
            if not self.count:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until no request is being handled."""
        await self._idle.wait()


class NotRecorded(Exception):
    """Raised when a request from Slack was not recorded; the cause says why."""


class Unidentified(Exception):
    """Raised while the app's own identity is unknown; the cause says why."""


class BoltApp(AsyncApp):
    """A Bolt app that counts the requests being handled, and hands plain clicks to the receiver past Bolt."""

    hearing: InFlight
    identified: Callable[[], Awaitable[object]]

    async def clicked(self, body: dict[str, Any]) -> BoltResponse:
        """Answer a click that `is_click` recognizes, as Bolt would: its middleware takes longer than the commit."""
        try:
            await self.identified()
            return await _answered(self.hearing, "action", body)
        except Exception as error:  # noqa: BLE001  # as Bolt hands every exception to the app's error handler
            return await _error_response(error)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request, whatever it holds: Bolt raises on some requests, in its own error handler too."""
        try:
            return await super().async_dispatch(req)
        except Exception as error:  # noqa: BLE001  # Bolt reads fields without a look at their types
            return await _error_response(error)


def is_click(body: Mapping[str, Any]) -> bool:
    """Whether the request is a click as Slack always sends it. All other requests, and odd clicks, go through Bolt."""
    actions = body.get("actions")
    return (
        body.get("type") == "block_actions"
        and isinstance(actions, list)
        and len(actions) > 0
        and isinstance(actions[0], dict)
        and isinstance(actions[0].get("action_id"), str)
        and all(isinstance(body.get(name), dict) for name in ("user", "team"))
    )


def bolt(
    hear: Hear,
    identity: Callable[[], Awaitable[Identity]],
    client: AsyncWebClient,
    late: Mapping[Kind, Ack] | None = None,
) -> BoltApp:
    """Build the Bolt app. It verifies no requests: HTTP has the signature guard before it, and Socket Mode its token.

    Every request awaits `identity`, which should cache its answer. `late` is what the acknowledgement of a slow request
    carries. Nothing is read from the environment.
    """
    with _without_slack_variables():
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
    app.hearing = InFlight(hear, late or {})
    app.identified = _authorize(identity)
    for kind, listen in _kinds(app).items():
        listen(EVERYTHING)(_listener(app.hearing, kind))
    app.error(_error_response)
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
def _without_slack_variables() -> Iterator[None]:
    """Hide SLACK_ variables while Bolt is built: Bolt reads tokens from them, whatever arguments it gets.

    With SLACK_CLIENT_ID and SLACK_CLIENT_SECRET set, Bolt would keep installations in files of the home folder.
    """
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _logger() -> logging.Logger:
    """Make the logger of Bolt and its sockets: at DEBUG and INFO they would log what people wrote, and tokens."""
    logger = logging.getLogger("troubletree.slack")
    logger.setLevel(logging.WARNING)
    return logger


def _authorize(identity: Callable[[], Awaitable[Identity]]) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize() -> AuthorizeResult:
        try:
            who = await identity()
        except Exception as reason:
            # Bolt takes a SlackApiError for "not installed here", and would acknowledge an unrecorded request.
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
        return await _answered(hearing, kind, body)

    return listener


async def _answered(hearing: InFlight, kind: Kind, body: dict[str, Any]) -> BoltResponse:
    ack = await hearing(kind, body)
    return BoltResponse(status=200, body=dict(ack.payload) if ack and ack.payload else "")


async def _error_response(error: Exception) -> BoltResponse:
    """Answer a request that failed: 500 and 503 make Slack send an event again; 400 and 404 do not."""
    if isinstance(error, NotRecorded):
        _log_failure(str(error), error.__cause__)
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


def _log_late(work: "asyncio.Task[Ack | None]") -> None:
    """Log why a request failed that was acknowledged before, or whose caller hung up."""
    if not work.cancelled() and (failure := work.exception()) is not None:
        cause = failure.__cause__
        log("slack").error(
            "a request failed after it was acknowledged, or after its sender hung up",
            kind=str(failure),
            reason=_reason(cause),
            traceback=_frames(cause),
        )


def _log_failure(kind: str, cause: BaseException | None) -> None:
    """Log why a request was not recorded, without its content."""
    if isinstance(cause, StoreDown | Contended | Unreadable | IdentityUnknown):
        log("slack").error(
            "an event was not acknowledged: it could not be recorded", kind=kind, reason=_reason(cause)
        )
        return
    log("slack").error(
        "an event was not acknowledged", kind=kind, reason=_reason(cause), traceback=_frames(cause)
    )


def _reason(error: BaseException | None) -> str:
    """Describe the error. Pydantic's text would repeat its input, so only the fields' names are logged."""
    if isinstance(error, ValidationError):
        places = ", ".join(".".join(map(str, detail["loc"])) or "itself" for detail in error.errors())
        return f"{type(error).__name__}: {error.title}: {places}"
    return f"{type(error).__name__}: {error}"


def _frames(error: BaseException | None) -> str:
    """Format the tracebacks, causes first, without the values of variables."""
    lines: list[str] = []
    while error is not None:
        lines.insert(0, "".join([*traceback.format_tb(error.__traceback__), _reason(error)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(lines)
