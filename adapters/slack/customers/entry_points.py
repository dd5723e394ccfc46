"""Starts conversations from the Home tab, `/fix`, and the global and message shortcuts."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import showing
from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES, error_of
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.hidden_files import all_files
from adapters.slack.inbound.events import CommandCalled, HomeOpened, MessageShortcut, Pressed
from adapters.slack.render.card import Message, note
from adapters.slack.render.forms import notice_view
from adapters.slack.render.home import AgentPart, HomeRow, home
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import StartFlow
from bot.ports import StoreDown
from bot.telemetry import log
from flows.button import Button
from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.events import Answered
from flows.rules.placement import placed_at_start, placed_by_choice
from flows.text.phrases import PHRASES
from flows.views.screen import Screen

NOT_THERE: Final = frozenset(["channel_not_found", "not_in_channel"])
"""Error codes for a note in a channel without the bot; other errors may pass, or show up in the outbox."""


async def _no_tickets(_visited: HomeOpened) -> AgentPart | None:
    return None


class EntryPoints:
    """Starts conversations for people who have none yet."""

    def __init__(
        self,
        conversations: SlackConversations,
        tickets: Callable[[HomeOpened], Awaitable[AgentPart | None]] = _no_tickets,
    ) -> None:
        """`tickets` returns the part of the Home tab for an agent; it raises StoreDown."""
        self._conversations = conversations
        self._ports = conversations.ports
        self._tickets = tickets
        self._log = log("slack")

    # ------------------------------------------------------------ the Home tab

    async def visited(self, visited: HomeOpened) -> None:
        """Redraw the Home tab; while the store is down, it still says whom to write to."""
        try:
            screens = await self._ports.finder.mine(visited.person.actor)
            tickets = await self._tickets(visited)
        except StoreDown:
            screens, tickets = (), None
        rows = [await self._row(screen) for screen in screens]
        offers = [(flow.id, flow.title) for flow in self._ports.catalogue().flows]
        view = home(rows, offers, self._ports.product, self._ports.support, tickets)
        showing()
        try:
            await self._conversations.client.at_once(
                visited.workspace, "views.publish", user_id=visited.person.user, view=view
            )
        except FAILURES as failure:
            self._log.warning("the Home tab could not be drawn", reason=str(failure)[:200])

    async def _row(self, screen: Screen) -> HomeRow:
        at = screen.conversation
        ended = at.status.ended
        reopens = Button(conversation=at.id, turn=at.turn, built_in="reopen")
        return HomeRow(
            title=screen.title,
            state=_state(screen),
            when=at.changed_at,
            url="" if ended else await self._conversations.way(at),
            button=reopens if ended else None,
            open=not ended,
        )

    async def started(self, pressed: Pressed, start: StartFlow, workspace: str) -> None:
        """Start the chosen flow in direct messages, or lead to where it is open there."""
        try:
            place = await self._conversations.direct(pressed.person, workspace)
        except FAILURES:
            await self._say_no_direct(pressed, workspace)
            return
        if start.flow in self._ports.catalogue().by_id:
            await self._choose(pressed, start.flow, place)
        if pressed.place not in (None, place):  # pressed beside another customer's step
            shown = note(said("wrote_to_you"), self._conversations.opened(place))
            await self._conversations.whisper(pressed.place, pressed.person, shown)
        await self.visited(HomeOpened(person=pressed.person, workspace=workspace))

    async def _say_no_direct(self, pressed: Pressed, workspace: str) -> None:
        """Say that direct messages don't open: beside the click, or in a modal on the Home tab."""
        shown = note(said("no_direct"))
        if pressed.place is not None:
            await self._conversations.whisper(pressed.place, pressed.person, shown)
            return
        view = notice_view(PHRASES["support"], shown.blocks)
        await self._conversations.form(workspace, pressed.trigger, view)

    async def _choose(self, pressed: Pressed, flow: str, place: Place) -> None:
        at = placed_by_choice(flow, await self._open_in(place, pressed.person)).at
        if at is None:
            wanted = "" if flow == PICKER else flow
            await self._conversations.begin(place, pressed.person, pressed.key, flow=wanted)
        elif at.flow == flow:
            await self._conversations.tell(pressed.person, await self._under_way(at), place)
        else:
            answer = Answered(
                conversation=at.id, turn=at.turn, choice=flow, actor=pressed.person.actor, key=pressed.key
            )
            outcome = await self._ports.receive(answer)
            if (
                outcome is not None and outcome.refusal is not None
            ):  # answered in another way at the same time
                await self._conversations.explain(outcome, outcome.refusal, None, pressed.person)

    async def _open_in(self, place: Place, person: Person) -> list[Conversation]:
        """List the person's open conversations in their direct messages, the last changed one first."""
        address = place.address(person)
        listed = await self._ports.finder.of(person.actor)
        theirs = [at for at in listed if not at.status.ended and at.customer == address]
        return sorted(theirs, key=lambda at: at.changed_at, reverse=True)

    async def _under_way(self, at: Conversation) -> Message:
        """Draw the way to an open conversation, with a button to start its flow over."""
        starts_over = Button(conversation=at.id, turn=at.turn, built_in="restart")
        buttons = () if at.flow == PICKER else ((PHRASES["restart"], starts_over),)
        return note(PHRASES["under_way"], await self._conversations.live(at), buttons)

    # ------------------------------------------------------------ commands and shortcuts

    async def called(self, called: CommandCalled, place: Place) -> Message | None:
        """Start a conversation in direct messages, or return a note about the open one there."""
        theirs = await self._open_in(place, called.person)
        if called.text:
            at = placed_at_start(called.text, theirs, self._ports.catalogue().flows).at
            if at is not None:
                await self._conversations.hear(at, place, called.person, called.key, called.text)
                return note(PHRASES["under_way"], await self._conversations.live(at))
        elif theirs:
            return await self._under_way(theirs[0])
        outcome = await self._conversations.come(place, called.person, called.key, called.text)
        if outcome.created or outcome.repeated:
            return None
        return note(PHRASES["under_way"], await self._conversations.live(outcome.conversation))

    async def pointed(self, pointed: MessageShortcut) -> None:
        """Start a conversation in the message's thread for its author, even if someone else used the shortcut."""
        if pointed.author is None:
            await self._respond(pointed, PHRASES["not_by_a_person"])
            return
        at = await self._ports.finder.at(pointed.place.door()) if pointed.place.thread else None
        if at is not None and not at.status.ended:
            way = await self._conversations.live(at)
            await self._conversations.whisper(
                pointed.place, pointed.person, note(PHRASES["under_way_here"], way)
            )
            return
        if not await self.may_write(pointed):
            await self._respond(pointed, said("not_in_direct" if pointed.place.direct else "invite_me"))
            return
        content: dict[str, Any] = {
            "text": pointed.text,
            "styled": pointed.styled,
            "files": await all_files(self._conversations.client, pointed),
            "by": pointed.person,
        }
        # With the message's own key, so that later edits of the message reach the conversation, too.
        outcome = await self._conversations.begin(pointed.place, pointed.author, pointed.of, **content)
        if outcome.repeated and outcome.conversation.status.ended:
            await self._conversations.begin(pointed.place, pointed.author, pointed.key, **content)

    async def may_write(self, pointed: MessageShortcut) -> bool:
        """Whether the bot is in the channel: try to announce there, to the person who used the shortcut."""
        shown, place = note(said("on_my_way")), pointed.beside
        params = {"channel": place.channel, "user": pointed.person.user, "text": shown.text}
        if place.thread:
            params["thread_ts"] = place.thread
        try:
            await self._conversations.client.at_once(
                place.workspace, "chat.postEphemeral", **params, blocks=list(shown.blocks)
            )
        except SlackApiError as failure:
            return error_of(failure) not in NOT_THERE
        except FAILURES as failure:
            self._log.info("an announcement could not be posted", reason=str(failure)[:200])
        return True

    async def _respond(self, pointed: MessageShortcut, text: str) -> None:
        """Reply over the shortcut's response URL, the only way into a channel without the bot."""
        try:
            await self._conversations.client.respond(pointed.answer, text)
        except FAILURES as failure:
            self._log.warning("a person could not be answered", reason=type(failure).__name__)


def _state(screen: Screen) -> str:
    """Describe a conversation's state in a few words."""
    at, progress = screen.conversation, screen.prompt.progress
    ticket = PHRASES.say("ticket_number", ticket=at.ticket) if at.ticket_open else ""
    match at.status:
        case Status.WITH_AGENT | Status.RESOLVED | Status.CLOSED:
            state = screen.prompt.title
        case _:
            where = PHRASES.say("progress", at=progress.at, of=progress.of) if progress else ""
            state = " · ".join(filter(None, (where, screen.prompt.title)))
    return " · ".join(filter(None, (state, ticket)))
