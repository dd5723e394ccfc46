"""Calls of Slack's Web API: one shared session, the token of the workspace in question, and failures told apart."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Busy, Undeliverable

FAILURES: Final = (SlackApiError, aiohttp.ClientError, TimeoutError)
"""What a call of Slack's raises."""

SLACK_API: Final = "https://slack.com/api/"
"""Slack's own; a government host or a stand-in has another."""

TIMEOUT_S: Final = 10.0
"""Seconds a call may take."""

INTERACTION_TIMEOUT_S: Final = 3.0
"""Seconds a call may take that somebody waits for: Slack gives up on an interaction after three."""

REFUSED_RETRY_S: Final = 60.0
"""Seconds between tries while a token or a scope is missing, which only an operator can mend."""

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
"""Answers after which another try gives the same (`chat.postMessage` and `chat.update`, Slack's list of errors)."""

TOO_MANY: Final = frozenset(["message_limit_exceeded", "rate_limited", "ratelimited"])
"""Answers that ask to wait; the second and the third are both of Slack's spelling."""

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
"""Answers that are about the token and not about what was asked."""


class SlackClient:
    """The Web API for every workspace: nothing here is tried twice, and nothing waits for a rate limit."""

    def __init__(
        self, session: aiohttp.ClientSession, token: Callable[[str], str], base_url: str = SLACK_API
    ) -> None:
        """`token(workspace)` is asked for whenever a workspace is met; the session is closed by whoever opened it."""
        self._session = session
        self.token = token
        self.base_url = base_url
        self._clients: dict[tuple[str, str], AsyncWebClient] = {}

    def client(self, workspace: str) -> AsyncWebClient:
        """The client with that workspace's present token."""
        token = self.token(workspace)
        known = self._clients.get((workspace, token))
        if known is None:
            known = AsyncWebClient(
                token=token,
                base_url=self.base_url,
                session=self._session,
                retry_handlers=[],  # the default tries a lost post again, and there are two
                trust_env_in_session=False,
            )
            self._clients[workspace, token] = known
        return known

    async def ask(self, workspace: str, method: str, **given: Any) -> Mapping[str, Any]:
        """Call a method. Raises SlackApiError, and what the session raises."""
        answer = await self.client(workspace).api_call(method, json=given)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def at_once(self, workspace: str, method: str, **given: Any) -> Mapping[str, Any]:
        """The same while somebody waits for our acknowledgement. Raises TimeoutError after half of their patience."""
        async with asyncio.timeout(INTERACTION_TIMEOUT_S / 2):
            return await self.ask(workspace, method, **given)

    async def read(self, workspace: str, method: str, **given: Any) -> Mapping[str, Any]:
        """Call a method that takes no JSON: those that read."""
        answer = await self.client(workspace).api_call(method, http_verb="GET", params=given)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def respond(self, address: str, text: str) -> None:
        """Answer one person through the address that came with what they did; it is a credential and never kept."""
        if not (is_slacks(address) or address.startswith(self.base_url.removesuffix("api/"))):
            return
        async with self._session.post(address, json={"response_type": "ephemeral", "text": text}) as answer:
            answer.raise_for_status()


def is_slacks(url: str) -> bool:
    """Whether an address is one of Slack's own, to which something of ours may be sent."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com"))


def session() -> aiohttp.ClientSession:
    """The one session of a process; it keeps its connections, and ignores proxies of the environment, which the
    SDK would use even for an address of this machine.
    """
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S, connect=INTERACTION_TIMEOUT_S), trust_env=False
    )


def error_of(failure: SlackApiError) -> str:
    """Slack's word for what was wrong; '' where the answer was none of Slack's."""
    data = getattr(failure.response, "data", failure.response)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def judged(failure: SlackApiError) -> Exception:
    """What a failed call means for the outbox: Busy, Undeliverable, or the failure itself for an unknown outcome."""
    error = error_of(failure)
    # Where the answer is no JSON, the SDK hands out the session's response instead of its own.
    status = getattr(failure.response, "status_code", None) or getattr(failure.response, "status", 200)
    if error in TOO_MANY or status == 429:
        headers = getattr(failure.response, "headers", None) or {}
        return Busy(_seconds(headers))
    if error in LOCKED_OUT:
        return Busy(REFUSED_RETRY_S)
    if error in NEVER:
        return Undeliverable(error)
    return failure


def _seconds(headers: Mapping[str, Any]) -> float:
    """Retry-After, in seconds; a minute where it says nothing that can be read."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            text = value[0] if isinstance(value, list | tuple) and value else value
            try:
                return max(1.0, float(str(text)))
            except ValueError:
                break
    return REFUSED_RETRY_S
