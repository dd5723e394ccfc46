"""Runs help forums: starts a guide on a new post, tags a solved one, hands an abandoned one to the helpers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.api.addresses import Person, Place
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.unanswered import Unanswered
from adapters.discord.inbound.events import MemberLeft, Pressed, Written
from adapters.discord.mention_names import MentionNames
from adapters.discord.ports import Ports
from adapters.discord.render.card import Manner, Message, note
from adapters.discord.render.components import CONTAINER_TYPE, button, row, text
from adapters.discord.render.markdown import small
from adapters.discord.render.texts import said
from adapters.discord.render.tokens import FlowOffer, MineToo
from adapters.discord.responses import Response
from bot.ports import Look, Outcome, Receive, Unreadable
from bot.telemetry import log
from flows.conversation import Conversation, Status
from flows.events import Escalated, Event, PlaceLost, TimerRang
from flows.text.markup.typed_words import TypedWords, titled
from flows.text.phrases import PHRASES
from flows.text.starts import recognise
from flows.text.understanding import understand

MINE_TOO_KEPT_S: Final = 365 * 24 * 3600
"""Seconds in which a person's *This fixed it for me too* counts once."""

HELPED: Final = (
    ("button", "This fixed it for me too"),
    ("plain", "Fixed mine too"),
    ("worked", "It worked for me too"),
)
"""What readers write below a solved post whose button no longer works."""

MOST_TAGS: Final = 5
"""Tags that a post may have."""


@dataclass(frozen=True)
class Forums:
    """Holds the operator's settings for help forums, and the forums' ids.

    `offers`: whether a post that fits no flow gets a choice of flows. `helpers` labels the request for a person.
    `solved` is the name or id of the tag for solved posts.
    """

    ids: frozenset[str] = frozenset()
    offers: bool = False
    helpers: str = "Ask the helpers"
    solved: str = "solved"

    def holds(self, place: Place) -> bool:
        """Whether the place is a post in a help forum."""
        return bool(place.thread) and place.channel in self.ids

    def manner(self, place: Place, typed: bool) -> Manner:
        """Return what differs in the place. `typed` says whether the bot may read messages everywhere."""
        asks = self.helpers[:1].upper() + self.helpers[1:]
        person = asks if asks and self.holds(place) else PHRASES["person"]
        return Manner(person=person, typed=typed or place.direct)


def with_mine_too(drawn: Message, at: Conversation) -> Message:
    """Add a button to a solved post's card for other readers whom the steps helped, and what to do once it's closed:
    Discord's apps refuse a press in an archived post, and the bot cannot edit a message there.
    """
    added = [
        row(button(said("mine_too"), str(MineToo(conversation=at.id)))),
        text(small(said("mine_too_later"))),
    ]
    boxes = [
        {**part, "components": [*part["components"], *added]} if part["type"] == CONTAINER_TYPE else part
        for part in drawn.components
    ]
    return drawn.model_copy(update={"components": tuple(boxes)})


async def count_reader(ports: Ports, conversation: str, person: Person) -> Message:
    """Thank another reader whom the steps helped. Each reader counts once; no conversation changes."""
    first = await ports.marks.first(f"discord/mine/{conversation}/{person.user}", MINE_TOO_KEPT_S)
    if first:
        log("discord").info(
            "a reader marked the steps as helpful", conversation=conversation, actor=person.actor
        )
    return note(said("thanks") if first else said("thanks_again"))


class Posts:
    """Handles posts in help forums."""

    def __init__(self, conversations: DiscordConversations, forums: Forums, names: MentionNames) -> None:
        self.unanswered = Unanswered(conversations, names)
        self._conversations = conversations
        self._ports = conversations.ports
        self._forums = forums

    def holds(self, place: Place) -> bool:
        """Whether the place is a post in a help forum."""
        return self._forums.holds(place)

    async def opened(self, written: Written) -> None:
        """Handle a post's first message: start the guide that fits, or wait for an answer."""
        if not self._forums.ids or self._conversations.directory.is_agent(written.person):
            return
        channel = await self._conversations.channel(written.place.room)
        place = Place(
            guild=written.place.guild,
            channel=str(channel.get("parent_id") or ""),
            thread=written.place.room,
        )
        if not self._forums.holds(place):
            return
        said = titled(str(channel.get("name") or ""), TypedWords(written.text, written.styled))
        if written.mention or recognise(self._ports.catalogue().flows, said.text) is not None:
            await self._conversations.begin(
                place, written.person, written.key, **said._asdict(), files=written.files
            )
        elif self._forums.offers:
            await self.unanswered.wait(place, written.person, written.written_ms)

    async def chosen(self, pressed: Pressed, chosen: FlowOffer, answer: Response) -> None:
        """Start the flow that the post's author chose below the post."""
        if chosen.user != pressed.person.user:
            await answer.say(note(said("post_not_yours")))
            return
        if chosen.flow in self._ports.catalogue().by_id:
            key, person = f"offer/{pressed.message}", pressed.person
            await self._conversations.begin(
                pressed.place, person, key, flow=chosen.flow, locale=pressed.locale
            )
        await answer.update(Message(components=(text(small(PHRASES["lets_start"])),)))

    async def helped(self, at: Conversation, written: Written) -> bool:
        """Thank a reader who writes below a solved post that the steps helped them, too. Return whether one did."""
        address = at.address("customer")
        solved = at.status is Status.RESOLVED and address is not None and self.holds(Place.of(address))
        if not solved or at.may_answer(written.person.actor) or understand(HELPED, written.text) is None:
            return False
        thanks = await count_reader(self._ports, at.id, written.person)
        await self._conversations.reply(written.place, thanks, written.message)
        return True

    async def left(self, left: MemberLeft) -> None:
        """Hand the open posts of a member who left to the helpers: other readers may have the same problem.

        Agents of a ticket learn that the customer left.
        """
        for at in await self._ports.finder.of(left.person.actor):
            address = at.address("customer")
            place = Place.of(address) if address else Place()
            if at.status.ended or place.guild != left.guild:
                continue
            if at.ticket_open:
                await self._ports.receive(PlaceLost.of_customer(at.id, "left"))
            if at.ticket_open or not self._forums.holds(place):
                continue
            key = f"left/{left.guild}/{left.person.user}"
            outcome = await self._ports.receive(_escalation(at, key, "asker_left"))
            if outcome is not None and outcome.refusal is None and not outcome.repeated:
                try:
                    await self._conversations.post(place, note(said("asker_left")), f"l{at.id}")
                except FAILURES as failure:
                    log("discord").info("a message could not be posted", reason=str(failure)[:200])


def handing_over(receive: Receive, look: Look, forums: Forums) -> Receive:
    """Wrap the port Receive for timers: a post that stays quiet after its nudge goes to the helpers."""

    async def receive_timer(event: Event) -> Outcome | None:
        if isinstance(event, TimerRang) and event.kind == "close" and event.status == Status.GUIDING:
            at = await _still_guarded(event, look)
            address = at.address("customer") if at else None
            if at is not None and address is not None and forums.holds(Place.of(address)):
                return await receive(_escalation(at, event.key, "idle"))
        return await receive(event)

    return receive_timer


async def _still_guarded(rang: TimerRang, look: Look) -> Conversation | None:
    """Return the conversation if it is still as the timer guards it, else None (law L10)."""
    try:
        screen = await look(rang.conversation)
    except Unreadable:
        return None
    at = screen.conversation if screen else None
    return at if at is not None and (at.turn, at.status) == (rang.turn, rang.status) else None


def _escalation(at: Conversation, key: str, reason: str) -> Escalated:
    """Make the event that opens a ticket in the name of the post's author, who left or is silent."""
    return Escalated(conversation=at.id, actor=at.contact, reason=reason, key=key)


class Tags:
    """Puts the solved tag on a post or removes it, and changes nothing else about the post."""

    def __init__(self, client: DiscordClient, forums: Forums) -> None:
        """Each change looks up the forum's tags: they may change, and few posts are solved in a minute."""
        self._client = client
        self._forums = forums

    async def put(self, place: Place, solved: bool) -> None:
        """Set or remove the tag. If Discord refuses, log it for the operator: no conversation depends on it."""
        try:
            forum = await self._client.ask("GET", "/channels/{channel_id}", channel_id=place.channel)
            tag = _tag(forum.get("available_tags") or (), self._forums.solved)
            if not tag:
                return
            post = await self._client.ask("GET", "/channels/{channel_id}", channel_id=place.thread)
            current = [str(applied) for applied in post.get("applied_tags") or ()]
            wanted = (
                [*current, tag]
                if solved and tag not in current
                else [applied for applied in current if solved or applied != tag]
            )
            if wanted != current and len(wanted) <= MOST_TAGS:
                body = {"applied_tags": wanted}
                await self._client.ask("PATCH", "/channels/{channel_id}", body, channel_id=place.thread)
        except FAILURES as failure:
            log("discord").warning(
                "the solved tag could not be set; give the bot Manage Threads in this forum",
                forum=place.channel,
                reason=str(failure)[:200],
            )


def _tag(tags: Iterable[dict[str, Any]], wanted: str) -> str:
    """Return the id of the tag with that name or id; '' if there is none."""
    for tag in tags:
        if wanted and wanted.casefold() in (str(tag.get("id")), str(tag.get("name") or "").casefold()):
            return str(tag["id"])
    return ""
