"""Handles customers' clicks and forms: answers, built-in buttons, and the forms that they open."""

from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.handover import Handover
from adapters.slack.inbound.events import Pressed, Submitted
from adapters.slack.render import forms
from adapters.slack.render.card import card, note
from adapters.slack.render.feedback import why_form
from bot.ports import Contended, Outcome, StoreDown
from bot.telemetry import log
from flows.button import Button
from flows.conversation import Conversation
from flows.effects import Refusal
from flows.events import REASONS, Detailed, Event, Joined, Napped, Rated
from flows.text.phrases import PHRASES, reason_label
from flows.views.screen import Screen

NAPS = ("hour", "tomorrow", "computer")


class CustomerButtons:
    """Records customers' clicks and submitted forms."""

    def __init__(self, conversations: SlackConversations, handover: Handover, workspace: str) -> None:
        """`workspace` is ours, because a click does not always name its team."""
        self._conversations = conversations
        self._handover = handover
        self._ports = conversations.ports
        self._workspace = workspace

    async def pressed(self, pressed: Pressed, button: Button) -> Outcome | None:
        """Handle a conversation's button. Slack never repeats a click, so the customer learns of a failure."""
        try:
            event = button.event(pressed.person.actor, pressed.key)
            if event is None:
                return await self._open(pressed, button)
            outcome = await self._record(event, pressed.place, pressed.person)
        except StoreDown:
            await self._conversations.apologise(pressed.place, pressed.person, "store_down")
            return None
        except Contended:
            await self._conversations.apologise(pressed.place, pressed.person, "contended")
            return None
        if outcome is not None and _just_escalated(outcome):
            await self._open_details(pressed, button)
        if isinstance(event, Rated) and outcome is not None and outcome.refusal is None:
            await self._redraw(pressed, outcome.conversation)
        if outcome is not None:
            await self._handover.pressed(pressed, button, outcome)
        return outcome

    async def _record(self, event: Event, place: Place | None, person: Person) -> Outcome | None:
        outcome = await self._ports.receive(event)
        if outcome is None:
            await self._conversations.whisper(place, person, note(PHRASES["no_conversation"]))
        elif outcome.refusal is not None:
            await self._conversations.explain(outcome, outcome.refusal, place, person)
        return outcome

    # ------------------------------------------------------------ buttons that open or show something

    async def _open(self, pressed: Pressed, button: Button) -> Outcome | None:
        if button.built_in == "joins":
            return await self._join(pressed, button)
        screen = await self._ports.look(button.conversation)
        if screen is None:
            await self._conversations.whisper(pressed.place, pressed.person, note(PHRASES["no_conversation"]))
            return None
        at, actor = screen.conversation, pressed.person.actor
        if not at.may_answer(actor):
            await self._refuse(pressed, screen)
            return None
        if button.built_in == "colleague" and at.contact != actor:
            why = PHRASES.say("colleague_not_yours", who=at.name or PHRASES["someone"])
            await self._conversations.whisper(pressed.place, pressed.person, note(why))
            return None
        match button.built_in:
            case "later":
                await self._conversations.open_form(self._workspace, pressed, forms.later_form(button))
            case "colleague":
                await self._conversations.open_form(self._workspace, pressed, forms.colleague_form(button))
            case "details":
                await self._open_details(pressed, button)
            case "summary":
                await self._open_summary(pressed, screen)
            case "rate-more":
                await self._open_comment_form(pressed, button, screen)
            case _:
                of = f"{pressed.person.user}.{pressed.key[-40:]}"
                drawn = card(screen.prompt, screen.conversation, of, again=True)
                await self._conversations.whisper(pressed.place, pressed.person, drawn)
        return None

    async def _refuse(self, pressed: Pressed, screen: Screen) -> None:
        """Refuse a form of another customer's conversation, as the engine would."""
        outcome = Outcome(conversation=screen.conversation)
        await self._conversations.explain(outcome, Refusal(why="not_yours"), pressed.place, pressed.person)

    async def _join(self, pressed: Pressed, button: Button) -> Outcome | None:
        """Let a colleague who is at the computer join, if they may, checked again here (law L11)."""
        screen = await self._ports.look(button.conversation)
        place, person = pressed.place, pressed.person
        if (
            screen is None
            or place is None
            or not self._conversations.may_join(screen.conversation, person, place)
        ):
            await self._conversations.whisper(place, person, note(PHRASES["not_yours"]))
            return None
        known = await self._conversations.directory.known(person, self._workspace)
        event = Joined(conversation=button.conversation, name=known.name, actor=person.actor, key=pressed.key)
        outcome = await self._record(event, place, person)
        if outcome is not None and outcome.refusal is None:
            way = await self._conversations.live(outcome.conversation)
            await self._conversations.whisper(place, person, note(PHRASES["you_can_press"], way))
        return outcome

    async def _open_details(self, pressed: Pressed, button: Button) -> None:
        screen = await self._ports.look(button.conversation)
        if screen is None or screen.ticket is None:
            return
        asks = button.model_copy(update={"built_in": "details", "choice": ""})
        reasons = [(reason, reason_label(reason)) for reason in REASONS]
        view = forms.details_form(asks, screen.ticket.number, reasons)
        await self._conversations.open_form(self._workspace, pressed, view)

    async def _open_comment_form(self, pressed: Pressed, button: Button, screen: Screen) -> None:
        """Open the form for a comment, which may follow a score once."""
        if screen.prompt.asks_words:
            view = why_form(button, screen.conversation.rated)
            await self._conversations.open_form(self._workspace, pressed, view)
        else:
            await self._conversations.whisper(pressed.place, pressed.person, note(PHRASES["not_now"]))

    async def _redraw(self, pressed: Pressed, at: Conversation) -> None:
        """Redraw the pressed message; if that fails, its old buttons stay and change nothing."""
        screen = await self._ports.look(at.id)
        if screen is None or pressed.place is None or not pressed.ts or at.turn != screen.conversation.turn:
            return
        drawn = card(screen.prompt, screen.conversation, f"{at.prompt_effect}.{at.version}")
        params = {"channel": pressed.place.channel, "ts": pressed.ts, "text": drawn.text}
        try:
            await self._conversations.client.at_once(
                pressed.place.workspace, "chat.update", blocks=list(drawn.blocks), **params
            )
        except FAILURES as failure:
            log("slack").info(
                "the message with the pressed button could not be changed", reason=str(failure)[:200]
            )

    async def _open_summary(self, pressed: Pressed, screen: Screen) -> None:
        ticket = screen.ticket
        if ticket is None:
            await self._conversations.whisper(pressed.place, pressed.person, note(PHRASES["not_now"]))
            return
        view = forms.summary_view(ticket.summary, ticket.number, ticket.write_to)
        await self._conversations.open_form(self._workspace, pressed, view)

    # ------------------------------------------------------------ forms

    async def submitted(self, submitted: Submitted) -> str:
        """Record a submitted form. Return why it was not recorded, or ''.

        As long as there is such a reason, the customer keeps the form with everything typed into it.
        """
        try:
            if submitted.form == "colleague":
                return await self._handover.submitted(submitted)
            event = self._event(submitted)
            if event is None:
                return PHRASES["choose_option"]
            outcome = await self._ports.receive(event)
        except StoreDown:
            return self._conversations.sorry("store_down")
        except Contended:
            return self._conversations.sorry("contended")
        if outcome is None:
            return PHRASES["no_conversation"]
        if outcome.refusal is not None:
            return PHRASES[outcome.refusal.why]
        return ""

    def _event(self, submitted: Submitted) -> Event | None:
        actor, key = submitted.person.actor, submitted.key
        who = {"conversation": submitted.button.conversation, "actor": actor, "key": key}
        match submitted.form:
            case "details":
                texts = {"reason": submitted.reason, "text": submitted.text, "reach": submitted.reach}
                return Detailed.model_validate(who | texts | {"files": submitted.files})
            case "later":
                until = submitted.until
                return Napped.model_validate(who | {"until": until}) if until in NAPS else None
            case "rating":
                event = submitted.button.event(actor, key)
                rates = isinstance(event, Rated) and submitted.text
                return event.model_copy(update={"text": submitted.text}) if event and rates else None
            case "colleague":
                return None


def _just_escalated(outcome: Outcome) -> bool:
    """Whether this event opened the ticket."""
    at = outcome.conversation
    fresh = outcome.refusal is None and not outcome.repeated
    return fresh and at.ticket_open and at.ticket_at == at.changed_at
