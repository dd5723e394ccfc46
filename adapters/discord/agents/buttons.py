"""What agents press and fill in, where they talk: each order is done, or asks with a form first."""

import json
from typing import Any

from adapters.discord.agents.actions import explained, named, plainly
from adapters.discord.api.addresses import Person
from adapters.discord.customers.conversations import Counter
from adapters.discord.inbound.events import Answering, Pointed, Pressed, Submitted, message_key
from adapters.discord.render import action_forms
from adapters.discord.render.action_forms import FORMS
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.responses import Answer
from bot.ports import Contended, StoreDown, TeamRooms
from flows.acts import Concluded, Forwarded, HandedBack, Replied, Showed, Snoozed, Transferred
from flows.conversation import Conversation
from flows.events import Event
from flows.flow import Flow, solutions
from flows.orders import UNTILS, Order, unanswered
from flows.prompts import step_title
from flows.text.agent_phrases import customer_name, phrase

ONCE = 24 * 3600
"""Seconds in which what was held back is sent only once."""


class Ordering:
    """Hears the orders of agents. Every one of them is checked to be an agent, each time (law L11)."""

    def __init__(self, counter: Counter, teams: TeamRooms) -> None:
        self._counter = counter
        self._ports = counter.ports
        self._teams = teams

    async def pressed(self, pressed: Pressed, order: Order, answer: Answer) -> None:
        """A button of theirs."""
        if not self._counter.directory.is_agent(pressed.person):
            await answer.say(hint(discord_phrase("not_an_agent")))
        elif order.verb == "send":
            await self._send(order, pressed.person, answer)
        elif order.verb in FORMS:
            await self._asks(order, answer)
        else:
            event = plainly(order.verb, pressed.person, order.conversation, pressed.key)
            assert event is not None, "what has no form is done at once"
            await self._record(event, answer)

    async def _record(self, event: Event, answer: Answer) -> None:
        text, orders = explained(await self._ports.receive(event))
        if text:
            await answer.say(hint(text, orders))
        else:
            await answer.later()

    async def _asks(self, order: Order, answer: Answer) -> None:
        known = await self._teams.dossier(order.conversation)
        if known is None:
            await answer.say(hint(phrase("gone")))
            return
        form = await self._form(order, known.conversation)
        if form is None:
            await answer.say(hint(phrase("no_recipient")))
        else:
            await answer.form(form)

    async def _form(self, order: Order, at: Conversation) -> dict[str, Any] | None:
        """What asks first; None where a ticket is to be forwarded and there is nobody to mail."""
        match order.verb:
            case "back":
                other = self._ports.catalogue().by_id.get(order.of) if order.of else None
                flow = other or await self._teams.flow(at)
                return action_forms.back_form(order, _steps(flow), other.first.id if other else at.step)
            case "show":
                return action_forms.show_form(order, _steps(await self._teams.flow(at)))
            case "resolve":
                return action_forms.resolve_form(order, solutions(await self._teams.flow(at)))
            case "transfer":
                return action_forms.transfer_form(order, self._teams.names())
            case "snooze":
                return action_forms.snooze_form(order)
            case "forward":
                mailed = await self._teams.recipients(at)
                return action_forms.forward_form(order, mailed) if mailed else None
            case "guide":
                flows = self._ports.catalogue().flows
                return action_forms.guide_form(order, [(flow.id, flow.title) for flow in flows])
            case _:
                kept = [(reply.id, reply.title) for reply in await self._teams.replies(at, "")]
                return action_forms.reply_form(order, customer_name(at), kept)

    # ------------------------------------------------------------ forms

    async def submitted(self, submitted: Submitted, order: Order, answer: Answer) -> None:
        """A form that was sent. It is gone from the screen, so what cannot be recorded is given back."""
        if not self._counter.directory.is_agent(submitted.person):
            await answer.say(hint(discord_phrase("not_an_agent")))
            return
        if order.verb == "guide" and await self._begins(submitted, order, answer):
            return
        event = await self._replying(submitted, order) or self._meant(submitted, order)
        if isinstance(event, str):
            await answer.say(hint(event))
            return
        try:
            text, orders = explained(await self._ports.receive(event))
        except (StoreDown, Contended) as failure:
            phrase = "contended" if isinstance(failure, Contended) else "store_down"
            text, orders = self._counter.sorry(phrase), ()
        if text:
            await answer.say(hint("\n\n".join(filter(None, (text, submitted.text))), orders))
        else:
            await answer.later()

    async def _begins(self, submitted: Submitted, order: Order, answer: Answer) -> bool:
        """Ask for the step of the guide that was chosen: a form cannot open another, a button can."""
        chosen = next(iter(submitted.chosen.get(action_forms.GUIDE, ())), "")
        flow = self._ports.catalogue().by_id.get(chosen)
        if flow is None:
            return False
        asks = order.model_copy(update={"verb": "back", "of": flow.id})
        await answer.say(hint(phrase("guide_next", guide=flow.title), [asks]))
        return True

    async def _replying(self, submitted: Submitted, order: Order) -> Event | None:
        """A reply that begins with one that was kept ready; None where none was chosen."""
        chosen = submitted.chosen.get(action_forms.READY, ())
        told = await self._teams.dossier(order.conversation) if order.verb == "reply" and chosen else None
        if told is None:
            return None
        who = named(submitted.person, order.conversation, submitted.key)
        kept = {reply.id: reply.text for reply in await self._teams.replies(told.conversation, who["name"])}
        words = "\n\n".join(filter(None, (*(kept.get(each, "") for each in chosen), submitted.text)))
        return Replied(text=words, aside=True, **who) if words else None

    def _meant(self, submitted: Submitted, order: Order) -> Event | str:
        """The act, or why it is none."""
        who = named(submitted.person, order.conversation, submitted.key)

        def chosen(menu: str) -> str:
            return next(iter(submitted.chosen.get(menu, ())), "")

        match order.verb:
            case "reply":
                words = submitted.text
                return Replied(text=words, aside=True, **who) if words else phrase("write_first")
            case "back":
                done = submitted.chosen.get(action_forms.DONE, ())
                return HandedBack(flow=order.of, step=chosen(action_forms.STEP), done=done, **who)
            case "resolve":
                return Concluded(reason=chosen(action_forms.REASON), text=submitted.text, **who)
            case "snooze" if chosen(action_forms.UNTIL) in UNTILS:
                return Snoozed.model_validate({"until": chosen(action_forms.UNTIL), **who})
            case "show":
                return Showed(step=chosen(action_forms.STEP), **who)
            case "forward" if chosen(action_forms.TEAM):
                return Forwarded(team=chosen(action_forms.TEAM), **who)
            case "transfer" if chosen(action_forms.AGENT):
                return self._to_an_agent(submitted, chosen(action_forms.AGENT), who)
            case "transfer" if chosen(action_forms.TEAM) in self._teams.names():
                return Transferred(team=chosen(action_forms.TEAM), **who)
            case _:
                return unanswered(order.verb)

    def _to_an_agent(self, submitted: Submitted, user: str, who: dict[str, Any]) -> Event | str:
        other = next((one for one in submitted.people if one.user == user), Person(user=user))
        if not self._counter.directory.is_agent(other):
            return phrase("not_an_agent_chosen")
        return Transferred(to=other.actor, to_name=other.name or other.user, **who)

    async def answering(self, answering: Answering, answer: Answer) -> None:
        """`/reply`, which reaches the customer whether or not what is typed can be read."""
        place, words = answering.place, answering.text
        if not self._counter.directory.is_agent(answering.person):
            await answer.say(hint(discord_phrase("not_an_agent")))
            return
        at = (
            await self._ports.ticket_in(place.thread)
            if self._ports.in_team_room(place) and place.thread
            else None
        )
        if at is None or not words:
            await answer.say(hint(phrase("nothing_to_send" if at else "not_about_it")))
            return
        who = named(answering.person, at.id, answering.key)
        text, orders = explained(await self._ports.receive(Replied(text=words, aside=True, **who)))
        await answer.say(hint("\n\n".join((text, words)) if text else phrase("sending"), orders))

    # ------------------------------------------------------------ sending what was held back

    async def _send(self, order: Order, person: Person, answer: Answer) -> None:
        """What was taken for an order was words for the customer: it becomes a reply, once, whoever sends it."""
        kept = await self._ports.vault.peek(order.of)
        if kept is None:
            await answer.say(hint(phrase("too_late")))
            return
        held = json.loads(kept)
        who = named(person, order.conversation, f"send/{held['of']}")
        await self._once(held["of"], Replied(text=held["text"], aside=True, **who), answer)

    async def pointed(self, pointed: Pointed, answer: Answer) -> None:
        """*Send to the customer* on a message of an agent's in a thread."""
        place = pointed.place
        if not self._counter.directory.is_agent(pointed.person):
            await answer.say(hint(discord_phrase("not_an_agent")))
            return
        at = (
            await self._ports.ticket_in(place.thread)
            if self._ports.in_team_room(place) and place.thread
            else None
        )
        text = pointed.text.removeprefix("!").strip()
        if at is None or pointed.author is None or not (text or pointed.files):
            await answer.say(hint(phrase("nothing_to_send" if at else "not_about_it")))
            return
        of = message_key(place.room, pointed.of)
        who = named(pointed.person, at.id, f"send/{of}")
        await self._once(of, Replied(text=text, files=pointed.files, aside=True, **who), answer)

    async def _once(self, of: str, event: Replied, answer: Answer) -> None:
        """Send what stands in that message, once, whoever sends it."""
        mark = f"discord/sent/{of}"
        if not await self._ports.marks.first(mark, ONCE):
            await answer.say(hint(phrase("sent_already")))
            return
        recorded = False
        try:
            outcome = await self._ports.receive(event)
            text, orders = explained(outcome)
            recorded = not text
        finally:
            if not recorded:
                await self._ports.marks.clear(mark)
        if text:
            await answer.say(hint(text, orders))
        else:
            await answer.later()


def _steps(flow: Flow) -> list[tuple[str, str]]:
    """Steps by id, with their titles as they are shown."""
    return [(step.id, step_title(step, flow, {})) for step in flow.steps]
