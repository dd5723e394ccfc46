"""Who comes by themselves: the Home tab, `/fix`, and the shortcuts, on a message and everywhere."""

from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import Place
from adapters.slack.api.client import FAILURES, error_of
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound.events import CommandCalled, HomeOpened, MessageShortcut, Pressed
from adapters.slack.render.card import Message, note
from adapters.slack.render.home import HomeRow, home
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import StartFlow
from bot.ports import StoreDown
from bot.telemetry import log
from flows.button import Button
from flows.catalogue import PICKER
from flows.conversation import Status
from flows.text.phrases import PHRASES
from flows.views.screen import Screen

NOT_THERE: Final = frozenset(["channel_not_found", "not_in_channel"])
"""Answers to a note where the bot is not; whatever else is wrong passes, or is the outbox's to find out."""


class EntryPoints:
    """Meets people where no conversation is yet."""

    def __init__(self, conversations: SlackConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._log = log("slack")

    # ------------------------------------------------------------ the Home tab

    async def visited(self, visited: HomeOpened) -> None:
        """Draw the Home tab anew; where the store is down it still says whom to write to."""
        try:
            screens = await self._ports.finder.mine(visited.person.actor)
        except StoreDown:
            screens = ()
        rows = [await self._row(screen) for screen in screens]
        offers = [(flow.id, flow.title) for flow in self._ports.catalogue().flows]
        view = home(rows, offers, self._ports.product, self._ports.support)
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
        """Start the flow of a button on the Home tab, in direct messages."""
        place = await self._conversations.direct(pressed.person, workspace)
        if start.flow in self._ports.catalogue().by_id:
            await self._conversations.begin(place, pressed.person, pressed.key, flow=start.flow)
        await self.visited(HomeOpened(person=pressed.person, workspace=workspace))

    # ------------------------------------------------------------ commands and shortcuts

    async def called(self, called: CommandCalled, place: Place) -> Message | None:
        """Begin in those direct messages, or say to who called, alone, what is under way there."""
        if not called.text:
            theirs = await self._ports.finder.of(called.person.actor)
            address = place.address(called.person)
            at = next((one for one in theirs if not one.status.ended and one.customer == address), None)
            if at is not None:
                starts_over = Button(conversation=at.id, turn=at.turn, built_in="restart")
                buttons = () if at.flow == PICKER else ((PHRASES["restart"], starts_over),)
                return note(PHRASES["under_way"], await self._conversations.live(at), buttons)
        outcome = await self._conversations.come(place, called.person, called.key, called.text)
        if outcome.created or outcome.repeated:
            return None
        return note(PHRASES["under_way"], await self._conversations.live(outcome.conversation))

    async def pointed(self, pointed: MessageShortcut) -> None:
        """Begin in the thread of that message for who wrote it, whoever pointed at it."""
        if pointed.author is None:
            await self._answer(pointed, PHRASES["not_by_a_person"])
            return
        at = await self._ports.finder.at(pointed.place.door()) if pointed.place.thread else None
        if at is not None and not at.status.ended:
            way = await self._conversations.live(at)
            await self._conversations.whisper(
                pointed.place, pointed.person, note(PHRASES["under_way_here"], way)
            )
            return
        if not await self._may_write(pointed):
            await self._answer(pointed, said("invite_me"))
            return
        begun: dict[str, Any] = {"text": pointed.text, "files": await self._conversations.whole(pointed)}
        # As if they had written it to us: edited later, it is changed with us as well.
        outcome = await self._conversations.begin(pointed.place, pointed.author, pointed.of, **begun)
        if outcome.repeated and outcome.conversation.status.ended:
            await self._conversations.begin(pointed.place, pointed.author, pointed.key, **begun)

    async def _may_write(self, pointed: MessageShortcut) -> bool:
        """Whether the bot is in that channel: told by saying there, to who pointed, what is about to happen."""
        shown, place = note(said("on_my_way")), pointed.beside
        given = {"channel": place.channel, "user": pointed.person.user, "text": shown.text}
        if place.thread:
            given["thread_ts"] = place.thread
        try:
            await self._conversations.client.at_once(
                place.workspace, "chat.postEphemeral", **given, blocks=list(shown.blocks)
            )
        except SlackApiError as failure:
            return error_of(failure) not in NOT_THERE
        except FAILURES as failure:
            self._log.info("an announcement could not be posted", reason=str(failure)[:200])
        return True

    async def _answer(self, pointed: MessageShortcut, text: str) -> None:
        """Where the bot is not, only the address that came with the shortcut reaches who pressed."""
        try:
            await self._conversations.client.respond(pointed.answer, text)
        except FAILURES as failure:
            self._log.warning("a person could not be answered", reason=type(failure).__name__)


def _state(screen: Screen) -> str:
    """A few words on where a conversation stands."""
    at, progress = screen.conversation, screen.prompt.progress
    ticket = PHRASES.say("ticket_number", ticket=at.ticket) if at.ticket_open else ""
    match at.status:
        case Status.WITH_AGENT | Status.RESOLVED | Status.CLOSED:
            state = screen.prompt.title
        case _:
            where = PHRASES.say("progress", at=progress.at, of=progress.of) if progress else ""
            state = " · ".join(filter(None, (where, screen.prompt.title)))
    return " · ".join(filter(None, (state, ticket)))
