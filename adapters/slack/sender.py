"""Posts the outbox's messages to Slack, and looks for an earlier attempt before posting anything twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.agents.notifier import IsAgent, Notifier, anyone, notice
from adapters.slack.api.addresses import SLACK, joined, receipt, sent
from adapters.slack.api.client import LOCKED_OUT, SlackClient, error_of, judged, limited
from adapters.slack.api.preflight import Identity, PreflightRefused
from adapters.slack.rates import MOST_IN_SERIES, Rates
from adapters.slack.render.agent_thread import line_of, replies, root
from adapters.slack.render.card import Message, collapsed, message
from adapters.slack.render.packet import relayed
from adapters.slack.series import Series, others_of
from adapters.slack.updates import Updates
from adapters.slack.uploads import SlackUploads, partly
from bot.ports import Busy, Delivery, Limiter, Undeliverable, Unsure
from bot.telemetry import log
from flows.conversation import Address
from flows.effects import Amend, Brief, Notify, Packet, Recap, Relay, Retire
from flows.views.dossier import Dossier

DELIVERY: Final = "troubletree_delivery"
"""The type of the metadata that names the effect of a message."""

CLOCK_SKEW_S: Final = 300.0
"""Seconds before a conversation's last change from which an earlier attempt is looked for: clocks differ."""

LOOKED_AT: Final = 200
"""Messages in which an earlier attempt is looked for."""

UNSURE_RETRY_S: Final = 2.0
"""Seconds until Slack is asked again which messages arrived, after a broken answer."""

BROKEN: Final = frozenset(["fatal_error", "internal_error", "request_timeout", "service_unavailable"])
"""Error codes that say only that Slack is broken."""


class SlackSender:
    """Implements `bot.ports.Channel` for every workspace; works in any process and keeps nothing in memory."""

    name = SLACK
    idempotent = False

    def __init__(
        self,
        client: SlackClient,
        limiter: Limiter,
        identity: Callable[[], Awaitable[Identity]] | None = None,
        uploads: SlackUploads | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        is_agent: IsAgent = anyone,
    ) -> None:
        """`limiter` holds the rates of all processes. `identity` gives the agents' workspace, and the URL of links to
        it; without it nothing can be sent to agents. `uploads` copies files; without it messages only name them.
        `pause` waits so many seconds between the messages of a long series. `is_agent` says who may be told of tickets.
        """
        self._uploads = uploads
        self._client = client
        self._rates = Rates(limiter)
        self._identity = identity
        self._log = log("slack")
        self._updates = Updates(client, self._rates.edit, self._judge, uploads=uploads is not None)
        self._series = Series(self._post, self._find, self._rates.post, pause)
        self._notifier = Notifier(client, self._put, is_agent)

    async def send(self, delivery: Delivery) -> str:
        """Post a message, or edit an earlier one.

        Raises Busy, Undeliverable, or whatever leaves the outcome unknown.
        """
        delivery, url = await self._placed(delivery)
        match delivery.effect:
            case Retire():
                return await self._updates.edit(delivery.address, delivery.of, collapsed(delivery))
            case Recap(of=of):
                head = root(_dossier(delivery), of, renewed=not delivery.effect.room)
                return await self._updates.edit(delivery.address, delivery.of, head)
            case Amend():
                return await self._amend(delivery, url)
            case Packet():
                await self._rates.post(delivery.address, delivery.effect.id)
                return await self._put(delivery, root(_dossier(delivery), delivery.effect.id))
            case Relay() | Brief():
                most = min(MOST_IN_SERIES, len(relayed(delivery, url)) or 1)
                await self._rates.post(delivery.address, delivery.effect.id, most)
                named = await self._with_files_sent(delivery)
                return partly(await self._relay(named, url, most), named)
            case Notify() if delivery.copied and delivery.address.room:
                drawn = notice(delivery, url)
                return await self._updates.edit(delivery.address, delivery.copied, drawn)
            case Notify():
                if delivery.address.room:
                    await self._rates.post(delivery.address, delivery.effect.id)
                return await self._notifier.send(delivery, url)
            case _:
                await self._rates.post(delivery.address, delivery.effect.id)
                shown = message(delivery)
                return "" if shown is None else await self._put(delivery, shown)

    async def _relay(self, delivery: Delivery, url: str, paid: int) -> str:
        """Post the messages of a Relay or a Brief, `paid` of them granted by the rate. Return their receipts as one."""
        drawn = relayed(delivery, url)
        if not drawn:
            return ""
        first = await self._put(delivery, drawn[0])
        others = others_of(delivery, drawn)
        return joined(first, await self._series.begin(delivery, delivery.address, others, paid - 1))

    async def _with_files_sent(self, delivery: Delivery) -> Delivery:
        """Upload a Relay's files before its text, which then names only the files that failed."""
        if not delivery.files or self._uploads is None:
            return delivery
        there = delivery.conversation.address("customer") or delivery.address
        failed = await self._uploads.share(delivery.effect.id, there, delivery.address, delivery.files)
        return delivery.with_files_left(failed)

    async def _put(self, delivery: Delivery, drawn: Message) -> str:
        """Post a message, in a simpler form if Slack refuses its blocks."""
        try:
            return await self._post(delivery, drawn)
        except SlackApiError as failure:
            raise self._judge(failure, delivery.address) from failure

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for the effect among the messages of its place. Raises Unsure if the history cannot be read."""
        amends = isinstance(delivery.effect, Amend) and delivery.effect.end == "customer"
        amends = amends or (isinstance(delivery.effect, Notify) and bool(delivery.copied))
        if amends or isinstance(delivery.effect, Retire | Recap):
            return None  # an edit may be made twice
        delivery, url = await self._placed(delivery)
        if not delivery.address.room:
            return ""  # the agent has no direct messages
        earlier = await self._find(delivery.address, delivery.conversation.changed_at, delivery.effect.id)
        if earlier is None or not isinstance(delivery.effect, Relay | Brief):
            return earlier
        if self._uploads is not None:
            left = await self._uploads.missing(delivery.effect.id, delivery.files)
            delivery = delivery.with_files_left(left)
        drawn = relayed(delivery, url)
        try:
            others = await self._series.finish(delivery, delivery.address, others_of(delivery, drawn))
        except SlackApiError as failure:
            raise self._judge(failure, delivery.address) from failure
        return partly(joined(earlier, others), delivery)

    async def _find(self, address: Address, changed: int, effect: str) -> str | None:
        """Return the receipt of the effect's message; `changed` is the conversation's last change, in ms."""
        await self._rates.read(address, effect)
        params: dict[str, Any] = {
            "channel": address.room,
            "oldest": f"{changed / 1000 - CLOCK_SKEW_S:.6f}",
            "include_all_metadata": "true",
            "limit": LOOKED_AT,
        }
        method = "conversations.replies" if address.thread else "conversations.history"
        if address.thread:
            params["ts"] = address.thread
        try:
            answer = await self._client.read(address.workspace, method, **params)
        except SlackApiError as failure:
            raise _history_failure(failure) from failure
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Busy(UNSURE_RETRY_S) from failure
        rows = [row for row in answer.get("messages") or () if _effect(row) == effect]
        if rows:
            return receipt(address.room, str(rows[0]["ts"]))
        if answer.get("has_more"):
            raise Unsure
        return None

    async def _post(self, delivery: Delivery, drawn: Message) -> str:
        address = delivery.address
        params: dict[str, Any] = {
            "channel": address.room,
            "text": drawn.text,
            "blocks": list(drawn.blocks),
            "metadata": {"event_type": DELIVERY, "event_payload": {"id": delivery.effect.id}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if address.thread:
            params["thread_ts"] = address.thread
        try:
            answer = await self._client.ask(address.workspace, "chat.postMessage", **params)
        except SlackApiError as failure:
            if (seconds := limited(failure)) is not None:
                await self._rates.hold(address, seconds)
            raise
        return receipt(str(answer.get("channel") or address.room), str(answer["ts"]))

    async def _amend(self, delivery: Delivery, url: str) -> str:
        """Apply an edit. Agents whose line is missing or cannot be edited get a new line."""
        if delivery.effect.end == "customer":
            changed = await self._updates.reply(delivery, url)
            reply = delivery.reply
            if not changed or reply is None or reply.since == "gone":
                return changed
            # An edited reply may need more messages than the first version did.
            drawn = replies(self._updates.without_files(reply), url)
            more = others_of(delivery, drawn)[len(changed.split(" ")) - 1 :]
            return joined(changed, await self._series.finish(delivery, delivery.address, more))
        changed = await self._updates.line(delivery, url)
        if changed or delivery.news is None:
            return changed
        await self._rates.post(delivery.address, delivery.effect.id)
        return await self._put(delivery, line_of(delivery.news, delivery.conversation, url))

    # ------------------------------------------------------------ agents' threads

    async def _placed(self, delivery: Delivery) -> tuple[Delivery, str]:
        """Return the delivery with its thread as address, and the URL with which links to the workspace begin."""
        if delivery.effect.end == "customer" and not isinstance(delivery.effect, Relay | Amend):
            return delivery, ""
        who = await self._who()
        if delivery.effect.end == "customer":
            return delivery, who.url
        if isinstance(delivery.effect, Notify):
            return await self._notifier.placed(delivery, who.team), who.url
        channel, ts = sent(delivery.of) if delivery.of else (delivery.address.room, "")
        address = Address(channel=SLACK, workspace=who.team, room=channel, thread=ts)
        return delivery.model_copy(update={"address": address}), who.url

    async def _who(self) -> Identity:
        """Look up the bot's identity. Raises Busy if Slack does not answer: nothing was sent."""
        assert self._identity is not None, "a sender to agents has an identity"
        try:
            return await self._identity()
        except (PreflightRefused, SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise Busy(UNSURE_RETRY_S) from failure

    def _judge(self, failure: SlackApiError, address: Address) -> Exception:
        """Say what a failure means for the outbox; log for the operator what only a person can fix."""
        verdict = judged(failure)
        if isinstance(verdict, Undeliverable) or error_of(failure) in LOCKED_OUT:
            self._log.error(
                "Slack refused a message",
                error=error_of(failure),
                workspace=address.workspace,
                room=address.room,
            )
        return verdict


def _dossier(delivery: Delivery) -> Dossier:
    """Return the dossier, which every delivery to agents has."""
    assert delivery.dossier is not None, "deliveries to agents bring it"
    return delivery.dossier


def _history_failure(failure: SlackApiError) -> Exception:
    """Say what an unreadable history means. Reading sends nothing, so this attempt does not count."""
    error, verdict = error_of(failure), judged(failure)
    if isinstance(verdict, Busy) and error not in LOCKED_OUT:
        return verdict
    return Busy(UNSURE_RETRY_S) if not error or error in BROKEN else Unsure()


def _effect(row: Mapping[str, Any]) -> str:
    """Read the effect's id from a message's metadata; '' if there is none."""
    metadata = row.get("metadata") or {}
    if metadata.get("event_type") != DELIVERY:
        return ""
    return str((metadata.get("event_payload") or {}).get("id", ""))
