"""Hands a conversation's buttons to a colleague: in its thread, or with a copy of the step in a direct message.

The conversation stays in its thread. `adapters/slack/step_copies.py` redraws a copy whenever the conversation moves;
here it is redrawn after a press or words that move nothing.
"""

import asyncio
from typing import Final, Literal

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES, error_of
from adapters.slack.api.users import SLACKBOT, Known
from adapters.slack.customers.conversations import OUTSIDE, SlackConversations
from adapters.slack.inbound.events import Pressed, Submitted
from adapters.slack.render.card import note
from adapters.slack.step_copies import StepCopies
from bot.ports import Outcome, TooMany
from bot.telemetry import log
from flows.button import Button
from flows.conversation import Conversation
from flows.events import Shared
from flows.rules.escalation import MAY_PRESS
from flows.text.phrases import PHRASES
from flows.views.screen import Screen

REACH_WITHIN_S: Final = 2.0
"""Seconds to find out how the colleague can be reached; what is left of Slack's three is for recording it."""

Way = Literal["thread", "direct"]


class Unreached(Exception):
    """Raised when no message reaches the colleague; the text says why, for the form."""


class Handover:
    """Checks and reaches the colleague whom a customer chose, before anything is recorded."""

    def __init__(self, conversations: SlackConversations, workspace: str) -> None:
        """`workspace` is ours."""
        self._conversations = conversations
        self._ports = conversations.ports
        self._workspace = workspace
        self._copies = StepCopies(conversations.client, conversations.ports.bookmarks, workspace)
        self._log = log("slack")

    # ------------------------------------------------------------ the form

    async def submitted(self, submitted: Submitted) -> str:
        """Hand over. Return why nothing was recorded, or ''. Raises StoreDown and Contended."""
        screen = await self._ports.look(submitted.button.conversation)
        if screen is None:
            return PHRASES["no_conversation"]
        if screen.conversation.contact != submitted.person.actor:
            return PHRASES["not_yours"]
        try:
            await self._ports.limits.check(submitted.person.actor, "pulled", submitted.key)
            event = await self._shared(submitted, screen)
        except (Unreached, TooMany) as reason:
            return str(reason)
        outcome = await self._ports.receive(event)
        if outcome is None:
            return PHRASES["no_conversation"]
        return PHRASES[outcome.refusal.why] if outcome.refusal is not None else ""

    async def _shared(self, submitted: Submitted, screen: Screen) -> Shared:
        """Reach the colleague, and return the event that says how."""
        if not submitted.who:
            raise Unreached(PHRASES["choose_option"])
        if why := _not_now(screen.conversation):
            raise Unreached(why)
        if submitted.who == submitted.person.user:
            raise Unreached(PHRASES["colleague_self"])
        try:
            async with asyncio.timeout(REACH_WITHIN_S):
                known = await self._known(submitted.who)
                colleague = Person(team=known.company, user=submitted.who)
                name = known.name or submitted.who
                way = await self._reach(screen, colleague, name)
        except TimeoutError as late:
            raise Unreached(PHRASES["colleague_unknown"]) from late
        return Shared(
            conversation=submitted.button.conversation,
            to=colleague.actor,
            name=name,
            way=way,
            actor=submitted.person.actor,
            key=submitted.key,
        )

    async def _known(self, user: str) -> Known:
        """Look the colleague up, and refuse who is no person at work."""
        known = await self._conversations.directory.known(
            Person(team=self._workspace, user=user), self._workspace
        )
        if known.bot or user == SLACKBOT:
            raise Unreached(PHRASES["colleague_bot"])
        if known.gone:
            raise Unreached(PHRASES["colleague_gone"])
        if not known.company:
            raise Unreached(PHRASES["colleague_unknown"])
        return known

    async def _reach(self, screen: Screen, colleague: Person, name: str) -> Way:
        """Find out where the colleague can be reached: Slack refuses a note to a person who isn't in the channel.

        In the thread, the conversation itself then mentions them; a note alone would be lost on a reload.
        """
        at = screen.conversation
        address = at.address("customer")
        place = Place.of(address) if address is not None else None
        if place is None or place.direct:
            raise Unreached(PHRASES["not_now"])
        live = await self._conversations.live(at)
        shown = note(PHRASES["you_can_press"], live)
        try:
            await self._conversations.note_to(place, colleague, shown)
        except SlackApiError as failure:
            if error_of(failure) not in OUTSIDE:
                raise Unreached(PHRASES["colleague_unknown"]) from failure
        except FAILURES as failure:
            raise Unreached(PHRASES["colleague_unknown"]) from failure
        else:
            return "thread"
        await self._send_copy(screen, colleague, name, live)
        return "direct"

    async def _send_copy(self, screen: Screen, colleague: Person, name: str, live: str) -> None:
        try:
            await self._copies.send(colleague, screen.conversation, screen.prompt, live)
        except TimeoutError:
            raise
        except FAILURES as failure:
            self._log.info("a colleague could not be reached", reason=str(failure)[:200])
            raise Unreached(PHRASES.say("colleague_unreached", who=name)) from failure

    # ------------------------------------------------------------ the copy in direct messages

    async def open_in(self, place: Place, person: Person) -> tuple[Conversation, ...]:
        """Return the open conversations that were handed over to that person there, the latest first."""
        screens = [await self._ports.look(each) for each in await self._copies.there(place)]
        found = (screen.conversation for screen in screens if screen is not None)
        return tuple(at for at in found if not at.status.ended and at.may_answer(person.actor))

    async def pressed(self, pressed: Pressed, button: Button, outcome: Outcome) -> None:
        """Redraw the copy that was pressed, if it was one and nothing moved; after a move the sender redraws it."""
        at = outcome.conversation
        if pressed.place is None or not pressed.ts or not at.may_answer(pressed.person.actor):
            return
        stays = outcome.refusal is not None or outcome.repeated or at.turn == button.turn
        if stays and self.is_copy(pressed.place, at):
            await self._redraw(pressed.place, at.id)

    async def heard(self, place: Place, person: Person, before: Conversation) -> None:
        """Say where the words are that a person wrote beside a copy, and where any answer is, if they moved nothing."""
        screen = await self._ports.look(before.id)
        if screen is not None and screen.conversation.turn == before.turn:
            who = before.name or PHRASES["someone"]
            live = await self._conversations.live(screen.conversation)
            shown = note(PHRASES.say("handed_over_words", who=who), live)
            await self._conversations.whisper(place, person, shown)
            await self._copies.redraw(screen.conversation, screen.prompt, live, place)

    def is_copy(self, place: Place, at: Conversation) -> bool:
        """Whether a message in that place can only be a copy of the conversation's step."""
        address = at.address("customer") if place.direct else None
        return address is not None and bool(address.thread)

    async def _redraw(self, place: Place, conversation: str) -> None:
        screen = await self._ports.look(conversation)
        if screen is not None:
            live = await self._conversations.live(screen.conversation)
            await self._copies.redraw(screen.conversation, screen.prompt, live, place)


def _not_now(at: Conversation) -> str:
    """Return why the conversation can't be handed over now, or ''."""
    if at.status.ended:
        return PHRASES["colleague_ended"]
    return PHRASES.say("colleague_full", most=MAY_PRESS) if len(at.may_press) >= MAY_PRESS else ""
