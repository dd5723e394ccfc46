"""Slack's sender: posts what the outbox carries, and asks Slack whether it did before it posts anything twice."""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.calls import LOCKED_OUT, Calls, error_of, judged
from adapters.slack.places import SLACK, receipt, sent
from adapters.slack.render import Message, collapsed, message, without_pictures
from bot.ports import Busy, Delivery, Limiter, Undeliverable, Unsure
from bot.telemetry import log
from flows.conversation import Address
from flows.effects import Retire

DELIVERY: Final = "troubletree_delivery"
"""The type of the metadata that says which effect a message carried out."""

POSTS: Final = (60, 4)
"""Messages a minute in one channel, and how many may come at once: Slack allows one a second and short bursts."""

POSTS_TOGETHER: Final = (240, 40)
"""Messages a minute in one workspace; Slack has a ceiling of several hundred and does not say where."""

EDITS: Final = (50, 25)
"""`chat.update` is of tier 3: 50 a minute for each workspace."""

READS: Final = (50, 10)
"""`conversations.history` and `.replies` are of tier 3 for an app that a customer made for themselves."""

EARLIER: Final = 300.0
"""Seconds before a conversation's last change in which an earlier try is looked for: clocks differ."""

LOOKED_AT: Final = 200
"""Messages looked through for an earlier try."""

ASKED_AGAIN: Final = 2.0
"""Seconds until Slack is asked again what has arrived, where it was too broken to say."""

BROKEN: Final = frozenset(["fatal_error", "internal_error", "request_timeout", "service_unavailable"])
"""Answers that say nothing but that something is wrong with Slack."""

NOT_THERE: Final = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
"""Answers to an edit of a message that is gone: there are no buttons left to take away."""


class Slack:
    """A `bot.ports.Channel` for every workspace; works in any process and keeps nothing in memory."""

    name = SLACK
    idempotent = False

    def __init__(self, calls: Calls, limiter: Limiter) -> None:
        """`limiter` holds the rates across all processes."""
        self._calls = calls
        self._limiter = limiter
        self._log = log("slack")

    async def send(self, delivery: Delivery) -> str:
        """Post it, or take a message's buttons away. Raises Busy, Undeliverable, and whatever leaves it unknown."""
        if isinstance(delivery.effect, Retire):
            return await self._retire(delivery)
        drawn = message(delivery)
        if drawn is None:
            return ""
        address = delivery.address
        await self._allowed(address.workspace, f"post/{address.room}", POSTS)
        await self._allowed(address.workspace, "post", POSTS_TOGETHER)
        try:
            return await self._post(delivery, drawn)
        except SlackApiError as failure:
            if error_of(failure) not in ("invalid_blocks", "invalid_blocks_format"):
                raise self._told(failure, address) from failure
            self._log.warning(
                "Slack refused the blocks; once more without pictures", effect=delivery.effect.id
            )
        try:
            return await self._post(delivery, without_pictures(drawn))
        except SlackApiError as failure:
            raise self._told(failure, address) from failure

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for the effect among the messages of its place. Raises Unsure where history cannot be read."""
        if isinstance(delivery.effect, Retire):
            return None  # an edit may be made twice
        address = delivery.address
        await self._allowed(address.workspace, "history", READS)
        given: dict[str, Any] = {
            "channel": address.room,
            "oldest": f"{delivery.conversation.changed / 1000 - EARLIER:.6f}",
            "include_all_metadata": "true",
            "limit": LOOKED_AT,
        }
        method = "conversations.replies" if address.thread else "conversations.history"
        if address.thread:
            given["ts"] = address.thread
        try:
            answer = await self._calls.read(address.workspace, method, **given)
        except SlackApiError as failure:
            raise _unread(failure) from failure
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Busy(ASKED_AGAIN) from failure
        found = [one for one in answer.get("messages") or () if _effect(one) == delivery.effect.id]
        if found:
            return receipt(address.room, str(found[0]["ts"]))
        if answer.get("has_more"):
            raise Unsure
        return None

    async def _post(self, delivery: Delivery, drawn: Message) -> str:
        address = delivery.address
        given: dict[str, Any] = {
            "channel": address.room,
            "text": drawn.text,
            "blocks": list(drawn.blocks),
            "metadata": {"event_type": DELIVERY, "event_payload": {"id": delivery.effect.id}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if address.thread:
            given["thread_ts"] = address.thread
        answer = await self._calls.ask(address.workspace, "chat.postMessage", **given)
        return receipt(str(answer.get("channel") or address.room), str(answer["ts"]))

    async def _retire(self, delivery: Delivery) -> str:
        address = delivery.address
        channel, ts = sent(delivery.of)
        drawn = collapsed(delivery)
        await self._allowed(address.workspace, "edit", EDITS)
        given = {"channel": channel, "ts": ts, "text": drawn.text, "blocks": list(drawn.blocks)}
        try:
            await self._calls.ask(address.workspace, "chat.update", **given)
        except SlackApiError as failure:
            if error_of(failure) in NOT_THERE:
                return ""
            raise self._told(failure, address) from failure
        return delivery.of

    async def _allowed(self, workspace: str, what: str, rate: tuple[int, int]) -> None:
        """Raises Busy while that would be too often."""
        per_minute, at_once = rate
        wait = await self._limiter.wait_for(f"{SLACK}/{workspace}/{what}", per_minute, at_once)
        if wait > 0:
            raise Busy(wait)

    def _told(self, failure: SlackApiError, address: Address) -> Exception:
        """What it means for the outbox; what only a person can mend is said to the operator."""
        verdict = judged(failure)
        if isinstance(verdict, Undeliverable) or error_of(failure) in LOCKED_OUT:
            self._log.error(
                "Slack refused", error=error_of(failure), workspace=address.workspace, room=address.room
            )
        return verdict


def _unread(failure: SlackApiError) -> Exception:
    """What it means that history was not read. To ask sends nothing, so this try does not count as one."""
    error, verdict = error_of(failure), judged(failure)
    if isinstance(verdict, Busy) and error not in LOCKED_OUT:
        return verdict
    return Busy(ASKED_AGAIN) if not error or error in BROKEN else Unsure()


def _effect(found: Mapping[str, Any]) -> str:
    """The effect a message carried out, as its metadata says."""
    metadata = found.get("metadata") or {}
    if metadata.get("event_type") != DELIVERY:
        return ""
    return str((metadata.get("event_payload") or {}).get("id", ""))
