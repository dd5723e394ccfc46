"""Takes the buttons, forms and commands of agents to what decides, and answers with what comes of them."""

from adapters.discord.api.addresses import Person, Place
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import MessageShortcut, Pressed, ReplyCommand, Submitted, message_key
from adapters.discord.render.agent_forms import agent_form, answers_of
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.responses import Response
from bot.ports import AgentsPlace, Contended, HeldReply, Reaction, StoreDown
from flows.agent_forms import AGENT, Answers, Chosen, Form, Who
from flows.conversation import Conversation
from flows.orders import Order
from flows.text.agent_phrases import phrase


def who_of(person: Person, key: str) -> Who:
    """Return the agent as acts name them; `key` is that of what they did."""
    return Who(actor=person.actor, name=person.name or person.user, key=key)


class AgentButtons:
    """Hears what agents press and fill in. Each of them is checked to be an agent, every time (law L11)."""

    def __init__(self, conversations: DiscordConversations, place: AgentsPlace) -> None:
        """`place` decides what agents do."""
        self._conversations = conversations
        self._ports = conversations.ports
        self._place = place

    async def pressed(self, pressed: Pressed, order: Order, answer: Response) -> None:
        """A button of the agents'."""
        if await self._refused(pressed.person, answer):
            return
        reaction = await self._place.pressed(order, who_of(pressed.person, pressed.key))
        if isinstance(reaction, Form):
            await answer.form(agent_form(reaction))
        else:
            await _show(reaction, answer)

    async def submitted(self, submitted: Submitted, order: Order, answer: Response) -> None:
        """A form that was sent. It is gone from the screen, so what cannot be recorded is given back."""
        if await self._refused(submitted.person, answer):
            return
        answers = answers_of(submitted.text, submitted.chosen, self._picked(submitted))
        try:
            reaction = await self._place.submitted(order, answers, who_of(submitted.person, submitted.key))
        except (StoreDown, Contended) as failure:
            name = "contended" if isinstance(failure, Contended) else "store_down"
            reaction = Reaction(text=self._conversations.sorry(name))
        assert not isinstance(reaction, Form), "a modal of Discord's cannot open another"
        await _show(reaction, answer, submitted.text)

    def _picked(self, submitted: Submitted) -> Chosen | None:
        """The person whom the agent picked."""
        user = next(iter(submitted.chosen.get(AGENT, ())), "")
        if not user:
            return None
        person = next((one for one in submitted.people if one.user == user), Person(user=user))
        is_agent = self._conversations.directory.is_agent(person)
        return Chosen(actor=person.actor, name=person.name or person.user, is_agent=is_agent)

    async def answering(self, answering: ReplyCommand, answer: Response) -> None:
        """`/reply`, which reaches the customer whether or not what is typed can be read."""
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
        """*Send to the customer* on a message of an agent's in a thread."""
        if await self._refused(pointed.person, answer):
            return
        at = await self._ticket_in(pointed.place)
        text = pointed.text.removeprefix("!").strip()
        if at is None or pointed.author is None or not (text or pointed.files):
            await answer.say(hint(phrase("nothing_to_send" if at else "not_about_it")))
            return
        message = message_key(pointed.place.room, pointed.of)
        held = HeldReply(text=text, files=pointed.files)
        reaction = await self._place.send_once(message, at.id, who_of(pointed.person, pointed.key), held)
        await _show(reaction, answer)

    async def _refused(self, person: Person, answer: Response) -> bool:
        """Tell somebody who is no agent that only agents can do that."""
        if self._conversations.directory.is_agent(person):
            return False
        await answer.say(hint(discord_phrase("not_an_agent")))
        return True

    async def _ticket_in(self, place: Place) -> Conversation | None:
        """The conversation of an agents' thread; None elsewhere."""
        if not (self._ports.in_team_room(place) and place.thread):
            return None
        return await self._ports.ticket_in(place.thread)


async def _show(reaction: Reaction, answer: Response, typed: str = "") -> None:
    """Say a reaction's text to that agent alone, above what they had `typed`."""
    if reaction.text:
        await answer.say(hint("\n\n".join(filter(None, (reaction.text, typed))), reaction.orders))
    else:
        await answer.later()
