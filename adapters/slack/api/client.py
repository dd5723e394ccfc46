"""Calls Slack's Web API over one shared session, with each workspace's token, and sorts failed calls."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.ack_budget import call_time, showing
from adapters.slack.api.channel_ids import ChannelIds
from adapters.slack.api.simpler_forms import complaints, simpler
from bot.ports import Busy, PlaceGone, StoreDown, Undeliverable
from bot.telemetry import log

FAILURES: Final = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""The exceptions that a call to Slack raises."""

SLACK_API: Final = "https://slack.com/api/"
"""The base URL of Slack's API; a government host or a stand-in has another."""

TIMEOUT_S: Final = 10.0
"""Seconds that a call may take."""

INTERACTION_TIMEOUT_S: Final = 3.0
"""Seconds for a call on which an acknowledgement depends: Slack gives up on an interaction after three."""

REFUSED_RETRY_S: Final = 60.0
"""Seconds between attempts while a token or a scope is missing, which only an operator can fix."""

NEVER: Final = frozenset(
    [
        "as_user_not_supported",
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "channel_is_archived",
        "channel_not_found",
        "channel_type_not_supported",
        "ekm_access_denied",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_permission",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "team_access_not_granted",
        "thread_locked",
        "thread_not_found",
        "too_many_attachments",
        "user_disabled",
        "user_not_found",
    ]
)
"""Error codes after which another attempt fails alike (Slack's lists for `chat.postMessage` and `chat.update`)."""

DELETED: Final = "thread_not_found"
LOCKED: Final = frozenset(["cannot_reply_to_message", "restricted_action_thread_locked", "thread_locked"])
"""Error codes of a thread that was deleted, or locked; another one can be started in its channel."""

CHANNEL_CLOSED: Final = frozenset(
    [
        "channel_is_archived",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
        "user_disabled",
        "user_not_found",
    ]
)
"""Error codes of a channel that was deleted or archived, or no longer lets the bot write."""

TOO_MANY: Final = frozenset(["message_limit_exceeded", "rate_limited", "ratelimited"])
"""Error codes of a rate limit; Slack spells the code in both ways."""

LOCKED_OUT: Final = frozenset(
    [
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    ]
)
"""Error codes about the token, whatever the call asked."""


class SlackClient:
    """Calls the Web API in every workspace. No call is repeated here, and none waits for a rate limit."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: Callable[[str], str],
        base_url: str = SLACK_API,
        on_refusal: Callable[[str], None] = lambda _error: None,
    ) -> None:
        """`token(workspace)` is read for each call; the caller that opened the session closes it.

        `on_refusal` gets the error code of each refused call.
        """
        self._session = session
        self.token = token
        self.base_url = base_url
        self.channel_ids = ChannelIds()
        self._on_refusal = on_refusal
        self._log = log("slack")
        self._clients: dict[tuple[str, str], AsyncWebClient] = {}

    def client(self, workspace: str) -> AsyncWebClient:
        """Return the client with the workspace's current token."""
        token = self.token(workspace)
        known = self._clients.get((workspace, token))
        if known is None:
            known = AsyncWebClient(
                token=token,
                base_url=self.base_url,
                session=self._session,
                retry_handlers=[],  # the default posts again after a lost response: two messages
                trust_env_in_session=False,
            )
            self._clients[workspace, token] = known
        return known

    async def ask(self, workspace: str, method: str, **params: Any) -> Mapping[str, Any]:
        """Call a method. Raises SlackApiError, and whatever the session raises."""
        return await self._shown(workspace, method, params)

    async def _shown(self, workspace: str, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call a method. If Slack refuses the blocks, show simpler ones: people must never see nothing."""
        try:
            return await self._call(workspace, method, params, json=True)
        except SlackApiError as failure:
            if (said := complaints(failure)) is None:
                raise
            refused = failure
        metadata = params.get("metadata") or {}
        for form, fewer in simpler(params, said):
            self._log.error(
                "Slack refused the blocks; trying a simpler form",
                method=method,
                error=error_of(refused),
                pointers=said,
                form=form,
                effect=(metadata.get("event_payload") or {}).get("id", ""),
            )
            try:
                return await self._call(workspace, method, fewer, json=True)
            except SlackApiError as failure:
                if (said := complaints(failure)) is None:
                    raise
                refused = failure
        raise refused

    async def at_once(self, workspace: str, method: str, **params: Any) -> Mapping[str, Any]:
        """Call a method while Slack may wait for an acknowledgement. Raises TimeoutError when its time is over."""
        async with asyncio.timeout(call_time(TIMEOUT_S)):
            return await self.ask(workspace, method, **params)

    async def read(self, workspace: str, method: str, **params: Any) -> Mapping[str, Any]:
        """Call a method that reads, with query parameters, because these methods take no JSON."""
        return await self._call(workspace, method, params, json=False)

    async def _call(
        self, workspace: str, method: str, params: Mapping[str, Any], *, json: bool
    ) -> dict[str, Any]:
        """Call a method; once more if another process knows a new id of the channel, since nothing was done then."""
        given = self.channel_ids.outgoing(params)
        try:
            return await self._once(workspace, method, given, json=json)
        except SlackApiError as failure:
            error = error_of(failure)
            self._on_refusal(error)
            if error != "channel_not_found" or not await self._renewed(params, given):
                raise
        return await self._once(workspace, method, self.channel_ids.outgoing(params), json=json)

    async def _once(
        self, workspace: str, method: str, given: dict[str, Any], *, json: bool
    ) -> dict[str, Any]:
        client = self.client(workspace)
        how: dict[str, Any] = {"json": given} if json else {"http_verb": "GET", "params": given}
        answer = await client.api_call(method, **how)
        return dict(self.channel_ids.incoming(answer.data)) if isinstance(answer.data, dict) else {}

    async def _renewed(self, params: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        """Whether the channel has another id by now."""
        try:
            await self.channel_ids.load()
        except StoreDown:
            return False
        return self.channel_ids.outgoing(params) != given

    async def respond(self, address: str, text: str, blocks: Sequence[Mapping[str, Any]] = ()) -> None:
        """Send an ephemeral reply to an interaction's response URL, a credential that is never stored."""
        if not (is_slacks(address) or address.startswith(self.base_url.removesuffix("api/"))):
            return
        showing()
        body = {"response_type": "ephemeral", "text": text} | ({"blocks": list(blocks)} if blocks else {})
        async with self._session.post(address, json=body) as answer:
            answer.raise_for_status()


def is_slacks(url: str) -> bool:
    """Whether the URL is on a host of Slack's, so that our data may be sent there."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com"))


def session() -> aiohttp.ClientSession:
    """Open the process's one session. It keeps its connections, and ignores proxies of the environment, which the SDK
    would use even for an address of this machine.
    """
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S, connect=INTERACTION_TIMEOUT_S), trust_env=False
    )


def error_of(failure: SlackApiError) -> str:
    """Return Slack's error code, or '' if the response did not come from Slack."""
    data = getattr(failure.response, "data", failure.response)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def limited(failure: SlackApiError) -> float | None:
    """Return the seconds that Slack asks to wait because of a limit; None if it refused for another reason."""
    # If the response is no JSON, the SDK returns the session's response instead of its own.
    status = getattr(failure.response, "status_code", None) or getattr(failure.response, "status", 200)
    if error_of(failure) in TOO_MANY or status == 429:
        return _seconds(getattr(failure.response, "headers", None) or {})
    return None


def judged(failure: SlackApiError) -> Exception:
    """Say what a failed call means for the outbox: Busy, Undeliverable, or `failure` for an unknown outcome."""
    error = error_of(failure)
    if (seconds := limited(failure)) is not None:
        return Busy(seconds)
    if error in LOCKED_OUT:
        return Busy(REFUSED_RETRY_S)
    if error == DELETED or error in LOCKED:
        return PlaceGone(error, "thread" if error == DELETED else "locked")
    if error in CHANNEL_CLOSED:
        return PlaceGone(error, "channel")
    if error in NEVER:
        return Undeliverable(error)
    return failure


def _seconds(headers: Mapping[str, Any]) -> float:
    """Read Retry-After in seconds; a minute if the header is missing or unreadable."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            text = value[0] if isinstance(value, list | tuple) and value else value
            try:
                return max(1.0, float(str(text)))
            except ValueError:
                break
    return REFUSED_RETRY_S
