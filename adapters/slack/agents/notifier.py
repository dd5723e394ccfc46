"""Sends agents direct messages about their tickets, to those who want them."""

from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import SLACK, Person, link, sent
from adapters.slack.api.client import SlackClient, judged
from adapters.slack.api.limits import MESSAGE, escaped
from adapters.slack.api.users import IdentityUnknown
from adapters.slack.render.blocks import Json, context, is_web
from adapters.slack.render.card import Message
from adapters.slack.render.rich_text import linked, sentence
from bot.ports import Busy, Delivery, Undeliverable
from bot.telemetry import log
from flows.conversation import Address
from flows.text.agent_phrases import phrase
from flows.text.markup.words import plain

RETRY_S: Final = 2.0
"""Seconds until direct messages are opened again, after a failed call: nothing was sent."""

Put = Callable[[Delivery, Message], Awaitable[str]]
"""Posts a message of the delivery, within the rates. Raises Busy and Undeliverable."""


IsAgent = Callable[[Person, str], Awaitable[bool]]
"""Says whether a person is an agent of the workspace. Raises IdentityUnknown if Slack does not say."""


async def anyone(_person: Person, _workspace: str) -> bool:
    """Let everyone be an agent, where the operator's list is not known."""
    return True


class Notifier:
    """Sends a Notify. An agent who cannot be reached misses the message; nothing else waits for it."""

    def __init__(self, client: SlackClient, put: Put, is_agent: IsAgent = anyone) -> None:
        """`is_agent` is asked each time: who was an agent once may no longer read about tickets (law L11)."""
        self._client = client
        self._put = put
        self._is_agent = is_agent
        self._log = log("slack")

    async def placed(self, delivery: Delivery, workspace: str) -> Delivery:
        """Return the delivery with the agent's direct messages as address; without a room if there are none for them.

        Raises Busy: then nothing was sent.
        """
        person, room = Person.of(delivery.address.person), ""
        if person is None or not await self._told(person, workspace):
            self._missed("they are no longer an agent")
        else:
            try:
                answer = await self._client.ask(workspace, "conversations.open", users=person.user)
                room = str(answer["channel"]["id"])
            except SlackApiError as failure:
                verdict = judged(failure)
                if not isinstance(verdict, Undeliverable):
                    raise (verdict if isinstance(verdict, Busy) else Busy(RETRY_S)) from failure
                self._missed(str(verdict))
            except (aiohttp.ClientError, TimeoutError) as failure:
                raise Busy(RETRY_S) from failure
        address = Address(channel=SLACK, workspace=workspace, room=room)
        return delivery.model_copy(update={"address": address})

    async def _told(self, person: Person, workspace: str) -> bool:
        """Return whether the person may be told. Raises Busy while Slack does not say who is in a user group."""
        try:
            return await self._is_agent(person, workspace)
        except IdentityUnknown as unknown:
            raise Busy(RETRY_S) from unknown

    async def send(self, delivery: Delivery, url: str) -> str:
        """Post the line with a link to the ticket. Return its receipt, or '' if the agent cannot be reached."""
        try:
            return await self._put(delivery, notice(delivery, url)) if delivery.address.room else ""
        except Undeliverable as refused:
            self._missed(str(refused))
            return ""

    def _missed(self, reason: str) -> None:
        self._log.info("an agent could not be notified directly", reason=reason)


def notice(delivery: Delivery, url: str) -> Message:
    """Draw the direct message; `url` is the workspace's own URL."""
    line = plain(delivery.words)
    way = thread_link(delivery.conversation.agents, delivery.of, url) or delivery.desk
    to: tuple[Json | str, ...] = (" ", linked(phrase("notify_open"), way)) if is_web(way) else ()
    return Message(text=escaped(line, MESSAGE), blocks=(sentence(line, *to), context(phrase("notify_hint"))))


def thread_link(agents: str, receipt: str, url: str) -> str:
    """Build the link that opens an agents' thread; '' if it is on another platform, or not opened yet.

    `agents` is the address of its channel as text, `receipt` that of its first message.
    """
    channel, ts = sent(receipt)
    if Address.parse(agents).channel != SLACK or not ts:
        return ""
    way = link(url, channel, ts)
    return f"{way}?thread_ts={ts}&cid={channel}" if way else ""
