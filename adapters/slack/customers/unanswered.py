"""Offers help where a customer's message stays unanswered, and handles the offer's two buttons."""

from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import showing
from adapters.slack.api.addresses import SLACK, Person, Place
from adapters.slack.api.client import CHANNEL_CLOSED, DELETED, FAILURES, SlackClient, error_of, judged
from adapters.slack.api.payload import things
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.tickets import Tickets
from adapters.slack.inbound.events import MessageEdited, Pressed, Written
from adapters.slack.inbound.history import waits
from adapters.slack.mention_names import MentionNames
from adapters.slack.render.card import collapsed_offer, note
from adapters.slack.render.offers import help_offer
from adapters.slack.render.tokens import HelpOffer, StartFlow
from bot.ports import Busy, Question, Undeliverable, Waits
from bot.telemetry import log
from flows.catalogue import PICKER
from flows.text.phrases import PHRASES
from flows.text.understanding import takes_leave

READ: Final = 15
"""Messages of a thread that are read to see whether someone has answered."""

RETRY_S: Final = 30.0
"""Seconds until another attempt after Slack did not answer."""

GONE: Final = CHANNEL_CLOSED | {DELETED, "message_not_found"}
"""Error codes after which no one can answer a message anymore."""


class SlackOfferer:
    """Implements the port Offerer for Slack."""

    name = SLACK

    def __init__(self, client: SlackClient) -> None:
        self._client = client
        self._log = log("slack")

    async def state(self, question: Question) -> Waits:
        """Read the message's thread: someone may have replied or reacted, or the message may be gone."""
        place, author = _place(question.door), Person.of(question.author)
        if place is None or author is None:
            return "answered"
        params = {"channel": place.channel, "ts": place.thread, "limit": READ}
        try:
            answer = await self._client.read(place.workspace, "conversations.replies", **params)
        except SlackApiError as failure:
            return "answered" if error_of(failure) in GONE else "unknown"
        except FAILURES:
            return "unknown"
        return "waits" if waits(things(answer.get("messages")), author.user) else "answered"

    async def offer(self, question: Question, away: str) -> None:
        """Post the offer in the message's thread."""
        place = _place(question.door)
        assert place is not None, "asked before"
        tokens = [str(HelpOffer(what=what, author=question.author)) for what in ("ticket", "problem")]
        drawn = help_offer(away, *tokens)
        params: dict[str, Any] = {"channel": place.channel, "thread_ts": place.thread}
        params |= {"text": drawn.text, "blocks": list(drawn.blocks), "unfurl_links": False}
        try:
            await self._client.ask(place.workspace, "chat.postMessage", **params)
        except SlackApiError as failure:
            judgment = judged(failure)
            if not isinstance(judgment, Undeliverable):
                raise judgment if isinstance(judgment, Busy) else Busy(RETRY_S) from failure
            self._log.warning("help could not be offered", reason=str(failure)[:200])
        except FAILURES as failure:  # if the line arrived, `state` finds it before another attempt
            raise Busy(RETRY_S) from failure


class Unanswered:
    """Keeps customers' messages that wait for an answer, and handles the buttons of the offers below them."""

    def __init__(self, conversations: SlackConversations, names: MentionNames) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._tickets = Tickets(conversations, names)

    async def heard(self, written: Written, *, offered: bool) -> None:
        """Note a channel's message: it asks, or it answers what others asked. A guide may be `offered` already."""
        place, person = written.place, written.person
        room, questions = _room(place), self._ports.questions
        if place.thread != written.ts:
            await questions.answered(SLACK, room, place.door(), person.actor)
        elif person.team == place.workspace:
            await questions.answered(SLACK, room)
        elif offered or not (written.text or written.files):
            return
        elif takes_leave(written.text) and not written.files:
            return  # a greeting, thanks, or good news
        elif not await self._ports.marks.marked(f"off/{room}"):
            asked = written.written_ms
            await questions.wait(
                Question(channel=SLACK, room=room, door=place.door(), author=person.actor, asked=asked)
            )

    async def gone(self, gone: MessageEdited) -> None:
        """Drop the question of a deleted message; a reply that is deleted leaves the question as it is."""
        place = gone.place
        if place.thread == gone.ts:
            await self._ports.questions.answered(SLACK, _room(place), place.door())

    async def pressed(self, pressed: Pressed, token: HelpOffer) -> None:
        """Start the author's conversation at the author's press; offer anyone else a conversation of their own."""
        place, author = pressed.place, Person.of(token.author)
        if place is None or author is None:
            return
        at = await self._ports.finder.at(place.door())
        if at is not None and not at.status.ended and at.contact != author.actor:
            await self._collapse(pressed, place, PHRASES["under_way_here"])
        elif pressed.person != author:
            own = [(PHRASES["start_for_me"], StartFlow(flow=PICKER))]
            await self._conversations.whisper(
                place, pressed.person, note(PHRASES["not_your_question"], buttons=own)
            )
        else:
            ticket = token.what == "ticket"
            await self._tickets.begin(place, author, pressed.key, ticket=ticket)
            await self._collapse(pressed, place, PHRASES["person_will_help" if ticket else "lets_start"])

    async def _collapse(self, pressed: Pressed, place: Place, text: str) -> None:
        showing()
        drawn = collapsed_offer(text)
        params = {
            "channel": place.channel,
            "ts": pressed.ts,
            "text": drawn.text,
            "blocks": list(drawn.blocks),
        }
        try:
            await self._conversations.client.at_once(place.workspace, "chat.update", **params)
        except FAILURES as failure:
            log("slack").info("an offer's buttons could not be removed", reason=str(failure)[:200])


def _room(place: Place) -> str:
    return f"{SLACK}/{place.workspace}/{place.channel}"


def _place(door: str) -> Place | None:
    """Read the thread from its door; None if the text is no door of a thread."""
    parts = door.split("/")
    return Place(workspace=parts[1], channel=parts[2], thread=parts[3]) if len(parts) == 4 else None
