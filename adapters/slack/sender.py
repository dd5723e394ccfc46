"""Slack's sender: posts what the outbox carries, and asks Slack whether it did before it posts anything twice."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import SLACK, receipt, sent
from adapters.slack.api.client import LOCKED_OUT, SlackClient, error_of, judged
from adapters.slack.api.preflight import Identity, PreflightRefused
from adapters.slack.api.uploads import SlackUploads
from adapters.slack.render.agent_thread import line_of, root
from adapters.slack.render.card import Message, collapsed, message, without_pictures
from adapters.slack.render.packet import packet, relayed
from adapters.slack.updates import Updates
from bot.ports import Busy, Delivery, Limiter, Undeliverable, Unsure
from bot.telemetry import log
from flows.conversation import Address
from flows.effects import Amend, Packet, Recap, Relay, Retire
from flows.views.dossier import Dossier

DELIVERY: Final = "troubletree_delivery"
"""The type of the metadata that says which effect a message carried out."""

POSTS: Final = (60, 4)
"""Messages a minute in one channel, and how many may come at once: Slack allows one a second and short bursts."""

POSTS_TOGETHER: Final = (240, 40)
"""Messages a minute in one workspace; Slack has a ceiling of several hundred and does not say where."""

READS: Final = (50, 10)
"""`conversations.history` and `.replies` are of tier 3 for an app that a customer made for themselves."""

CLOCK_SKEW_S: Final = 300.0
"""Seconds before a conversation's last change in which an earlier try is looked for: clocks differ."""

LOOKED_AT: Final = 200
"""Messages looked through for an earlier try."""

UNSURE_RETRY_S: Final = 2.0
"""Seconds until Slack is asked again what has arrived, where it was too broken to say."""

BROKEN: Final = frozenset(["fatal_error", "internal_error", "request_timeout", "service_unavailable"])
"""Answers that say nothing but that something is wrong with Slack."""


class HalfOpened(Exception):
    """The head of an agents' thread stands, its packet does not yet: to be looked at, and then finished."""


class SlackSender:
    """A `bot.ports.Channel` for every workspace; works in any process and keeps nothing in memory."""

    name = SLACK
    idempotent = False

    def __init__(
        self,
        client: SlackClient,
        limiter: Limiter,
        identity: Callable[[], Awaitable[Identity]] | None = None,
        uploads: SlackUploads | None = None,
    ) -> None:
        """`limiter` holds the rates across all processes. `identity` says whose workspace the agents' rooms are in,
        and how links to it begin; without it nothing can be sent to them. `uploads` carries files over; without it
        they are named.
        """
        self._uploads = uploads
        self._client = client
        self._limiter = limiter
        self._identity = identity
        self._log = log("slack")
        self._updates = Updates(client, self._allowed, self._told, carries=uploads is not None)

    async def send(self, delivery: Delivery) -> str:
        """Post it, or take a message's buttons away. Raises Busy, Undeliverable, and whatever leaves it unknown."""
        delivery, url = await self._placed(delivery)
        match delivery.effect:
            case Retire():
                return await self._updates.edit(delivery.address, delivery.of, collapsed(delivery))
            case Recap(of=of):
                head = root(_known(delivery), of)
                return await self._updates.edit(delivery.address, delivery.of, head)
            case Amend():
                return await self._amend(delivery, url)
            case Packet():
                return await self._open(delivery, url)
            case Relay():
                await self._may_post(delivery.address)
                drawn = relayed(await self._with_files_sent(delivery), url)
            case _:
                await self._may_post(delivery.address)
                drawn = message(delivery)
        return "" if drawn is None else await self._put(delivery, drawn)

    async def _with_files_sent(self, delivery: Delivery) -> Delivery:
        """Upload the files of a Relay before its words, which then name only the files that are left."""
        if not delivery.files or self._uploads is None:
            return delivery
        there = delivery.conversation.address("customer") or delivery.address
        left = await self._uploads.share(there, delivery.address, delivery.files)
        return delivery.with_files_left(left)

    async def _put(self, delivery: Delivery, drawn: Message) -> str:
        """Post it, once more without pictures where Slack cannot fetch one."""
        address = delivery.address
        try:
            return await self._post(delivery, drawn)
        except SlackApiError as failure:
            if error_of(failure) not in ("invalid_blocks", "invalid_blocks_format"):
                raise self._told(failure, address) from failure
            self._log.warning(
                "Slack refused a message; trying again without pictures", effect=delivery.effect.id
            )
        try:
            return await self._post(delivery, without_pictures(drawn))
        except SlackApiError as failure:
            raise self._told(failure, address) from failure

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for the effect among the messages of its place. Raises Unsure where history cannot be read."""
        amends = isinstance(delivery.effect, Amend) and delivery.effect.end == "customer"
        if amends or isinstance(delivery.effect, Retire | Recap):
            return None  # an edit may be made twice
        delivery, url = await self._placed(delivery)
        found = await self._found(delivery.address, delivery.conversation.changed_at, delivery.effect.id)
        if found is not None and isinstance(delivery.effect, Packet):
            await self._unpacked(delivery, found, url)
        return found

    async def _found(self, address: Address, changed: int, effect: str) -> str | None:
        """The receipt of what carried out that effect there; `changed` is the conversation's last change, in ms."""
        await self._allowed(address.workspace, "history", READS)
        given: dict[str, Any] = {
            "channel": address.room,
            "oldest": f"{changed / 1000 - CLOCK_SKEW_S:.6f}",
            "include_all_metadata": "true",
            "limit": LOOKED_AT,
        }
        method = "conversations.replies" if address.thread else "conversations.history"
        if address.thread:
            given["ts"] = address.thread
        try:
            answer = await self._client.read(address.workspace, method, **given)
        except SlackApiError as failure:
            raise _unread(failure) from failure
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Busy(UNSURE_RETRY_S) from failure
        found = [one for one in answer.get("messages") or () if _effect(one) == effect]
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
        answer = await self._client.ask(address.workspace, "chat.postMessage", **given)
        return receipt(str(answer.get("channel") or address.room), str(answer["ts"]))

    async def _amend(self, delivery: Delivery, url: str) -> str:
        """Words as they are now; to agents, where their line is none or cannot be changed, in a line of its own."""
        if delivery.effect.end == "customer":
            return await self._updates.reply(delivery, url)
        changed = await self._updates.line(delivery, url)
        if changed or delivery.news is None:
            return changed
        await self._may_post(delivery.address)
        return await self._put(delivery, line_of(delivery.news, delivery.conversation, url))

    # ------------------------------------------------------------ where agents talk

    async def _placed(self, delivery: Delivery) -> tuple[Delivery, str]:
        """The delivery with its thread in the room as its address, and how links into the workspace begin."""
        if delivery.effect.end == "customer" and not isinstance(delivery.effect, Relay | Amend):
            return delivery, ""
        who = await self._who()
        if delivery.effect.end == "customer":
            return delivery, who.url
        channel, ts = sent(delivery.of) if delivery.of else (delivery.address.room, "")
        address = Address(channel=SLACK, workspace=who.team, room=channel, thread=ts)
        return delivery.model_copy(update={"address": address}), who.url

    async def _who(self) -> Identity:
        """Raises Busy while Slack does not say: nothing was sent."""
        assert self._identity is not None, "a sender to agents has an identity"
        try:
            return await self._identity()
        except (PreflightRefused, SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise Busy(UNSURE_RETRY_S) from failure

    async def _open(self, delivery: Delivery, url: str) -> str:
        """A head in the room, and the packet in its thread."""
        await self._may_post(delivery.address)
        await self._may_post(delivery.address)  # for the second: it must not be held up by the first
        head = await self._put(delivery, root(_known(delivery), delivery.effect.id))
        try:
            await self._unpack(delivery, head, url)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise HalfOpened(type(failure).__name__) from failure
        return head

    async def _unpacked(self, delivery: Delivery, head: str, url: str) -> None:
        """Put the packet under a head that stands already, unless it is there."""
        place = delivery.address.model_copy(update={"thread": sent(head)[1]})
        if await self._found(place, delivery.conversation.changed_at, _inner(delivery)) is None:
            await self._may_post(place)
            try:
                await self._unpack(delivery, head, url)
            except SlackApiError as failure:
                verdict = self._told(failure, place)
                if not isinstance(verdict, Undeliverable):
                    raise verdict from failure
                # The head stands and can be worked with; without its packet is better than twice.

    async def _unpack(self, delivery: Delivery, head: str, url: str) -> None:
        place = delivery.address.model_copy(update={"thread": sent(head)[1]})
        inside = delivery.effect.model_copy(update={"id": _inner(delivery)})
        await self._post(
            delivery.model_copy(update={"address": place, "effect": inside}), packet(delivery, url)
        )

    async def _may_post(self, address: Address) -> None:
        await self._allowed(address.workspace, f"post/{address.room}", POSTS)
        await self._allowed(address.workspace, "post", POSTS_TOGETHER)

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
                "Slack refused a message",
                error=error_of(failure),
                workspace=address.workspace,
                room=address.room,
            )
        return verdict


def _known(delivery: Delivery) -> Dossier:
    """What is shown to agents comes with all that is known."""
    assert delivery.dossier is not None, "deliveries to agents bring it"
    return delivery.dossier


def _inner(delivery: Delivery) -> str:
    """The name of the packet's own message beside its head's."""
    return f"{delivery.effect.id}/packet"


def _unread(failure: SlackApiError) -> Exception:
    """What it means that history was not read. To ask sends nothing, so this try does not count as one."""
    error, verdict = error_of(failure), judged(failure)
    if isinstance(verdict, Busy) and error not in LOCKED_OUT:
        return verdict
    return Busy(UNSURE_RETRY_S) if not error or error in BROKEN else Unsure()


def _effect(found: Mapping[str, Any]) -> str:
    """The effect a message carried out, as its metadata says."""
    metadata = found.get("metadata") or {}
    if metadata.get("event_type") != DELIVERY:
        return ""
    return str((metadata.get("event_payload") or {}).get("id", ""))
