"""Marks agents' messages in a team's channel: internal, delivered, or not delivered and why."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import SLACK, Person, sent
from adapters.slack.api.client import FAILURES, TOO_MANY, SlackClient, error_of
from adapters.slack.api.preflight import Identity
from adapters.slack.render.agent_texts import SLACK_AGENT_PHRASES, slack_phrase
from adapters.slack.render.agent_thread import hint
from adapters.slack.render.card import Message
from bot.ports import FILES_MISSING, ReplyStatus
from bot.telemetry import log
from flows.text.agent_phrases import customer_name, phrase

MARK_AGAIN_S: Final = (0.5, 2.0)
"""Seconds before each further attempt to mark a reply: an agent who sees no mark writes the reply once more."""

AMONG: Final = "lock"
SENT: Final = "white_check_mark"
MAILED: Final = "email"
FAILED: Final = "warning"
"""Names of the reactions that serve as marks."""

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "channel_is_archived": "failed_archived",
        "is_archived": "failed_archived",
        "channel_not_found": "failed_outside",
        "not_in_channel": "failed_outside",
        "user_disabled": "failed_account",
        "user_not_found": "failed_account",
    }
)
"""Sentences for Slack's error codes of replies that cannot be delivered; other codes are shown unchanged."""


class DeliveryMarks:
    """Implements `bot.ports.Marker`. If the app may not add reactions, the agent gets a note instead."""

    name = SLACK

    def __init__(
        self,
        client: SlackClient,
        identity: Callable[[], Awaitable[Identity]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`identity` names the workspace; `pause` waits so many seconds before a further attempt."""
        self._client = client
        self._identity = identity
        self._pause = pause
        self._log = log("slack")

    async def mark(self, fate: ReplyStatus) -> None:
        """Show agents that a reply was delivered or failed, or that an edit of it cannot reach the customer.

        A mark that cannot be shown raises nothing.
        """
        channel, thread = sent(fate.thread)
        place, ts = sent(fate.line)
        if not thread:
            return
        author = Person.of(fate.actor)
        if fate.stays:
            await self.post(hint(phrase("edit_stays")), channel, thread)
            return
        if fate.reason and not fate.explained:
            await self._explain(fate, channel, thread)
        if ts:
            mark = FAILED if fate.reason else MAILED if fate.mailed else SENT
            await self._put_in_the_end(mark, place, thread, ts, author)

    async def _put_in_the_end(
        self, mark: str, channel: str, thread: str, ts: str, author: Person | None
    ) -> None:
        """Put a mark on a reply, again after a while if Slack does not answer."""
        for pause in MARK_AGAIN_S:
            if await self.put(mark, channel, thread, ts, author):
                return
            await self._pause(pause)
        await self.put(mark, channel, thread, ts, author)

    async def put(self, mark: str, channel: str, thread: str, ts: str, author: Person | None) -> bool:
        """Put a mark on a message; without the scope, show its author a note. Return False if Slack gave no answer."""
        try:
            team = (await self._identity()).team
            await self._client.at_once(team, "reactions.add", channel=channel, timestamp=ts, name=mark)
        except SlackApiError as failure:
            if error_of(failure) == "missing_scope" and author is not None and mark in (AMONG, SENT):
                await self._whisper(
                    "marked_note" if mark == AMONG else "marked_sent", channel, thread, author
                )
            elif error_of(failure) not in ("already_reacted", "message_not_found"):
                self._log.info("a message could not be marked", reason=error_of(failure))
                return bool(error_of(failure)) and error_of(failure) not in TOO_MANY
        except FAILURES as failure:
            self._log.info("a message could not be marked", reason=type(failure).__name__)
            return False
        return True

    async def _whisper(self, saying: str, channel: str, thread: str, author: Person) -> None:
        """Show a note in the thread to that agent alone."""
        shown = hint(phrase(saying))
        params = {"channel": channel, "thread_ts": thread, "user": author.user, "text": shown.text}
        await self._ask("chat.postEphemeral", params | {"blocks": list(shown.blocks)})

    async def _explain(self, fate: ReplyStatus, channel: str, thread: str) -> None:
        """Post in the thread why the reply did not arrive, and what to do."""
        code, _, about = fate.reason.partition(" ")
        sentence = "failed_files" if code == FILES_MISSING else REASONS.get(fate.reason, "failed_other")
        say = slack_phrase if sentence in SLACK_AGENT_PHRASES else phrase
        agent, who = fate.name or phrase("an_agent"), customer_name(fate.conversation)
        shown = hint(
            say(
                sentence, agent=agent, who=who, reason=(about if code == FILES_MISSING else fate.reason)[:200]
            )
        )
        await self.post(shown, channel, thread)

    async def post(self, shown: Message, channel: str, thread: str) -> None:
        """Post in the thread, where the news stays and every agent reads it."""
        params = {"channel": channel, "thread_ts": thread, "text": shown.text, "blocks": list(shown.blocks)}
        await self._ask("chat.postMessage", params)

    async def _ask(self, method: str, params: Mapping[str, Any]) -> None:
        try:
            await self._client.ask((await self._identity()).team, method, **params)
        except FAILURES as failure:
            self._log.warning("cannot show agents the status of a reply", reason=type(failure).__name__)
