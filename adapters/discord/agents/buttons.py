"""Handles agents' buttons, forms and commands: hands them to the agents' place, and shows the reaction."""

from adapters.discord.api.addresses import Person, Place
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import MessageShortcut, Pressed, ReplyCommand, Submitted, message_key
from adapters.discord.render.agent_forms import agent_form, answers_of
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.render.typed_words import typed_again
from adapters.discord.responses import Response
from bot.ports import AgentsPlace, Contended, HeldReply, Reaction, StoreDown
from flows.agent_forms import AGENT, Answers, Chosen, Form, Who
from flows.conversation import Conversation
from flows.orders import Order
from flows.text.agent_phrases import phrase
from flows.text.markup.styled import ending


def who_of(person: Person, key: str) -> Who:
    """Return the agent as events name them; `key` is that of the agent's event."""
    return Who(actor=person.actor, name=person.name or person.user, key=key)


class AgentButtons:
    """Handles agents' clicks, forms and commands. Each checks that the person is an agent (law L11)."""

    def __init__(self, conversations: DiscordConversations, place: AgentsPlace) -> None:
        """`place` decides what agents' work does."""
        self._conversations = conversations
        self._ports = conversations.ports
        self._place = place

    async def pressed(self, pressed: Pressed, order: Order, answer: Response) -> None:
        """Handle an agent's button."""
        if await self._refused(pressed.person, answer):
            return
        reaction = await self._place.pressed(order, who_of(pressed.person, pressed.key))
        if isinstance(reaction, Form):
            await answer.form(agent_form(reaction))
        else:
            await _show(reaction, answer)

    async def submitted(self, submitted: Submitted, order: Order, answer: Response) -> None:
        """Handle a submitted form. Discord closes it, so a text that was not recorded is shown again."""
        if await self._refused(submitted.person, answer):
            return
        answers = answers_of(submitted.text, submitted.chosen, self._picked(submitted), submitted.files)
        try:
            reaction = await self._place.submitted(order, answers, who_of(submitted.person, submitted.key))
        except (StoreDown, Contended) as failure:
            name = "contended" if isinstance(failure, Contended) else "store_down"
            reaction = Reaction(text=self._conversations.sorry(name))
        assert not isinstance(reaction, Form), "a modal of Discord's cannot open another"
        await _show(reaction, answer, submitted.text)

    def _picked(self, submitted: Submitted) -> Chosen | None:
        """Return the person whom the agent chose; None if the agent chose no one."""
        user = next(iter(submitted.chosen.get(AGENT, ())), "")
        if not user:
            return None
        person = next((member for member in submitted.people if member.user == user), Person(user=user))
        is_agent = self._conversations.directory.is_agent(person)
        return Chosen(actor=person.actor, name=person.name or person.user, is_agent=is_agent)

    async def answering(self, answering: ReplyCommand, answer: Response) -> None:
        """Handle `/reply`, which reaches the customer even if the bot cannot read messages."""
        words = answering.text
        if await self._refused(answering.person, answer):
            return
        at = await self._ticket_in(answering.place)
        if at is None or not words:
            await answer.say(hint(phrase("nothing_to_send" if at else "not_about_it")))
            return
        order = Order(verb="reply", conversation=at.id)
        who = who_of(answering.person, answering.key)
        reaction = await self._place.submitted(order, Answers(text=words), who)
        assert not isinstance(reaction, Form), "a reply without a saved one asks nothing"
        if reaction.text:
            await _show(reaction, answer, words)
        else:
            await answer.say(hint(phrase("sending")))

    async def pointed(self, pointed: MessageShortcut, answer: Response) -> None:
        """Handle *Send to the customer* on an agent's message in a thread."""
        if await self._refused(pointed.person, answer):
            return
        at = await self._ticket_in(pointed.place)
        text = pointed.text.removeprefix("!").strip()
        if at is None or pointed.author is None or not (text or pointed.files):
            await answer.say(hint(phrase("nothing_to_send" if at else "not_about_it")))
            return
        message = message_key(pointed.place.room, pointed.of)
        held = HeldReply(text=text, styled=ending(pointed.styled, text), files=pointed.files)
        reaction = await self._place.send_once(message, at.id, who_of(pointed.person, pointed.key), held)
        await _show(reaction, answer)

    async def _refused(self, person: Person, answer: Response) -> bool:
        """Tell a person who is no agent that only agents can do that. Return whether the person was refused."""
        if self._conversations.directory.is_agent(person):
            return False
        await answer.say(hint(discord_phrase("not_an_agent")))
        return True

    async def _ticket_in(self, place: Place) -> Conversation | None:
        """Return the conversation of an agents' thread; None elsewhere."""
        if not (self._ports.in_team_room(place) and place.thread):
            return None
        return await self._ports.ticket_in(place.thread)


async def _show(reaction: Reaction, answer: Response, typed: str = "") -> None:
    """Show a reaction's text to the agent alone, above the text they had `typed`."""
    if not reaction.text:
        await answer.later()
        return
    await answer.say(hint(reaction.text, reaction.orders))
    for shown in typed_again(typed):
        await answer.say(shown)
