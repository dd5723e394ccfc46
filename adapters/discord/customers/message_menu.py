"""Handles the commands of a message's menu: help for its author, and the agents' *Open ticket*."""

from adapters.discord.api.addresses import Place
from adapters.discord.api.client import FAILURES
from adapters.discord.customers.commands import CLAIM_S, leave_to_other_process
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.threads import PUBLIC, missing
from adapters.discord.inbound.events import MessageShortcut, message_key
from adapters.discord.render.card import note
from adapters.discord.render.texts import said
from adapters.discord.responses import Response
from bot.telemetry import log
from flows.conversation import Conversation
from flows.events import Escalated
from flows.rules.escalation import BY_AGENT
from flows.text.markup.typed_words import TypedWords, titled
from flows.text.phrases import PHRASES


class MessageMenu:
    """Starts conversations for the author of a message, in the message's thread."""

    def __init__(self, conversations: DiscordConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports

    async def pointed(self, pointed: MessageShortcut, answer: Response) -> None:
        """Start a conversation in the message's thread for its author, even if someone else used the menu."""
        if pointed.author is None:
            await answer.say(note(PHRASES["not_by_a_person"]))
            return
        if not await self._claims(pointed, answer):
            return
        place, at = await self._place(pointed)
        if at is not None and not at.status.ended:
            await answer.say(note(PHRASES["under_way_here"], await self._conversations.live(at)))
        elif await self._start(pointed, place, at, answer) is not None:
            await answer.say(note(said("thread") if place != pointed.place else said("post"), place.link))

    async def ticket(self, pointed: MessageShortcut, answer: Response) -> None:
        """Open a ticket for the message's author, with the message's words and files, if an agent asks."""
        if not self._conversations.directory.is_agent(pointed.person):
            await answer.say(note(PHRASES["only_agents_open"]))
            return
        if pointed.author is None:
            await answer.say(note(PHRASES["not_by_a_person"]))
            return
        if not await self._claims(pointed, answer):
            return
        place, at = await self._place(pointed)
        if at is not None and not at.status.ended and at.ticket_open:
            await answer.say(note(PHRASES.say("has_ticket", ticket=at.ticket), place.link))
            return
        if at is not None and not at.status.ended and at.contact != pointed.author.actor:
            await answer.say(note(PHRASES["under_way_here"], await self._conversations.live(at)))
            return
        if at is not None and not at.status.ended:
            event = Escalated(conversation=at.id, actor=at.contact, reason=BY_AGENT, key=pointed.key)
            outcome = await self._ports.receive(event)
            opened = outcome.conversation if outcome is not None else None
        else:
            opened = await self._start(pointed, place, at, answer, ticket=BY_AGENT)
        if opened is not None:
            await answer.say(note(PHRASES.say("opened_for", ticket=opened.ticket), place.link))

    async def _claims(self, pointed: MessageShortcut, answer: Response) -> bool:
        """Return whether this process handles the command; another one may have got it, too."""
        if await self._ports.marks.first(f"discord/called/{pointed.id}", CLAIM_S):
            return True
        await leave_to_other_process(answer)
        return False

    async def _place(self, pointed: MessageShortcut) -> tuple[Place, Conversation | None]:
        """Return where the message's author is helped, and the conversation that is or was there."""
        here = pointed.place
        own = here.thread or here.direct
        place = here if own else Place(guild=here.guild, channel=here.channel, thread=pointed.of)
        return place, await self._ports.finder.at(place.door)

    async def _start(
        self,
        pointed: MessageShortcut,
        place: Place,
        at: Conversation | None,
        answer: Response,
        ticket: str = "",
    ) -> Conversation | None:
        """Start the author's conversation; None if there can be no thread. `at` is one that ended there."""
        assert pointed.author is not None, "asked before"
        # The first conversation gets the message's own key, so that later edits of the message reach it.
        key = pointed.key if at is not None else message_key(pointed.place.room, pointed.of)
        await self._conversations.count(pointed.author, pointed.person, key)
        if place != pointed.place and not await self._thread_on(pointed, answer):
            return None
        words = await self._words(pointed)
        outcome = await self._conversations.begin(
            place,
            pointed.author,
            key,
            **words._asdict(),
            files=pointed.files,
            ticket=ticket,
            by=pointed.person,
        )
        return outcome.conversation

    async def _words(self, pointed: MessageShortcut) -> TypedWords:
        """Return the message's words; those of a post's first message begin with the post's title."""
        own = TypedWords(pointed.text, pointed.styled)
        if pointed.place.thread != pointed.of:
            return own
        try:
            title = str((await self._conversations.channel(pointed.of)).get("name") or "")
        except FAILURES as failure:
            log("discord").info("a post's title could not be read", reason=str(failure)[:200])
            return own
        return titled(title, own)

    async def _thread_on(self, pointed: MessageShortcut, answer: Response) -> bool:
        """Open the thread on the message, and add its author. Return whether there is one."""
        author, here = pointed.author, pointed.place
        assert author is not None, "asked before"
        why = missing(pointed.may, PUBLIC)
        if not why:
            name = pointed.text or said("thread_name", who=author.name or PHRASES["someone"])
            on = (here.guild, here.channel, pointed.of, name, pointed.person, pointed.key)
            try:
                place = await self._conversations.thread_of(*on)
            except FAILURES as failure:
                why = said("denied")
                log("discord").warning(
                    "a thread could not be opened", channel=here.channel, reason=str(failure)[:200]
                )
            else:
                await self._join(place, pointed)
                return True
        await answer.say(note(said("no_thread_told", why=why)))
        return False

    async def _join(self, place: Place, pointed: MessageShortcut) -> None:
        """Add the message's author to the thread; a failure is logged."""
        assert pointed.author is not None, "asked before"
        try:
            await self._conversations.join(place, pointed.author)
        except FAILURES as failure:
            log("discord").info("a person could not be added to a thread", reason=str(failure)[:200])
