"""Starts conversations in Slack, finds their live message, and shows ephemeral notes."""

from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import opening_direct_messages, showing
from adapters.slack.api.addresses import Person, Place, link, sent
from adapters.slack.api.client import FAILURES, SlackClient, error_of
from adapters.slack.api.users import Directory
from adapters.slack.inbound.events import Pressed, Written, microseconds
from adapters.slack.ports import Ports
from adapters.slack.render.card import Message, note
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import StartFlow
from bot.ports import Outcome, TooMany
from bot.telemetry import log
from flows.button import Button
from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.events import File, Said, Started
from flows.screen_answers import turn_read
from flows.text.markup.wordtree import Words
from flows.text.phrases import PHRASES, apology
from flows.text.starts import recognise

OUTSIDE: Final = frozenset(["user_not_found", "user_not_in_channel", "user_not_visible"])
"""Error codes for a note to a person who isn't in the channel."""


class SlackConversations:
    """Starts conversations, shows notes to one person alone, and opens forms."""

    def __init__(
        self, ports: Ports, client: SlackClient, directory: Directory, workspace: str, url: str
    ) -> None:
        """`workspace` is ours; `url` is its URL, with which links to messages begin."""
        self.ports = ports
        self.client = client
        self.directory = directory
        self._workspace = workspace
        self.url = url
        self._log = log("slack")

    # ------------------------------------------------------------ beginning

    async def begin(
        self,
        place: Place,
        person: Person,
        key: str,
        *,
        flow: str = "",
        text: str = "",
        styled: Words = (),
        files: Sequence[File] = (),
        ticket: str = "",
        by: Person | None = None,
    ) -> Outcome:
        """Start the customer's conversation in that place, or find the open one. Raises TooMany.

        `ticket` is the reason to open a ticket at once, or ''. `by` is who asked, if not the customer.
        """
        await self.directory.expect(person, place.workspace)
        await self.count(person, by or person, place.workspace, key)
        known = await self.directory.known(person, place.workspace)
        if not flow and text:
            recognized = recognise(self.ports.catalogue().flows, text)
            flow = recognized.flow if recognized and place.direct else ""
        event = Started(
            door=place.door(flow),
            address=place.address(person),
            flow=flow,
            text=text,
            styled=styled,
            name=known.name,
            locale=known.locale,
            zone=known.zone,
            files=tuple(files),
            ticket=ticket,
            actor=person.actor,
            key=key,
        )
        outcome = await self.ports.receive(event)
        assert outcome is not None, "Started always finds or makes a conversation"
        return outcome

    async def count(self, person: Person, by: Person, workspace: str, key: str) -> None:
        """Count one more start by that person, unless it is an agent's. A key counts once. Raises TooMany."""
        try:
            await self.ports.limits.check(by.actor, "guide" if by == person else "pulled", key)
        except TooMany:
            if not await self.directory.is_agent(by, workspace):
                raise

    async def come(
        self,
        place: Place,
        person: Person,
        key: str,
        text: str,
        files: Sequence[File] = (),
        written_ms: int | None = None,
        styled: Words = (),
    ) -> Outcome:
        """Start the customer's conversation with a text; if one is open, record the text there."""
        outcome = await self.begin(place, person, key, text=text, files=files, styled=styled)
        if not (outcome.found_open and (text or files)):
            return outcome
        at = outcome.conversation
        return await self.hear(at, place, person, key, text, files, written_ms, styled) or outcome

    async def hear(
        self,
        at: Conversation,
        place: Place,
        person: Person,
        key: str,
        text: str,
        files: Sequence[File] = (),
        written_ms: int | None = None,
        styled: Words = (),
    ) -> Outcome | None:
        """Record the customer's text in a conversation. A refusal is explained to the customer alone.

        `written_ms` is the time of writing by Slack's clock. Without one, as in a command, the store's time counts.
        """
        turn = None if written_ms is None else await self._turn_read(at, written_ms)
        event = Said(
            conversation=at.id,
            text=text,
            styled=styled,
            turn=turn,
            files=tuple(files),
            actor=person.actor,
            key=key,
        )
        outcome = await self.ports.receive(event)
        if outcome is not None and outcome.refusal is not None:
            await self.explain(outcome, outcome.refusal, place, person)
        return outcome

    async def _turn_read(self, at: Conversation, written_ms: int) -> int:
        """Return the turn of the prompt that the customer could read when they wrote, all by Slack's clock."""
        _, ts = sent(await self.ports.finder.asked(at))
        return turn_read(at, written_ms, microseconds(ts) // 1000)

    async def direct(self, person: Person, workspace: str) -> Place:
        """Open the person's direct messages with the bot. Raises FAILURES."""
        with opening_direct_messages():
            answer = await self.client.at_once(workspace, "conversations.open", users=person.user)
        return Place(workspace=workspace, channel=str(answer["channel"]["id"]))

    def opened(self, place: Place) -> str:
        """Build the link to direct messages; '' while the workspace's URL is unknown."""
        return f"{self.url.rstrip('/')}/archives/{place.channel}" if self.url else ""

    # ------------------------------------------------------------ notes to one person

    async def whisper(self, place: Place | None, person: Person, shown: Message) -> None:
        """Show a note to one person alone; without a place (on the Home tab), as a direct message.

        A note is a hint after the person's own click: a reload loses it, so nothing that is needed may be only in a
        note. For a person who only looks into the channel its text is a direct message. Raises nothing.
        """
        showing()
        if place is None:
            await self.tell(person, shown)
            return
        try:
            await self.note_to(place, person, shown)
        except FAILURES as failure:
            if isinstance(failure, SlackApiError) and error_of(failure) in OUTSIDE:
                texts = tuple(block for block in shown.blocks if block["type"] != "actions")
                await self.tell(person, shown.model_copy(update={"blocks": texts}))
            else:
                self._log.warning("a note could not be shown", reason=str(failure)[:200])

    async def answer(self, place: Place, person: Person, shown: Message) -> None:
        """Answer words that started nothing: in direct messages by a message, which a reload keeps; else by a note."""
        if place.channel.startswith("D"):
            await self.tell(person, shown, place)
        else:
            await self.whisper(place, person, shown)

    async def tell(self, person: Person, shown: Message, place: Place | None = None) -> None:
        """Post a message in `place`, or in the person's direct messages if none is named. Raises nothing."""
        showing()
        try:
            place = place or await self.direct(person, self._workspace)
            params: dict[str, Any] = {"channel": place.channel, "unfurl_links": False, "text": shown.text}
            params |= {"thread_ts": place.thread} if place.thread else {}
            await self.client.at_once(
                place.workspace, "chat.postMessage", **params, blocks=list(shown.blocks)
            )
        except FAILURES as failure:
            self._log.warning("a direct message could not be sent", reason=str(failure)[:200])

    async def note_to(self, place: Place, person: Person, shown: Message) -> None:
        """Show a note to one person alone. Raises FAILURES, also where the person isn't in the channel."""
        params: dict[str, Any] = {
            "channel": place.channel,
            "user": person.user,
            "text": shown.text,
            "blocks": list(shown.blocks),
        }
        if place.thread:
            params["thread_ts"] = place.thread
        await self.client.at_once(place.workspace, "chat.postEphemeral", **params)

    async def explain(self, outcome: Outcome, refusal: Refusal, place: Place | None, person: Person) -> None:
        """Tell the person alone why nothing changed, with a link to the current step."""
        at = outcome.conversation
        flow = at.flow if at.flow in self.ports.catalogue().by_id else PICKER
        own = [(PHRASES["start_for_me"], StartFlow(flow=flow))] if refusal.why == "not_yours" else []
        buttons: list[tuple[str, Button | StartFlow]] = [*own]
        why = _reason(at, refusal)
        if refusal.why == "not_yours" and place is not None and self.may_join(at, person, place):
            joins = Button(conversation=at.id, turn=at.turn, built_in="joins")
            buttons.insert(0, (PHRASES["joins"], joins))
            why = f"{why} {PHRASES['may_join']}"
        await self.whisper(place, person, note(why, await self.live(at), buttons))

    def may_join(self, at: Conversation, person: Person, place: Place) -> bool:
        """Whether the person may join: by default anyone of the contact's team, in the contact's thread."""
        contact, address = Person.of(at.contact), at.address("customer")
        if contact is None or address is None or at.status.ended:
            return False
        return contact.team == person.team and bool(place.thread) and Place.of(address) == place

    async def apologise(self, place: Place | None, person: Person, phrase: str) -> None:
        """Say that nothing was recorded, and whom to write to instead (law L7)."""
        await self.whisper(place, person, note(self.sorry(phrase)))

    def sorry(self, phrase: str) -> str:
        """Return that apology as a sentence."""
        return apology(phrase, self.ports.support)

    async def live(self, at: Conversation) -> str:
        """Build the link to the message with the live prompt; '' if there is none yet."""
        channel, ts = sent(await self.ports.finder.asked(at))
        address = at.address("customer")
        return link(self.url, channel, ts, address.thread if address else "")

    async def way(self, at: Conversation) -> str:
        """Build the link to the live prompt, or else to the place where it will be."""
        address = at.address("customer")
        if address is None:
            return ""
        place = Place.of(address)
        return await self.live(at) or link(self.url, place.channel, place.thread) or self.opened(place)

    async def open_form(
        self, workspace: str, pressed: Pressed, view: dict[str, Any], place: Place | None = None
    ) -> None:
        """Open a form; say so beside the click, or in `place`, if Slack refuses it. The button is still there."""
        if not await self.form(workspace, pressed.trigger, view):
            await self.whisper(place or pressed.place, pressed.person, note(said("no_form")))

    async def form(self, workspace: str, trigger: str, view: dict[str, Any]) -> bool:
        """Open a form. Return False if Slack refuses it; a form without an answer in time may yet have opened."""
        showing()
        try:
            await self.client.at_once(workspace, "views.open", trigger_id=trigger, view=view)
        except FAILURES as failure:
            self._log.info(
                "a form could not be opened", form=view.get("callback_id"), reason=str(failure)[:200]
            )
            return not isinstance(failure, SlackApiError)
        return True


def _reason(at: Conversation, refusal: Refusal) -> str:
    if at.status is Status.WITH_AGENT and refusal.why != "not_yours":
        return PHRASES.say("with_agent", agent=at.holder_name or PHRASES["a_person"])
    if refusal.why == "not_yours" and at.name:
        return PHRASES.say("not_yours_named", who=at.name)
    return PHRASES[refusal.why]


def room_for_offers(ports: Ports, written: Written) -> bool:
    """Whether the bot may offer guides in the message's channel."""
    return written.place.channel.upper() in ports.offer_in or ("SHARED" in ports.offer_in and written.shared)
