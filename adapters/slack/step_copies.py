"""Posts copies of a handed over step in direct messages, and redraws them when the conversation moves.

The conversation stays in its thread. A copy follows its live step, also when an agent or a timer moves the
conversation, so that the copy asks nothing but what the thread asks (law L6).
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.slack.api.addresses import SLACK, Person, Place, link, sent
from adapters.slack.api.client import FAILURES, SlackClient
from adapters.slack.api.preflight import Identity, PreflightRefused
from adapters.slack.render.card import Message
from adapters.slack.render.step_copy import step_copy
from bot.ports import Bookmarks, Channel, Delivery, StoreDown
from bot.telemetry import log
from flows.conversation import Conversation
from flows.effects import Ask
from flows.prompts import Prompt


class StepCopies:
    """Remembers which direct messages have a copy of a conversation's step."""

    def __init__(self, client: SlackClient, bookmarks: Bookmarks, workspace: str) -> None:
        """`workspace` is ours."""
        self._client = client
        self._bookmarks = bookmarks
        self._workspace = workspace
        self._log = log("slack")

    async def send(self, colleague: Person, at: Conversation, prompt: Prompt, live: str) -> None:
        """Post a copy to a colleague, and delete their earlier one. Raises FAILURES and StoreDown.

        `live` is the URL of the live step.
        """
        params = _content(step_copy(at, prompt, live, first=True)) | {"unfurl_links": False}
        answer = await self._client.at_once(
            self._workspace, "chat.postMessage", channel=colleague.user, **params
        )
        place, ts = self._place(str(answer["channel"])), str(answer["ts"])
        earlier = (await self._bookmarks.all(_copies(at.id))).get(place.channel)
        await self._bookmarks.put(_shelf(place), at.id, ts)
        await self._bookmarks.put(_copies(at.id), place.channel, ts)
        if earlier:
            await self._change("chat.delete", channel=place.channel, ts=earlier)

    async def there(self, place: Place) -> tuple[str, ...]:
        """Return the ids of the conversations whose step was copied into those direct messages, the latest first."""
        copies = await self._bookmarks.all(_shelf(place))
        return tuple(sorted(copies, key=copies.__getitem__, reverse=True))

    async def redraw(self, at: Conversation, prompt: Prompt, live: str, place: Place | None = None) -> None:
        """Redraw a conversation's copies, or only the one in `place`. An old button changes nothing, if that fails."""
        copies: Mapping[str, str] = await self._bookmarks.all(_copies(at.id)) if at.may_press else {}
        for channel, ts in copies.items():
            if place is None or place.channel == channel:
                drawn = step_copy(at, prompt, live)
                await self._change("chat.update", channel=channel, ts=ts, **_content(drawn))

    async def _change(self, method: str, **params: Any) -> None:
        try:
            await self._client.at_once(self._workspace, method, **params)
        except FAILURES as failure:
            self._log.info(
                "a handed over step could not be changed", method=method, reason=str(failure)[:200]
            )

    def _place(self, channel: str) -> Place:
        return Place(workspace=self._workspace, channel=channel)


class CopyingSender:
    """Implements `bot.ports.Channel`: whenever a live step was sent, redraws its copies with colleagues."""

    name = SLACK
    idempotent = False

    def __init__(
        self,
        sender: Channel,
        client: SlackClient,
        identity: Callable[[], Awaitable[Identity]],
        bookmarks: Callable[[], Bookmarks | None],
    ) -> None:
        """`bookmarks` returns the store that has the copies; it may be there later than the sender."""
        self._sender = sender
        self._client = client
        self._identity = identity
        self._bookmarks = bookmarks

    async def send(self, delivery: Delivery) -> str:
        """Send an effect. Raises whatever the sender raises."""
        receipt = await self._sender.send(delivery)
        await self._follow(delivery, receipt)
        return receipt

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for an earlier attempt. Raises whatever the sender raises."""
        receipt = await self._sender.settle(delivery)
        if receipt:
            await self._follow(delivery, receipt)
        return receipt

    async def _follow(self, delivery: Delivery, receipt: str) -> None:
        at, prompt, bookmarks = delivery.conversation, delivery.prompt, self._bookmarks()
        asks = isinstance(delivery.effect, Ask) and at.may_press
        if not asks or prompt is None or bookmarks is None:
            return
        try:
            identity = await self._identity()
            live = link(identity.url, *sent(receipt), delivery.address.thread)
            await StepCopies(self._client, bookmarks, identity.team).redraw(at, prompt, live)
        except (StoreDown, PreflightRefused, *FAILURES) as failure:
            log("slack").info("handed over steps could not be redrawn", reason=str(failure)[:200])


def _content(drawn: Message) -> dict[str, Any]:
    return {"text": drawn.text, "blocks": list(drawn.blocks)}


def _copies(conversation: str) -> str:
    """Name the shelf of a conversation's copies, by the channels of direct messages."""
    return f"slack/copies/{conversation}"


def _shelf(place: Place) -> str:
    """Name the shelf of the steps handed over in those direct messages."""
    return f"slack/handed/{place.workspace}/{place.channel}"
