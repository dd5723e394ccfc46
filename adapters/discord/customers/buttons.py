"""Handles customers' clicks and forms: answers, built-in buttons, and the forms that they open."""

from typing import Final

from adapters.discord.api.addresses import Place
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.forum_posts import Forums, count_reader, with_mine_too
from adapters.discord.inbound.events import Pressed, Submitted
from adapters.discord.render.card import card, note, so_far, summary
from adapters.discord.render.forms import details_form, reply_form, why_form
from adapters.discord.render.tokens import MineToo, WriteMessage
from adapters.discord.render.typed_words import typed_again
from adapters.discord.responses import DEFER_AFTER_S, FORM_DEFER_AFTER_S, PendingResponses, Response
from bot.ports import Contended, Damaged, Outcome, StoreDown
from flows.agent_forms import FORMS
from flows.button import Button
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.events import Detailed, Event, Rated, Said
from flows.orders import Order
from flows.text.phrases import PHRASES

RATINGS: Final = frozenset(f"rate-{score}" for score in range(1, 6))
"""The built-in answers that give a score."""

SHOWN_WITHIN_S: Final = 1.4
"""Seconds after a click in which its step may be the response; after that the response is deferred."""


def patience(pressed: Pressed) -> float:
    """Return the seconds after which the click's response must be deferred."""
    match pressed.action:
        case Order(verb=verb):
            opens = verb in FORMS
        case Button(built_in=built_in):
            opens = built_in in ("person", "details", "rate-more")
        case action:
            opens = isinstance(action, WriteMessage)
    return FORM_DEFER_AFTER_S if opens else DEFER_AFTER_S


class CustomerButtons:
    """Records customers' clicks and submitted forms."""

    def __init__(
        self, conversations: DiscordConversations, pending: PendingResponses, forums: Forums
    ) -> None:
        """The sender of this process shares `pending`."""
        self._forums = forums
        self._conversations = conversations
        self._ports = conversations.ports
        self._pending = pending

    async def pressed(self, pressed: Pressed, button: Button, answer: Response) -> None:
        """Handle a conversation's button. Raises StoreDown and Contended, which the receiver explains."""
        event = button.event(pressed.person.actor, pressed.key)
        if event is None:
            await self._open(pressed, button, answer, writes=False)
            return
        with self._pending.offered(button.conversation, button.turn + 1, answer):
            outcome = await self._ports.receive(event)
            await self._respond(pressed, button, outcome, answer)

    async def writes(self, pressed: Pressed, write: WriteMessage, answer: Response) -> None:
        """Open the form of *Send a message*."""
        await self._open(pressed, write.step, answer, writes=True)

    async def _respond(
        self, pressed: Pressed, button: Button, outcome: Outcome | None, answer: Response
    ) -> None:
        if outcome is None:
            await answer.say(note(PHRASES["no_conversation"]))
        elif outcome.refusal is not None:
            await self._conversations.explain(answer, outcome, outcome.refusal)
        elif outcome.repeated:
            # Another process got the click, too, and shows the step; if that process died, this is the response.
            await answer.wait(DEFER_AFTER_S)
            await answer.later()
        elif _just_escalated(outcome):
            at = outcome.conversation
            await answer.form(details_form(button, at.ticket, at.reasons))
            await answer.later()
        elif button.built_in in RATINGS:
            await self._redraw(outcome.conversation, answer)
        elif pressed.hidden:
            await answer.update(
                note(PHRASES["where_you_are"], await self._conversations.live(outcome.conversation))
            )
        else:
            if outcome.conversation.turn > button.turn and outcome.conversation.prompt_effect:
                await answer.wait(SHOWN_WITHIN_S)
            await answer.later()

    # ------------------------------------------------------------ buttons that open or show something

    async def _open(self, pressed: Pressed, button: Button, answer: Response, *, writes: bool) -> None:
        screen = await self._ports.look(button.conversation)
        if screen is None:
            await answer.say(note(PHRASES["no_conversation"]))
            return
        at = screen.conversation
        if not at.may_answer(pressed.person.actor):
            await self._conversations.explain(answer, Outcome(conversation=at), Refusal(why="not_yours"))
        elif writes:
            await answer.form(reply_form(button))
        elif button.built_in == "details" and screen.ticket is not None:
            await answer.form(details_form(button, screen.ticket.number, at.reasons))
        elif button.built_in == "rate-more" and screen.prompt.asks_words:
            await answer.form(why_form(button, at.rated))
        elif button.built_in == "summary" and screen.ticket is not None:
            await answer.say(summary(screen.ticket))
        elif button.built_in in ("details", "summary", "rate-more"):
            await self._conversations.explain(answer, Outcome(conversation=at), Refusal(why="not_now"))
        else:
            drawn = card(screen.prompt, at, so_far(screen), again=True)
            await answer.say(drawn.model_copy(update={"flags": drawn.flags | 64}))

    async def _redraw(self, at: Conversation, answer: Response) -> None:
        """Redraw the pressed card after a score."""
        screen = await self._ports.look(at.id)
        if screen is None or screen.prompt.turn != at.turn:
            await answer.later()
            return
        drawn, address = card(screen.prompt, screen.conversation, so_far(screen)), at.address("customer")
        if address is not None and self._forums.holds(Place.of(address)):
            drawn = with_mine_too(drawn, at)
        await answer.update(drawn)

    async def mine_too(self, pressed: Pressed, helped: MineToo, answer: Response) -> None:
        """Thank another reader whom the steps helped. Each reader counts once; no conversation changes."""
        await answer.say(await count_reader(self._ports, helped.conversation, pressed.person))

    # ------------------------------------------------------------ forms

    async def submitted(self, submitted: Submitted, answer: Response) -> None:
        """Record a submitted form. Discord closes it, so a text that was not recorded is shown again."""
        event = _event(submitted)
        if event is None:
            await answer.later()
            return
        try:
            outcome = await self._ports.receive(event)
        except (StoreDown, Contended, Damaged) as failure:
            phrase = "contended" if isinstance(failure, Contended) else "store_down"
            phrase = "damaged" if isinstance(failure, Damaged) else phrase
            for shown in (note(self._conversations.sorry(phrase)), *typed_again(submitted.text)):
                await answer.say(shown)
            return
        if outcome is None:
            await answer.say(note(PHRASES["no_conversation"]))
        elif outcome.refusal is not None:
            await self._conversations.explain(answer, outcome, outcome.refusal)
        elif isinstance(event, Rated):
            await self._redraw(outcome.conversation, answer)
        elif isinstance(event, Said) and outcome.conversation.status is Status.WITH_AGENT:
            # The form leaves nothing in the thread: without this, the customer could not tell that it arrived.
            said = PHRASES.say("kept_waiting", ticket=outcome.conversation.ticket)
            await answer.say(note(said))
        else:
            await answer.later()


def _event(submitted: Submitted) -> Event | None:
    who = {"actor": submitted.person.actor, "key": submitted.key}
    if isinstance(submitted.action, WriteMessage):
        if not submitted.text:
            return None
        step = submitted.action.step  # the form was opened below this turn's prompt
        message = {"conversation": step.conversation, "turn": step.turn, "text": submitted.text}
        message["files"] = submitted.files
        return Said.model_validate(who | message)
    button = submitted.action if isinstance(submitted.action, Button) else None
    if button is not None and button.built_in in RATINGS and submitted.text:
        event = button.event(submitted.person.actor, submitted.key)
        return event.model_copy(update={"text": submitted.text}) if event is not None else None
    if button is None or button.built_in != "details":
        return None
    details = {"reason": submitted.reason, "text": submitted.text, "reach": submitted.reach}
    if not (any(details.values()) or submitted.files):
        return None
    which = {"conversation": button.conversation, "files": submitted.files}
    return Detailed.model_validate(who | details | which)


def _just_escalated(outcome: Outcome) -> bool:
    """Whether this event opened the ticket."""
    at = outcome.conversation
    return at.ticket_open and at.ticket_at == at.changed_at
