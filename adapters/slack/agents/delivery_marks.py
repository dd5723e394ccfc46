"""Marks on what agents write in their room: among agents, delivered, or not delivered and why."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import SLACK, Person, sent
from adapters.slack.api.client import FAILURES, SlackClient, error_of
from adapters.slack.api.preflight import Identity
from adapters.slack.render.agent_texts import SLACK_AGENT_PHRASES, slack_phrase
from adapters.slack.render.agent_thread import hint
from bot.ports import ReplyStatus
from bot.telemetry import log
from flows.text.agent_phrases import customer_name, phrase

AMONG: Final = "lock"
SENT: Final = "white_check_mark"
MAILED: Final = "email"
FAILED: Final = "warning"
"""Names of the reactions that are the marks."""

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
"""The sentences for Slack's codes of what cannot be delivered; other platforms' codes are shown as they are."""


class DeliveryMarks:
    """A `bot.ports.Marker`. Where the app may not react, who wrote the line is told alone."""

    name = SLACK

    def __init__(self, client: SlackClient, identity: Callable[[], Awaitable[Identity]]) -> None:
        """`identity` says whose workspace it is."""
        self._client = client
        self._identity = identity
        self._log = log("slack")

    async def mark(self, fate: ReplyStatus) -> None:
        """A reply was delivered, or never will be; or a change of it stays here. What cannot be shown is no reason to
        fail.
        """
        channel, thread = sent(fate.thread)
        place, ts = sent(fate.line)
        if not thread:
            return
        author = Person.of(fate.actor)
        if fate.stays:
            if author is not None:
                await self._alone("edit_stays", channel, thread, author)
            return
        if fate.reason:
            await self._explained(fate, channel, thread)
        if ts:
            mark = FAILED if fate.reason else MAILED if fate.mailed else SENT
            await self.put(mark, place, thread, ts, author)

    async def put(self, mark: str, channel: str, thread: str, ts: str, author: Person | None) -> None:
        """That mark on that message."""
        try:
            team = (await self._identity()).team
            await self._client.at_once(team, "reactions.add", channel=channel, timestamp=ts, name=mark)
        except SlackApiError as failure:
            if error_of(failure) == "missing_scope" and author is not None and mark in (AMONG, SENT):
                await self._alone("marked_note" if mark == AMONG else "marked_sent", channel, thread, author)
            elif error_of(failure) not in ("already_reacted", "message_not_found"):
                self._log.info("a message could not be marked", reason=error_of(failure))
        except FAILURES as failure:
            self._log.info("a message could not be marked", reason=type(failure).__name__)

    async def _alone(self, saying: str, channel: str, thread: str, author: Person) -> None:
        """Say it in the thread to that agent alone."""
        shown = hint(phrase(saying))
        given = {"channel": channel, "thread_ts": thread, "user": author.user, "text": shown.text}
        await self._ask("chat.postEphemeral", given | {"blocks": list(shown.blocks)})

    async def _explained(self, fate: ReplyStatus, channel: str, thread: str) -> None:
        """Why it did not arrive and what to do, for everybody in the thread."""
        sentence = REASONS.get(fate.reason, "failed_other")
        say = slack_phrase if sentence in SLACK_AGENT_PHRASES else phrase
        agent, who = fate.name or phrase("an_agent"), customer_name(fate.conversation)
        shown = hint(say(sentence, agent=agent, who=who, reason=fate.reason[:200]))
        given = {"channel": channel, "thread_ts": thread, "text": shown.text, "blocks": list(shown.blocks)}
        await self._ask("chat.postMessage", given)

    async def _ask(self, method: str, given: Mapping[str, Any]) -> None:
        try:
            await self._client.ask((await self._identity()).team, method, **given)
        except FAILURES as failure:
            self._log.warning("cannot show agents the status of a reply", reason=type(failure).__name__)
