"""What agents press and fill in, where they talk or alone: each order is done, or asks with a form first."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapters.slack.agents.actions import Acting
from adapters.slack.agents.messages import Handling
from adapters.slack.api.addresses import Person, Place
from adapters.slack.inbound.events import Pressed, beside
from adapters.slack.render import action_forms
from adapters.slack.render.agent_answers import AGENT, FINISHED, GUIDE, STEP, TEAM, TEXT, UNTIL, Filled
from adapters.slack.render.agent_texts import slack_phrase
from adapters.slack.render.agent_thread import hint
from bot.ports import Contended, StoreDown
from flows.acts import Concluded, Forwarded, HandedBack, Replied, Showed, Snoozed, Transferred
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.events import Event
from flows.flow import Flow, solutions
from flows.orders import UNTILS, Order, refused, unanswered
from flows.prompts import step_title
from flows.text.agent_phrases import customer_name, phrase

Json = dict[str, Any]

FIRST: Final[Mapping[str, str]] = MappingProxyType(
    {"transfer": AGENT, "forward": TEAM, "guide": GUIDE, "back": STEP, "show": STEP, "snooze": UNTIL}
)
"""The question under which a form says what is wrong with it."""


class Ordering:
    """Hears the orders of agents."""

    def __init__(self, acting: Acting, handling: Handling) -> None:
        self._acting = acting
        self._handling = handling
        self._counter = acting.counter

    async def pressed(self, pressed: Pressed, order: Order) -> None:
        """A button of theirs."""
        place, person = _whispers(pressed), pressed.person
        if not await self._acting.may(person):
            await self._counter.whisper(place, person, hint(slack_phrase("not_an_agent")))
            return
        if order.verb == "send":
            if pressed.place is not None:
                await self._handling.sent(order, pressed.place, person)
            return
        if order.verb != "resolve":
            event = await self._acting.plainly(order.verb, person, order.conversation, pressed.key)
            if event is not None:
                await self._acting.record(event, place, person)
                return
        told = await self._acting.teams.dossier(order.conversation)
        if told is None:
            await self._counter.whisper(place, person, hint(phrase("gone")))
            return
        form = await self._form(order, told.conversation)
        if form is None:
            await self._counter.whisper(place, person, hint(phrase("no_recipient")))
            return
        await self._counter.form(self._acting.workspace, pressed.trigger, form)

    async def _form(self, order: Order, at: Conversation) -> Json | None:
        """What asks first; None where a ticket is to be forwarded and there is nobody to mail."""
        match order.verb:
            case "back" if at.flow != PICKER:
                flow = await self._acting.teams.flow(at)
                return action_forms.back_form(order, flow.title, _steps(flow), at.step)
            case "show":
                return action_forms.show_form(order, _steps(await self._acting.teams.flow(at)))
            case "resolve":
                return action_forms.resolve_form(order, solutions(await self._acting.teams.flow(at)))
            case "transfer":
                return action_forms.transfer_form(order, tuple(self._acting.teams.names().items()))
            case "snooze":
                return action_forms.snooze_form(order)
            case "forward":
                mailed = await self._acting.teams.recipients(at)
                return action_forms.forward_form(order, mailed) if mailed else None
            case "back" | "guide":
                flows = self._counter.ports.catalogue().flows
                asks = order.model_copy(update={"verb": "guide"})
                return action_forms.guide_form(asks, [(flow.id, flow.title) for flow in flows])
            case _:
                kept = [(reply.id, reply.title) for reply in await self._acting.teams.replies(at, "")]
                return action_forms.reply_form(order, customer_name(at), kept)

    # ------------------------------------------------------------ forms

    async def filled(self, filled: Filled) -> Json | None:
        """What Slack is answered: nothing closes the form, errors keep it open, another view follows it."""
        block = FINISHED if filled.finishing else FIRST.get(filled.order.verb, TEXT)
        try:
            if not await self._acting.may(filled.person):
                return _error(block, slack_phrase("not_an_agent"))
            if filled.order.verb == "guide" and filled.guide:
                return self._steps_of(filled)
            if filled.order.verb == "reply" and filled.ready:
                return await self._finishing(filled)
            event = await self._meant(filled)
            if isinstance(event, str):
                return _error(block, event)
            outcome = await self._counter.ports.receive(event)
        except StoreDown:
            return _error(block, self._counter.sorry("store_down"))
        except Contended:
            return _error(block, self._counter.sorry("contended"))
        if outcome is None:
            return _error(block, phrase("gone"))
        return _error(block, refused(outcome.conversation, outcome.refusal)) if outcome.refusal else None

    def _steps_of(self, filled: Filled) -> Json:
        """The second page of starting a guide: at which step."""
        flow = self._counter.ports.catalogue().by_id.get(filled.guide)
        if flow is None:
            return _error(GUIDE, phrase("refused_no_choice"))
        order = filled.order.model_copy(update={"verb": "back", "of": flow.id})
        view = action_forms.back_form(order, flow.title, _steps(flow), flow.first.id)
        return {"response_action": "update", "view": view}

    async def _finishing(self, filled: Filled) -> Json:
        """The second page of a reply that was kept ready: its words, to be changed and sent."""
        told = await self._acting.teams.dossier(filled.order.conversation)
        if told is None:
            return _error(TEXT, phrase("gone"))
        who = await self._acting.named(filled.person, filled.order.conversation, filled.key)
        kept = await self._acting.teams.replies(told.conversation, who["name"])
        chosen = [reply.text for reply in kept if reply.id == filled.ready]
        written = "\n\n".join(filter(None, (filled.text, *chosen)))
        view = action_forms.finish_form(filled.order, customer_name(told.conversation), written)
        return {"response_action": "update", "view": view}

    async def _meant(self, filled: Filled) -> Event | str:
        """The act, or why it is none."""
        who = await self._acting.named(filled.person, filled.order.conversation, filled.key)
        match filled.order.verb:
            case "reply":
                return Replied(text=filled.text, aside=True, **who) if filled.text else phrase("write_first")
            case "back":
                flow = filled.order.of
                return HandedBack(flow=flow, step=filled.step, done=filled.done, **who)
            case "resolve":
                return Concluded(reason=filled.reason, text=filled.text, **who)
            case "snooze" if filled.until in UNTILS:
                return Snoozed.model_validate({"until": filled.until, **who})
            case "show":
                return Showed(step=filled.step, **who)
            case "forward" if filled.team:
                return Forwarded(team=filled.team, **who)
            case "transfer":
                return await self._transferred(filled, who)
            case _:
                return unanswered(filled.order.verb)

    async def _transferred(self, filled: Filled, who: dict[str, Any]) -> Event | str:
        if filled.agent:
            other = Person(team=self._acting.workspace, user=filled.agent)
            if not await self._acting.may(other):
                return phrase("not_an_agent_chosen")
            known = await self._counter.directory.known(other, self._acting.workspace)
            return Transferred(to=other.actor, to_name=known.name or other.user, **who)
        if filled.team in self._acting.teams.names():
            return Transferred(team=filled.team, **who)
        return unanswered("transfer")


def _steps(flow: Flow) -> list[tuple[str, str]]:
    """Steps by id, with their titles as they are shown."""
    return [(step.id, step_title(step, flow, {})) for step in flow.steps]


def _whispers(pressed: Pressed) -> Place | None:
    """Where a note on it is seen: beside the head in the room, or in the thread."""
    return None if pressed.place is None else beside(pressed.place, pressed.ts)


def _error(block: str, text: str) -> Json:
    return {"response_action": "errors", "errors": {block: text}}
